/// Precision by recall, and final recall, of one category in one area range: pycocotools' `accumulate` for it.
struct COCOAccumulation {
  /// By threshold, then recall threshold: the precision at the 101 recalls. Empty where nothing counts.
  private(set) var precision: [Double] = []
  /// By threshold: the recall that all detections reach, up to a rank, for each of COCO's limits of detections.
  private(set) var recall: [[Double]] = []

  private static let thresholdCount = COCOParameters.overlapThresholds.count

  init(_ matching: COCOMatching, category: Int, area: COCOParameters.AreaRange) {
    let objectCount = matching.objectCounts[category * COCOMatching.areaCount + area.rawValue]
    // Without counting objects neither figure exists; pycocotools says -1.
    guard objectCount > 0 else { return }
    let thresholdCount = COCOAccumulation.thresholdCount
    var precisions = [[Double]](repeating: [], count: thresholdCount)
    var ignored = [Int](repeating: 0, count: thresholdCount)
    let limits = COCOParameters.maximumDetections
    var right = [[Int]](repeating: [Int](repeating: 0, count: thresholdCount), count: limits.count)
    var seen = 0
    let range = matching.ordered.starts[category]..<matching.ordered.starts[category + 1]
    for place in matching.ordered.places[range] {
      let rank = Int(matching.ranks[Int(place)])
      guard rank < COCOMatching.rankLimit else { continue }
      seen += 1
      let verdict = matching.verdicts[Int(place) * COCOMatching.areaCount + area.rawValue]
      // Most detections are wrong at every threshold, and there is nothing to note but that they were seen.
      if verdict.isRight | verdict.isIgnored == 0 { continue }
      for threshold in 0..<thresholdCount {
        let bit: UInt16 = 1 << UInt16(threshold)
        if verdict.isIgnored & bit != 0 {
          ignored[threshold] += 1
        } else if verdict.isRight & bit != 0 {
          let counted = Double(seen - ignored[threshold]) + 1.0.ulp
          precisions[threshold].append(Double(precisions[threshold].count + 1) / counted)
          for (index, limit) in limits.enumerated() where rank < limit { right[index][threshold] += 1 }
        }
      }
    }
    recall = right.map { counts in counts.map { Double($0) / Double(objectCount) } }
    precision.reserveCapacity(thresholdCount * COCOParameters.recallThresholds.count)
    for values in precisions { precision += COCOAccumulation.interpolated(values, objectCount: objectCount) }
  }

  /// The precision at each recall threshold: the highest that any equal or greater recall has; 0 where that recall is
  /// never reached.
  ///
  /// - Parameter values: the precision after each right detection. Between them it only falls, so these suffice.
  static func interpolated(_ values: [Double], objectCount: Int) -> [Double] {
    var envelope = values
    for index in envelope.indices.dropLast().reversed() where envelope[index + 1] > envelope[index] {
      envelope[index] = envelope[index + 1]
    }
    var count = 1
    return COCOParameters.recallThresholds.map { threshold in
      while count <= envelope.count, Double(count) / Double(objectCount) < threshold { count += 1 }
      return count <= envelope.count ? envelope[count - 1] : 0
    }
  }
}
