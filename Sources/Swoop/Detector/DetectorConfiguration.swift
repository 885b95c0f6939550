public import Detection

/// What decodes JPEG files.
///
/// A GPU does not give libjpeg-turbo's exact pixels, so results differ slightly by this.
public enum DecodeChoice: String, Sendable, Hashable, CaseIterable {
  /// The GPU that the network runs on, where it has nvJPEG, else the processor.
  case auto
  /// The GPU, for those JPEG files that it decodes.
  case gpu
  /// The processor: the pixels of Pillow and OpenCV.
  case cpu
}

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

  /// What decodes JPEG files.
  public var decode = DecodeChoice.auto

  // MARK: From output tensors to detections

  /// The family that reads the outputs, or `nil` to recognise it.
  public var head: DetectionHead.Kind?
  /// The box format of a head that can have either, or `nil` for its usual one.
  public var boxFormat: BoxFormat?
  /// Scores must be greater than this.
  public var confidence = 0.25
  /// Exceptions to ``confidence`` by class: a label, or an index in decimal.
  public var confidenceByClass: [String: Double] = [:]
  /// Of two boxes whose intersection over union is greater than this, the one of lower score goes; `nil` is 0.7.
  public var iou: Double?
  /// Exceptions to ``iou`` by class.
  public var iouByClass: [String: Double] = [:]
  /// The only classes that count, as labels or indices; empty for all.
  public var classes: [String] = []
  /// At most this many boxes a picture are kept; `nil` is 300, or no limit without suppression.
  public var maximumDetections: Int?
  /// What removes overlapping boxes.
  public var suppression = Postprocessor.SuppressionChoice.automatic
  /// Whether boxes of different classes suppress one another.
  public var isClassAgnostic = false
  /// Whether a box counts for every class over the threshold rather than for the best alone.
  public var isMultiLabel = false

  public init() {}

  /// The settings with classes as the model numbers them.
  ///
  /// - Throws: `DetectionError` of code `invalidOption` for a class that the model does not have.
  func postprocessorSettings(labels: Labels) throws(DetectionError) -> Postprocessor.Settings {
    func byIndex(_ values: [String: Double]) throws(DetectionError) -> [Int: Double] {
      var exceptions: [Int: Double] = [:]
      for (word, value) in values.sorted(by: { $0.key < $1.key }) {
        for index in try labels.indices(for: word) { exceptions[index] = value }
      }
      return exceptions
    }
    var settings = Postprocessor.Settings()
    settings.confidence = ClassThresholds(confidence, exceptions: try byIndex(confidenceByClass))
    if iou != nil || !iouByClass.isEmpty {
      settings.iou = ClassThresholds(iou ?? 0.7, exceptions: try byIndex(iouByClass))
    }
    if !classes.isEmpty {
      var indices: Set<Int> = []
      for word in classes { indices.formUnion(try labels.indices(for: word)) }
      settings.classes = indices
    }
    settings.suppression = suppression
    settings.isClassAgnostic = isClassAgnostic ? true : nil
    settings.maximumDetections = maximumDetections
    settings.isMultiLabel = isMultiLabel
    return settings
  }
}

extension DetectorConfiguration {
  /// The settings as they stand in an output file's header, with what was left open filled in.
  func headerSettings(
    input: InputPlan, postprocessor: Postprocessor, decode: String, computesAllBoxes: Bool
  ) -> [JSONValue.Member] {
    func number(_ value: Double) -> JSONValue { .number("\(value)") }
    func thresholds(_ name: String, _ values: ClassThresholds) -> [JSONValue.Member] {
      var members = [JSONValue.Member(name, number(values.standard))]
      if !values.exceptions.isEmpty {
        let exceptions = values.exceptions.sorted { $0.key < $1.key }
        members.append(.init("\(name)-by-class", .object(exceptions.map { .init("\($0.key)", number($0.value)) })))
      }
      return members
    }
    let head = postprocessor.head
    var members: [JSONValue.Member] = [
      .init("resize", .string(resize.rawValue)),
      .init("size", .array([.integer(input.size.height), .integer(input.size.width)])),
      .init("exif", .string(appliesOrientation ? "apply" : "ignore")),
      .init("max-pixels", .integer(maximumPixels)),
      .init("decode", .string(decode)),
      .init("head", .string(head.kind.rawValue)),
      .init("box-format", .string(head.boxFormat.rawValue)),
      .init("boxes", .string((computesAllBoxes ? BoxChoice.all : .candidates).rawValue)),
    ]
    members += thresholds("confidence", postprocessor.settings.confidence)
    if let suppression = postprocessor.suppression {
      members.append(.init("suppression", .string(suppression.rule.rawValue)))
      members += thresholds("iou", suppression.iou)
      members.append(.init("class-agnostic", .bool(suppression.isClassAgnostic)))
      members.append(.init("max-candidates", .integer(suppression.maximumCandidates)))
    } else {
      members.append(.init("suppression", head.isSuppressed ? "model" : "none"))
    }
    members.append(.init("multi-label", .bool(isMultiLabel)))
    members.append(.init("max-detections", postprocessor.maximumDetections.map(JSONValue.integer) ?? .null))
    if let classes = postprocessor.settings.classes {
      members.append(.init("classes", .array(classes.sorted().map(JSONValue.integer))))
    }
    return members
  }
}
