/// Which category was found where which one is: one count for each pair, with *background* for nothing.
///
/// Of the detections above a confidence, pairs of a detection and an object that overlap more than a threshold are
/// joined, whatever their categories, the greatest overlap first (of equals, the detection with the higher score); each
/// is joined once. A detection that is left is one of background taken for its category; an object that is left is one
/// taken for background. A detection that is left but lies mostly within a crowd of its category does not count.
public struct ConfusionMatrix: Hashable, Sendable {
  /// How many categories there are; the background comes after them.
  public let categoryCount: Int
  /// Detections above this count.
  public let confidence: Double
  /// Pairs that overlap more than this are joined.
  public let overlap: Double
  private var counts: [Int]

  /// The place of the background in rows and columns.
  public var background: Int { categoryCount }

  /// How often objects of one category (or background) were found as another.
  public subscript(found found: Int, true actual: Int) -> Int {
    counts[found * (categoryCount + 1) + actual]
  }

  /// Counts.
  ///
  /// - Throws: ``EvaluationError`` as ``COCOEvaluation/init(_:_:)``.
  public init(
    _ truth: GroundTruth, _ detections: [ScoredBox], confidence: Double, overlap: Double = 0.5
  ) throws(EvaluationError) {
    try truth.validate(detections)
    categoryCount = truth.categories.count
    self.confidence = confidence
    self.overlap = overlap
    counts = [Int](repeating: 0, count: (categoryCount + 1) * (categoryCount + 1))
    let groups = ImageGroups(truth, detections)
    for image in truth.images.indices {
      count(
        groups.detections(of: image).prefix { detections[Int($0)].score > confidence }.map { detections[Int($0)] },
        groups.objects(of: image).map { truth.objects[Int($0)] })
    }
  }

  private mutating func count(_ detections: [ScoredBox], _ objects: [GroundTruth.Object]) {
    struct Pair {
      var overlap: Double
      var detection: Int
      var object: Int
    }
    var pairs: [Pair] = []
    for (index, detection) in detections.enumerated() {
      for (place, object) in objects.enumerated() where !object.isCrowd {
        let value = detection.box.overlap(with: object.box)
        if value > overlap { pairs.append(Pair(overlap: value, detection: index, object: place)) }
      }
    }
    pairs.sort { ($0.overlap, -$0.detection, -$0.object) > ($1.overlap, -$1.detection, -$1.object) }
    var isFound = [Bool](repeating: false, count: objects.count)
    var isUsed = [Bool](repeating: false, count: detections.count)
    for pair in pairs where !isFound[pair.object] && !isUsed[pair.detection] {
      isFound[pair.object] = true
      isUsed[pair.detection] = true
      add(found: detections[pair.detection].category, true: objects[pair.object].category)
    }
    for (index, detection) in detections.enumerated() where !isUsed[index] {
      let isInCrowd = objects.contains {
        $0.isCrowd && $0.category == detection.category && detection.box.share(within: $0.box) > overlap
      }
      if !isInCrowd { add(found: detection.category, true: background) }
    }
    for (place, object) in objects.enumerated() where !isFound[place] && !object.isCrowd {
      add(found: background, true: object.category)
    }
  }

  private mutating func add(found: Int, true actual: Int) { counts[found * (categoryCount + 1) + actual] += 1 }
}
