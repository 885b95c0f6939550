internal import Glibc

/// Where a run's records go: an output folder, or standard output.
///
/// How a pipeline uses it:
///
///     let output = try RunOutput(folder: "runs/a", formats: [.jsonl, .coco, .html], mode: .resume, header: header)
///     let reader = try sources.makeReader()
///     try output.verifyResumed(reader)          // skips what is there already, and checks that it is the same
///     // index of the first image to run: output.completed
///     // for each image in order of index, on one thread:
///     //   draw only if output.wantsPicture / output.wantsThumbnail(index)
///     try output.append(record, picture: jpeg, thumbnail: smallJPEG)
///     // at the end:            try output.finish(timings: …)
///     // after an interruption: try output.flush(); the object's end releases the folder
///
/// Promises: the file never holds a torn record after an error; after `kill -9` it holds whole records and at most one
/// torn one, which resuming cuts off; a resumed run ends with the same bytes as one that was not interrupted. Two runs
/// cannot write to one folder at once. Nothing is written outside the folder, whatever links are in it.
///
/// An object belongs to one thread at a time.
public final class RunOutput {
  /// What to do about a run that is in the folder already.
  public enum Mode: Hashable, Sendable {
    /// It is an error.
    case create
    /// Its records are kept and the run goes on after them. Where there is none, a run begins.
    case resume
    /// What runs made there is removed first.
    case overwrite
  }

  public let header: RunHeader
  public let formats: Set<OutputFormat>
  /// The count of records that an earlier run left, with which this run goes on.
  public let completed: Int
  /// The counts so far, earlier records included.
  public private(set) var totals: RunTotals

  let folder: OutputFolder?
  let file: RecordFile
  let thumbnails: ThumbnailFolder?
  var state: RunState
  private let pictures: PictureFolder?

  /// Opens an output folder, makes it where it is missing, and locks it.
  ///
  /// - Parameters:
  ///   - formats: what to write; `jsonl` is always written.
  ///   - header: what the file begins with, and what an earlier run's header must equal to be resumed.
  /// - Throws: ``OutputError``; ``RecordFormatError`` where a run to be resumed has damaged records.
  public init(folder path: String, formats: Set<OutputFormat>, mode: Mode, header: RunHeader) throws {
    let folder = try OutputFolder(path: path)
    let previous = try RunState.read(from: folder)
    var state = previous ?? RunState()
    self.formats = formats.union([.jsonl])
    self.header = header
    self.folder = folder

    let records = OutputFormat.jsonl.artifact
    if mode == .overwrite {
      if folder.contains(records), !state.made.contains(records) { throw Self.foreign(records, in: path) }
      // The records before all else: should this process die now, nothing is left that could be resumed.
      try folder.remove(records)
    } else if mode == .create, folder.contains(records) {
      throw Self.exists(path, state: previous)
    }
    for format in self.formats where format != .jsonl {
      if folder.contains(format.artifact), !state.made.contains(format.artifact) {
        throw Self.foreign(format.artifact, in: path)
      }
    }

    let earlier = try Self.earlierRecords(in: folder, header: header)
    completed = earlier.count
    totals = earlier.totals
    if earlier.count == 0 {
      // What is left of a run whose records are gone goes too.
      for name in state.made.subtracting([records]).sorted() { try folder.remove(name) }
      try OutputFolder.remove(ThumbnailFolder.name, in: folder.state, path: "\(path)/\(OutputFolder.stateName)")
      state = RunState()
      state.keepsPictures = formats.contains(.images)
      state.keepsThumbnails = formats.contains(.html)
    } else if formats.contains(.images), !state.keepsPictures {
      throw OutputError(
        .usage,
        """
        the run in \(path) was begun without the format images, so \(earlier.count) pictures are past. Resume without \
        it, or start again with --overwrite.
        """)
    }
    state.made.formUnion(self.formats.map(\.artifact))
    state.isFinished = false
    // Before the files themselves, so that a run that dies here leaves no file that it does not know as its own.
    try state.write(to: folder)
    self.state = state

    file = try Self.openRecords(in: folder, header: header, earlier: earlier)
    if earlier.bytes == 0 { try file.writeHeader(header) }
    pictures = formats.contains(.images) ? try PictureFolder(in: folder) : nil
    thumbnails = formats.contains(.html) && state.keepsThumbnails ? try ThumbnailFolder(in: folder) : nil
  }

  /// Writes records to standard output, and nothing else anywhere. `SIGPIPE` must be ignored by the process, so that a
  /// reader that ends is an error and not a death.
  ///
  /// - Throws: ``OutputError``
  public convenience init(standardOutput header: RunHeader) throws {
    try self.init(stream: 1, name: "standard output", header: header)
  }

  /// The same for any open file or pipe, which stays open.
  package init(stream descriptor: Int32, name: String, header: RunHeader) throws {
    self.header = header
    formats = [.jsonl]
    folder = nil
    completed = 0
    totals = RunTotals()
    state = RunState()
    pictures = nil
    thumbnails = nil
    // Records go on from where the file is, for `swoop … >> all.jsonl`. A file that is open for appending is written at
    // its end, wherever its position says it is.
    var info = stat()
    let appends = fcntl(descriptor, F_GETFL) & O_APPEND != 0
    let position =
      appends && fstat(descriptor, &info) == 0 ? Int(info.st_size) : max(0, lseek(descriptor, 0, SEEK_CUR))
    file = RecordFile(
      descriptor: descriptor, name: name, header: header, recordCount: 0, byteCount: position,
      ownsDescriptor: false)
    try file.writeHeader(header)
  }

  // MARK: Writing

  /// Whether a picture with boxes is wanted for every image that did not fail.
  public var wantsPicture: Bool { pictures != nil }

  /// Whether a small picture is wanted for the report's gallery. It depends on the index alone, so it may be asked on
  /// any thread and in any order.
  public func wantsThumbnail(_ index: Int) -> Bool {
    thumbnails != nil && ThumbnailSelection.contains(index)
  }

  /// The count of records that are in the file for certain, earlier ones included.
  public var recordCount: Int { file.recordCount }

  /// Writes the next record, and first its pictures.
  ///
  /// - Parameters:
  ///   - record: its index must be the count of records before it.
  ///   - picture: the whole image with boxes as an encoded JPEG, where ``wantsPicture``.
  ///   - thumbnail: a small one as an encoded JPEG, where ``wantsThumbnail(_:)``.
  /// - Throws: ``OutputError``. After that nothing more can be written.
  public func append(_ record: ImageRecord, picture: [UInt8]? = nil, thumbnail: [UInt8]? = nil) throws {
    precondition(record.index == totals.images, "record \(record.index) came where \(totals.images) was due")
    let record = record.writable
    if record.failure == nil {
      if let picture, let pictures { try pictures.write(picture, key: record.key) }
      if let thumbnail, let thumbnails, ThumbnailSelection.contains(record.index) {
        try thumbnails.write(thumbnail, index: record.index)
      }
    }
    try file.append(record)
    totals.add(record)
  }

  /// Hands all records to the system, so that they outlive this process.
  ///
  /// - Throws: ``OutputError``
  public func flush() throws {
    try file.flush()
  }
}
