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

  /// Why a file is no whole IR model: another kind of XML, or cut off. `nil` where nothing is seen against it.
  static func reason(against model: UnsafeRawBufferPointer) -> String? {
    let start = String(decoding: model.prefix(4096), as: UTF8.self)
    guard start.contains("<net") else {
      return "it is XML, but not OpenVINO IR, which has the element <net> at the top"
    }
    let end = String(decoding: model.suffix(256), as: UTF8.self)
    guard end.contains("</net>") else {
      return "it ends before </net>, so it was cut off; copy or export it again"
    }
    return nil
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
