internal import Glibc

/// The bytes of a file, mapped into memory and read by the page when touched; or bytes that were given in memory.
///
/// Weights of a model stay here until something needs them, so a model of several gigabytes opens in the time that
/// its structure takes. The mapping lives as long as this object. A file that another program shortens while it is
/// mapped ends the process when the lost part is touched, as with every mapped file; replacing the file is safe.
public final class FileBytes: @unchecked Sendable {  // the bytes never change after init
  /// Where the bytes came from, for messages: a path, or a description of the memory.
  public let name: String
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// The number of bytes.
  public var count: Int { bytes.count }

  /// Maps the file at `path`.
  ///
  /// - Throws: ``ModelError`` with code `file` where the file cannot be opened or is not a regular file.
  public init(path: String) throws {
    name = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ModelError(.file, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw ModelError(.file, "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ModelError(.file, "cannot read \(path): it is not a regular file")
    }
    isMapped = true
    let size = Int(status.st_size)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw ModelError(.file, "cannot map \(path) (\(size) bytes): \(String(cString: strerror(errno)))")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  /// Keeps a copy of `contents`.
  public init(_ contents: some Collection<UInt8>, name: String = "the given bytes") {
    self.name = name
    isMapped = false
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(contents.count, 1), alignment: 16)
    copy.copyBytes(from: contents)
    bytes = UnsafeRawBufferPointer(rebasing: copy[0..<contents.count])
  }

  /// Calls `body` with a range of the bytes, and then lets go of the memory of a large one: a pass over all weights
  /// needs room for one tensor, not for the file. What is touched again is read again.
  func withBytes<Result>(in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let part = UnsafeRawBufferPointer(rebasing: bytes[range])
    defer { if isMapped, part.count >= Self.releaseThreshold { Self.release(part) } }
    return try withExtendedLifetime(self) { try body(part) }
  }

  /// Smaller parts stay: they are many, and each call takes about as long as reading a few pages.
  private static let releaseThreshold = 1 << 16

  /// Drops the pages that lie wholly inside `part`, which are clean because nothing writes to a mapping.
  private static func release(_ part: UnsafeRawBufferPointer) {
    guard let start = part.baseAddress else { return }
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let first = (UInt(bitPattern: start) + page - 1) / page * page
    let end = (UInt(bitPattern: start) + UInt(part.count)) / page * page
    guard first < end, let address = UnsafeMutableRawPointer(bitPattern: first) else { return }
    // A refusal costs memory and nothing else.
    _ = madvise(address, Int(end - first), MADV_DONTNEED)
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    } else {
      UnsafeMutableRawPointer(mutating: start).deallocate()
    }
  }
}
