import Evaluation
import Testing

@Suite("Analysis of mistakes")
struct AnalysisTests {
  typealias Base = COCOEvaluationTests

  @Test("Each kind of mistake is told from the others")
  func kinds() throws {
    let objects = [
      Base.object(0, 10, category: 0, id: 1), Base.object(100, 10, category: 1, id: 2),
      Base.object(200, 10, category: 0, id: 3),
      Base.object(300, 10, category: 0, id: 4), Base.object(500, 100, category: 0, isCrowd: true, id: 5),
    ]
    let detections = [
      Base.detection(0, 10, 0.9),  // right
      Base.detection(1, 10, 0.8),  // duplicate of it
      Base.detection(100, 10, 0.7),  // category 0 where 1 is
      Base.detection(207, 10, 0.6),  // overlaps object 3 by 3 of 17
      Base.detection(107, 10, 0.5),  // overlaps object 2, of the other category, by 3 of 17
      Base.detection(900, 10, 0.4),  // nothing there
      Base.detection(520, 10, 0.4),  // in the crowd
      Base.detection(900, 10, 0.1),  // below the confidence
    ]
    let truth = Base.truth(objects, categories: 2)
    let evaluation = try COCOEvaluation(truth, detections)
    let analysis = ErrorAnalysis(evaluation, truth, detections, confidence: 0.25)
    #expect(
      analysis.images[0].verdicts == [
        .right, .wrong(.duplicate), .wrong(.classification), .wrong(.localisation), .wrong(.both), .wrong(.background),
        .ignored,
      ])
    #expect(
      analysis.counts == [.duplicate: 1, .classification: 1, .localisation: 1, .both: 1, .background: 1, .missed: 1])
    // Object 4 alone: those of class and localisation mistakes are not missed but mistaken.
    #expect(analysis.images[0].missed == [3])
    #expect(analysis.worst(5).map(\.image) == [0])
    #expect(analysis.images[0].mistakeCount == 6)
  }

  @Test("Mending a kind of mistake gains what the figures then gain")
  func gains() throws {
    // One category: two objects, one found second after a wrong box. AP 0.5 over the first half of recalls.
    let truth = Base.truth([Base.object(0, id: 1), Base.object(100, id: 2)])
    let detections = [Base.detection(900, 10, 0.9), Base.detection(0, 10, 0.8)]
    let evaluation = try COCOEvaluation(truth, detections)
    let analysis = ErrorAnalysis(evaluation, truth, detections, confidence: 0.25)
    let gains = try #require(analysis.gains)
    let map50 = evaluation.figures[.map50]
    #expect(abs(map50 - 0.5 * 51 / 101) < 1e-9)
    let without = try COCOEvaluation(truth, [detections[1]]).figures[.map50]
    #expect(abs((gains[.background] ?? 0) - (without - map50)) < 1e-9)
    let forgiven = try COCOEvaluation(Base.truth([Base.object(0, id: 1)]), detections).figures[.map50]
    #expect(abs((gains[.missed] ?? 0) - (forgiven - map50)) < 1e-9)
    #expect(gains[.duplicate] == 0 && gains[.classification] == 0)
  }

  @Test("Nothing is gained or lost by counting: every object is right, mistaken or missed", arguments: 2000..<2012)
  func conservation(seed: Int) throws {
    let set = SyntheticSet(seed: seed)
    let evaluation = try COCOEvaluation(set.truth, set.detections)
    let analysis = ErrorAnalysis(evaluation, set.truth, set.detections, confidence: 0.5)
    let above = set.detections.count { $0.score > 0.5 }
    let judged = analysis.images.reduce(0) { $0 + $1.verdicts.count }
    // Those beyond the 100 of an image and category are not judged.
    #expect(judged <= above)
    for gain in analysis.gains?.values ?? [:].values { #expect(gain > -1e-9 && gain <= 1) }
    let right = analysis.images.reduce(0) { $0 + $1.verdicts.count { $0 == .right } }
    let counting = set.truth.objects.count { !$0.isCrowd }
    #expect(right + analysis.images.reduce(0) { $0 + $1.missed.count } <= counting)
    let matrix = try ConfusionMatrix(set.truth, set.detections, confidence: 0.5)
    let all = 0...matrix.categoryCount
    // Every object is in exactly one cell.
    for category in set.truth.categories.indices {
      let objects = set.truth.objects.count { $0.category == category && !$0.isCrowd }
      #expect(all.reduce(0) { $0 + matrix[found: $1, true: category] } == objects)
    }
  }

  @Test("The confusion matrix joins by overlap alone and has a background")
  func confusion() throws {
    let objects = [
      Base.object(0, 10, category: 0, id: 1), Base.object(100, 10, category: 1, id: 2),
      Base.object(300, 10, category: 1, id: 3),
      Base.object(500, 100, category: 0, isCrowd: true, id: 4),
    ]
    let detections = [
      Base.detection(1, 10, 0.9, category: 1),  // overlaps object 1 less than the next does
      Base.detection(0, 10, 0.8, category: 0), Base.detection(100, 10, 0.7, category: 0),
      Base.detection(510, 10, 0.6, category: 0), Base.detection(510, 10, 0.6, category: 1),
      Base.detection(300, 10, 0.2, category: 1),
    ]
    let matrix = try ConfusionMatrix(Base.truth(objects, categories: 2), detections, confidence: 0.25)
    let rows = (0...2).map { found in (0...2).map { matrix[found: found, true: $0] } }
    #expect(rows == [[1, 1, 0], [0, 0, 2], [0, 1, 0]])
  }
}
