import Inference
import Testing

@Suite("content hash")
struct ContentHashTests {
  private func hash(_ parts: [[UInt8]]) -> String {
    var hash = ContentHash()
    for part in parts { part.withUnsafeBytes { hash.add($0) } }
    return hash.hexadecimal
  }

  @Test("every flipped bit, length and border changes it")
  func changes() {
    let bytes = (0..<77).map { UInt8($0) }
    var seen: Set = [hash([bytes])]
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << bit
        #expect(seen.insert(hash([changed])).inserted)
      }
      #expect(seen.insert(hash([Array(bytes[..<index])])).inserted)
      #expect(seen.insert(hash([Array(bytes[..<index]), Array(bytes[index...])])).inserted)
    }
    #expect(hash([bytes]).count == 32)
  }
}
