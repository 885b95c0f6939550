/// Exporters write metadata into ONNX files as Python literals, and into engines as JSON; this goes between the two.
enum PythonLiteral {
  /// `{0: 'red', 1: 'green'}` as JSON, whose keys are strings. Text that is no literal is a JSON string.
  static func json(_ text: String) -> JSONText {
    let bytes = Array(text.utf8)
    var parser = Parser(bytes: bytes)
    guard let value = parser.value(depth: 0) else { return .string(text) }
    parser.skipSpace()
    return parser.position == bytes.count ? value : .string(text)
  }

  /// JSON as the literal that the exporter would have written: an object of an engine's header as `{0: 'red'}`.
  static func text(_ value: JSONText) -> String {
    if case .string(let text) = value { return text }
    return literal(value)
  }

  private static func literal(_ value: JSONText) -> String {
    switch value {
    case .null: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    case .string(let text): return quoted(text)
    case .array(let values): return "[" + values.map(literal).joined(separator: ", ") + "]"
    case .object(let members):
      // Class numbers are keys of JSON objects, and so became strings.
      let keys = members.map { Int($0.key).map { "\($0)" } ?? quoted($0.key) }
      return "{" + zip(keys, members).map { "\($0): \(literal($1.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = quote
    for character in text {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where String(character) == quote: result += "\\" + quote
      default: result.append(character)
      }
    }
    return result + quote
  }

  private struct Parser {
    let bytes: [UInt8]
    var position = 0

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
      while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A { position += 1 }
    }

    mutating func value(depth: Int) -> JSONText? {
      guard depth < 32 else { return nil }
      skipSpace()
      switch next {
      case UInt8(ascii: "{"): return object(depth: depth)
      case UInt8(ascii: "["): return list(close: UInt8(ascii: "]"), depth: depth)
      case UInt8(ascii: "("): return list(close: UInt8(ascii: ")"), depth: depth)
      case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map { .string($0) }
      default: return word()
      }
    }

    private mutating func object(depth: Int) -> JSONText? {
      position += 1
      var members: [JSONText.Member] = []
      while true {
        skipSpace()
        if next == UInt8(ascii: "}") { break }
        guard let key = value(depth: depth + 1) else { return nil }
        skipSpace()
        guard next == UInt8(ascii: ":") else { return nil }
        position += 1
        guard let value = value(depth: depth + 1) else { return nil }
        members.append(JSONText.Member(PythonLiteral.text(key), value))
        skipSpace()
        if next == UInt8(ascii: ",") { position += 1 } else if next != UInt8(ascii: "}") { return nil }
      }
      position += 1
      return .object(members)
    }

    private mutating func list(close: UInt8, depth: Int) -> JSONText? {
      position += 1
      var values: [JSONText] = []
      while true {
        skipSpace()
        if next == close { break }
        guard let value = value(depth: depth + 1) else { return nil }
        values.append(value)
        skipSpace()
        if next == UInt8(ascii: ",") { position += 1 } else if next != close { return nil }
      }
      position += 1
      return .array(values)
    }

    private mutating func word() -> JSONText? {
      let start = position
      while let byte = next, !"{}[]():,'\" \n\t".utf8.contains(byte) { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      switch text {
      case "None": return .null
      case "True": return .bool(true)
      case "False": return .bool(false)
      default:
        // Versions and dates (8.4.190) are words, not numbers; a number must be all of the word.
        if let integer = Int(text), String(integer) == text { return .integer(integer) }
        guard let number = Double(text), text.contains(".") || text.contains("e"),
          text.first?.isNumber == true || text.first == "-"
        else { return nil }
        return .number(number)
      }
    }

    private mutating func string() -> String? {
      guard let quote = next else { return nil }
      position += 1
      var text: [UInt8] = []
      while let byte = next {
        position += 1
        if byte == quote { return String(decoding: text, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\"), let escape = next else {
          text.append(byte)
          continue
        }
        position += 1
        switch escape {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "x"), UInt8(ascii: "u"):
          let count = escape == UInt8(ascii: "x") ? 2 : 4
          guard position + count <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + count], as: UTF8.self), radix: 16),
            let scalar = UnicodeScalar(value)
          else { return nil }
          position += count
          text += Array(String(scalar).utf8)
        default: text.append(escape)
        }
      }
      return nil
    }
  }
}
