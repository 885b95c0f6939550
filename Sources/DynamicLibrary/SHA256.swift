/// A SHA-256 that is being computed, by OpenSSL's libcrypto (1.1 or 3).
///
/// Opened at run time like every native library here: a package that brings its own implementation would take longer to
/// build than all the rest of this one.
package final class SHA256 {
  private typealias New = @convention(c) () -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Void
  private typealias Algorithm = @convention(c) () -> OpaquePointer?
  private typealias Initialise = @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32
  private typealias Update = @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int) -> Int32
  private typealias Finish =
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?) -> Int32

  /// What libcrypto refuses only where a system-wide policy forbids the algorithm, which none does for SHA-256, or where
  /// memory is out.
  package struct Refused: Error, CustomStringConvertible {
    package var description: String { "OpenSSL's libcrypto could not compute a SHA-256." }
  }

  private let context: OpaquePointer?
  private let free: Free
  private let updateCall: Update
  private let finishCall: Finish

  /// - Parameter purpose: what it is wanted for, in an error's words: `which computes the SHA-256 of models`.
  /// - Throws: ``LibraryLoadError`` where libcrypto is missing, ``Refused``.
  package init(purpose: String) throws {
    let library = try DynamicLibrary.open(
      LibrarySearch(
        title: "OpenSSL's libcrypto, \(purpose),", names: ["libcrypto.so.3", "libcrypto.so.1.1"],
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

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) throws {
    try check(updateCall(context, bytes.baseAddress, bytes.count) == 1)
  }

  /// The digest of all bytes added, as 64 lower-case hexadecimal digits. To be called once.
  package func finish() throws -> String {
    var digest = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    try check(finishCall(context, &digest, &count) == 1 && count == 32)
    let digits = Array("0123456789abcdef")
    return digest.prefix(Int(count)).reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  private func check(_ isDone: Bool) throws {
    if !isDone { throw Refused() }
  }
}
