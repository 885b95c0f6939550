internal import Glibc

/// A file that is written from start to end through a buffer.
final class FileWriter {
  /// The path, for errors.
  let name: String
  /// Where ``OutputFolder/endReplacing(_:)`` moves it to.
  let target: (name: String, inState: Bool)?
  private(set) var descriptor: Int32
  private var buffer = ByteBuffer(capacity: FileWriter.threshold + 4096)
  private static let threshold = 1 << 16

  /// The writer owns the descriptor.
  init(descriptor: Int32, name: String, target: (name: String, inState: Bool)?) {
    self.descriptor = descriptor
    self.name = name
    self.target = target
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds what `body` appends to the buffer.
  func write(_ body: (inout ByteBuffer) -> Void) throws(OutputError) {
    body(&buffer)
    if buffer.count >= Self.threshold { try flush() }
  }

  func flush() throws(OutputError) {
    defer { buffer.removeAll() }
    var written = 0
    try Self.write(buffer.bytes[...], to: descriptor, name: name, written: &written)
  }

  /// Writes all that is in this file, from its start, to the end of another.
  func copy(to other: FileWriter) throws(OutputError) {
    try flush()
    var chunk = [UInt8](repeating: 0, count: Self.threshold)
    var offset = 0
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
      if count == 0 { return }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw OutputError.writeFailed("reading back", name)
      }
      offset += count
      try other.write { $0.append(contentsOf: chunk[..<count]) }
    }
  }

  /// Writes what is left, asks the system to put it on the disk, and closes the file.
  func finish() throws(OutputError) {
    try flush()
    try Self.synchronize(descriptor, name: name)
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 else { throw .writeFailed("closing", name) }
  }

  /// Writes all the bytes, however many calls that takes. `written` says how many there were when it fails.
  static func write(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, name: String, written: inout Int
  ) throws(OutputError) {
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        // Pointer arithmetic on the slice's own memory; the count is above zero here.
        Glibc.write(descriptor, all.baseAddress! + written, all.count - written)
      }
      if count >= 0 {
        written += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Standard output may have been made non-blocking by the program at its other end.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, 1000)
      case EPIPE:
        throw OutputError(
          .closedPipe, "\(name) was closed by the program that read it, before all records were written")
      default: throw .writeFailed("writing", name)
      }
    }
  }

  /// `fsync`, where the file is one that can be put on a disk.
  static func synchronize(_ descriptor: Int32, name: String) throws(OutputError) {
    while fsync(descriptor) != 0 {
      switch errno {
      case EINTR: continue
      case EINVAL, EROFS, ENOTSUP: return
      default: throw .writeFailed("writing", name)
      }
    }
  }
}
