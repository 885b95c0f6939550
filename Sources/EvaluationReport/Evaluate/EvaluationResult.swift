public import Evaluation
public import EvaluationFiles

/// Everything that `swoop evaluate` says of a set of detections.
public struct EvaluationResult: Sendable {
  /// What is really there.
  public let truth: GroundTruth
  /// What was found, as it was read.
  public let set: DetectionSet
  /// What was found, in the terms of the ground truth.
  public let input: EvaluationInput
  /// COCO's figures, over all and by category.
  public let coco: COCOEvaluation
  /// The mistakes above ``confidence``.
  public let mistakes: ErrorAnalysis
  /// What was taken for what, above ``confidence``.
  public let confusion: ConfusionMatrix
  /// The threshold that mistakes are counted at.
  public let confidence: Double
  /// What a user should know before believing the figures.
  public let warnings: [String]

  /// Evaluates.
  ///
  /// - Parameters:
  ///   - file: the ground truth.
  ///   - set: detections, ideally down to a confidence near 0: the figures are areas under curves that end there.
  ///   - confidence: where mistakes are counted.
  /// - Throws: `EvaluationFileError` where images or classes cannot be matched, `EvaluationError` for numbers that are
  ///   none.
  public init(_ file: GroundTruthFile, _ set: DetectionSet, confidence: Double = 0.25) throws {
    truth = file.truth
    self.set = set
    self.confidence = confidence
    input = try EvaluationInput(file, set)
    coco = try COCOEvaluation(truth, input.detections)
    mistakes = ErrorAnalysis(coco, truth, input.detections, confidence: confidence)
    confusion = try ConfusionMatrix(truth, input.detections, confidence: confidence)
    var warnings = file.warnings + set.warnings + input.warnings
    if truth.objects.allSatisfy(\.isCrowd) {
      warnings.append("The ground truth has no objects that count, so there are no figures.")
    }
    if let lowest = input.detections.map(\.score).min(), lowest > 0.05, input.detections.count > 20 {
      warnings.append(
        "No detection scores less than \(EvaluationResult.short(lowest)): the figures leave out what lies below. Detect "
          + "with --confidence 0.001 to compare them with published ones.")
    }
    self.warnings = warnings
  }

  /// A number with three decimals at most.
  static func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  /// How many objects count.
  public var objectCount: Int { truth.objects.count { !$0.isCrowd } }
}

/// A figure that must reach a value: `map50=0.90`.
public struct Requirement: Hashable, Sendable {
  /// The figure.
  public var name: COCOFigures.Name
  /// What it must reach.
  public var value: Double

  /// Reads `NAME=VALUE`; a name in any case, `mAP50` as well as `map50`.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let name = COCOFigures.Name(rawValue: parts[0].lowercased()),
      let value = Double(parts[1]), (0...1).contains(value)
    else { return nil }
    self.name = name
    self.value = value
  }

  /// Whether figures fulfil it; one that does not exist does not. A billionth less is not less: COCO's way of computing
  /// makes a perfect figure come out just below 1.
  public func isFulfilled(by figures: COCOFigures) -> Bool { figures[name] >= value - 1e-9 }

  /// What was required and found, in a sentence.
  public func sentence(_ figures: COCOFigures) -> String {
    let found = figures[name] < 0 ? "does not exist: nothing counts" : "is \(fixed4(figures[name]))"
    let isFulfilled = isFulfilled(by: figures)
    return "\(isFulfilled ? "fulfilled" : "not fulfilled"): \(name.rawValue) \(found), required is \(fixed4(value))"
  }
}
