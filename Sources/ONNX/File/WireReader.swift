/// Reads the Protocol Buffers wire format from a range of bytes, with every length checked against what is there.
///
/// Encoding: https://protobuf.dev/programming-guides/encoding/
struct WireReader {
  let bytes: UnsafeRawBufferPointer
  var position: Int
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case groupStart = 3
    case groupEnd = 4
    case fixed32 = 5
  }

  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
      if shift > 63 { throw malformed("a number longer than 10 bytes") }
    }
    throw malformed("a number that runs past the end of its message")
  }

  mutating func tag() throws -> (field: Int, type: WireType) {
    let value = try varint()
    guard let type = WireType(rawValue: UInt8(value & 7)), value >> 3 > 0, value >> 3 < 1 << 29 else {
      throw malformed("a field header that the encoding does not know (\(value))")
    }
    return (Int(value >> 3), type)
  }

  /// The range of a length-delimited field's contents; the position moves past it.
  mutating func delimited() throws -> Range<Int> {
    let length = try varint()
    guard length <= UInt64(end - position) else {
      throw malformed("a field of \(length) bytes where \(end - position) are left")
    }
    let start = position
    position += Int(length)
    return start..<position
  }

  /// Moves past the value of a field whose header was just read.
  mutating func skip(_ type: WireType, depth: Int = 0) throws {
    switch type {
    case .varint: _ = try varint()
    case .fixed64: try advance(8)
    case .fixed32: try advance(4)
    case .lengthDelimited: _ = try delimited()
    case .groupStart:
      guard depth < 64 else { throw malformed("groups nested deeper than 64") }
      while true {
        let inner = try tag()
        if inner.type == .groupEnd { return }
        try skip(inner.type, depth: depth + 1)
      }
    case .groupEnd: throw malformed("the end of a group that never began")
    }
  }

  private mutating func advance(_ count: Int) throws {
    guard end - position >= count else { throw malformed("a number that runs past the end of its message") }
    position += count
  }

  func malformed(_ what: String) -> ModelError {
    ModelError(.malformed, "not an ONNX model, or a damaged one: at byte \(position), found \(what)")
  }
}
