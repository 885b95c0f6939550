/// COCO's twelve figures for boxes. -1 where nothing counts, as pycocotools says it.
public struct COCOFigures: Hashable, Sendable {
  /// One of the twelve; the raw value is its name in options and JSON.
  public enum Name: String, CaseIterable, Sendable {
    case map, map50, map75
    case mapSmall = "map-small"
    case mapMedium = "map-medium"
    case mapLarge = "map-large"
    case mar1, mar10, mar100
    case marSmall = "mar-small"
    case marMedium = "mar-medium"
    case marLarge = "mar-large"

    /// What it is, as COCO's table says it.
    public var title: String {
      switch self {
      case .map: "AP, IoU 0.50:0.95"
      case .map50: "AP, IoU 0.50"
      case .map75: "AP, IoU 0.75"
      case .mapSmall: "AP, small objects"
      case .mapMedium: "AP, medium objects"
      case .mapLarge: "AP, large objects"
      case .mar1: "AR, 1 detection"
      case .mar10: "AR, 10 detections"
      case .mar100: "AR, 100 detections"
      case .marSmall: "AR, small objects"
      case .marMedium: "AR, medium objects"
      case .marLarge: "AR, large objects"
      }
    }
  }

  /// In the order of ``Name``, which is pycocotools' order of `stats`.
  public var values: [Double]

  /// The value of a figure.
  public subscript(name: Name) -> Double {
    Name.allCases.firstIndex(of: name).map { values[$0] } ?? -1
  }
}

/// The figures of one category. -1 where nothing counts.
public struct CategoryFigures: Hashable, Sendable {
  /// How many objects count: those that are no crowds.
  public var objectCount: Int
  /// How many detections there are, of any score.
  public var detectionCount: Int
  /// Average precision over the ten thresholds, and at 0.5 and 0.75.
  public var map, map50, map75: Double
  /// Average recall over the ten thresholds with at most 100 detections an image.
  public var mar100: Double
  /// Precision at IoU 0.5 at each of ``COCOParameters/recallThresholds``; empty where nothing counts.
  public var precisionByRecall: [Double]
  /// How the category does at each confidence, at IoU 0.5; `nil` where nothing counts.
  public var confidence: ConfidenceCurve?
}
