/// How a model's outputs are to be read as boxes: the family, and which tensor plays which part.
///
/// Made by ``resolve(inputs:outputs:metadata:kind:boxFormat:)``, read by ``decode(row:confidence:classes:isMultiLabel:into:output:)``.
public struct DetectionHead: Hashable, Sendable {
  /// A family of output layouts; the raw value is what `--head` takes. B is the batch, N the anchors, nc the classes.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// One tensor (B, 4+nc, N): cx, cy, w, h in network pixels, then a score per class. YOLOv8, 9, 11, 12.
    case yolov8
    /// The same with the last axes swapped: (B, N, 4+nc).
    case yolov8Transposed = "yolov8-transposed"
    /// One tensor (B, N, 5+nc): cx, cy, w, h in network pixels, objectness, then a score per class. YOLOv5, YOLOv7.
    case yolov5
    /// One tensor (B, K, 6): x1, y1, x2, y2 in network pixels, score, class. YOLOv10, YOLO26, embedded suppression.
    case endToEnd = "end-to-end"
    /// Four tensors: how many boxes (B, 1), their corners (B, K, 4), scores (B, K) and classes (B, K).
    case efficientNMS = "efficient-nms"
    /// Three tensors before suppression: boxes (B, N, 4), scores (B, N) and classes (B, N).
    case split
  }

  /// The family.
  public let kind: Kind
  /// The names of the tensors that are read, in the order of the family's description above.
  public let tensors: [String]
  /// The number of classes where the shape tells it.
  public let classCount: Int?
  /// How the boxes are written.
  public let boxFormat: BoxFormat
  /// Why this head was chosen, in one sentence.
  public let reason: String

  /// Whether the model has already removed overlapping boxes.
  public var isSuppressed: Bool { kind == .endToEnd || kind == .efficientNMS }

  /// Whether the model gives a score for every class, so that one anchor can count for several.
  public var hasClassScores: Bool {
    switch kind {
    case .yolov8, .yolov8Transposed, .yolov5: true
    case .endToEnd, .efficientNMS, .split: false
    }
  }
}

extension DetectionHead.Kind: CustomStringConvertible {
  /// The family in words, with its shape.
  public var description: String {
    switch self {
    case .yolov8: "YOLOv8 and later, raw (B, 4+nc, N)"
    case .yolov8Transposed: "YOLOv8 and later, raw, transposed (B, N, 4+nc)"
    case .yolov5: "YOLOv5/YOLOv7, raw (B, N, 5+nc)"
    case .endToEnd: "end to end (B, K, 6): x1, y1, x2, y2, score, class"
    case .efficientNMS: "EfficientNMS, four tensors: count, corners, scores, classes"
    case .split: "split, three tensors: boxes (B, N, 4), scores (B, N), classes (B, N)"
    }
  }
}
