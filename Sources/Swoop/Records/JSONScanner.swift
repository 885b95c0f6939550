internal import Glibc

/// Reads JSON text from bytes in memory, strictly by RFC 8259.
///
/// It borrows the bytes: the pointer must outlive it. Reading is linear in the bytes; nesting is limited, because the
/// text may come from anywhere.
package struct JSONScanner {
  package typealias Problem = RecordFormatError.Problem

  private let start: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private var cursor: UnsafePointer<UInt8>
  // What the text is, for messages: a line, a file.
  private let whole: StaticString

  /// How deep arrays and objects may nest.
  private static let depthLimit = 64

  /// - Parameter whole: what the text is, for messages.
  package init(start: UnsafePointer<UInt8>, count: Int, whole: StaticString = "line") {
    self.whole = whole
    self.start = start
    self.end = start + count
    self.cursor = start
  }

  package var isAtEnd: Bool { cursor == end }

  /// How many bytes have been read.
  package var offset: Int { cursor - start }

  /// The byte that comes next after any space, or `nil` at the end.
  package mutating func peek() -> UInt8? {
    skipSpace()
    return cursor < end ? cursor.pointee : nil
  }

  /// A problem at the place where the scanner is.
  package func problem(_ expected: String) -> Problem {
    let found: String
    if cursor == end {
      found = "the \(whole) ends"
    } else if (0x21...0x7E).contains(cursor.pointee) {
      found = "there is '\(Character(UnicodeScalar(cursor.pointee)))'"
    } else {
      found = "there is byte \(cursor.pointee)"
    }
    return Problem("expected \(expected) at byte \(cursor - start + 1), but \(found)")
  }

  package mutating func skipSpace() {
    while cursor < end {
      switch cursor.pointee {
      case 0x20, 0x0A, 0x0D, 0x09: cursor += 1
      default: return
      }
    }
  }

  /// Skips space, then takes the byte if it is next.
  package mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard cursor < end, cursor.pointee == byte else { return false }
    cursor += 1
    return true
  }

  package mutating func expect(_ byte: UInt8) throws(Problem) {
    guard take(byte) else { throw problem("'\(Character(UnicodeScalar(byte)))'") }
  }

  package mutating func expectEnd() throws(Problem) {
    skipSpace()
    guard cursor == end else { throw problem("the end of the \(whole)") }
  }

  // MARK: Strings

  /// A member's name and the colon after it, as bytes that live as long as the text. Names with escapes are refused:
  /// this format has none.
  package mutating func name() throws(Problem) -> UnsafeBufferPointer<UInt8> {
    try expect(UInt8(ascii: "\""))
    let first = cursor
    while cursor < end, cursor.pointee != UInt8(ascii: "\"") {
      guard cursor.pointee != UInt8(ascii: "\\"), cursor.pointee >= 0x20 else {
        throw problem("a field's name")
      }
      cursor += 1
    }
    guard cursor < end else { throw problem("the closing quote of a field's name") }
    let bytes = UnsafeBufferPointer(start: first, count: cursor - first)
    cursor += 1
    try expect(UInt8(ascii: ":"))
    return bytes
  }

  /// As ``name()``, for files of other programs: a name with escapes is given as it is written.
  package mutating func foreignName() throws(Problem) -> UnsafeBufferPointer<UInt8> {
    skipSpace()
    let first = cursor + 1
    try skipString()
    let bytes = UnsafeBufferPointer(start: first, count: cursor - first - 1)
    try expect(UInt8(ascii: ":"))
    return bytes
  }

  package mutating func string() throws(Problem) -> String {
    try expect(UInt8(ascii: "\""))
    let first = cursor
    while cursor < end, cursor.pointee != UInt8(ascii: "\""), cursor.pointee != UInt8(ascii: "\\") {
      guard cursor.pointee >= 0x20 else { throw problem("a character that JSON allows in a string") }
      cursor += 1
    }
    guard cursor < end else { throw problem("the closing quote of a string") }
    if cursor.pointee == UInt8(ascii: "\"") {
      let bytes = UnsafeBufferPointer(start: first, count: cursor - first)
      cursor += 1
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Problem("the string at byte \(first - start) is not UTF-8")
      }
      return text
    }
    return try escapedString(from: first)
  }

  /// Goes past a string without making one.
  package mutating func skipString() throws(Problem) {
    try expect(UInt8(ascii: "\""))
    while cursor < end, cursor.pointee != UInt8(ascii: "\"") {
      guard cursor.pointee >= 0x20 else { throw problem("a character that JSON allows in a string") }
      if cursor.pointee == UInt8(ascii: "\\") {
        cursor += 1
        guard cursor < end else { break }
      }
      cursor += 1
    }
    guard cursor < end else { throw problem("the closing quote of a string") }
    cursor += 1
  }

  private mutating func escapedString(from first: UnsafePointer<UInt8>) throws(Problem) -> String {
    var bytes = Array(UnsafeBufferPointer(start: first, count: cursor - first))
    while true {
      guard cursor < end else { throw problem("the closing quote of a string") }
      let byte = cursor.pointee
      guard byte >= 0x20 else { throw problem("a character that JSON allows in a string") }
      cursor += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        bytes.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
      } else {
        bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem("the string at byte \(first - start) is not UTF-8")
    }
    return text
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    guard cursor < end else { throw problem("a character after the backslash") }
    let byte = cursor.pointee
    cursor += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal4()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // A surrogate: the second half must follow.
      guard (0xD800..<0xDC00).contains(unit), end - cursor >= 2, cursor[0] == UInt8(ascii: "\\"),
        cursor[1] == UInt8(ascii: "u")
      else { throw problem("the second half of a surrogate pair") }
      cursor += 2
      let second = try hexadecimal4()
      guard (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
      else { throw problem("the second half of a surrogate pair") }
      return scalar
    default:
      cursor -= 1
      throw problem("one of \" \\ / b f n r t u after the backslash")
    }
  }

  private mutating func hexadecimal4() throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard cursor < end, let digit = Character(UnicodeScalar(cursor.pointee)).hexDigitValue,
        cursor.pointee < 0x80
      else { throw problem("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      cursor += 1
    }
    return value
  }

  // MARK: Numbers

  /// A whole number that fits an `Int`, written without fraction or exponent.
  package mutating func integer() throws(Problem) -> Int {
    skipSpace()
    let isNegative = take(UInt8(ascii: "-"))
    var value = 0
    let first = cursor
    while cursor < end, let digit = Self.digit(cursor.pointee) {
      let (product, overflow1) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(isNegative ? -digit : digit)
      guard !overflow1, !overflow2 else { throw problem("a whole number of at most 63 bits") }
      value = sum
      cursor += 1
    }
    guard cursor > first, cursor - first == 1 || first.pointee != UInt8(ascii: "0"),
      cursor == end || ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(cursor.pointee)
    else { throw problem("a whole number") }
    return value
  }

  // 10^0 to 10^22 are the powers of ten that float64 holds exactly.
  private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The parts of a number as it is written.
  private struct Decimal {
    var isNegative: Bool
    /// The first 18 digits.
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var first: UnsafePointer<UInt8>
  }

  /// The float32 nearest to a JSON number, exactly rounded.
  package mutating func float() throws(Problem) -> Float {
    let decimal = try decimal()
    if let magnitude = Self.exactlyRounded(decimal) {
      // Rounding the float64 nearest to the number to float32 is exact as well, unless it lies just between two.
      let isHalfway = magnitude.bitPattern & 0x1FFF_FFFF == 0x1000_0000
      if !isHalfway, magnitude == 0 || (1e-37...1e38).contains(magnitude) {
        return Float(decimal.isNegative ? -magnitude : magnitude)
      }
    }
    let text = text(of: decimal)
    guard let value = Float(text), value.isFinite else {
      throw Problem("the number \(text) does not fit a float32")
    }
    return value
  }

  /// The float64 nearest to a JSON number, exactly rounded.
  package mutating func double() throws(Problem) -> Double {
    let decimal = try decimal()
    if let magnitude = Self.exactlyRounded(decimal) { return decimal.isNegative ? -magnitude : magnitude }
    let text = text(of: decimal)
    guard let value = Double(text), value.isFinite else {
      throw Problem("the number \(text) does not fit a float64")
    }
    return value
  }

  /// Both operands are exact in float64, so the quotient or product is the float64 nearest to the number. `nil` where
  /// they are not.
  private static func exactlyRounded(_ decimal: Decimal) -> Double? {
    guard decimal.digits <= 18, decimal.mantissa < 1 << 53, abs(decimal.exponent) <= 22 else { return nil }
    return decimal.exponent < 0
      ? Double(decimal.mantissa) / powersOfTen[-decimal.exponent]
      : Double(decimal.mantissa) * powersOfTen[decimal.exponent]
  }

  private func text(of decimal: Decimal) -> String {
    String(decoding: UnsafeBufferPointer(start: decimal.first, count: cursor - decimal.first), as: UTF8.self)
  }

  private mutating func decimal() throws(Problem) -> Decimal {
    skipSpace()
    var decimal = Decimal(isNegative: false, first: cursor)
    if cursor < end, cursor.pointee == UInt8(ascii: "-") {
      decimal.isNegative = true
      cursor += 1
    }
    let integerPart = cursor
    digits(into: &decimal)
    guard cursor > integerPart, cursor - integerPart == 1 || integerPart.pointee != UInt8(ascii: "0") else {
      throw problem("a number")
    }
    if cursor < end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      let fraction = cursor
      digits(into: &decimal)
      guard cursor > fraction else { throw problem("a digit after the decimal point") }
      decimal.exponent = -(cursor - fraction)
    }
    if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      cursor += 1
      var sign = 1
      if cursor < end, cursor.pointee == UInt8(ascii: "-") || cursor.pointee == UInt8(ascii: "+") {
        sign = cursor.pointee == UInt8(ascii: "-") ? -1 : 1
        cursor += 1
      }
      let exponentPart = cursor
      var written = 0
      while cursor < end, let digit = Self.digit(cursor.pointee) {
        written = min(written * 10 + digit, 100_000)
        cursor += 1
      }
      guard cursor > exponentPart else { throw problem("a digit in the exponent") }
      decimal.exponent += sign * written
    }
    return decimal
  }

  private mutating func digits(into decimal: inout Decimal) {
    while cursor < end, let digit = Self.digit(cursor.pointee) {
      if decimal.digits < 18 { decimal.mantissa = decimal.mantissa &* 10 &+ UInt64(digit) }
      decimal.digits += 1
      cursor += 1
    }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    let digit = byte &- UInt8(ascii: "0")
    return digit < 10 ? Int(digit) : nil
  }

  // MARK: Values

  /// Any JSON value.
  package mutating func value() throws(Problem) -> JSONValue {
    try value(depth: 0)
  }

  private mutating func value(depth: Int) throws(Problem) -> JSONValue {
    skipSpace()
    guard depth < Self.depthLimit else {
      throw Problem("arrays and objects nest deeper than \(Self.depthLimit)")
    }
    guard cursor < end else { throw problem("a value") }
    switch cursor.pointee {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"):
      cursor += 1
      var members: [JSONValue.Member] = []
      if take(UInt8(ascii: "}")) { return .object([]) }
      repeat {
        skipSpace()
        let name = try string()
        try expect(UInt8(ascii: ":"))
        members.append(.init(name, try value(depth: depth + 1)))
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "}"))
      return .object(members)
    case UInt8(ascii: "["):
      cursor += 1
      var elements: [JSONValue] = []
      if take(UInt8(ascii: "]")) { return .array([]) }
      repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"))
      return .array(elements)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default:
      let first = cursor
      _ = try number()
      return .number(
        String(decoding: UnsafeBufferPointer(start: first, count: cursor - first), as: UTF8.self))
    }
  }

  /// Goes past any value without making one.
  package mutating func skipValue() throws(Problem) {
    try skipValue(depth: 0)
  }

  private mutating func skipValue(depth: Int) throws(Problem) {
    guard depth < Self.depthLimit else {
      throw Problem("arrays and objects nest deeper than \(Self.depthLimit)")
    }
    switch peek() {
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "{"):
      cursor += 1
      if take(UInt8(ascii: "}")) { return }
      repeat {
        try skipString()
        try expect(UInt8(ascii: ":"))
        try skipValue(depth: depth + 1)
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "}"))
    case UInt8(ascii: "["):
      cursor += 1
      if take(UInt8(ascii: "]")) { return }
      repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"))
    case UInt8(ascii: "t"): _ = try word("true", .null)
    case UInt8(ascii: "f"): _ = try word("false", .null)
    case UInt8(ascii: "n"): _ = try word("null", .null)
    default: try number()
    }
  }

  private mutating func number() throws(Problem) {
    _ = take(UInt8(ascii: "-"))
    let first = cursor
    try digits("a value")
    guard cursor - first == 1 || first.pointee != UInt8(ascii: "0") else { throw problem("a number") }
    if cursor < end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      try digits("a digit after the decimal point")
    }
    if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      cursor += 1
      if cursor < end, cursor.pointee == UInt8(ascii: "-") || cursor.pointee == UInt8(ascii: "+") {
        cursor += 1
      }
      try digits("a digit in the exponent")
    }
  }

  private mutating func digits(_ expected: String) throws(Problem) {
    let first = cursor
    while cursor < end, Self.digit(cursor.pointee) != nil { cursor += 1 }
    guard cursor > first else { throw problem(expected) }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(Problem) -> JSONValue {
    guard end - cursor >= text.utf8CodeUnitCount, memcmp(cursor, text.utf8Start, text.utf8CodeUnitCount) == 0
    else {
      throw problem("a value")
    }
    cursor += text.utf8CodeUnitCount
    return value
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are those of an ASCII name.
  package func isName(_ name: StaticString) -> Bool {
    count == name.utf8CodeUnitCount && (isEmpty || memcmp(baseAddress!, name.utf8Start, count) == 0)
  }
}
