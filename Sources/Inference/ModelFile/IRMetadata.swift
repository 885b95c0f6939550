/// The exporter's key-value pairs of an OpenVINO IR model.
///
/// They are in two places: `<rt_info>` at the end of the `.xml`, where OpenVINO's converter puts what an ONNX file said
/// (`<framework>`) and what exporters add (`<model_info>`), and the `metadata.yaml` that Ultralytics writes beside it.
/// Where both have a key, the YAML file's value counts. Neither is needed to run the model, so what cannot be understood is
/// left out and is no error.
enum IRMetadata {
  static func read(model: UnsafeRawBufferPointer, path: String) -> [String: String] {
    var metadata = runtimeInformation(in: model)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    if let file = try? MappedFile(path: "\(folder)metadata.yaml"), file.bytes.count < 1 << 20 {
      metadata.merge(SimpleYAML.topLevel(of: String(decoding: file.bytes, as: UTF8.self))) { _, new in new }
    }
    return metadata
  }

  /// The `value` attributes of the elements directly below `<framework>` and `<model_info>`.
  static func runtimeInformation(in model: UnsafeRawBufferPointer) -> [String: String] {
    // Layers have <rt_info> too; the model's own comes last.
    let limit = 1 << 20
    let tail = UnsafeRawBufferPointer(rebasing: model[max(0, model.count - limit)...])
    let text = String(decoding: tail, as: UTF8.self)
    guard let start = text.ranges(of: "<rt_info>").last else { return [:] }
    var metadata: [String: String] = [:]
    for section in ["framework", "model_info"] {
      guard let open = text[start.upperBound...].firstRange(of: "<\(section)>"),
        let close = text[open.upperBound...].firstRange(of: "</\(section)>")
      else { continue }
      for element in text[open.upperBound..<close.lowerBound].split(separator: "<") {
        guard let space = element.firstIndex(of: " "),
          let value = element.firstRange(of: "value=\""),
          let end = element[value.upperBound...].firstIndex(of: "\"")
        else { continue }
        metadata[String(element[..<space])] = unescaped(element[value.upperBound..<end])
      }
    }
    return metadata
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var rest = text
    let entities: [(String, Character)] = [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ]
    scan: while let first = rest.first {
      if first == "&" {
        for (entity, character) in entities where rest.hasPrefix(entity) {
          result.append(character)
          rest = rest.dropFirst(entity.count)
          continue scan
        }
        if let (scalar, length) = numericEntity(rest) {
          result.unicodeScalars.append(scalar)
          rest = rest.dropFirst(length)
          continue scan
        }
      }
      result.append(first)
      rest = rest.dropFirst()
    }
    return result
  }

  // &#10; or &#xA;
  private static func numericEntity(_ text: Substring) -> (Unicode.Scalar, Int)? {
    guard text.hasPrefix("&#"), let end = text.prefix(12).firstIndex(of: ";") else { return nil }
    let digits = text[..<end].dropFirst(2)
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let value, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, digits.count + 3)
  }
}

/// The subset of YAML that exporters write: a mapping of scalars, lists of scalars and mappings of scalars. Nested values
/// come out as Python literals, the form that ONNX metadata has: `{0: 'red', 1: 'green'}`, `[640, 640]`.
enum SimpleYAML {
  static func topLevel(of text: String) -> [String: String] {
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
      } else if let (name, value) = pair(content) {
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
