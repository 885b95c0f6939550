import Detection
import Evaluation
import EvaluationFiles
import Foundation
import Swoop
import TestSupport
import Testing

/// Real ground truth and real detections, where they lie beside the checkout.
@Suite(
  "Evaluation of 72 photographs",
  .enabled(if: Fixtures.hasShared, "skipped: the fixtures with real photographs are not beside this checkout"))
struct PhotographTests {
  @Test("The figures of Ultralytics' boxes are those that pycocotools gives for them")
  func figures() throws {
    let folder = Fixtures.shared.appendingPathComponent("bccd")
    let truth = try GroundTruthFile(path: folder.appendingPathComponent("ground-truth.coco.json").path, images: [])
    let data = try Data(contentsOf: folder.appendingPathComponent("ultralytics-predictions.json"))
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let predictions = try #require(root["images"] as? [String: [[String: Any]]])
    var set = DetectionSet(source: "predictions", labels: ["RBC", "WBC", "Platelets"])
    for (name, boxes) in predictions.sorted(by: { $0.key < $1.key }) {
      set.images.append(.init(name: name))
      for box in boxes {
        let corners = try #require(box["xyxy"] as? [Double])
        set.entries.append(
          .init(
            image: set.images.count - 1, classID: try #require(box["class_id"] as? Int),
            box: EvaluationBox(
              x: corners[0], y: corners[1], width: corners[2] - corners[0], height: corners[3] - corners[1]),
            score: try #require(box["confidence"] as? Double)))
      }
    }
    #expect(set.entries.count == 1407)
    let input = try EvaluationInput(truth, set)
    #expect(input.warnings.isEmpty)
    // pycocotools 2.0.11 on the same boxes.
    let expected: [Double] = [
      0.6038906461971002, 0.8925376255902879, 0.7060624899998754, 0.4606317774634606, 0.4692915508805789,
      0.460729547489005, 0.38803059905325665, 0.6434658190690034, 0.698828137909583, 0.5428571428571429,
      0.6249999999999999, 0.5108170329625153,
    ]
    let figures = try COCOEvaluation(truth.truth, input.detections).figures
    for (name, (value, wanted)) in zip(COCOFigures.Name.allCases, zip(figures.values, expected)) {
      #expect(abs(value - wanted) <= 1e-9, "\(name.rawValue): \(value), expected \(wanted)")
    }
  }
}
