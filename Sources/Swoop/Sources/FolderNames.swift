internal import Glibc

/// The names in one folder, sorted by their bytes, in bounded memory.
///
/// Names are held in one block of bytes with 8 bytes more for each. When that passes the limit, they are sorted and
/// written to a temporary file as a run, and the runs are merged while they are read. The file has no name, so it is
/// gone with the process.
final class FolderNames {
  enum Kind: UInt8 {
    /// A regular file, not looked at further.
    case file
    /// A folder to descend into; its name ends with `/`.
    case folder
    /// Something with an image's name that is no regular file.
    case odd
  }

  private struct Entry {
    var offset: UInt32
    var length: UInt16
    var kind: Kind
  }

  /// Bytes of memory for the names of one folder before they go to a file: some 150,000 names.
  static let defaultLimit = 1 << 22

  private let limit: Int
  private let temporaryFolder: String?
  private let sorts: Bool
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  private var next = 0
  private var file: Int32 = -1
  private var fileSize = 0
  private var runs: [Run] = []
  // Indices into `runs`, the one with the smallest name first: a binary heap.
  private var heap: [Int] = []

  /// - Parameter sorts: whether the order matters; counting does without.
  init(limit: Int, temporaryFolder: String? = nil, sorts: Bool) {
    self.temporaryFolder = temporaryFolder
    // Offsets are of 32 bits.
    self.limit = min(limit, 1 << 31)
    self.sorts = sorts
  }

  deinit {
    if file >= 0 { close(file) }
  }

  func append(_ name: UnsafeBufferPointer<UInt8>, kind: Kind) throws(SourceError) {
    if bytes.count + name.count + (entries.count + 1) * MemoryLayout<Entry>.stride > limit, !entries.isEmpty {
      try spill()
    }
    entries.append(
      Entry(offset: UInt32(bytes.count), length: UInt16(name.count + (kind == .folder ? 1 : 0)), kind: kind))
    bytes.append(contentsOf: name)
    // As part of its name, so that the order is that of whole paths: a-b.jpg, a.jpg, a/x.jpg, a0.jpg.
    if kind == .folder { bytes.append(UInt8(ascii: "/")) }
  }

  /// Ends the adding; from here on names are taken.
  func finish() throws(SourceError) {
    guard !runs.isEmpty else {
      sort()
      return
    }
    try spill()
    bytes = []
    entries = []
    for index in runs.indices where try runs[index].advance(file) { heap.append(index) }
    for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(position) }
  }

  /// Appends the next name to a path, with its `/` if it is a folder's.
  ///
  /// - Returns: its kind, or `nil` where there is none left.
  func takeNext(appendingTo path: inout [UInt8]) throws(SourceError) -> Kind? {
    if runs.isEmpty {
      guard next < entries.count else { return nil }
      let entry = entries[next]
      next += 1
      path.append(contentsOf: bytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)])
      return entry.kind
    }
    guard let first = heap.first else { return nil }
    path.append(contentsOf: runs[first].name)
    let kind = runs[first].kind
    if try !runs[first].advance(file) {
      // The last one takes its place; with one left there is nothing to place.
      let last = heap.removeLast()
      if !heap.isEmpty { heap[0] = last }
    }
    siftDown(0)
    return kind
  }

  private func sort() {
    guard sorts else { return }
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      entries.sort { a, b in
        let order = memcmp(base + Int(a.offset), base + Int(b.offset), Int(min(a.length, b.length)))
        return order != 0 ? order < 0 : a.length < b.length
      }
    }
  }

  // MARK: Runs in a file

  /// One sorted run: where it is in the file, and its next name.
  private struct Run {
    var offset: Int
    let end: Int
    var buffer: [UInt8] = []
    var position = 0
    var kind = Kind.file
    var name: ArraySlice<UInt8> = []

    /// Each name is stored as kind, length (2 bytes, low first) and bytes.
    static let headLength = 3
    private static let bufferSize = 1 << 14

    init(offset: Int, end: Int) {
      self.offset = offset
      self.end = end
    }

    /// Goes to the next name; `false` at the end.
    mutating func advance(_ file: Int32) throws(SourceError) -> Bool {
      guard try need(Self.headLength, file) else { return false }
      kind = Kind(rawValue: buffer[position]) ?? .file
      let length = Int(buffer[position + 1]) | Int(buffer[position + 2]) << 8
      guard try need(Self.headLength + length, file) else { return false }
      position += Self.headLength
      name = buffer[position..<position + length]
      position += length
      return true
    }

    /// Makes sure that so many bytes are in the buffer from `position` on.
    private mutating func need(_ count: Int, _ file: Int32) throws(SourceError) -> Bool {
      guard buffer.count - position < count else { return true }
      name = []
      buffer.removeSubrange(..<position)
      position = 0
      let wanted = min(max(Self.bufferSize, count) - buffer.count, end - offset)
      guard wanted > 0 else { return false }
      let kept = buffer.count
      buffer.append(contentsOf: repeatElement(0, count: wanted))
      let got = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress! + kept, wanted, offset) }
      guard got == wanted else {
        throw SourceError(
          .temporaryFile, SystemError.last("reading", "the temporary file of folder names").description)
      }
      offset += got
      return buffer.count >= count
    }
  }

  private func spill() throws(SourceError) {
    sort()
    if file < 0 { file = try makeTemporaryFile() }
    let start = fileSize
    var block = ByteBuffer(capacity: 1 << 16)
    for entry in entries {
      block.append(byte: entry.kind.rawValue)
      block.append(byte: UInt8(truncatingIfNeeded: entry.length))
      block.append(byte: UInt8(truncatingIfNeeded: entry.length >> 8))
      block.append(contentsOf: bytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)])
      if block.count >= 1 << 16 { try write(&block) }
    }
    try write(&block)
    runs.append(Run(offset: start, end: fileSize))
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  private func write(_ block: inout ByteBuffer) throws(SourceError) {
    var written = 0
    do throws(OutputError) {
      try FileWriter.write(
        block.bytes[...], to: file, name: "the temporary file of folder names", written: &written)
    } catch {
      throw SourceError(
        .temporaryFile,
        "\(error.message). Set TMPDIR to a folder with more room: a very large folder needs it to be sorted.")
    }
    fileSize += block.count
    block.removeAll()
  }

  private func makeTemporaryFile() throws(SourceError) -> Int32 {
    let folder = temporaryFolder ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/swoop-names-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else {
      throw SourceError(
        .temporaryFile,
        "\(SystemError.last("creating a temporary file in", folder)). Set TMPDIR to a folder that can be written to."
      )
    }
    unlink(template)
    return file
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    runs[a].name.lexicographicallyPrecedes(runs[b].name)
  }

  private func siftDown(_ start: Int) {
    var parent = start
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, isBefore(heap[child + 1], heap[child]) { child += 1 }
      guard isBefore(heap[child], heap[parent]) else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
