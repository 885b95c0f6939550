import Evaluation

/// COCO's rules written as plainly as they are said, one overlap threshold and area range at a time.
struct PlainCOCO {
  /// The twelve figures, in their usual order.
  var figures: [Double] = []
  /// By category: the mean precision over thresholds and recalls.
  var categoryMeans: [Double] = []

  private let truth: GroundTruth
  private let detections: [ScoredBox]

  init(_ truth: GroundTruth, _ detections: [ScoredBox]) {
    self.truth = truth
    self.detections = detections
    let thresholds = (0..<10).map { 0.5 + Double($0) * ((0.95 - 0.5) / 9) }
    let everything = 0.0...1e10
    let areas = [everything, 0...1024, 1024...9216, 9216...1e10]
    func precision(_ thresholds: [Double], _ area: ClosedRange<Double>) -> Double {
      mean(
        truth.categories.indices.flatMap { category in
          thresholds.flatMap { curve(category, $0, area, limit: 100)?.precision ?? [] }
        })
    }
    func recall(_ area: ClosedRange<Double>, limit: Int) -> Double {
      mean(
        truth.categories.indices.flatMap { category in
          thresholds.compactMap { curve(category, $0, area, limit: limit)?.recall }
        })
    }
    figures = [
      precision(thresholds, everything), precision([thresholds[0]], everything), precision([thresholds[5]], everything),
    ]
    figures += areas[1...].map { precision(thresholds, $0) }
    figures += [1, 10, 100].map { recall(everything, limit: $0) }
    figures += areas[1...].map { recall($0, limit: 100) }
    categoryMeans = truth.categories.indices.map { category in
      mean(thresholds.flatMap { curve(category, $0, everything, limit: 100)?.precision ?? [] })
    }
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count)
  }

  private struct Judged {
    var score: Double
    var rank: Int
    var isRight: Bool
    var isIgnored: Bool
  }

  /// Precision at 101 recalls, and the recall of all; nil where no object counts.
  private func curve(
    _ category: Int, _ threshold: Double, _ area: ClosedRange<Double>, limit: Int
  ) -> (precision: [Double], recall: Double)? {
    var judged: [Judged] = []
    var objectCount = 0
    for image in truth.images.indices {
      let objects = truth.objects.filter { $0.image == image && $0.category == category }
      let ignored = objects.map { $0.isCrowd || !area.contains($0.area) }
      objectCount += ignored.filter { !$0 }.count
      var isTaken = objects.map { _ in false }
      let found = detections.enumerated()
        .filter { $0.element.image == image && $0.element.category == category }
        .sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }.prefix(100)
      for (rank, detection) in found.map(\.element).enumerated() {
        var best: Int?
        for wantsIgnored in [false, true] where best == nil {
          var highest = threshold
          for (index, object) in objects.enumerated() where ignored[index] == wantsIgnored {
            if isTaken[index] && !object.isCrowd { continue }
            let overlap = overlap(detection.box, object)
            if overlap >= highest {
              highest = overlap
              best = index
            }
          }
        }
        var result = Judged(score: detection.score, rank: rank, isRight: false, isIgnored: false)
        if let best {
          isTaken[best] = true
          result.isIgnored = ignored[best]
          // pycocotools takes a match with the annotation 0 for none.
          if objects[best].id == 0 {
            result.isIgnored = result.isIgnored || !area.contains(detection.box.area)
          } else {
            result.isRight = !ignored[best]
          }
        } else {
          result.isIgnored = !area.contains(detection.box.area)
        }
        judged.append(result)
      }
    }
    if objectCount == 0 { return nil }
    let counting = judged.enumerated()
      .sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }
      .map(\.element).filter { $0.rank < limit && !$0.isIgnored }
    var points: [(recall: Double, precision: Double)] = []
    var right = 0
    for (index, detection) in counting.enumerated() {
      if detection.isRight { right += 1 }
      points.append((Double(right) / Double(objectCount), Double(right) / (Double(index + 1) + 1.0.ulp)))
    }
    let precision = (0...100).map { percent in
      points.filter { $0.recall >= (percent == 100 ? 1 : Double(percent) * 0.01) }.map(\.precision).max() ?? 0
    }
    return (precision, Double(right) / Double(objectCount))
  }

  private func overlap(_ box: EvaluationBox, _ object: GroundTruth.Object) -> Double {
    let width = min(box.x + box.width, object.box.x + object.box.width) - max(box.x, object.box.x)
    let height = min(box.y + box.height, object.box.y + object.box.height) - max(box.y, object.box.y)
    if width <= 0 || height <= 0 { return 0 }
    let area = box.width * box.height
    let union = object.isCrowd ? area : area + object.box.width * object.box.height - width * height
    return width * height / union
  }
}
