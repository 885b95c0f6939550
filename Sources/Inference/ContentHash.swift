/// A 128-bit checksum of bytes, for finding damage and for telling files apart. Not cryptographic: it does not withstand
/// someone who crafts collisions.
///
/// Two lanes over 8-byte words; each step is a bijection of the lane (xor with the word, multiply by an odd constant,
/// xor-shift), so a change confined to one word always changes the result.
package struct ContentHash: Hashable, Sendable {
  private var first: UInt64 = 0x243F_6A88_85A3_08D3
  private var second: UInt64 = 0x1319_8A2E_0370_7344
  private var length: UInt64 = 0

  package init() {}

  /// Adds bytes, and their number, so that the order and the borders of what is added count.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    let whole = bytes.count & ~7
    while offset < whole {
      add(word: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var last: UInt64 = 0
    while offset < bytes.count {
      last = last << 8 | UInt64(bytes[offset])
      offset += 1
    }
    add(word: last)
    add(word: UInt64(bytes.count))
  }

  /// Adds the UTF-8 bytes of a string.
  package mutating func add(_ string: String) {
    var string = string
    string.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  @inline(__always)
  private mutating func add(word: UInt64) {
    first = (first ^ word) &* 0x9E37_79B9_7F4A_7C15
    first ^= first >> 29
    second = (second &+ word) &* 0xD6E8_FEB8_6659_FD93
    second ^= second >> 32
    length &+= 1
  }

  /// The checksum as two words.
  var words: (UInt64, UInt64) { (first ^ length, second) }

  /// The checksum as 32 hexadecimal digits.
  package var hexadecimal: String {
    func digits(_ word: UInt64) -> String {
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(words.0) + digits(words.1)
  }
}
