/// The first line of `detections.jsonl`: everything that the results depend on, and nothing else.
///
/// No time, batch size, thread count or absolute path is in it, because runs that differ only in those give the same
/// bytes. A resumed run must have an equal header; ``firstDifference(from:)`` names what differs.
public struct RunHeader: Hashable, Sendable {
  /// The version of the file format that this code writes and reads.
  public static let format = 1

  /// The model that was run.
  public struct Model: Hashable, Sendable {
    /// The file's name without its folder.
    public var file: String
    /// The SHA-256 of the file as 64 hexadecimal digits.
    public var sha256: String
    /// The name of each class, by index.
    public var labels: [String]

    public init(file: String, sha256: String, labels: [String]) {
      self.file = file
      self.sha256 = sha256
      self.labels = labels
    }
  }

  /// What ran it.
  public struct Engine: Hashable, Sendable {
    /// The runtime's name: `OpenVINO`, `TensorRT`.
    public var runtime: String
    /// The runtime's own version text.
    public var version: String
    /// The device's name, where results depend on it.
    public var device: String?
    /// The precision that ran: `fp32`, `bf16`, `fp16`.
    public var precision: String

    public init(runtime: String, version: String, device: String? = nil, precision: String) {
      self.runtime = runtime
      self.version = version
      self.device = device
      self.precision = precision
    }
  }

  /// The version of Swoop that wrote the file.
  public var version: String
  public var model: Model
  public var engine: Engine
  /// Every setting that results depend on, by name, in a fixed order.
  public var settings: [JSONValue.Member]

  public init(version: String, model: Model, engine: Engine, settings: [JSONValue.Member]) {
    self.version = version
    self.model = model
    self.engine = engine
    self.settings = settings
  }

  /// The label of a class; `class7` where the model names none of that index.
  public func label(_ classIndex: Int) -> String {
    model.labels.indices.contains(classIndex) ? model.labels[classIndex] : "class\(classIndex)"
  }

  /// The header as the JSON object that the file holds.
  public var json: JSONValue {
    var engineMembers: [JSONValue.Member] = [
      .init("runtime", .string(engine.runtime)), .init("version", .string(engine.version)),
    ]
    if let device = engine.device { engineMembers.append(.init("device", .string(device))) }
    engineMembers.append(.init("precision", .string(engine.precision)))
    return .object([
      .init(
        "swoop",
        .object([.init("format", .integer(Self.format)), .init("version", .string(version))])),
      .init(
        "model",
        .object([
          .init("file", .string(model.file)), .init("sha256", .string(model.sha256)),
          .init("labels", .array(model.labels.map(JSONValue.string))),
        ])),
      .init("engine", .object(engineMembers)),
      .init("settings", .object(settings)),
    ])
  }

  /// The header in a JSON object; the error says which field is missing or of the wrong type.
  public init(json: JSONValue) throws(RecordFormatError.Problem) {
    guard let swoop = json["swoop"] else {
      throw RecordFormatError.Problem(
        "the first line has no field \"swoop\": it is not a header of this format")
    }
    guard case .number(let formatText)? = swoop["format"], let format = Int(formatText) else {
      throw RecordFormatError.Problem("the header's field swoop.format is not a whole number")
    }
    guard format == Self.format else {
      throw RecordFormatError.Problem(
        "the file is of format \(format), and this version of Swoop reads format \(Self.format)")
    }
    guard case .array(let labels)? = json["model"]?["labels"] else {
      throw RecordFormatError.Problem("the header's field model.labels is not a list")
    }
    guard case .object(let settings)? = json["settings"] else {
      throw RecordFormatError.Problem("the header's field settings is not an object")
    }
    var device: String?
    if json["engine"]?["device"] != nil { device = try Self.string(json, "engine", "device") }
    var names: [String] = []
    for label in labels {
      guard case .string(let name) = label else {
        throw RecordFormatError.Problem(
          "the header's field model.labels holds something that is not a string")
      }
      names.append(name)
    }
    self.init(
      version: try Self.string(json, "swoop", "version"),
      model: Model(
        file: try Self.string(json, "model", "file"), sha256: try Self.string(json, "model", "sha256"),
        labels: names),
      engine: Engine(
        runtime: try Self.string(json, "engine", "runtime"),
        version: try Self.string(json, "engine", "version"),
        device: device, precision: try Self.string(json, "engine", "precision")),
      settings: settings)
  }

  private static func string(
    _ json: JSONValue, _ group: String, _ name: String
  ) throws(RecordFormatError.Problem) -> String {
    guard case .string(let text)? = json[group]?[name] else {
      throw RecordFormatError.Problem("the header's field \(group).\(name) is missing or not a string")
    }
    return text
  }

  /// One field in which two headers differ.
  public struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// The field, as `settings.confidence`.
    public var field: String
    /// The values as JSON text; `nil` where a header lacks the field.
    public var before: String?
    public var now: String?

    public var description: String {
      "\(field) was \(Self.shown(before)) and is now \(Self.shown(now))"
    }

    private static func shown(_ text: String?) -> String {
      guard let text else { return "not set" }
      return text.count <= 80 ? text : "\(text.prefix(77))..."
    }
  }

  /// The first field, in the order of the file, in which this header differs from an earlier one; `nil` if none does.
  public func firstDifference(from earlier: RunHeader) -> Difference? {
    Self.firstDifference("", earlier.json, json)
  }

  private static func firstDifference(_ field: String, _ before: JSONValue?, _ now: JSONValue?) -> Difference? {
    if case .object(let old)? = before, case .object(let new)? = now {
      var names = old.map(\.name)
      names += new.map(\.name).filter { !names.contains($0) }
      for name in names {
        let path = field.isEmpty ? name : "\(field).\(name)"
        if let difference = firstDifference(path, before?[name], now?[name]) { return difference }
      }
      return nil
    }
    if case .array(let old)? = before, case .array(let new)? = now, old.count == new.count {
      for position in old.indices {
        if let difference = firstDifference("\(field)[\(position)]", old[position], new[position]) {
          return difference
        }
      }
      return nil
    }
    let (beforeText, nowText) = (before?.text, now?.text)
    // Compared by bytes: two labels that Unicode calls equivalent are still different files.
    let same = beforeText.map { Array($0.utf8) } == nowText.map { Array($0.utf8) }
    return same ? nil : Difference(field: field, before: beforeText, now: nowText)
  }
}
