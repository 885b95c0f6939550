/// JSON as the records beside engines and the headers inside them need it: a value, its text and its parser.
///
/// Members keep their order, so that what is written is the same every time.
enum JSONText: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([Member])

  struct Member: Hashable, Sendable {
    var key: String
    var value: JSONText

    init(_ key: String, _ value: JSONText) {
      self.key = key
      self.value = value
    }
  }

  subscript(key: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  var array: [JSONText]? { if case .array(let values) = self { values } else { nil } }
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  // MARK: Writing

  /// One line of JSON; with `indent`, as many as it takes.
  func text(indented: Bool = false) -> String {
    var text = ""
    write(to: &text, level: indented ? 0 : nil)
    return text
  }

  private func write(to text: inout String, level: Int?) {
    func list<Element>(
      _ elements: [Element], _ open: String, _ close: String, _ element: (Element, inout String) -> Void
    ) {
      text += open
      for (index, value) in elements.enumerated() {
        if index > 0 { text += level == nil ? ", " : "," }
        if let level { text += "\n" + String(repeating: "  ", count: level + 1) }
        element(value, &text)
      }
      if let level, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: level) }
      text += close
    }
    let inner = level.map { $0 + 1 }
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): text += Self.quoted(value)
    // Lists of numbers stay on a line.
    case .array(let values) where values.allSatisfy({ $0.integer != nil }):
      text += "[" + values.map { "\($0.integer ?? 0)" }.joined(separator: ", ") + "]"
    case .array(let values): list(values, "[", "]") { $0.write(to: &$1, level: inner) }
    case .object(let members):
      list(members, "{", "}") { member, text in
        text += Self.quoted(member.key) + ": "
        member.value.write(to: &text, level: inner)
      }
    }
  }

  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  // MARK: Reading

  /// Why bytes are no JSON: the offset counts bytes.
  struct Malformed: Error {
    var offset: Int
    var reason: String
  }

  /// Reads one value that takes up all the bytes.
  ///
  /// - Throws: ``Malformed``. Nesting beyond 64 levels is refused, so that hostile bytes cannot exhaust the stack.
  init(parsing bytes: UnsafeRawBufferPointer) throws(Malformed) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.malformed("something follows the value") }
  }
}

private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  func malformed(_ reason: String) -> JSONText.Malformed { JSONText.Malformed(offset: position, reason: reason) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func value(depth: Int) throws(JSONText.Malformed) -> JSONText {
    guard depth < 64 else { throw malformed("it is nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"):
      var members: [JSONText.Member] = []
      try list(close: UInt8(ascii: "}")) { parser throws(JSONText.Malformed) in
        parser.skipSpace()
        let key = try parser.string()
        parser.skipSpace()
        try parser.expect(UInt8(ascii: ":"))
        members.append(JSONText.Member(key, try parser.value(depth: depth + 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var values: [JSONText] = []
      try list(close: UInt8(ascii: "]")) { parser throws(JSONText.Malformed) in
        values.append(try parser.value(depth: depth + 1))
      }
      return .array(values)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func list(
    close: UInt8, _ element: (inout JSONParser) throws(JSONText.Malformed) -> Void
  ) throws(JSONText.Malformed) {
    position += 1
    skipSpace()
    if next == close {
      position += 1
      return
    }
    while true {
      try element(&self)
      skipSpace()
      if next == close {
        position += 1
        return
      }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func expect(_ byte: UInt8) throws(JSONText.Malformed) {
    guard next == byte else { throw malformed("“\(Character(UnicodeScalar(byte)))” is missing") }
    position += 1
  }

  private mutating func word(_ word: String, _ value: JSONText) throws(JSONText.Malformed) -> JSONText {
    for byte in word.utf8 {
      guard next == byte else { throw malformed("a word that is not \(word)") }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONText.Malformed) -> JSONText {
    let start = position
    while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else {
      position = start
      throw malformed("a value is expected")
    }
    return .number(number)
  }

  private mutating func string() throws(JSONText.Malformed) -> String {
    try expect(UInt8(ascii: "\""))
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw malformed("a string does not end") }
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard let escape = next else { throw malformed("a string does not end") }
      position += 1
      switch escape {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "u"):
        let first = try hexadecimal()
        var scalar = first
        if (0xD800..<0xDC00).contains(first), next == UInt8(ascii: "\\") {
          position += 1
          try expect(UInt8(ascii: "u"))
          let second = try hexadecimal()
          guard (0xDC00..<0xE000).contains(second) else { throw malformed("half a surrogate pair") }
          scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        text += Array(String(UnicodeScalar(scalar) ?? "\u{FFFD}").utf8)
      default: text.append(escape)
      }
    }
  }

  private mutating func hexadecimal() throws(JSONText.Malformed) -> UInt32 {
    guard position + 4 <= bytes.count,
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw malformed("four hexadecimal digits are expected") }
    position += 4
    return value
  }
}
