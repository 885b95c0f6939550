public import Evaluation
public import EvaluationFiles

/// Everything that `swoop compare` says of two sets of detections.
public struct ComparisonResult: Sendable {
  /// The two sets, as they were read.
  public let first, second: DetectionSet
  /// What the sets are called.
  public let firstName, secondName: String
  /// Box by box. Images are places in ``images``, categories places in ``classes``.
  public let comparison: DetectionComparison
  /// The images that both sets have, in the first set's order: their places in both.
  public let images: [(first: Int, second: Int)]
  /// The names of the classes of both sets.
  public let classes: [String]
  /// The boxes that were compared.
  public let firstBoxes, secondBoxes: [ScoredBox]
  /// Images that failed in one set only, by name.
  public let failuresOfFirst, failuresOfSecond: [String]
  /// Images that only one of the sets has, by name.
  public let onlyInFirst, onlyInSecond: [String]
  /// The figures of both against ground truth, where there is one.
  public let figures: (first: COCOFigures, second: COCOFigures)?
  /// What a user should know before believing the figures.
  public let warnings: [String]
  /// Boxes above this were compared.
  public let confidence: Double

  /// Compares.
  ///
  /// - Parameters:
  ///   - confidence: only boxes above it are compared; 0 takes all.
  ///   - overlap: how much two boxes must overlap to be one.
  ///   - truth: ground truth to evaluate both against, over all their boxes.
  /// - Throws: `EvaluationFileError` where images cannot be matched, `EvaluationError` for numbers that are none.
  public init(
    _ first: DetectionSet, _ second: DetectionSet, names: (String, String), confidence: Double = 0,
    overlap: Double = 0.5,
    truth: GroundTruthFile? = nil
  ) throws {
    self.first = first
    self.second = second
    (firstName, secondName) = names
    self.confidence = confidence
    let pairing = try ImagePairing(first, second)
    images = pairing.pairs
    onlyInFirst = pairing.onlyInFirst.map { first.images[$0].title }
    onlyInSecond = pairing.onlyInSecond.map { second.images[$0].title }
    failuresOfFirst = pairing.pairs
      .filter { first.images[$0.first].failure != nil && second.images[$0.second].failure == nil }
      .map { first.images[$0.first].title }
    failuresOfSecond = pairing.pairs
      .filter { first.images[$0.first].failure == nil && second.images[$0.second].failure != nil }
      .map { second.images[$0.second].title }

    var names = ClassNames()
    func boxes(_ set: DetectionSet, _ place: (Int) -> Int?) -> [ScoredBox] {
      set.entries.compactMap { entry in
        guard entry.score > confidence, let image = place(entry.image) else { return nil }
        return ScoredBox(
          image: image, category: names.place(of: entry.classID, in: set), box: entry.box, score: entry.score)
      }
    }
    var firstPlaces = [Int?](repeating: nil, count: first.images.count)
    var secondPlaces = [Int?](repeating: nil, count: second.images.count)
    for (place, pair) in pairing.pairs.enumerated() {
      firstPlaces[pair.first] = place
      secondPlaces[pair.second] = place
    }
    firstBoxes = boxes(first) { firstPlaces[$0] }
    secondBoxes = boxes(second) { secondPlaces[$0] }
    classes = names.names
    comparison = try DetectionComparison(firstBoxes, secondBoxes, imageCount: images.count, overlap: overlap)

    var warnings = first.warnings + second.warnings
    if let truth {
      let inputs = (try EvaluationInput(truth, first), try EvaluationInput(truth, second))
      figures = (
        try COCOEvaluation(truth.truth, inputs.0.detections).figures,
        try COCOEvaluation(truth.truth, inputs.1.detections).figures
      )
      warnings += truth.warnings + inputs.0.warnings + inputs.1.warnings
    } else {
      figures = nil
    }
    for (name, only) in [(firstName, onlyInFirst), (secondName, onlyInSecond)] where !only.isEmpty {
      warnings.append(
        "\(only.count) images are in \(name) alone and were not compared: "
          + "\(only.prefix(3).joined(separator: ", "))\(only.count > 3 ? " …" : "").")
    }
    for (name, failed) in [(firstName, failuresOfFirst), (secondName, failuresOfSecond)] where !failed.isEmpty {
      warnings.append(
        "\(failed.count) images failed in \(name) alone: \(failed.prefix(3).joined(separator: ", "))"
          + "\(failed.count > 3 ? " …" : "").")
    }
    self.warnings = warnings
  }
}

/// Classes by name where both sets have names, else by number.
private struct ClassNames {
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]

  mutating func place(of id: Int, in set: DetectionSet) -> Int {
    let name = set.title(ofClass: id)
    if let place = places[name] { return place }
    places[name] = names.count
    names.append(name)
    return names.count - 1
  }
}

/// Something that may differ by so much at most: `lost=0`, `score=0.01`.
public struct Allowance: Hashable, Sendable {
  /// What is limited.
  public enum Name: String, CaseIterable, Sendable {
    /// Boxes that only one set has, or that have other classes: a count, or a percentage of the first set's boxes.
    case lost, added, relabelled
    /// The greatest change of confidence, and of an edge in pixels, of a matched box.
    case score, move
    /// How much AP (IoU 0.50:0.95), and AP at 0.50, may fall; needs ground truth.
    case map, map50
  }

  /// What is limited.
  public var name: Name
  /// The limit.
  public var limit: Double
  /// Whether the limit is in percent of the first set's boxes.
  public var isPercentage: Bool

  /// Reads `NAME=LIMIT` or, for counts, `NAME=LIMIT%`.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let name = Name(rawValue: parts[0].lowercased()) else { return nil }
    isPercentage = parts[1].hasSuffix("%")
    guard let limit = Double(isPercentage ? parts[1].dropLast() : parts[1]), limit >= 0, limit.isFinite else {
      return nil
    }
    if isPercentage, ![.lost, .added, .relabelled].contains(name) { return nil }
    self.name = name
    self.limit = limit
  }

  /// Whether it needs ground truth.
  public var needsTruth: Bool { name == .map || name == .map50 }

  /// What was found, in the limit's unit; `nil` where it needs ground truth that is not there.
  public func found(in result: ComparisonResult) -> Double? {
    let comparison = result.comparison
    func counted(_ count: Int) -> Double {
      guard isPercentage else { return Double(count) }
      if comparison.firstCount == 0 { return count == 0 ? 0 : 100 }
      return 100 * Double(count) / Double(comparison.firstCount)
    }
    func fall(_ name: COCOFigures.Name) -> Double? {
      result.figures.map { max(0, max($0.first[name], 0) - max($0.second[name], 0)) }
    }
    return switch name {
    case .lost: counted(comparison.lostCount)
    case .added: counted(comparison.addedCount)
    case .relabelled: counted(comparison.relabelledCount)
    case .score: comparison.scoreChange.worst
    case .move: comparison.move.worst
    case .map: fall(.map)
    case .map50: fall(.map50)
    }
  }

  /// Whether what was found is within the limit.
  public func isKept(by result: ComparisonResult) -> Bool { found(in: result).map { $0 <= limit } ?? false }

  /// What is allowed and was found, in a sentence.
  public func sentence(_ result: ComparisonResult) -> String {
    let unit = isPercentage ? " %" : name == .move ? " px" : ""
    let found = found(in: result).map { "\(EvaluationResult.short($0))\(unit)" } ?? "not known without ground truth"
    return "\(isKept(by: result) ? "kept" : "not kept"): \(name.rawValue) is \(found), allowed is "
      + "\(EvaluationResult.short(limit))\(unit)"
  }
}
