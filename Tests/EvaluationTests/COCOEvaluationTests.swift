import Evaluation
import Foundation
import Testing

@Suite("COCO evaluation")
struct COCOEvaluationTests {
  /// Lines of `coco-figures.txt`: pycocotools' figures by seed.
  static let goldens: [[Double]] = {
    guard let url = Bundle.module.url(forResource: "coco-figures", withExtension: "txt"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
  }()

  @Test("The twelve figures are pycocotools' on 200 random sets")
  func pycocotools() throws {
    #expect(Self.goldens.count == 200)
    for line in Self.goldens {
      let set = SyntheticSet(seed: Int(line[0]))
      let figures = try COCOEvaluation(set.truth, set.detections).figures
      for (name, (value, expected)) in zip(COCOFigures.Name.allCases, zip(figures.values, line[1...])) {
        #expect(abs(value - expected) <= 1e-9, "seed \(line[0]), \(name.rawValue): \(value), expected \(expected)")
      }
    }
  }

  @Test("The figures are those of the plain rules", arguments: 1000..<1012)
  func plain(seed: Int) throws {
    let set = SyntheticSet(seed: seed)
    let evaluation = try COCOEvaluation(set.truth, set.detections)
    let plain = PlainCOCO(set.truth, set.detections)
    for (value, expected) in zip(evaluation.figures.values, plain.figures) { #expect(abs(value - expected) <= 1e-12) }
    for (category, expected) in zip(evaluation.categories, plain.categoryMeans) {
      #expect(abs(category.map - expected) <= 1e-12)
    }
  }

  static func object(_ x: Double, _ size: Double = 10, category: Int = 0, isCrowd: Bool = false, id: Int = 1)
    -> GroundTruth.Object
  {
    GroundTruth.Object(
      image: 0, category: category, box: EvaluationBox(x: x, y: 0, width: size, height: size), isCrowd: isCrowd, id: id)
  }

  static func truth(_ objects: [GroundTruth.Object], categories: Int = 1) -> GroundTruth {
    GroundTruth(
      images: [.init(name: "a", id: 1), .init(name: "b", id: 2)],
      categories: (0..<categories).map { .init(name: "c\($0)", id: $0) }, objects: objects)
  }

  static func detection(_ x: Double, _ size: Double = 10, _ score: Double, image: Int = 0, category: Int = 0)
    -> ScoredBox
  {
    ScoredBox(image: image, category: category, box: EvaluationBox(x: x, y: 0, width: size, height: size), score: score)
  }

  @Test("Nothing at all has no figures; objects without detections have zeros")
  func empty() throws {
    #expect(try COCOEvaluation(GroundTruth(), []).figures.values == [Double](repeating: -1, count: 12))
    let none = try COCOEvaluation(Self.truth([]), [Self.detection(0, 10, 0.5)]).figures.values
    #expect(none == [Double](repeating: -1, count: 12))
    let missed = try COCOEvaluation(Self.truth([Self.object(0)]), []).figures
    #expect(missed[.map] == 0 && missed[.mar100] == 0 && missed[.mapSmall] == 0)
    #expect(missed[.mapLarge] == -1 && missed[.marLarge] == -1)
  }

  @Test("A perfect detection has every figure 1")
  func perfect() throws {
    let evaluation = try COCOEvaluation(Self.truth([Self.object(0)]), [Self.detection(0, 10, 0.5)])
    #expect(abs(evaluation.figures[.map] - 1) < 1e-12)
    #expect(abs(evaluation.figures[.mapSmall] - 1) < 1e-12)
    #expect(evaluation.categories[0].objectCount == 1)
    #expect(evaluation.categories[0].confidence?.best.f1 == 1)
    #expect(evaluation.categories[0].confidence?.best.confidence == 0.25)
  }

  @Test("A crowd takes any number of detections, which then count neither way")
  func crowd() throws {
    let objects = [Self.object(0), Self.object(100, 200, isCrowd: true, id: 2)]
    let detections = [Self.detection(0, 10, 0.2)] + (0..<5).map { Self.detection(110 + Double($0), 10, 0.9) }
    let evaluation = try COCOEvaluation(Self.truth(objects), detections)
    #expect(abs(evaluation.figures[.map] - 1) < 1e-12)
    #expect(evaluation.categories[0].objectCount == 1)
  }

  @Test("A match with the annotation 0 counts as none, as pycocotools has it")
  func annotationZero() throws {
    let evaluation = try COCOEvaluation(Self.truth([Self.object(0, id: 0)]), [Self.detection(0, 10, 0.5)])
    #expect(evaluation.figures[.map] == 0)
  }

  @Test("References and numbers that cannot be are errors")
  func invalid() {
    for detection in [
      Self.detection(0, 10, 0.5, image: 2), Self.detection(0, 10, 0.5, image: -1),
      Self.detection(0, 10, 0.5, category: 1),
      Self.detection(.nan, 10, 0.5), Self.detection(0, .infinity, 0.5), Self.detection(0, 10, .nan),
    ] {
      #expect(throws: EvaluationError.self) { try COCOEvaluation(Self.truth([Self.object(0)]), [detection]) }
    }
    #expect(throws: EvaluationError.self) { try COCOEvaluation(Self.truth([Self.object(0, category: 5)]), []) }
  }

  @Test("The confidence curve counts what is above each threshold")
  func confidenceCurve() throws {
    let objects = [Self.object(0), Self.object(100, id: 2)]
    let detections = [
      Self.detection(0, 10, 0.9), Self.detection(50, 10, 0.6), Self.detection(100, 10, 0.5),
      Self.detection(300, 10, 0.1),
    ]
    let curve = try #require(try COCOEvaluation(Self.truth(objects), detections).categories[0].confidence)
    #expect(curve.points.count == 101)
    #expect(curve.points.map(\.confidence) == (0...100).map { Double($0) / 100 })
    func point(_ percent: Int) -> [Double] {
      let point = curve.points[percent]
      return [point.precision, point.recall]
    }
    #expect(point(0) == [0.5, 1])
    #expect(point(9) == [0.5, 1])
    #expect(point(10) == [2.0 / 3, 1])
    #expect(point(50) == [0.5, 0.5])
    #expect(point(60) == [1, 0.5])
    #expect(point(90) == [1, 0])
    #expect(point(100) == [1, 0])
    // Of 0.1 and 0.5, the threshold half-way.
    #expect(abs(curve.best.confidence - 0.3) < 1e-12)
    #expect(curve.best.f1 == 0.8)
  }
}
