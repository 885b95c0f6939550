import Detection

/// The rules of suppression written as plainly as they are said: everything compared with everything that stays.
func plainSuppression(
  _ candidates: [Candidate], iou: ClassThresholds, rule: Suppression.Rule, isClassAgnostic: Bool
) -> [Int] {
  let order = candidates.indices.sorted { first, second in
    let a = candidates[first]
    let b = candidates[second]
    if a.score != b.score { return a.score > b.score }
    return (a.anchor, a.classIndex, Int32(first)) < (b.anchor, b.classIndex, Int32(second))
  }
  func shifted(_ candidate: Candidate) -> Box {
    guard rule == .ultralytics, !isClassAgnostic else { return candidate.box }
    let offset = Float(candidate.classIndex) * 7680
    let box = candidate.box
    return Box(x1: box.x1 + offset, y1: box.y1 + offset, x2: box.x2 + offset, y2: box.y2 + offset)
  }
  var kept: [Int] = []
  for index in order {
    let candidate = candidates[index]
    let isSuppressed = kept.contains { other in
      if rule == .exact && !isClassAgnostic && candidates[other].classIndex != candidate.classIndex {
        return false
      }
      let a = shifted(candidates[other])
      let b = shifted(candidate)
      let width = max(0, min(a.x2, b.x2) - max(a.x1, b.x1))
      let height = max(0, min(a.y2, b.y2) - max(a.y1, b.y1))
      let intersection = width * height
      let overlap = intersection / (a.area + b.area - intersection)
      return Double(overlap) > iou[Int(candidate.classIndex)]
    }
    if !isSuppressed { kept.append(index) }
  }
  return kept
}

/// What decoding must give for a tensor of scores, element by element.
struct PlainDecoding {
  var candidates: [Candidate] = []
  var invalidCount = 0

  /// - Parameter value: the number at (anchor, channel), already in float32.
  init(
    anchorCount: Int, classCount: Int, hasObjectness: Bool, confidence: ClassThresholds, classes: Set<Int>?,
    isMultiLabel: Bool, value: (Int, Int) -> Float
  ) {
    let firstClass = hasObjectness ? 5 : 4
    func threshold(_ index: Int) -> Float {
      classes.map { $0.contains(index) } ?? true ? Float(confidence[index]) : .infinity
    }
    let minimum =
      ((0..<classCount).map(threshold) + [classes == nil ? Float(confidence.standard) : .infinity]).min() ?? 0
    for anchor in 0..<anchorCount {
      var factor: Float = 1
      if hasObjectness {
        factor = value(anchor, 4)
        if factor.isNaN || factor == .infinity {
          invalidCount += 1
          continue
        }
        if !(factor > minimum) { continue }
      }
      let scores = (0..<classCount).map { value(anchor, firstClass + $0) * factor }
      let box = Box(
        centreX: value(anchor, 0), centreY: value(anchor, 1), width: value(anchor, 2),
        height: value(anchor, 3))
      func take(_ index: Int) {
        guard scores[index] > threshold(index) else { return }
        if [box.x1, box.y1, box.x2, box.y2, scores[index]].allSatisfy(\.isFinite), box.width >= 0,
          box.height >= 0
        {
          candidates.append(
            Candidate(box: box, score: scores[index], classIndex: Int32(index), anchor: Int32(anchor)))
        } else {
          invalidCount += 1
        }
      }
      if isMultiLabel {
        for index in 0..<classCount {
          if scores[index].isNaN { invalidCount += 1 } else { take(index) }
        }
      } else if scores.contains(where: \.isNaN) {
        invalidCount += 1
      } else if let best = scores.max(), let index = scores.firstIndex(of: best) {
        take(index)
      }
    }
  }
}
