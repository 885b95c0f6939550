/// Non-maximum suppression: of overlapping boxes of a class, the one with the highest score stays.
///
/// Boxes are taken by score, highest first; equal scores by anchor, then class. A box goes if its IoU with a box that
/// stays is *above* the threshold. IoU is computed in float32 with areas (x2-x1)·(y2-y1), without the +1 of older code,
/// and compared with the threshold as a double, as torchvision does on the CPU. There is no time limit.
///
/// The result does not depend on the order of the candidates, and suppressing it again changes nothing.
public struct Suppression: Hashable, Sendable {
  /// How classes are kept apart.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// Boxes of different classes are not compared. Exact for any number of classes.
    case exact
    /// Ultralytics' way: 7680 times the class is added to the corners, in float32, and all boxes are compared. The sum
    /// loses digits as the class grows (1/16 px at class 79), so decisions at the threshold can differ from ``exact``.
    case ultralytics
  }

  /// How classes are kept apart.
  public var rule: Rule
  /// Whether boxes suppress boxes of other classes too; then no rule keeps classes apart.
  public var isClassAgnostic: Bool
  /// The IoU above which a box goes, by the class of that box (the one with the lower score).
  public var iou: ClassThresholds
  /// How many candidates are looked at, best first; what is beyond is counted as truncated.
  public var maximumCandidates: Int

  /// Ultralytics' defaults for everything but the rule.
  public init(
    rule: Rule = .exact, isClassAgnostic: Bool = false, iou: ClassThresholds = ClassThresholds(0.7),
    maximumCandidates: Int = 30_000
  ) {
    self.rule = rule
    self.isClassAgnostic = isClassAgnostic
    self.iou = iou
    self.maximumCandidates = maximumCandidates
  }

  /// The IoU thresholds as they are compared with.
  ///
  /// For float IoU x and double threshold t: x > t exactly when x is above the greatest float that is not above t.
  package var thresholdTable: ThresholdTable { ThresholdTable(iou, rounding: \.floatNotAbove) }

  /// What stays.
  public struct Result: Hashable, Sendable {
    /// Places in the candidates given, by score, highest first.
    public var kept: [Int]
    /// How many candidates ``Suppression/maximumCandidates`` left out before anything was compared.
    public var truncatedCount: Int
  }

  /// Memory that calls reuse; one for each thread.
  public struct Scratch: Sendable {
    var order = ScoreOrder()
    var boxes: [SuppressionBox] = []
    var kept = KeptBoxes()

    /// Empty scratch memory; it grows to what the largest call needs.
    public init() {}
  }

  /// Suppresses the candidates of one image.
  ///
  /// - Parameters:
  ///   - candidates: in any order, in any one frame.
  ///   - scratch: memory to reuse.
  /// - Complexity: O(n log n) to sort, then near to linear where boxes are spread out; O(n·k) for n candidates and k
  ///   that stay at worst, when all lie in one place.
  public func suppress(_ candidates: [Candidate], scratch: inout Scratch) -> Result {
    scratch.order.sort(candidates)
    let count = min(candidates.count, max(maximumCandidates, 0))
    let separatesByOffset = rule == .ultralytics && !isClassAgnostic
    let comparesClasses = rule == .exact && !isClassAgnostic
    scratch.boxes.removeAll(keepingCapacity: true)
    scratch.boxes.reserveCapacity(count)
    for place in 0..<count {
      let candidate = candidates[scratch.order[place]]
      let offset: Float = separatesByOffset ? Float(candidate.classIndex) * 7680 : 0
      scratch.boxes.append(SuppressionBox(candidate, offset: offset, comparesClasses: comparesClasses))
    }
    let thresholds = thresholdTable
    var kept: [Int] = []
    scratch.boxes.withUnsafeBufferPointer { boxes in
      scratch.kept.reset(boxes: boxes, lowestThreshold: thresholds.minimum)
      for place in 0..<count {
        let threshold = thresholds[Int(candidates[scratch.order[place]].classIndex)]
        if scratch.kept.keep(place, of: boxes, threshold: threshold) { kept.append(scratch.order[place]) }
      }
    }
    return Result(kept: kept, truncatedCount: candidates.count - count)
  }
}

extension Double {
  /// The greatest float32 that does not exceed this.
  var floatNotAbove: Float {
    let nearest = Float(self)
    return Double(nearest) > self ? nearest.nextDown : nearest
  }
}

/// A box as suppression compares it.
struct SuppressionBox: Sendable {
  var x1, y1, x2, y2, area: Float
  /// The class where boxes of different classes are not compared, else 0.
  var group: Int32

  @inline(__always)
  init(_ candidate: Candidate, offset: Float, comparesClasses: Bool) {
    x1 = candidate.box.x1 + offset
    y1 = candidate.box.y1 + offset
    x2 = candidate.box.x2 + offset
    y2 = candidate.box.y2 + offset
    area = (x2 - x1) * (y2 - y1)
    group = comparesClasses ? candidate.classIndex : 0
  }

  /// Whether the IoU is above the threshold; false where it is NaN, as for two empty boxes.
  @inline(__always)
  func overlaps(_ other: SuppressionBox, above threshold: Float) -> Bool {
    let width = (x2 < other.x2 ? x2 : other.x2) - (x1 > other.x1 ? x1 : other.x1)
    let height = (y2 < other.y2 ? y2 : other.y2) - (y1 > other.y1 ? y1 : other.y1)
    guard width > 0, height > 0, group == other.group else { return false }
    let intersection = width * height
    return intersection / (area + other.area - intersection) > threshold
  }
}
