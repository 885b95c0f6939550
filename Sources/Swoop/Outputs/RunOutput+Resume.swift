internal import Glibc

extension RunOutput {
  /// What an earlier run left: whole records, and the bytes up to the end of the last of them.
  struct EarlierRecords {
    var totals = RunTotals()
    var bytes = 0

    var count: Int { totals.images }
  }

  /// Reads all records of an earlier run. A torn last line, or a torn header, counts as not there.
  static func earlierRecords(in folder: OutputFolder, header: RunHeader) throws -> EarlierRecords {
    let path = "\(folder.path)/\(OutputFormat.jsonl.artifact)"
    guard let reader = try recordReader(in: folder, path: path) else { return EarlierRecords() }
    if let difference = header.firstDifference(from: reader.header) {
      throw OutputError(
        .differs,
        """
        the run in \(folder.path) cannot be resumed: \(difference). Resume with what it was begun with, choose another \
        folder, or start again with --overwrite.
        """)
    }
    var earlier = EarlierRecords(bytes: reader.wholeByteCount)
    do {
      while let record = try reader.next() {
        guard record.index == earlier.count else {
          throw RecordFormatError(
            file: path, line: reader.line, reason: "the record has index \(record.index) where \(earlier.count) is due")
        }
        earlier.totals.add(record)
        earlier.bytes = reader.wholeByteCount
      }
    } catch var error as RecordFormatError {
      error.reason += """
        . The file is damaged. To go on from the records before that line, keep them with head -n \(error.line - 1); to \
        start again, use --overwrite.
        """
      throw error
    }
    return earlier
  }

  /// A reader of the records that are in the folder; `nil` where there is no file, or none with a whole header.
  static func recordReader(in folder: OutputFolder, path: String) throws -> RecordReader? {
    // Without blocking, should someone have put a pipe there.
    let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = openat(folder.descriptor, OutputFormat.jsonl.artifact, flags)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw OutputError.cannotCreate("opening", path)
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw OutputError(
        .exists, "\(path) is not a regular file. Move it away, or choose another folder with --output.")
    }
    let copy = dup(descriptor)
    guard copy >= 0 else {
      close(descriptor)
      throw OutputError.cannotCreate("opening", path)
    }
    // The two descriptors share one position, so it is put back for the reader.
    let hasHeader = try LineReader(descriptor: copy, name: path).next()?.isWhole ?? false
    guard hasHeader, lseek(descriptor, 0, SEEK_SET) == 0 else {
      close(descriptor)
      return nil
    }
    return try RecordReader(descriptor: descriptor, name: path, allowsTornEnd: true)
  }

  /// Opens the file for writing after the earlier records; what follows them is cut off.
  static func openRecords(
    in folder: OutputFolder, header: RunHeader, earlier: EarlierRecords
  ) throws(OutputError) -> RecordFile {
    let name = OutputFormat.jsonl.artifact
    let path = "\(folder.path)/\(name)"
    let descriptor = openat(folder.descriptor, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw OutputFolder.creationError("creating", path) }
    guard ftruncate(descriptor, earlier.bytes) == 0,
      lseek(descriptor, earlier.bytes, SEEK_SET) == earlier.bytes
    else {
      let error = OutputError.writeFailed("cutting the torn end off", path)
      close(descriptor)
      throw error
    }
    return RecordFile(
      descriptor: descriptor, name: path, header: header, recordCount: earlier.count,
      byteCount: earlier.bytes,
      ownsDescriptor: true)
  }

  static func exists(_ path: String, state: RunState?) -> OutputError {
    let run = state?.isFinished == true ? "a finished run" : "an unfinished run"
    return OutputError(
      .exists,
      """
      \(path) holds \(run) already. Go on with it with --resume, start it again with --overwrite, or choose another \
      folder with --output.
      """)
  }

  static func foreign(_ name: String, in path: String) -> OutputError {
    OutputError(
      .exists,
      """
      \(path)/\(name) is there already, and no run of Swoop's is known to have made it. Move it away, or choose another \
      folder with --output.
      """)
  }

  /// Moves a reader of the sources past the images that are in the file already, and checks that they are the same.
  ///
  /// Archives are read past, not decoded. Afterwards the reader's next item has the index ``completed``.
  ///
  /// - Throws: ``OutputError`` with code `differs` that names the first image that differs; what the reader throws.
  /// - Complexity: O(images completed), in constant memory.
  public func verifyResumed(_ reader: SourceReader) throws {
    guard completed > 0, let folder else { return }
    let path = "\(folder.path)/\(OutputFormat.jsonl.artifact)"
    guard let records = try Self.recordReader(in: folder, path: path) else {
      throw OutputError(.damaged, "\(path) was removed while the run was resumed")
    }
    for index in 0..<completed {
      guard let record = try records.next() else {
        throw OutputError(.damaged, "\(path) was cut while the run was resumed")
      }
      let key = try reader.next(readingEntries: false)?.key
      // By bytes: names that Unicode calls equivalent are different files.
      if let key, key.utf8.elementsEqual(record.key.utf8) { continue }
      let now = key.map { "is now \($0)" } ?? "is no longer there"
      throw OutputError(
        .differs,
        """
        the run in \(folder.path) cannot be resumed: image \(index) was \(record.key) and \(now). The sources must be \
        the same and in the same order; give them as they were, or start again with --overwrite.
        """)
    }
  }
}
