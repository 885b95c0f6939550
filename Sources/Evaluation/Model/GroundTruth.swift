/// What is really in a set of images: the images, the categories, and the objects.
public struct GroundTruth: Sendable, Hashable {
  /// One image.
  public struct Image: Sendable, Hashable {
    /// The file's name, with folders where the source has them.
    public var name: String
    /// The number that a COCO file gives the image.
    public var id: Int
    /// The size in pixels, where it is known.
    public var width, height: Int?

    /// Makes an image from its parts.
    public init(name: String, id: Int, width: Int? = nil, height: Int? = nil) {
      self.name = name
      self.id = id
      self.width = width
      self.height = height
    }
  }

  /// One category: what a model calls a class.
  public struct Category: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The number that a COCO file gives the category, or the class index of other formats.
    public var id: Int

    /// Makes a category from its parts.
    public init(name: String, id: Int) {
      self.name = name
      self.id = id
    }
  }

  /// One object in one image.
  public struct Object: Sendable, Hashable {
    /// The place of its image in ``GroundTruth/images``.
    public var image: Int
    /// The place of its category in ``GroundTruth/categories``.
    public var category: Int
    /// Where it is, in pixels of the image.
    public var box: EvaluationBox
    /// Its area in square pixels; of a segmented object that of the segmentation, so less than the box's.
    public var area: Double
    /// Whether it stands for a group: detections within it count neither as right nor as wrong.
    public var isCrowd: Bool
    /// The number that a COCO file gives the annotation. Only 0 matters: pycocotools takes a match with the annotation
    /// 0 for none, and the figures follow it.
    public var id: Int

    /// Makes an object from its parts; the area is the box's unless given.
    public init(
      image: Int, category: Int, box: EvaluationBox, area: Double? = nil, isCrowd: Bool = false, id: Int
    ) {
      self.image = image
      self.category = category
      self.box = box
      self.area = area ?? box.area
      self.isCrowd = isCrowd
      self.id = id
    }
  }

  /// In the order in which ties are broken: COCO's is by id.
  public var images: [Image]
  /// In the order of tables.
  public var categories: [Category]
  /// In the order of the file.
  public var objects: [Object]

  /// Makes ground truth from its parts.
  public init(images: [Image] = [], categories: [Category] = [], objects: [Object] = []) {
    self.images = images
    self.categories = categories
    self.objects = objects
  }
}

/// One detection to be judged.
public struct ScoredBox: Sendable, Hashable {
  /// The place of its image in ``GroundTruth/images``.
  public var image: Int
  /// The place of its category in ``GroundTruth/categories``.
  public var category: Int
  /// Where it is, in pixels of the image.
  public var box: EvaluationBox
  /// The confidence.
  public var score: Double

  /// Makes a detection from its parts.
  public init(image: Int, category: Int, box: EvaluationBox, score: Double) {
    self.image = image
    self.category = category
    self.box = box
    self.score = score
  }
}

/// Ground truth or detections that cannot be evaluated: a reference to an image or category that is not there, or a number
/// that is none.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with what.
  public var message: String

  /// Makes an error from its message.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

extension GroundTruth {
  /// - Throws: ``EvaluationError`` if an object or detection refers to what is not there, or has a number that is not
  ///   finite.
  package func validate(_ detections: [ScoredBox]) throws(EvaluationError) {
    func check(
      _ what: String, _ place: Int, _ image: Int, _ category: Int, _ numbers: Double
    ) throws(EvaluationError) {
      guard images.indices.contains(image), categories.indices.contains(category) else {
        throw EvaluationError(
          "The \(what) \(place) refers to image \(image) and category \(category); there are \(images.count) images and "
            + "\(categories.count) categories.")
      }
      guard numbers.isFinite else {
        throw EvaluationError("The \(what) \(place) has a number that is not finite.")
      }
    }
    for (place, object) in objects.enumerated() {
      let box = object.box
      try check(
        "object", place, object.image, object.category, box.x + box.y + box.width + box.height + object.area)
    }
    for (place, detection) in detections.enumerated() {
      let box = detection.box
      try check(
        "detection", place, detection.image, detection.category,
        box.x + box.y + box.width + box.height + detection.score)
    }
    guard max(detections.count, objects.count, images.count, categories.count) < Int(Int32.max) else {
      throw EvaluationError("More than \(Int32.max) detections, objects, images or categories cannot be evaluated.")
    }
  }
}
