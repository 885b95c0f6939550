import Foundation
import Swoop
import Testing

@Suite("File digest")
struct FileDigestTests {
  /// The examples of FIPS 180-4, and one that needs more than one block of reading.
  @Test(
    "the SHA-256 of a file is that of its bytes",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      ("a", 3_000_000, "2a152c894398719c0570f83fac34ac03a0f6e8e474b995c2403aa5434f7b9dd4"),
    ])
  func digests(text: String, repeats: Int, expected: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("swoop-digest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(String(repeating: text, count: repeats).utf8).write(to: file)
    #expect(try FileDigest.sha256(ofFile: file.path) == expected)
  }

  @Test("a file that is not there is an error that names it")
  func missing() {
    let error = #expect(throws: SwoopError.self) { try FileDigest.sha256(ofFile: "/nowhere/model.onnx") }
    #expect(error?.message.contains("/nowhere/model.onnx") == true)
  }
}
