/// A box that a head proposes, before suppression.
public struct Candidate: Hashable, Sendable {
  /// xyxy in pixels of the network's input.
  public var box: Box
  /// The confidence, above the threshold that it was decoded with.
  public var score: Float
  /// The class, 0…``Labels/maximumIndex``.
  public var classIndex: Int32
  /// The place in the model's output that it came from: anchor or row. Equal scores are ordered by it.
  public var anchor: Int32

  /// Makes a candidate from its parts.
  public init(box: Box, score: Float, classIndex: Int32, anchor: Int32) {
    self.box = box
    self.score = score
    self.classIndex = classIndex
    self.anchor = anchor
  }
}

/// What decoding one image's outputs gave.
public struct Candidates: Hashable, Sendable {
  /// In order of anchor, then class.
  public internal(set) var elements: [Candidate] = []
  /// Anchors or rows that would count but hold a NaN, an infinity, a box turned inside out, or an impossible class.
  public internal(set) var invalidCount = 0

  /// Room for candidates, empty; decoding into it again reuses its memory.
  public init() {}

  mutating func removeAll() {
    elements.removeAll(keepingCapacity: true)
    invalidCount = 0
  }

  /// Takes a candidate if its box and score are finite and its corners in order; counts it as invalid if not.
  @inline(__always)
  mutating func append(box: Box, score: Float, classIndex: Int32, anchor: Int) {
    let width = box.x2 - box.x1
    let height = box.y2 - box.y1
    // Comparisons with NaN are false, so this also refuses NaN; infinities show in the sum.
    guard width >= 0, height >= 0, (box.x1 + box.y1 + width + height + score).isFinite else {
      invalidCount += 1
      return
    }
    elements.append(
      Candidate(box: box, score: score, classIndex: classIndex, anchor: Int32(truncatingIfNeeded: anchor)))
  }
}
