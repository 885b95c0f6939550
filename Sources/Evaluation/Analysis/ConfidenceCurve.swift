/// Precision, recall and F1 of one category by the confidence threshold, at IoU 0.5.
public struct ConfidenceCurve: Hashable, Sendable {
  /// How the category does with one threshold: of the detections whose score is above it.
  public struct Point: Hashable, Sendable {
    /// The threshold.
    public var confidence: Double
    /// The share of detections that are right; 1 of none.
    public var precision: Double
    /// The share of objects that are found.
    public var recall: Double
    /// The harmonic mean of both.
    public var f1: Double

    init(confidence: Double, right: Int, wrong: Int, objectCount: Int) {
      self.confidence = confidence
      precision = right + wrong == 0 ? 1 : Double(right) / Double(right + wrong)
      recall = Double(right) / Double(objectCount)
      f1 = 2 * Double(right) / Double(right + wrong + objectCount)
    }
  }

  /// At 0, 0.01 … 1.
  public let points: [Point]
  /// Where F1 is highest; of equals, the highest threshold. The threshold is half-way between the last score that stays
  /// and the first that goes, so it does not hang on the last digit of either.
  public let best: Point

  /// - Returns: `nil` where no object counts.
  init?(_ matching: COCOMatching, _ detections: [ScoredBox], category: Int) {
    let objectCount = matching.objectCounts[category * COCOMatching.areaCount]
    guard objectCount > 0 else { return nil }
    var best = Point(confidence: 1, right: 0, wrong: 0, objectCount: objectCount)
    // From high thresholds to low.
    var points: [Point] = []
    var percent = 100
    var right = 0
    var wrong = 0
    var previous: Double?
    func closeStep(_ next: Double?) {
      guard let score = previous else { return }
      let point = Point(
        confidence: ((next ?? min(0, score)) + score) / 2, right: right, wrong: wrong, objectCount: objectCount)
      if point.f1 > best.f1 { best = point }
    }
    let range = matching.ordered.starts[category]..<matching.ordered.starts[category + 1]
    for place in matching.ordered.places[range] where matching.ranks[Int(place)] < COCOMatching.rankLimit {
      let verdict = matching.verdicts[Int(place) * COCOMatching.areaCount]
      if verdict.isIgnored & 1 != 0 { continue }
      let score = detections[Int(place)].score
      if score != previous {
        closeStep(score)
        while percent >= 0, score <= Double(percent) / 100 {
          points.append(
            Point(confidence: Double(percent) / 100, right: right, wrong: wrong, objectCount: objectCount))
          percent -= 1
        }
        previous = score
      }
      if verdict.isRight & 1 != 0 { right += 1 } else { wrong += 1 }
    }
    closeStep(nil)
    while percent >= 0 {
      points.append(
        Point(confidence: Double(percent) / 100, right: right, wrong: wrong, objectCount: objectCount))
      percent -= 1
    }
    self.points = points.reversed()
    self.best = best
  }
}
