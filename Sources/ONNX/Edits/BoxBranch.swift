internal import Tensors

/// The part of a detection head that computes boxes, taken out of a model by ``Model/detachBoxBranch()``: what a caller
/// needs to compute the box of any anchor from the features that the model now answers with.
///
/// For the anchor at column x and row y of a level, the convolutions, one after another over the level's features, give 4
/// groups of ``binCount`` numbers: left, top, right, bottom. A group's distance is its softmax's expectation over 0, 1, …
/// (the distribution focal loss of Li et al., Generalized Focal Loss, 2020), or the number itself where there is one. The
/// box spans, in units of ``Level/stride`` pixels, from (x + ½ − left, y + ½ − top) to (x + ½ + right, y + ½ + bottom).
public struct BoxBranch: Sendable {
  /// A convolution of stride 1 that keeps the size, with zeros around.
  public struct Convolution: Sendable {
    /// The side of its window, odd.
    public var windowSize: Int
    /// Channels that it reads.
    public var inputCount: Int
    /// Channels that it writes.
    public var outputCount: Int
    /// (outputCount, inputCount, windowSize, windowSize), row-major.
    public var weights: [Float]
    /// One number for each output.
    public var bias: [Float]
    /// Whether x · sigmoid(x) follows.
    public var hasSiLU: Bool
  }

  /// The anchors of one stride.
  public struct Level: Sendable {
    /// The output (B, channels, rows, columns), float32: what the convolutions read.
    public var features: String
    /// The output (B, classes, rows, columns), float32: scores before the sigmoid.
    public var logits: String
    /// Anchors from top to bottom.
    public var rows: Int
    /// Anchors from left to right.
    public var columns: Int
    /// Input pixels from one anchor to the next.
    public var stride: Float
    /// From the features to 4 · ``BoxBranch/binCount`` channels.
    public var convolutions: [Convolution]
  }

  /// In the order of the anchors.
  public var levels: [Level]
  /// How many classes have scores.
  public var classCount: Int
  /// Numbers for each distance.
  public var binCount: Int
  /// The output that the model had: (B, 4 + classes, anchors), float32; centre, width and height in input pixels, then
  /// scores.
  public var output: Value
}

extension Model {
  /// Takes the boxes out of a detector of the families that compute box and scores in branches of their own (YOLOv8, 9,
  /// 10, 11, 12, YOLOv5u, YOLO26 without its end-to-end head): the model then answers, for each level, with the scores
  /// before their sigmoid and the features that the boxes are made from. Most anchors' scores are too low to be looked at,
  /// and the branch is a fifth of a small network's work.
  ///
  /// The size must be fixed; the batch may be dynamic. The model is simplified on the way.
  ///
  /// - Returns: what was taken out.
  /// - Throws: ``ModelError`` with code `unsupported`, saying what does not look like such a head; the model is then as
  ///   it was.
  public mutating func detachBoxBranch() throws -> BoxBranch {
    var copy = self
    try copy.simplify()
    guard let version = copy.operatorSetVersion else { throw ModelError(.invalid, "the model states no operator set") }
    let found = try BoxBranchMatcher(copy.graph, operatorSet: version).match()
    var branch = BoxBranch(
      levels: [], classCount: found.classCount, binCount: found.binCount, output: copy.graph.outputs[0])
    var outputs: [Value] = []
    for level in found.levels {
      outputs.append(Value(name: level.logits, elementType: .float32, shape: nil))
      outputs.append(Value(name: level.features, elementType: .float32, shape: nil))
      branch.levels.append(
        BoxBranch.Level(
          features: level.features, logits: level.logits, rows: level.rows, columns: level.columns,
          stride: level.stride,
          convolutions: level.convolutions))
    }
    copy.graph.outputs = outputs
    copy.graph.removeUnused()
    try copy.refreshShapes(version)
    self = copy
    return branch
  }
}
