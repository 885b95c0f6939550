import Detection
import Evaluation
import EvaluationFiles
import Swoop
import Testing

@Suite("Matching of images and classes")
struct MatchingTests {
  static func truth(_ images: [String], categories: [String] = ["cat", "dog"]) -> GroundTruthFile {
    GroundTruthFile(
      format: .coco,
      truth: GroundTruth(
        images: images.enumerated().map { .init(name: $1, id: $0 + 1) },
        categories: categories.enumerated().map { .init(name: $1, id: $0 + 10) }))
  }

  static func set(_ images: [String], labels: [String] = ["cat", "dog"], classes: [Int] = [0]) -> DetectionSet {
    var set = DetectionSet(source: "set", labels: labels)
    for (index, image) in images.enumerated() {
      let detections = classes.map {
        Detection(box: Box(x1: 1, y1: 2, x2: 4, y2: 6), score: 0.5, classIndex: $0)
      }
      set.append(ImageRecord(index: index, key: image, width: 10, height: 20, detections: detections))
    }
    return set
  }

  @Test(
    "A name is matched by itself, by more or fewer folders, and by its stem",
    arguments: [
      (["a.jpg", "b.jpg"], "b.jpg", 1), (["x/a.jpg", "y/a.jpg"], "y/a.jpg", 1),
      (["x/a.jpg", "y/a.jpg"], "z/y/a.jpg", 1),
      (["z/x/a.jpg", "z/y/a.jpg"], "x/a.jpg", 0), (["images/a.jpg"], "val/a.jpg", 0), (["a.jpg"], "./a.jpg", 0),
      (["a"], "a.jpg", 0),
      (["a.png"], "q/a.jpg", 0), (["a.b.jpg", "a.jpg"], "a.b.jpg", 0),
    ])
  func names(truth: [String], name: String, expected: Int) throws {
    let input = try EvaluationInput(Self.truth(truth), Self.set([name]))
    #expect(input.places[expected] == 0)
    #expect(input.detections.first?.image == expected)
    #expect(input.detections.first?.box == EvaluationBox(x: 1, y: 2, width: 3, height: 4))
  }

  @Test("A name that could be several images, or two for one, is an error")
  func ambiguity() {
    #expect(throws: EvaluationFileError.self) {
      try EvaluationInput(Self.truth(["x/a.jpg", "y/a.jpg"]), Self.set(["a.jpg"]))
    }
    #expect(throws: EvaluationFileError.self) {
      try EvaluationInput(Self.truth(["a.jpg"]), Self.set(["x/a.jpg", "y/a.jpg"]))
    }
    #expect(throws: EvaluationFileError.self) { try EvaluationInput(Self.truth(["a.jpg"]), Self.set(["b.jpg"])) }
  }

  @Test("Images without truth, truth without images, and failures are said")
  func warnings() throws {
    var set = Self.set(["a.jpg", "z.jpg"])
    set.append(ImageRecord(index: 2, key: "b.jpg", failure: ImageFailure(.empty, "no bytes")))
    let input = try EvaluationInput(Self.truth(["a.jpg", "b.jpg", "c.jpg"]), set)
    #expect(input.detections.count == 1)
    #expect(input.places == [0, 2, nil])
    #expect(input.warnings.count == 3)
    #expect(input.warnings.contains { $0.contains("z.jpg") })
  }

  @Test("Classes go by name, loosely where that is unambiguous, and by number without names")
  func classes() throws {
    let exact = try EvaluationInput(
      Self.truth(["a.jpg"]), Self.set(["a.jpg"], labels: ["dog", "cat"], classes: [0, 1]))
    #expect(exact.detections.map(\.category) == [1, 0])
    let loose = try EvaluationInput(
      Self.truth(["a.jpg"], categories: ["traffic light", "Dog"]),
      Self.set(["a.jpg"], labels: ["dog", "Traffic_Light"], classes: [0, 1]))
    #expect(loose.detections.map(\.category) == [1, 0])
    var numbered = Self.truth(["a.jpg"])
    numbered.hasCategoryNames = false
    numbered.truth.categories = [.init(name: "class0", id: 0), .init(name: "class1", id: 1)]
    let byNumber = try EvaluationInput(numbered, Self.set(["a.jpg"], classes: [1]))
    #expect(byNumber.detections.map(\.category) == [1])
  }

  @Test("Classes that the ground truth lacks are left out and said; if all are, that is an error")
  func unknownClasses() throws {
    let input = try EvaluationInput(
      Self.truth(["a.jpg"]), Self.set(["a.jpg"], labels: ["cat", "bird"], classes: [0, 1, 1]))
    #expect(input.detections.count == 1)
    #expect(input.warnings.contains { $0.contains("bird") && $0.contains("2 boxes") })
    let error = #expect(throws: EvaluationFileError.self) {
      try EvaluationInput(Self.truth(["a.jpg"]), Self.set(["a.jpg"], labels: ["bird"], classes: [0]))
    }
    #expect(error?.reason.contains("bird") == true && error?.reason.contains("cat (10)") == true)
  }
}
