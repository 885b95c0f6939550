extension ErrorAnalysis {
  /// By kind: the AP at IoU 0.5 with that kind mended, less the AP as it is.
  static func gains(
    _ truth: GroundTruth, _ detections: [ScoredBox], _ matching: COCOMatching, _ kinds: [Judgement]
  ) -> [Kind: Double]? {
    let objectCounts = truth.categories.indices.map { matching.objectCounts[$0 * COCOMatching.areaCount] }
    guard objectCounts.contains(where: { $0 > 0 }) else { return nil }
    // All detections by score over all categories, so that one whose class is mended finds its place among the others.
    let order = StableOrder.byDescendingScore(
      [Int32](0..<Int32(truncatingIfNeeded: detections.count))
    ) { detections[Int($0)].score }
    let base = meanPrecision(truth, detections, order, kinds, objectCounts, mending: nil)
    var gains: [Kind: Double] = [:]
    for kind in Kind.allCases {
      gains[kind] = meanPrecision(truth, detections, order, kinds, objectCounts, mending: kind) - base
    }
    return gains
  }

  private static func meanPrecision(
    _ truth: GroundTruth, _ detections: [ScoredBox], _ order: [Int32], _ kinds: [Judgement], _ objectCounts: [Int],
    mending kind: Kind?
  ) -> Double {
    var counts = objectCounts
    var isFound = [Bool](repeating: false, count: truth.objects.count)
    for case .right(let object) in kinds { isFound[object] = true }
    if kind == .missed {
      var isCovered = isFound
      for case .wrong(let wrong, let object?) in kinds where wrong == .localisation || wrong == .classification {
        isCovered[object] = true
      }
      for (place, object) in truth.objects.enumerated() where !object.isCrowd && !isCovered[place] {
        counts[object.category] -= 1
      }
    }
    // By category: the precision after each right detection, and how many were seen.
    var precisions = [[Double]](repeating: [], count: truth.categories.count)
    var seen = [Int](repeating: 0, count: truth.categories.count)
    func add(_ category: Int, isRight: Bool) {
      seen[category] += 1
      if isRight {
        precisions[category].append(Double(precisions[category].count + 1) / Double(seen[category]))
      }
    }
    for place in order {
      let category = detections[Int(place)].category
      switch kinds[Int(place)] {
      case .unranked, .ignored: break
      case .right: add(category, isRight: true)
      case .wrong(let wrong, let object):
        guard wrong == kind else {
          add(category, isRight: false)
          continue
        }
        // Mended: put right if that finds an object that is not found yet; taken away if not.
        if wrong == .localisation || wrong == .classification, let object, !isFound[object] {
          isFound[object] = true
          add(truth.objects[object].category, isRight: true)
        }
      }
    }
    var total = 0.0
    var count = 0
    for category in truth.categories.indices where objectCounts[category] > 0 {
      count += 1
      // With every missed object forgiven there may be none left to find, which is as good as all found.
      if counts[category] <= 0 {
        total += 1
      } else {
        total += mean(COCOAccumulation.interpolated(precisions[category], objectCount: counts[category]))
      }
    }
    return count == 0 ? 0 : total / Double(count)
  }
}
