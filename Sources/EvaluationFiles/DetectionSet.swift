internal import Detection
public import Evaluation
public import Swoop

/// Detections of many images, read from a file or taken from a run: what is evaluated and compared.
public struct DetectionSet: Sendable {
  /// One image that was run.
  public struct Image: Sendable, Hashable {
    /// How the file names it; `nil` where it only gives a number.
    public var name: String?
    /// COCO's number of the image, where the file gives one.
    public var id: Int?
    /// The size in pixels; `nil` where it is not known.
    public var width, height: Int?
    /// Why it could not be run.
    public var failure: String?

    /// Makes an image from its parts.
    public init(
      name: String? = nil, id: Int? = nil, width: Int? = nil, height: Int? = nil, failure: String? = nil
    ) {
      self.name = name
      self.id = id
      self.width = width
      self.height = height
      self.failure = failure
    }

    /// The name, or the number in words.
    public var title: String { name ?? id.map { "image \($0)" } ?? "unnamed image" }
  }

  /// One box.
  public struct Entry: Sendable, Hashable {
    /// The place of its image in ``DetectionSet/images``.
    public var image: Int
    /// The class as the file numbers it: a model's class index, or a COCO category's id.
    public var classID: Int
    /// Where it is, in pixels of the image.
    public var box: EvaluationBox
    /// The confidence.
    public var score: Double

    /// Makes a box from its parts.
    public init(image: Int, classID: Int, box: EvaluationBox, score: Double) {
      self.image = image
      self.classID = classID
      self.box = box
      self.score = score
    }
  }

  /// What it was read from, for messages.
  public var source: String
  /// The images in the order of the file.
  public var images: [Image] = []
  /// The boxes, in the order of the file.
  public var entries: [Entry] = []
  /// Names of classes; `nil` where the file has only numbers.
  public var labels: [Int: String]?
  /// What was left out or assumed, one sentence each.
  public var warnings: [String] = []

  /// A set without images.
  public init(source: String, labels: [Int: String]? = nil) {
    self.source = source
    self.labels = labels
  }

  /// A set for the records of a run with these labels.
  public init(source: String, labels: [String]) {
    self.init(
      source: source, labels: Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($0.offset, $0.element) }))
  }

  /// Takes one record of a run.
  public mutating func append(_ record: ImageRecord) {
    let isKnown = record.width > 0 && record.height > 0
    images.append(
      Image(
        name: record.key, width: isKnown ? record.width : nil, height: isKnown ? record.height : nil,
        failure: record.failure?.description))
    for detection in record.detections {
      entries.append(
        Entry(
          image: images.count - 1, classID: detection.classIndex, box: EvaluationBox(detection.box),
          score: Double(detection.score)))
    }
  }

  /// What a class is called.
  public func title(ofClass id: Int) -> String { labels?[id] ?? "class\(id)" }
}
