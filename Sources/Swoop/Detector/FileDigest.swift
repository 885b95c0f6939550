internal import Crypto
internal import Glibc

/// The SHA-256 of a file, by which records, caches and reports name a model.
public enum FileDigest {
  /// Reads the file once, in blocks.
  ///
  /// - Returns: 64 lower-case hexadecimal digits.
  /// - Throws: ``SwoopError`` with the system's reason.
  public static func sha256(ofFile path: String) throws(SwoopError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadableModel(path, errno: errno) }
    defer { close(file) }
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(file, buffer.baseAddress, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadableModel(path, errno: errno)
      }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return hash.finalize().reduce(into: "") { text, byte in
      let digits = Array("0123456789abcdef")
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}
