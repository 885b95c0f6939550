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
    guard descriptor >= 0 else { throw ModelError(.file, "cannot open \(path): \(String(cString: strerror(errno)))") }
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

  deinit {
    guard let start = bytes.baseAddress else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    } else {
      UnsafeMutableRawPointer(mutating: start).deallocate()
    }
  }
}
