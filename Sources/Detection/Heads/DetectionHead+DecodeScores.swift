internal import Tensors

/// Heads with a score for every anchor and class: the hot path.
///
/// In two steps, block by block of anchors so that a block's scores are still in the cache for the second. First every
/// score is compared with the smallest threshold, and an anchor is flagged if one passes: branchless loops over
/// contiguous memory that the compiler vectorises. Then the few flagged anchors are looked at properly.
extension DetectionHead {
  func decodeScores(
    _ tensor: OutputTensor, row: Int, thresholds: ThresholdTable, isMultiLabel: Bool,
    into candidates: inout Candidates
  ) throws(DetectionError) {
    let isChannelsFirst = kind == .yolov8
    let firstClass = kind == .yolov5 ? 5 : 4
    let expected =
      isChannelsFirst
      ? "(batch, \(classCount.map { "\($0 + 4)" } ?? "4 + classes"), anchors)"
      : "(batch, anchors, \(classCount.map { "\($0 + firstClass)" } ?? "\(firstClass) + classes"))"
    guard tensor.shape.count == 3 else { throw tensor.failure(expected: expected) }
    let channels = tensor.shape[isChannelsFirst ? 1 : 2]
    let anchorCount = tensor.shape[isChannelsFirst ? 2 : 1]
    guard channels > firstClass, classCount == nil || channels == (classCount ?? 0) + firstClass,
      channels - firstClass <= Labels.maximumIndex + 1, anchorCount <= Int(Int32.max)
    else { throw tensor.failure(expected: expected) }
    try tensor.requireRow(row)
    let layout = ScoreLayout(
      anchorCount: anchorCount, classCount: channels - firstClass, firstClass: firstClass,
      anchorStride: isChannelsFirst ? 1 : channels, channelStride: isChannelsFirst ? anchorCount : 1)
    let count = channels * anchorCount
    switch tensor.elementType {
    case .float32:
      layout.decode(
        tensor.elements(Float.self, row: row, count: count), thresholds, isMultiLabel, &candidates)
    case .float16:
      layout.decode(
        tensor.elements(Float16Bits.self, row: row, count: count), thresholds, isMultiLabel, &candidates)
    case .bfloat16:
      layout.decode(
        tensor.elements(BFloat16Bits.self, row: row, count: count), thresholds, isMultiLabel, &candidates)
    default: throw tensor.failure(expected: "\(expected) of float32, float16 or bfloat16")
    }
  }
}

/// Where the numbers of an anchor stand: element (anchor, channel) is at anchor * anchorStride + channel * channelStride.
struct ScoreLayout {
  let anchorCount, classCount: Int
  /// The channel of class 0: 4, or 5 behind an objectness.
  let firstClass: Int
  let anchorStride, channelStride: Int

  /// How many anchors are flagged at a time: 1,024 by 80 classes of float32 are 320 KiB, which stays in a level 2 cache.
  private static let blockLength = 1024

  func decode<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ thresholds: ThresholdTable, _ isMultiLabel: Bool,
    _ candidates: inout Candidates
  ) {
    let key = Element.key(for: thresholds.minimum)
    let length = ScoreLayout.blockLength
    withUnsafeTemporaryAllocation(of: Element.Flag.self, capacity: length) { flags in
      withUnsafeTemporaryAllocation(of: BestScore.self, capacity: length) { flagged in
        guard let flags = flags.baseAddress, let flagged = flagged.baseAddress else { return }
        var start = 0
        while start < anchorCount {
          let count = min(length, anchorCount - start)
          if firstClass == 5 {
            flagObjects(base, start, count, key, flags)
          } else if channelStride == 1 {
            flagAnchors(base, start, count, key, flags)
          } else {
            flagColumns(base, start, count, key, flags)
          }
          var flaggedCount = 0
          for offset in 0..<count where flags[offset] != 0 {
            if isMultiLabel {
              takeAll(base, start + offset, thresholds, &candidates)
            } else if channelStride == 1 {
              takeBest(base, start + offset, thresholds, &candidates)
            } else {
              flagged[flaggedCount] = BestScore(anchor: Int32(truncatingIfNeeded: start + offset))
              flaggedCount += 1
            }
          }
          takeBestOfColumns(base, flagged, flaggedCount, key, thresholds, &candidates)
          start += count
        }
      }
    }
  }

  /// The best class of a flagged anchor so far.
  private struct BestScore {
    var anchor: Int32
    var classIndex: Int32 = 0
    var score = -Float.infinity
    /// How many scores were NaN.
    var nanCount: Int32 = 0

    init(anchor: Int32) { self.anchor = anchor }

    /// Takes the next class's score into account; of equal ones the first stays.
    @inline(__always)
    mutating func see(_ score: Float, of place: Int) {
      let isBetter = score > self.score
      classIndex = isBetter ? Int32(truncatingIfNeeded: place) : classIndex
      self.score = isBetter ? score : self.score
      nanCount &+= score.isNaN ? 1 : 0
    }
  }

  // MARK: Flagging

  /// Channels first: four rows of scores at a time, so that the flags are loaded and stored a quarter as often.
  @inline(__always)
  private func flagColumns<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ start: Int, _ count: Int, _ key: Element.Key,
    _ flags: UnsafeMutablePointer<Element.Flag>
  ) {
    flags.initialize(repeating: 0, count: count)
    var channel = firstClass
    let end = firstClass + classCount
    while channel + 4 <= end {
      let row0 = base + (channel * channelStride + start)
      let row1 = row0 + channelStride
      let row2 = row1 + channelStride
      let row3 = row2 + channelStride
      for index in 0..<count {
        let low = flag(row0[index], key) | flag(row1[index], key)
        let high = flag(row2[index], key) | flag(row3[index], key)
        flags[index] |= low | high
      }
      channel += 4
    }
    while channel < end {
      let row = base + (channel * channelStride + start)
      for index in 0..<count { flags[index] |= flag(row[index], key) }
      channel += 1
    }
  }

  /// Channels last: the scores of an anchor are contiguous.
  @inline(__always)
  private func flagAnchors<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ start: Int, _ count: Int, _ key: Element.Key,
    _ flags: UnsafeMutablePointer<Element.Flag>
  ) {
    for index in 0..<count {
      let scores = base + ((start + index) * anchorStride + firstClass)
      var any: Element.Flag = 0
      for place in 0..<classCount { any |= flag(scores[place], key) }
      flags[index] = any
    }
  }

  /// With objectness, that alone decides.
  @inline(__always)
  private func flagObjects<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ start: Int, _ count: Int, _ key: Element.Key,
    _ flags: UnsafeMutablePointer<Element.Flag>
  ) {
    for index in 0..<count {
      flags[index] = flag(base[(start + index) * anchorStride + 4 * channelStride], key)
    }
  }

  @inline(__always)
  private func flag<Element: OutputElement>(_ value: Element, _ key: Element.Key) -> Element.Flag {
    value.isFlagged(key) ? 1 : 0
  }

  // MARK: Flagged anchors

  @inline(__always)
  private func box<Element: OutputElement>(_ anchor: UnsafePointer<Element>) -> Box {
    Box(
      centreX: anchor[0].float, centreY: anchor[channelStride].float, width: anchor[2 * channelStride].float,
      height: anchor[3 * channelStride].float)
  }

  /// The factor of every class score. `nil` if it is not above the smallest threshold, or is none (then counted).
  @inline(__always)
  private func objectness<Element: OutputElement>(
    _ anchor: UnsafePointer<Element>, _ thresholds: ThresholdTable, _ candidates: inout Candidates
  ) -> Float? {
    guard firstClass == 5 else { return 1 }
    let value = anchor[4 * channelStride].float
    guard value.isFinite else {
      if !(value < 0) { candidates.invalidCount += 1 }
      return nil
    }
    return value > thresholds.minimum ? value : nil
  }

  /// Channels last: the scores of an anchor are contiguous.
  @inline(__always)
  private func takeBest<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ index: Int, _ thresholds: ThresholdTable, _ candidates: inout Candidates
  ) {
    let anchor = base + index * anchorStride
    guard let factor = objectness(anchor, thresholds, &candidates) else { return }
    var best = BestScore(anchor: Int32(truncatingIfNeeded: index))
    for place in 0..<classCount { best.see(anchor[firstClass + place].float * factor, of: place) }
    take(best, base, thresholds, &candidates)
  }

  /// Channels first: class by class over the flagged anchors of a block, since the scores of one anchor are on as many
  /// pages as there are classes.
  @inline(__always)
  private func takeBestOfColumns<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ flagged: UnsafeMutablePointer<BestScore>, _ count: Int,
    _ key: Element.Key,
    _ thresholds: ThresholdTable, _ candidates: inout Candidates
  ) {
    for place in 0..<classCount {
      let scores = base + (firstClass + place) * channelStride
      for index in 0..<count {
        let score = scores[Int(flagged[index].anchor)]
        // An anchor's best score is flagged, so the others, nearly all, need no more than this look.
        if score.isFlagged(key) { flagged[index].see(score.float, of: place) }
      }
    }
    for index in 0..<count { take(flagged[index], base, thresholds, &candidates) }
  }

  @inline(__always)
  private func take<Element: OutputElement>(
    _ best: BestScore, _ base: UnsafePointer<Element>, _ thresholds: ThresholdTable,
    _ candidates: inout Candidates
  ) {
    guard best.nanCount == 0 else {
      candidates.invalidCount += 1
      return
    }
    guard best.score > thresholds[Int(best.classIndex)] else { return }
    let anchor = base + Int(best.anchor) * anchorStride
    candidates.append(
      box: box(anchor), score: best.score, classIndex: best.classIndex, anchor: Int(best.anchor))
  }

  @inline(__always)
  private func takeAll<Element: OutputElement>(
    _ base: UnsafePointer<Element>, _ index: Int, _ thresholds: ThresholdTable, _ candidates: inout Candidates
  ) {
    let anchor = base + index * anchorStride
    guard let factor = objectness(anchor, thresholds, &candidates) else { return }
    let box = box(anchor)
    for place in 0..<classCount {
      let score = anchor[(firstClass + place) * channelStride].float * factor
      if score.isNaN {
        candidates.invalidCount += 1
      } else if score > thresholds[place] {
        candidates.append(box: box, score: score, classIndex: Int32(truncatingIfNeeded: place), anchor: index)
      }
    }
  }
}
