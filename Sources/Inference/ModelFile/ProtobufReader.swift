/// Walks the fields of one protobuf message in memory. Every length is checked against the message it is in; hostile
/// bytes give an error, never an access outside.
///
/// Format: developers.google.com/protocol-buffers, "Encoding". Deprecated groups are refused.
package struct ProtobufReader {
  /// Why bytes are no message: the offset counts from the start of the file.
  package struct Malformed: Error {
    package var offset: Int
    package var reason: String
  }

  struct Field {
    var number: Int
    var value: Value
  }

  enum Value {
    case integer(UInt64)
    case fixed(UInt64)
    case bytes(UnsafeRawBufferPointer)
  }

  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private var position = 0

  /// - Parameter base: the offset of `bytes` in the file, for errors.
  init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) {
    self.bytes = bytes
    self.base = base
  }

  /// The offset in the file of the next field.
  var offset: Int { base + position }

  /// The next field, or `nil` at the end of the message.
  mutating func next() throws(Malformed) -> Field? {
    guard position < bytes.count else { return nil }
    let start = offset
    let tag = try variable()
    let number = tag >> 3
    guard number > 0, number < 1 << 29 else {
      throw Malformed(offset: start, reason: "there is no field \(number)")
    }
    let value: Value =
      switch tag & 7 {
      case 0: .integer(try variable())
      case 1: .fixed(try fixed(8, start))
      case 2: .bytes(try block(start, field: number))
      case 5: .fixed(try fixed(4, start))
      default:
        throw Malformed(
          offset: start, reason: "field \(number) has wire type \(tag & 7), which is not in use")
      }
    return Field(number: Int(number), value: value)
  }

  /// A reader of a field's bytes, whose offsets go on counting from the start of the file.
  func nested(_ block: UnsafeRawBufferPointer) -> ProtobufReader {
    guard let start = block.baseAddress, let own = bytes.baseAddress else {
      return ProtobufReader(block, base: offset)
    }
    return ProtobufReader(block, base: base + (start - own))
  }

  private mutating func variable() throws(Malformed) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < bytes.count else {
        throw Malformed(offset: start, reason: "the file ends inside a number")
      }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed(offset: start, reason: "a number has more than ten bytes")
  }

  private mutating func fixed(_ count: Int, _ start: Int) throws(Malformed) -> UInt64 {
    guard bytes.count - position >= count else {
      throw Malformed(offset: start, reason: "the file ends inside a number")
    }
    defer { position += count }
    return count == 8
      ? UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      : UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
  }

  private mutating func block(_ start: Int, field: UInt64) throws(Malformed) -> UnsafeRawBufferPointer {
    let length = try variable()
    let left = bytes.count - position
    guard length <= UInt64(left) else {
      throw Malformed(offset: start, reason: "field \(field) claims \(length) bytes where \(left) are left")
    }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
  }
}
