/// A recursive-descent parser over UTF-8 bytes. Strings and numbers are in the extensions beside this file.
struct PythonLiteralParser {
  let bytes: [UInt8]
  let dialect: PythonLiteral.Dialect
  var index = 0
  /// How many `\N{…}` escapes were looked up; each costs a walk over all of Unicode, so hostile input is stopped.
  var namedEscapeCount = 0

  init(text: String, dialect: PythonLiteral.Dialect) {
    bytes = Array(text.utf8)
    self.dialect = dialect
  }

  var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  func byte(at offset: Int) -> UInt8? {
    let place = index + offset
    return place < bytes.count ? bytes[place] : nil
  }

  func failure(_ reason: String, at place: Int? = nil) -> PythonLiteralError {
    let end = min(place ?? index, bytes.count)
    let scalars = bytes[..<end].count { $0 & 0xC0 != 0x80 }
    return PythonLiteralError(position: scalars + 1, reason: reason)
  }

  /// What stands at the current place, for messages.
  var found: String {
    guard current != nil else { return "the end of the text" }
    let rest = String(decoding: bytes[index..<min(index + 12, bytes.count)], as: UTF8.self)
    return rest.first.map { "\"\($0)\"" } ?? "the end of the text"
  }

  mutating func parseDocument() throws(PythonLiteralError) -> PythonLiteral {
    skipSpace()
    let value = try parseValue(depth: 0)
    skipSpace()
    guard current == nil else { throw failure("expected the end of the text, found \(found)") }
    return value
  }

  mutating func skipSpace() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        index += 1
      case 0x0C where dialect == .python:
        index += 1
      case UInt8(ascii: "#") where dialect == .python:
        while let next = current, next != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "\\")
      where dialect == .python
        && (self.byte(at: 1) == UInt8(ascii: "\n") || self.byte(at: 1) == UInt8(ascii: "\r")):
        index += 2
      default:
        return
      }
    }
  }

  mutating func parseValue(depth: Int) throws(PythonLiteralError) -> PythonLiteral {
    guard depth < PythonLiteral.maximumDepth else {
      throw failure("brackets nest deeper than \(PythonLiteral.maximumDepth)")
    }
    guard let byte = current else { throw failure("expected a value, found the end of the text") }
    switch byte {
    case UInt8(ascii: "{"):
      return try parseBraces(depth: depth)
    case UInt8(ascii: "["):
      let opening = index
      index += 1
      return .list(try parseElements(until: UInt8(ascii: "]"), opening: opening, depth: depth).elements)
    case UInt8(ascii: "(") where dialect == .python:
      let opening = index
      index += 1
      let (elements, endsWithComma) = try parseElements(
        until: UInt8(ascii: ")"), opening: opening, depth: depth)
      // Parentheses around one value without a comma only group.
      return elements.count == 1 && !endsWithComma ? elements[0] : .tuple(elements)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return try parseStrings()
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try parseNumber()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      return startsString() ? try parseStrings() : try parseWord()
    default:
      throw failure("expected a value, found \(found)")
    }
  }

  private mutating func parseWord() throws(PythonLiteralError) -> PythonLiteral {
    let start = index
    while let byte = current, byte.isWordByte { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    switch (word, dialect) {
    case ("None", .python), ("null", .json): return .none
    case ("True", .python), ("true", .json): return .bool(true)
    case ("False", .python), ("false", .json): return .bool(false)
    case ("set", .python) where current == UInt8(ascii: "(") && byte(at: 1) == UInt8(ascii: ")"):
      index += 2
      return .set([])
    default:
      let shown = word.count > 40 ? String(word.prefix(40)) + "…" : word
      throw failure("\"\(shown)\" is a name, not a literal", at: start)
    }
  }

  /// The values up to a closing bracket, which is consumed; whether a comma stood before it.
  private mutating func parseElements(
    until close: UInt8, opening: Int, depth: Int
  ) throws(PythonLiteralError) -> (elements: [PythonLiteral], endsWithComma: Bool) {
    var elements: [PythonLiteral] = []
    var endsWithComma = false
    while true {
      skipSpace()
      guard let byte = current else { throw failure("this bracket is never closed", at: opening) }
      if byte == close {
        if endsWithComma && dialect == .json {
          throw failure("a comma before the closing bracket is not JSON")
        }
        index += 1
        return (elements, endsWithComma)
      }
      guard elements.isEmpty || endsWithComma else { throw failure("expected a comma, found \(found)") }
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
      endsWithComma = current == UInt8(ascii: ",")
      if endsWithComma { index += 1 }
    }
  }

  /// A dictionary or a set.
  private mutating func parseBraces(depth: Int) throws(PythonLiteralError) -> PythonLiteral {
    let opening = index
    index += 1
    var entries: [PythonLiteral.Entry] = []
    var members: [PythonLiteral] = []
    var endsWithComma = false
    while true {
      skipSpace()
      guard let byte = current else { throw failure("this brace is never closed", at: opening) }
      if byte == UInt8(ascii: "}") {
        if endsWithComma && dialect == .json { throw failure("a comma before the closing brace is not JSON") }
        index += 1
        return members.isEmpty ? .dictionary(entries) : .set(members)
      }
      guard (entries.isEmpty && members.isEmpty) || endsWithComma else {
        throw failure("expected a comma or a closing brace, found \(found)")
      }
      let keyPlace = index
      let key = try parseValue(depth: depth + 1)
      skipSpace()
      if current == UInt8(ascii: ":") {
        guard members.isEmpty else { throw failure("a set has no \"key: value\"") }
        if dialect == .json, case .string = key {
        } else if dialect == .json {
          throw failure("a key of a JSON object is a string, found \(key.kindDescription)", at: keyPlace)
        }
        index += 1
        skipSpace()
        entries.append(.init(key: key, value: try parseValue(depth: depth + 1)))
        skipSpace()
      } else {
        guard entries.isEmpty, dialect == .python else {
          throw failure("expected a colon after the key, found \(found)")
        }
        members.append(key)
      }
      endsWithComma = current == UInt8(ascii: ",")
      if endsWithComma { index += 1 }
    }
  }
}

extension UInt8 {
  var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  var isDecimalDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// The value of a digit in bases up to 16.
  var digitValue: Int? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(self) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(self) - 0x41 + 10
    default: nil
    }
  }
}
