/// The subset of YAML that exporters write: a mapping of scalars, lists of scalars and mappings of scalars. Nested values
/// come out as Python literals, the form that ONNX metadata has: `{0: 'red', 1: 'green'}`, `[640, 640]`.
package enum SimpleYAML {
  package static func topLevel(of text: String) -> [String: String] {
    var result: [String: String] = [:]
    var key: String?
    var items: [(key: String?, value: String)] = []

    func finish() {
      if let key, !items.isEmpty {
        if items.allSatisfy({ $0.key == nil }) {
          result[key] = "[\(items.map { literal($0.value) }.joined(separator: ", "))]"
        } else {
          let pairs = items.compactMap { item in item.key.map { "\(literal($0)): \(literal(item.value))" } }
          result[key] = "{\(pairs.joined(separator: ", "))}"
        }
      }
      key = nil
      items = []
    }

    for line in text.split(whereSeparator: \.isNewline) {
      let content = line.drop { $0 == " " }
      guard let first = content.first, first != "#" else { continue }
      if content.hasPrefix("- ") {
        items.append((nil, String(content.dropFirst(2))))
      } else if let (name, value) = pair(content), !name.isEmpty {
        if content.startIndex > line.startIndex {
          items.append((name, value))
        } else {
          finish()
          if value.isEmpty { key = name } else { result[name] = plain(value) }
        }
      }
    }
    finish()
    return result
  }

  private static func pair(_ line: Substring) -> (String, String)? {
    var quote: Character?
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if index == line.startIndex, character == "'" || character == "\"" {
        quote = character
      } else if character == ":" {
        let after = line[line.index(after: index)...]
        guard after.isEmpty || after.first == " " else { continue }
        return (plain(String(line[..<index])), after.trimmedSpaces)
      }
    }
    return nil
  }

  /// A scalar without its quotes.
  private static func plain(_ text: String) -> String {
    let text = Substring(text).trimmedSpaces
    if text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") {
      return String(text.dropFirst().dropLast()).replacing("''", with: "'")
    }
    if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
      return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }
    return text
  }

  /// A scalar as a Python literal: numbers as they are, all else quoted.
  private static func literal(_ text: String) -> String {
    let value = plain(text)
    let wasQuoted = value.count != Substring(text).trimmedSpaces.count
    if !wasQuoted, Double(value) != nil,
      value.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) })
    {
      return value
    }
    return "'\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
