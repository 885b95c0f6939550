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
    let hash = try SHA256()
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

/// A SHA-256 that is being computed, by OpenSSL's libcrypto (1.1 or 3).
///
/// Opened at run time like every native library here: a package that brings its own implementation would take longer to
/// build than all the rest of this one.
private final class SHA256 {
  private typealias New = @convention(c) () -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Void
  private typealias Algorithm = @convention(c) () -> OpaquePointer?
  private typealias Initialise = @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32
  private typealias Update = @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int) -> Int32
  private typealias Finish =
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?) -> Int32

  private let context: OpaquePointer?
  private let free: Free
  private let updateCall: Update
  private let finishCall: Finish

  init() throws {
    let library = try DynamicLibrary.open(
      LibrarySearch(
        title: "OpenSSL's libcrypto, which computes the SHA-256 of models,",
        names: ["libcrypto.so.3", "libcrypto.so.1.1"],
        advice: "Install it: apt-get install libssl3 (Ubuntu 24.04: libssl3t64)."))
    free = try library.require("EVP_MD_CTX_free")
    updateCall = try library.require("EVP_DigestUpdate")
    finishCall = try library.require("EVP_DigestFinal_ex")
    let new: New = try library.require("EVP_MD_CTX_new")
    let algorithm: Algorithm = try library.require("EVP_sha256")
    let initialise: Initialise = try library.require("EVP_DigestInit_ex")
    context = new()
    try check(context != nil && initialise(context, algorithm(), nil) == 1)
  }

  deinit { free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) throws {
    try check(updateCall(context, bytes.baseAddress, bytes.count) == 1)
  }

  func finish() throws -> String {
    var digest = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    try check(finishCall(context, &digest, &count) == 1 && count == 32)
    let digits = Array("0123456789abcdef")
    return digest.prefix(Int(count)).reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  // It refuses where a system-wide policy forbids the algorithm, which none does for SHA-256, or memory is out.
  private func check(_ isDone: Bool) throws {
    if !isDone { throw SwoopError(.environment, "OpenSSL's libcrypto could not compute a SHA-256.") }
  }
}
