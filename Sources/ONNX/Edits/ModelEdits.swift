public import Tensors

/// A set of edits that are made in one go, in the order in which they fit together: axes, simplification, outputs,
/// suppression, precision, input, names, metadata.
public struct ModelEdits: Sendable {
  /// Suppression to embed; see ``Model/embedSuppression(_:confidence:iou:maximum:head:splitBoxFormat:)``.
  public struct Suppression: Hashable, Sendable {
    public var kind: SuppressionOperator
    public var confidence: Float
    public var iou: Float
    public var maximum: Int
    public init(kind: SuppressionOperator, confidence: Float, iou: Float, maximum: Int) {
      self.kind = kind
      self.confidence = confidence
      self.iou = iou
      self.maximum = maximum
    }
  }

  public var batch: AxisLength?
  public var size: (height: AxisLength, width: AxisLength)?
  public var simplifies = false
  public var splitsOutputs = false
  public var boxFormat = BoxFormat.xyxy
  /// The layout of the head, where it cannot be found out.
  public var head: HeadLayout?
  public var suppression: Suppression?
  /// `.float16` or `.bfloat16`.
  public var precision: ElementType?
  public var precisionOptions = PrecisionOptions()
  public var takesRawImages = false
  /// From the name that a tensor has after the other edits to the name it is to have.
  public var names: [String: String] = [:]
  public var metadata: [(key: String, value: String)] = []

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
      guard edits.boxFormat == .xyxy else {
        throw ModelError(.request, "suppression gives boxes as corners; boxes as cxcywh cannot be kept with it")
      }
      try embedSuppression(
        suppression.kind, confidence: suppression.confidence, iou: suppression.iou, maximum: suppression.maximum,
        head: edits.head)
    } else if edits.splitsOutputs {
      try splitOutputs(boxFormat: edits.boxFormat, head: edits.head)
    }
    if let precision = edits.precision { try convertPrecision(to: precision, edits.precisionOptions) }
    if edits.takesRawImages { try takeRawImages() }
    if !edits.names.isEmpty { try rename(edits.names) }
    for entry in edits.metadata { self[metadata: entry.key] = entry.value }
  }
}
