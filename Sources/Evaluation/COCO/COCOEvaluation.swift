/// Detections judged against ground truth by COCO's rules for boxes.
///
/// Equal to pycocotools in all twelve figures: its order of ties, its crowds, its area ranges, its limits of detections
/// an image and category. Time is linear in detections and objects, but for overlaps within an image and category.
public struct COCOEvaluation: Sendable {
  /// The twelve figures.
  public let figures: COCOFigures
  /// By category.
  public let categories: [CategoryFigures]

  let matching: COCOMatching

  /// Evaluates.
  ///
  /// - Throws: ``EvaluationError`` if an object or detection refers to an image or category that is not there, or has a
  ///   number that is not finite.
  public init(_ truth: GroundTruth, _ detections: [ScoredBox]) throws(EvaluationError) {
    try truth.validate(detections)
    matching = COCOMatching(truth, detections)
    var means = Means()
    var categories: [CategoryFigures] = []
    for category in truth.categories.indices {
      let all = COCOAccumulation(matching, category: category, area: .all)
      means.add(all, area: .all)
      for area in COCOParameters.AreaRange.allCases where area != .all {
        means.add(COCOAccumulation(matching, category: category, area: area), area: area)
      }
      categories.append(
        CategoryFigures(
          objectCount: matching.objectCounts[category * COCOMatching.areaCount],
          detectionCount: matching.ordered.starts[category + 1] - matching.ordered.starts[category],
          map: mean(all.precision), map50: mean(all.precision(at: 0)), map75: mean(all.precision(at: 5)),
          mar100: mean(all.recall.last ?? []), precisionByRecall: Array(all.precision(at: 0)),
          confidence: ConfidenceCurve(matching, detections, category: category)))
    }
    self.categories = categories
    figures = means.figures
  }
}

extension COCOAccumulation {
  /// The 101 precisions at one overlap threshold.
  func precision(at threshold: Int) -> ArraySlice<Double> {
    let count = COCOParameters.recallThresholds.count
    return precision.isEmpty ? [] : precision[(threshold * count)..<((threshold + 1) * count)]
  }
}

/// The mean, or -1 of nothing.
func mean(_ values: some Collection<Double>) -> Double {
  values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count)
}

/// Sums over categories; the figures are means over everything that counts.
private struct Means {
  private var precision = [Sum](repeating: Sum(), count: COCOMatching.areaCount)
  private var at50 = Sum()
  private var at75 = Sum()
  private var recall = [Sum](repeating: Sum(), count: COCOMatching.areaCount)
  private var limited = [Sum](repeating: Sum(), count: COCOParameters.maximumDetections.count)

  private struct Sum {
    var total = 0.0
    var count = 0

    mutating func add(_ values: some Collection<Double>) {
      total += values.reduce(0, +)
      count += values.count
    }

    var mean: Double { count == 0 ? -1 : total / Double(count) }
  }

  mutating func add(_ accumulation: COCOAccumulation, area: COCOParameters.AreaRange) {
    precision[area.rawValue].add(accumulation.precision)
    recall[area.rawValue].add(accumulation.recall.last ?? [])
    guard area == .all else { return }
    at50.add(accumulation.precision(at: 0))
    at75.add(accumulation.precision(at: 5))
    for (index, values) in accumulation.recall.enumerated() { limited[index].add(values) }
  }

  var figures: COCOFigures {
    COCOFigures(
      values: [precision[0].mean, at50.mean, at75.mean] + precision[1...].map(\.mean) + limited.map(\.mean)
        + recall[1...].map(\.mean))
  }
}
