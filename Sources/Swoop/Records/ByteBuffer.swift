/// Text under construction, as UTF-8 bytes: what records, tables and reports are written into.
///
/// It is emptied and used again rather than made anew, so that writing a record allocates nothing once it has grown.
package struct ByteBuffer: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }
  package var isEmpty: Bool { bytes.isEmpty }

  /// The bytes as a string; bytes that are not UTF-8 are replaced.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Cuts the end off, so that `count` bytes are left.
  package mutating func truncate(to count: Int) {
    bytes.removeSubrange(count...)
  }

  package mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  package mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  package mutating func append(contentsOf other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// The text as it is, without escaping.
  package mutating func append(raw text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func append(_ value: Int) {
    var magnitude = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
      magnitude /= 10
    } while magnitude != 0
    bytes[start...].reverse()
  }

  /// The shortest decimal that reads back to the same float32, without a trailing `.0`. The value must be finite.
  ///
  /// Swift's own description is that decimal, and needs no allocation: at most 15 characters are kept in the string
  /// itself.
  package mutating func append(_ value: Float) {
    assert(value.isFinite, "JSON has no \(value)")
    bytes.append(contentsOf: value.description.utf8)
    dropTrailingZeroFraction()
  }

  /// The shortest decimal that reads back to the same float64, without a trailing `.0`. The value must be finite.
  package mutating func append(_ value: Double) {
    assert(value.isFinite, "JSON has no \(value)")
    bytes.append(contentsOf: value.description.utf8)
    dropTrailingZeroFraction()
  }

  private mutating func dropTrailingZeroFraction() {
    if bytes.count > 2, bytes[bytes.count - 1] == UInt8(ascii: "0"),
      bytes[bytes.count - 2] == UInt8(ascii: ".")
    {
      bytes.removeLast(2)
    }
  }

  /// A JSON string with its quotes. Escaped are what JSON demands (quote, backslash, U+0000 to U+001F) and U+007F,
  /// which terminals act on.
  package mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x00...0x1F, 0x7F:
        append("\\u00")
        append(hexadecimal: byte)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Two lower-case hexadecimal digits.
  package mutating func append(hexadecimal byte: UInt8) {
    for nibble in [byte >> 4, byte & 15] {
      bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }

  package mutating func append(json value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(raw: flag ? "true" : "false")
    case .number(let text): append(raw: text)
    case .string(let text): append(quoted: text)
    case .array(let elements):
      append(byte: UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { append(byte: UInt8(ascii: ",")) }
        append(json: element)
      }
      append(byte: UInt8(ascii: "]"))
    case .object(let members):
      append(byte: UInt8(ascii: "{"))
      for (position, member) in members.enumerated() {
        if position > 0 { append(byte: UInt8(ascii: ",")) }
        append(quoted: member.name)
        append(byte: UInt8(ascii: ":"))
        append(json: member.value)
      }
      append(byte: UInt8(ascii: "}"))
    }
  }
}
