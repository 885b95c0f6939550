public import Detection

/// Everything that a detector's results depend on besides the model, the engine and the pictures.
///
/// It is written into the header of every output file, and a run can only be resumed with the same.
public struct DetectorConfiguration: Sendable, Hashable {
  // MARK: From picture to input tensor

  /// How a picture is placed on the network's input.
  public var resize = LetterboxGeometry.Mode.ultralytics
  /// The input size where the model leaves it open, or `nil` for the model's own.
  public var size: InputSize?
  /// Whether the orientation that a camera wrote into the file is applied.
  public var appliesOrientation = true
  /// Pictures of more pixels than this are not decoded; they fail. The default is the limit of Pillow.
  public var maximumPixels = 178_956_970

  // MARK: From output tensors to detections

  /// The family that reads the outputs, or `nil` to recognise it.
  public var head: DetectionHead.Kind?
  /// The box format of a head that can have either, or `nil` for its usual one.
  public var boxFormat: BoxFormat?
  /// Scores must be greater than this.
  public var confidence = 0.25
  /// Exceptions to ``confidence`` by class: a label, or its index in decimal.
  public var confidenceByClass: [String: Double] = [:]
  /// Of two boxes whose intersection over union is greater than this, the one of lower score goes.
  public var iou = 0.7
  /// Exceptions to ``iou`` by class.
  public var iouByClass: [String: Double] = [:]
  /// The only classes that count, as labels or indices; empty for all.
  public var classes: [String] = []
  /// At most this many boxes a picture are kept.
  public var maximumDetections = 300
  /// How overlap is computed.
  public var suppression = SuppressionMethod.exact
  /// Whether boxes of different classes suppress one another.
  public var isAgnostic = false
  /// Whether a box counts for every class over the threshold rather than for the best alone.
  public var isMultiLabel = false
  /// Whether suppression is left out.
  public var isRaw = false

  public init() {}
}

extension DetectorConfiguration {
  /// The settings as they stand in an output file's header, those of the model filled in.
  func headerSettings(input: InputPlan, head: DetectionHead) -> [JSONValue.Member] {
    func exceptions(_ values: [String: Double]) -> JSONValue {
      .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .number("\($0.value)")) })
    }
    var members: [JSONValue.Member] = [
      .init("resize", .string(resize.rawValue)),
      .init("size", .array([.integer(input.size.height), .integer(input.size.width)])),
      .init("exif", .string(appliesOrientation ? "apply" : "ignore")),
      .init("max-pixels", .integer(maximumPixels)),
      .init("head", .string(head.kind.rawValue)),
      .init("box-format", .string(head.boxFormat.rawValue)),
      .init("confidence", .number("\(confidence)")),
    ]
    if !confidenceByClass.isEmpty { members.append(.init("confidence-by-class", exceptions(confidenceByClass))) }
    if isRaw {
      members.append(.init("suppression", "none"))
    } else {
      members.append(.init("suppression", .string(head.isSuppressed ? "by-model" : suppression.rawValue)))
      if !head.isSuppressed {
        members.append(.init("iou", .number("\(iou)")))
        if !iouByClass.isEmpty { members.append(.init("iou-by-class", exceptions(iouByClass))) }
        members.append(.init("agnostic", .bool(isAgnostic)))
      }
    }
    members.append(.init("multi-label", .bool(isMultiLabel)))
    members.append(.init("max-detections", .integer(maximumDetections)))
    if !classes.isEmpty { members.append(.init("classes", .array(classes.map(JSONValue.string)))) }
    return members
  }
}
