public import Tensors

/// From a model's outputs to detections in source pixels: head, thresholds, suppression, limits and geometry in one value.
public struct Postprocessor: Hashable, Sendable {
  /// What removes overlapping boxes.
  public enum SuppressionChoice: String, Hashable, Sendable, CaseIterable {
    /// ``exact`` for heads that give candidates; nothing for heads whose model has suppressed already.
    case automatic
    /// ``Suppression/Rule/exact``; for a model that has suppressed already, a second time over its boxes.
    case exact
    /// ``Suppression/Rule/ultralytics``; for a model that has suppressed already, a second time over its boxes.
    case ultralytics
    /// Nothing: every candidate above its threshold is a detection (`--raw`).
    case none
  }

  /// What a user can choose. The defaults are Ultralytics', except that suppression is exact.
  public struct Settings: Hashable, Sendable {
    /// A detection's score is above this.
    public var confidence = ClassThresholds(0.25)
    /// What removes overlapping boxes.
    public var suppression = SuppressionChoice.automatic
    /// The IoU above which a box is suppressed; `nil` is 0.7.
    public var iou: ClassThresholds?
    /// Whether boxes suppress boxes of other classes; `nil` is no.
    public var isClassAgnostic: Bool?
    /// The classes to keep; `nil` keeps all.
    public var classes: Set<Int>?
    /// The most detections an image can have, best first; `nil` is 300, or no limit for ``SuppressionChoice/none``.
    public var maximumDetections: Int?
    /// How many candidates suppression looks at, best first.
    public var maximumCandidates = 30_000
    /// Whether an anchor can count for several classes: for evaluation at a low confidence.
    public var isMultiLabel = false

    /// The defaults.
    public init() {}
  }

  /// How the outputs are read.
  public let head: DetectionHead
  /// What was chosen.
  public let settings: Settings
  /// The suppression that runs, or `nil` where none does.
  public let suppression: Suppression?
  /// The most detections an image can have, or `nil` where there is no limit.
  public let maximumDetections: Int?
  /// Above which a score makes a candidate, by class; classes that are not kept have infinity.
  package let thresholds: ThresholdTable

  /// Joins a head and settings.
  ///
  /// - Throws: ``DetectionError`` of code `invalidOption`: a threshold outside 0…1, a limit below 1, an option that would
  ///   have no effect on this head.
  public init(head: DetectionHead, settings: Settings = Settings()) throws(DetectionError) {
    self.head = head
    self.settings = settings
    try settings.confidence.validate("confidence")
    try settings.iou?.validate("IoU")
    if let classes = settings.classes {
      guard !classes.isEmpty, classes.allSatisfy((0...Labels.maximumIndex).contains) else {
        throw DetectionError(
          .invalidOption, "The classes to keep must be at least one, from 0 to \(Labels.maximumIndex).")
      }
    }
    if let limit = settings.maximumDetections, limit < 1 {
      throw DetectionError(
        .invalidOption, "The most detections an image can have is \(limit); it must be at least 1.")
    }
    guard settings.maximumCandidates >= 1 else {
      throw DetectionError(
        .invalidOption,
        "The most candidates to suppress is \(settings.maximumCandidates); it must be at least 1.")
    }
    if settings.isMultiLabel, !head.hasClassScores {
      throw DetectionError(
        .invalidOption,
        "Several labels for one box were asked for, but the head \(head.kind.rawValue) gives each box one class."
      )
    }
    let rule: Suppression.Rule? =
      switch settings.suppression {
      case .automatic: head.isSuppressed ? nil : .exact
      case .exact: .exact
      case .ultralytics: .ultralytics
      case .none: nil
      }
    if rule == nil, settings.iou != nil || settings.isClassAgnostic != nil {
      let option = settings.iou != nil ? "An IoU threshold" : "Class-agnostic suppression"
      throw DetectionError(
        .invalidOption,
        settings.suppression == .none
          ? "\(option) was given, but suppression is off. Leave one of the two out."
          : "\(option) was given, but the model has suppressed its boxes already (head \(head.kind.rawValue)), so it would "
            + "have no effect. Leave it out, or ask for a second suppression over the model's boxes with "
            + "--suppression exact.")
    }
    suppression = rule.map { rule in
      Suppression(
        rule: rule, isClassAgnostic: settings.isClassAgnostic ?? false,
        iou: settings.iou ?? ClassThresholds(0.7),
        maximumCandidates: settings.maximumCandidates)
    }
    maximumDetections = settings.maximumDetections ?? (settings.suppression == .none ? nil : 300)
    thresholds = ThresholdTable(settings.confidence, classes: settings.classes, rounding: { Float($0) })
  }

  /// What happens to overlapping boxes, in one sentence.
  public var suppressionDescription: String {
    guard let suppression else {
      return settings.suppression == .none
        ? "no suppression: every box above its confidence is a detection"
        : "no suppression: the model has suppressed its boxes itself"
    }
    let second = head.isSuppressed ? ", a second time after the model's own" : ""
    let scope = suppression.isClassAgnostic ? "over all classes together" : "class by class"
    return "\(suppression.rule.rawValue) suppression \(scope), IoU above \(suppression.iou.standard)\(second)"
  }

  /// Memory that calls reuse; one for each thread.
  public struct Scratch: Sendable {
    var candidates = Candidates()
    var suppression = Suppression.Scratch()

    /// Empty scratch memory; it grows to what the largest call needs.
    public init() {}
  }

  /// The detections of one image of a batch, by score, highest first; equal scores by anchor, then class.
  ///
  /// - Parameters:
  ///   - row: the image's place in the batch.
  ///   - geometry: how the image lies on the network's input.
  ///   - scratch: memory to reuse.
  ///   - output: gives an output tensor by name.
  /// - Returns: boxes in source pixels, clipped to the image, with the counts of what was left out.
  /// - Throws: ``DetectionError`` of code `unreadableOutput`, or what `output` throws.
  public func process(
    row: Int, geometry: LetterboxGeometry, scratch: inout Scratch, output: (String) throws -> TensorView
  ) throws -> ImageDetections {
    try head.decode(
      row: row, thresholds: thresholds, isMultiLabel: settings.isMultiLabel, into: &scratch.candidates,
      output: output)
    let candidates = scratch.candidates.elements
    var result = ImageDetections()
    result.candidateCount = candidates.count
    result.invalidCount = scratch.candidates.invalidCount
    let count: Int
    if let suppression {
      let kept = suppression.suppress(candidates, scratch: &scratch.suppression)
      result.truncatedCandidateCount = kept.truncatedCount
      count = min(kept.kept.count, maximumDetections ?? .max)
      result.truncatedDetectionCount = kept.kept.count - count
      result.detections.reserveCapacity(count)
      for place in kept.kept.prefix(count) { result.append(candidates[place], geometry) }
    } else {
      scratch.suppression.order.sort(candidates)
      count = min(candidates.count, maximumDetections ?? .max)
      result.truncatedDetectionCount = candidates.count - count
      result.detections.reserveCapacity(count)
      for place in 0..<count { result.append(candidates[scratch.suppression.order[place]], geometry) }
    }
    return result
  }
}

/// What was found in one image, and what was left out.
public struct ImageDetections: Hashable, Sendable {
  /// In source pixels; by score, highest first.
  public var detections: [Detection] = []
  /// How many boxes were above their confidence threshold before suppression.
  public var candidateCount = 0
  /// How many anchors or rows would have counted but held NaN, infinities or impossible boxes or classes.
  public var invalidCount = 0
  /// How many candidates were beyond the limit of suppression, and so never compared.
  public var truncatedCandidateCount = 0
  /// How many boxes stayed but were beyond the limit of detections.
  public var truncatedDetectionCount = 0

  /// Nothing found.
  public init() {}

  /// Everything that a limit left out.
  public var truncatedCount: Int { truncatedCandidateCount + truncatedDetectionCount }

  mutating func append(_ candidate: Candidate, _ geometry: LetterboxGeometry) {
    detections.append(
      Detection(
        box: geometry.sourceBox(candidate.box), score: candidate.score, classIndex: Int(candidate.classIndex))
    )
  }
}
