/// What an exporter wrote into a model about itself, read from key-value pairs of text.
///
/// The keys are those of Ultralytics' exporters (`names`, `stride`, `imgsz`, `task`, `batch`, `end2end`, `args`,
/// `channels`, `head`); the values are Python literals or JSON as text. Every key may be missing. A value that cannot be
/// read is as good as missing, and ``warnings`` says so.
public struct ModelMetadata: Hashable, Sendable {
  /// `names`: the classes.
  public var labels = Labels()
  /// `stride`: what the input's sides must be multiples of, in pixels; of several, the largest.
  public var stride: Int?
  /// `imgsz`: the input size it was exported for, in pixels.
  public var inputSize: Size?
  /// `task`: `detect`, `segment`, `pose`, `obb`, `classify`.
  public var task: String?
  /// `batch`: the batch size it was exported with.
  public var batch: Int?
  /// `end2end`: whether the model ends in boxes instead of candidates.
  public var endToEnd: Bool?
  /// `args`' `nms`, or `nms`: whether suppression was built into the model.
  public var hasEmbeddedSuppression: Bool?
  /// `channels`: how many channels the input has.
  public var channels: Int?
  /// `head`: the exporter's name for the last layer, as in `Detect`, `RTDETRDecoder`.
  public var head: String?
  /// `kpt_shape`: how many key points there are, and how many numbers each has.
  public var keyPointShape: [Int]?
  /// `box_format`: `xyxy` or `cxcywh`, for models with separate box outputs.
  public var boxFormat: BoxFormat?
  /// `args`: the export's arguments.
  public var arguments: [String: PythonLiteral] = [:]
  /// What could not be read, one sentence each.
  public var warnings: [String] = []

  /// A size in pixels.
  public struct Size: Hashable, Sendable {
    /// Pixels from left to right.
    public var width: Int
    /// Pixels from top to bottom.
    public var height: Int

    /// Makes a size from its sides.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// Metadata that says nothing.
  public init() {}

  /// Reads the pairs that a model carries: ONNX's `metadata_props`, or the JSON header of an engine with its values as
  /// text.
  public init(_ properties: [String: String]) {
    var reader = MetadataReader(properties: properties)
    stride = reader.stride()
    inputSize = reader.inputSize()
    task = reader.word("task")?.lowercased()
    head = reader.word("head")
    batch = reader.positiveNumber("batch")
    channels = reader.positiveNumber("channels")
    endToEnd = reader.flag("end2end")
    arguments = reader.arguments()
    hasEmbeddedSuppression = reader.flag("nms") ?? MetadataReader.flag(arguments["nms"])
    keyPointShape = reader.value("kpt_shape")?.elements?.compactMap(\.wholeNumber)
    labels = reader.labels()
    if let word = reader.word("box_format") {
      boxFormat = BoxFormat(rawValue: word)
      if boxFormat == nil { reader.warn("box_format", "expected xyxy or cxcywh, found \"\(word)\"") }
    }
    warnings = reader.warnings
  }
}

/// Reads single keys and collects what went wrong.
struct MetadataReader {
  let properties: [String: String]
  var warnings: [String] = []

  init(properties: [String: String]) { self.properties = properties }

  mutating func warn(_ key: String, _ reason: String) {
    warnings.append("The model's metadata \"\(key)\" is not usable and was left out: \(reason).")
  }

  /// The parsed value of a key; `nil` if it is missing, empty, or (with a warning) not a literal.
  mutating func value(_ key: String) -> PythonLiteral? {
    guard let text = properties[key], !text.allSatisfy(\.isWhitespace) else { return nil }
    // JSON first: its escapes mean something else in Python, while Python's own forms are not JSON.
    if let value = try? PythonLiteral(parsing: text, as: .json) { return value }
    do throws(PythonLiteralError) {
      return try PythonLiteral(parsing: text)
    } catch {
      warn(key, "\(error)")
      return nil
    }
  }

  /// The text of a key, which may or may not be quoted.
  func word(_ key: String) -> String? {
    guard let text = properties[key] else { return nil }
    switch try? PythonLiteral(parsing: text) {
    case .string(let inner)?: return inner
    case PythonLiteral.none?: return nil
    default: break
    }
    let trimmed = text.drop(while: \.isWhitespace)
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(trimmed[...last])
  }

  mutating func positiveNumber(_ key: String) -> Int? {
    guard let value = value(key), value != .none else { return nil }
    if let number = value.wholeNumber, number > 0 { return number }
    warn(key, "expected a whole number above 0, found \(value.kindDescription)")
    return nil
  }

  mutating func flag(_ key: String) -> Bool? {
    guard let text = word(key) else { return nil }
    switch text.lowercased() {
    case "true", "1": return true
    case "false", "0": return false
    case "none", "null", "": return nil
    default:
      warn(key, "expected True or False, found \"\(text.prefix(40))\"")
      return nil
    }
  }

  static func flag(_ value: PythonLiteral?) -> Bool? {
    switch value {
    case .bool(let flag): flag
    case .integer(let number): number != 0
    default: nil
    }
  }

  /// A number, or the largest of a list.
  mutating func stride() -> Int? {
    guard let value = value("stride"), value != .none else { return nil }
    let numbers = value.elements?.map(\.wholeNumber) ?? [value.wholeNumber]
    let positive = numbers.compactMap { $0 }.filter { $0 > 0 && $0 <= 4096 }
    guard positive.count == numbers.count, let largest = positive.max() else {
      warn("stride", "expected whole numbers from 1 to 4096")
      return nil
    }
    return largest
  }

  /// One number for a square, or height and width.
  mutating func inputSize() -> ModelMetadata.Size? {
    guard let value = value("imgsz"), value != .none else { return nil }
    let sides = (value.elements ?? [value]).map(\.wholeNumber)
    let positive = sides.compactMap { $0 }.filter { $0 > 0 && $0 <= 1 << 20 }
    guard positive.count == sides.count, positive.count == 1 || positive.count == 2 else {
      warn("imgsz", "expected one or two sides in pixels, height first")
      return nil
    }
    return ModelMetadata.Size(width: positive[positive.count - 1], height: positive[0])
  }

  mutating func arguments() -> [String: PythonLiteral] {
    guard let value = value("args"), value != .none else { return [:] }
    guard case .dictionary(let entries) = value else {
      warn("args", "expected a dict, found \(value.kindDescription)")
      return [:]
    }
    var result: [String: PythonLiteral] = [:]
    for entry in entries {
      if case .string(let key) = entry.key { result[key] = entry.value }
    }
    return result
  }

  /// A dict of index to name (the indices as numbers, or as text where it went through JSON), or a list.
  mutating func labels() -> Labels {
    guard let value = value("names"), value != .none else { return Labels() }
    var names: [Int: String] = [:]
    var refused = 0
    func add(_ index: Int?, _ name: PythonLiteral) {
      guard let index, (0...Labels.maximumIndex).contains(index), let text = MetadataReader.label(name) else {
        refused += 1
        return
      }
      names[index] = text
    }
    if let elements = value.elements {
      for (index, name) in elements.enumerated() { add(index, name) }
    } else if case .dictionary(let entries) = value {
      for entry in entries {
        if case .string(let text) = entry.key {
          add(Int(text), entry.value)
        } else {
          add(entry.key.wholeNumber, entry.value)
        }
      }
    } else {
      warn("names", "expected a dict or a list, found \(value.kindDescription)")
    }
    if refused > 0 {
      warnings.append(
        "The model's metadata \"names\" has \(refused) entries that are no name with an index from 0 to "
          + "\(Labels.maximumIndex); they were left out.")
    }
    return Labels(names)
  }

  /// A name as text; numbers are names too (`{0: 0, 1: 1}` for digits).
  private static func label(_ value: PythonLiteral) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .float(let number): "\(number)"
    case .bool(let flag): flag ? "True" : "False"
    default: nil
    }
  }
}
