public import Tensors

/// A set of edits that are made in one go, in the order in which they fit together: axes, simplification, outputs,
/// suppression, precision, input, names, metadata.
public struct ModelEdits: Sendable {
  /// Suppression to embed; see ``Model/embedSuppression(_:confidence:iou:maximum:head:splitBoxFormat:)``.
  public struct Suppression: Hashable, Sendable {
    /// The operator to embed.
    public var kind: SuppressionOperator
    /// The least score to keep, 0 to 1.
    public var confidence: Float
    /// The overlap at which the lesser box is dropped, 0 to 1.
    public var iou: Float
    /// The most boxes to keep of an image.
    public var maximum: Int
    /// Suppression with the given bounds.
    public init(kind: SuppressionOperator, confidence: Float, iou: Float, maximum: Int) {
      self.kind = kind
      self.confidence = confidence
      self.iou = iou
      self.maximum = maximum
    }
  }

  /// The batch to have; `nil` keeps it.
  public var batch: AxisLength?
  /// The size to have, in pixels; `nil` keeps it.
  public var size: (height: AxisLength, width: AxisLength)?
  /// Whether to fold constants and remove what does nothing.
  public var simplifies = false
  /// Whether to answer with boxes, scores and classes apart.
  public var splitsOutputs = false
  /// How split boxes are written, `xyxy` where `nil`; with suppression, how a model whose outputs are split already
  /// writes them, what its metadata says where `nil`.
  public var boxFormat: BoxCoordinates?
  /// The layout of the head, where it cannot be found out.
  public var head: HeadLayout?
  /// Suppression to embed; `nil` embeds none.
  public var suppression: Suppression?
  /// `.float16` or `.bfloat16`.
  public var precision: ElementType?
  /// What a change of precision leaves alone.
  public var precisionOptions = PrecisionOptions()
  /// Whether the input takes bytes (B, H, W, 3).
  public var takesRawImages = false
  /// From the name that a tensor has after the other edits to the name it is to have.
  public var names: [String: String] = [:]
  /// Metadata entries to set.
  public var metadata: [(key: String, value: String)] = []

  /// No edits.
  public init() {}
}

extension Model {
  /// Makes all edits. On an error the model is as it was.
  ///
  /// With both a split and suppression the outputs are those of the suppression, which has boxes, scores and classes
  /// apart already.
  ///
  /// - Throws: ``ModelError`` of the edit that fails.
  public mutating func apply(_ edits: ModelEdits) throws {
    var copy = self
    try copy.applyInPlace(edits)
    self = copy
  }

  private mutating func applyInPlace(_ edits: ModelEdits) throws {
    if let batch = edits.batch { try setBatch(batch) }
    if let size = edits.size { try setSize(height: size.height, width: size.width) }
    if edits.simplifies { try simplify() }
    if let suppression = edits.suppression {
      guard try edits.boxFormat != .cxcywh || detectionHead(edits.head).layout == .split else {
        throw ModelError(
          .request, "suppression gives boxes as corners; boxes as cxcywh cannot be kept with it")
      }
      try embedSuppression(
        suppression.kind, confidence: suppression.confidence, iou: suppression.iou,
        maximum: suppression.maximum,
        head: edits.head, splitBoxFormat: edits.boxFormat)
    } else if edits.splitsOutputs {
      try splitOutputs(boxFormat: edits.boxFormat ?? .xyxy, head: edits.head)
    }
    if let precision = edits.precision { try convertPrecision(to: precision, edits.precisionOptions) }
    if edits.takesRawImages { try takeRawImages() }
    if !edits.names.isEmpty { try rename(edits.names) }
    for entry in edits.metadata { self[metadata: entry.key] = entry.value }
  }
}
