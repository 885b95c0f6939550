internal import DynamicLibrary
internal import Glibc

/// The SHA-256 of a file, by which records, caches and reports name a model.
public enum FileDigest {
  /// Reads the file once, in blocks.
  ///
  /// - Returns: 64 lower-case hexadecimal digits.
  /// - Throws: ``SwoopError`` with the system's reason; `LibraryLoadError` where OpenSSL's libcrypto is missing.
  public static func sha256(ofFile path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SwoopError.unreadableModel(path, errno: errno) }
    defer { close(file) }
    do {
      return try sha256(of: file, path)
    } catch let error as SHA256.Refused {
      throw SwoopError(.environment, error.description)
    }
  }

  private static func sha256(of file: Int32, _ path: String) throws -> String {
    let hash = try SHA256(purpose: "which computes the SHA-256 of models")
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(file, buffer.baseAddress, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw SwoopError.unreadableModel(path, errno: errno)
      }
      try hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return try hash.finish()
  }
}
