import Evaluation
import Testing

@Suite("Comparison")
struct ComparisonTests {
  static func box(_ x: Double, _ score: Double, image: Int = 0, category: Int = 0, size: Double = 10) -> ScoredBox {
    ScoredBox(image: image, category: category, box: EvaluationBox(x: x, y: 0, width: size, height: size), score: score)
  }

  @Test("Boxes are matched, relabelled, lost or added")
  func kinds() throws {
    let first = [Self.box(0, 0.9), Self.box(100, 0.8), Self.box(200, 0.7), Self.box(0, 0.5, image: 1)]
    let second = [Self.box(100, 0.6, category: 1), Self.box(1, 0.85), Self.box(300, 0.4), Self.box(0, 0.5, image: 1)]
    let comparison = try DetectionComparison(first, second, imageCount: 3)
    #expect(comparison.matchedCount == 2)
    #expect(comparison.relabelledCount == 1)
    #expect(comparison.images[0].lost == [2])
    #expect(comparison.images[0].added == [2])
    #expect(comparison.highestLostScore == 0.7)
    #expect(comparison.highestAddedScore == 0.4)
    #expect(comparison.images[0].matched.map { [$0.first, $0.second] } == [[0, 1]])
    #expect(abs(comparison.scoreChange.worst - 0.05) < 1e-12)
    #expect(comparison.move.worst == 1)
    #expect(comparison.move.median == 0)
    #expect(comparison.mostDifferent(5).map(\.image) == [0])
  }

  @Test("A set compared with itself has no differences, whatever the order", arguments: 0..<8)
  func identity(seed: Int) throws {
    let set = SyntheticSet(seed: seed)
    let same = try DetectionComparison(
      set.detections, Array(set.detections.reversed()), imageCount: set.truth.images.count)
    #expect(same.matchedCount == set.detections.count)
    #expect(same.lostCount + same.addedCount + same.relabelledCount == 0)
    // Equal boxes with other scores may be joined crosswise, but no edge moves.
    #expect(same.move.worst == 0)
  }

  @Test("Turning the sets round turns lost into added", arguments: 0..<8)
  func symmetry(seed: Int) throws {
    let set = SyntheticSet(seed: seed)
    let other = set.detections.enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
    let forth = try DetectionComparison(set.detections, other, imageCount: set.truth.images.count)
    let back = try DetectionComparison(other, set.detections, imageCount: set.truth.images.count)
    #expect(forth.lostCount == back.addedCount && forth.addedCount == back.lostCount)
    #expect(forth.matchedCount + forth.relabelledCount + forth.lostCount == set.detections.count)
  }

  @Test("Empty boxes that are equal are matched")
  func emptyBoxes() throws {
    let boxes = [Self.box(5, 0.5, size: 0)]
    #expect(try DetectionComparison(boxes, boxes, imageCount: 1).matchedCount == 1)
  }

  @Test("Quantiles are values of the set, by the nearest rank")
  func quantiles() {
    let quantiles = Quantiles((1...200).map(Double.init))
    #expect([quantiles.median, quantiles.p99, quantiles.worst] == [100, 198, 200])
    #expect(Quantiles([]) == Quantiles([]) && Quantiles([]).count == 0)
    #expect(Quantiles([3]).median == 3)
  }
}
