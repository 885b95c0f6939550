/// A form in which results are written. Every run writes `jsonl`; the others are made from it.
public enum OutputFormat: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// `detections.jsonl`: a header line, then one record a line.
  case jsonl
  /// `coco.json`: images, categories and scored annotations.
  case coco
  /// `labels/`: one text file an image, `class cx cy w h confidence`, normalised.
  case yolo
  /// `detections.csv`: one row a detection, and one for each image that has none or failed.
  case csv
  /// `annotated/`: the pictures with their boxes drawn, as JPEG.
  case images
  /// `report.html`: one self-contained page.
  case html

  /// The file or folder that it makes in the output folder.
  public var artifact: String {
    switch self {
    case .jsonl: "detections.jsonl"
    case .coco: "coco.json"
    case .yolo: "labels"
    case .csv: "detections.csv"
    case .images: "annotated"
    case .html: "report.html"
    }
  }

  public var description: String { rawValue }
}
