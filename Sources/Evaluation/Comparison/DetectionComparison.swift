/// Two sets of detections of the same images, box by box.
///
/// Within an image, boxes of one class that overlap by a threshold or more are joined, the greatest overlap first (of
/// equals, the one with the higher score in the first set, then the second); each box is joined once. Of those left, a
/// pair of different classes that overlaps as much is *relabelled*; the rest of the first set is *lost*, the rest of the
/// second *added*.
public struct DetectionComparison: Sendable {
  /// One image's differences. Boxes are places in the lists given.
  public struct Image: Hashable, Sendable {
    /// The image, by the number that the boxes give it.
    public var image: Int
    /// Boxes that both sets have, as pairs.
    public var matched: [Pair] = []
    /// Boxes that both have with different classes, as pairs.
    public var relabelled: [Pair] = []
    /// Boxes that only the first set has.
    public var lost: [Int] = []
    /// Boxes that only the second set has.
    public var added: [Int] = []

    /// How much differs: lost, added and relabelled boxes.
    public var differenceCount: Int { relabelled.count + lost.count + added.count }
  }

  /// A box of each set.
  public struct Pair: Hashable, Sendable {
    /// The places in the first and second list.
    public var first, second: Int
    /// The second score less the first.
    public var scoreChange: Double
    /// The greatest move of an edge, in pixels.
    public var move: Double
    /// How much the two overlap.
    public var overlap: Double
  }

  /// The boxes of one set that are compared.
  public let firstCount, secondCount: Int
  /// Every image, in order.
  public let images: [Image]
  /// The absolute change of confidence over matched boxes.
  public let scoreChange: Quantiles
  /// The greatest move of an edge over matched boxes, in pixels.
  public let move: Quantiles
  /// 1 less the overlap, over matched boxes.
  public let overlapLoss: Quantiles
  /// The highest score of a lost box, and of an added one; 0 of none.
  public let highestLostScore, highestAddedScore: Double

  /// How many boxes both sets have.
  public var matchedCount: Int { scoreChange.count }
  /// How many boxes have other classes.
  public var relabelledCount: Int { images.reduce(0) { $0 + $1.relabelled.count } }
  /// How many boxes only the first set has.
  public var lostCount: Int { images.reduce(0) { $0 + $1.lost.count } }
  /// How many boxes only the second set has.
  public var addedCount: Int { images.reduce(0) { $0 + $1.added.count } }

  /// The images that differ most, first by lost, added and relabelled boxes, then by the greatest change of confidence.
  public func mostDifferent(_ count: Int) -> [Image] {
    func change(_ image: Image) -> Double { image.matched.map { abs($0.scoreChange) }.max() ?? 0 }
    return Array(
      images.map { (image: $0, change: change($0)) }
        .sorted {
          ($0.image.differenceCount, $0.change, -$0.image.image) > (
            $1.image.differenceCount, $1.change, -$1.image.image
          )
        }
        .map(\.image).filter { $0.differenceCount > 0 || change($0) > 0 }.prefix(count))
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - first, second: boxes whose images and categories have the same numbers in both lists.
  ///   - imageCount: images are 0..<imageCount.
  ///   - overlap: how much two boxes must overlap to be one.
  /// - Throws: ``EvaluationError`` if a box has an image that is not there or a number that is not finite.
  public init(
    _ first: [ScoredBox], _ second: [ScoredBox], imageCount: Int, overlap: Double = 0.5
  ) throws(EvaluationError) {
    let categoryCount = ((first + second).map(\.category).max() ?? -1) + 1
    let frame = GroundTruth(
      images: (0..<imageCount).map { .init(name: "\($0)", id: $0) },
      categories: (0..<max(categoryCount, 0)).map { .init(name: "\($0)", id: $0) })
    try frame.validate(first)
    try frame.validate(second)
    firstCount = first.count
    secondCount = second.count
    func grouped(_ boxes: [ScoredBox]) -> (places: [Int32], starts: [Int]) {
      let order = StableOrder.byDescendingScore([Int32](0..<Int32(truncatingIfNeeded: boxes.count))) {
        boxes[Int($0)].score
      }
      return StableOrder.grouped(order, keyCount: imageCount) { boxes[Int($0)].image }
    }
    let firstGroups = grouped(first)
    let secondGroups = grouped(second)
    images = (0..<imageCount).map { image in
      DetectionComparison.compare(
        image, first, firstGroups.places[firstGroups.starts[image]..<firstGroups.starts[image + 1]].map { Int($0) },
        second, secondGroups.places[secondGroups.starts[image]..<secondGroups.starts[image + 1]].map { Int($0) },
        overlap)
    }
    let pairs = images.flatMap(\.matched)
    scoreChange = Quantiles(pairs.map { abs($0.scoreChange) })
    move = Quantiles(pairs.map(\.move))
    overlapLoss = Quantiles(pairs.map { 1 - $0.overlap })
    highestLostScore = images.flatMap(\.lost).map { first[$0].score }.max() ?? 0
    highestAddedScore = images.flatMap(\.added).map { second[$0].score }.max() ?? 0
  }

  private static func compare(
    _ image: Int, _ first: [ScoredBox], _ firstPlaces: [Int], _ second: [ScoredBox], _ secondPlaces: [Int],
    _ threshold: Double
  ) -> Image {
    struct Candidate {
      var overlap: Double
      var a: Int
      var b: Int
      var isSameClass: Bool
    }
    var candidates: [Candidate] = []
    for (a, place) in firstPlaces.enumerated() {
      for (b, other) in secondPlaces.enumerated() {
        // Two equal boxes are one even where they have no area to overlap.
        let overlap =
          first[place].box == second[other].box ? 1 : first[place].box.overlap(with: second[other].box)
        if overlap >= threshold {
          let isSameClass = first[place].category == second[other].category
          candidates.append(Candidate(overlap: overlap, a: a, b: b, isSameClass: isSameClass))
        }
      }
    }
    candidates.sort { ($0.overlap, -$0.a, -$0.b) > ($1.overlap, -$1.a, -$1.b) }
    var result = Image(image: image)
    var isUsedA = [Bool](repeating: false, count: firstPlaces.count)
    var isUsedB = [Bool](repeating: false, count: secondPlaces.count)
    for isSameClass in [true, false] {
      for candidate in candidates
      where candidate.isSameClass == isSameClass && !isUsedA[candidate.a] && !isUsedB[candidate.b] {
        isUsedA[candidate.a] = true
        isUsedB[candidate.b] = true
        let a = first[firstPlaces[candidate.a]]
        let b = second[secondPlaces[candidate.b]]
        let pair = Pair(
          first: firstPlaces[candidate.a], second: secondPlaces[candidate.b], scoreChange: b.score - a.score,
          move: move(a.box, b.box), overlap: candidate.overlap)
        if isSameClass { result.matched.append(pair) } else { result.relabelled.append(pair) }
      }
    }
    result.lost = firstPlaces.indices.filter { !isUsedA[$0] }.map { firstPlaces[$0] }
    result.added = secondPlaces.indices.filter { !isUsedB[$0] }.map { secondPlaces[$0] }
    return result
  }

  private static func move(_ a: EvaluationBox, _ b: EvaluationBox) -> Double {
    max(
      abs(a.x - b.x), abs(a.y - b.y), abs(a.x + a.width - b.x - b.width), abs(a.y + a.height - b.y - b.height))
  }
}
