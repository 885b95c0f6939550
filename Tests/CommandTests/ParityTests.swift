import Foundation
import TestSupport
import Testing

/// The real model on real photographs, against what Ultralytics gives for them.
@Suite(
  "Parity with Ultralytics on 72 photographs",
  .enabled(if: Fixtures.hasShared, "skipped: the fixtures with the real model are not beside this checkout"),
  .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"))
struct ParityTests {
  private static let model = Fixtures.shared.appendingPathComponent("yolov8n-bccd.onnx").path
  private static let images = Fixtures.shared.appendingPathComponent("bccd/images").path

  private struct Found {
    var box: [Double]
    var confidence: Double
    var classIndex: Int
  }

  private static func expected() throws -> [String: [Found]] {
    let data = try Data(contentsOf: Fixtures.shared.appendingPathComponent("bccd/ultralytics-predictions.json"))
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let images = try #require(root["images"] as? [String: [[String: Any]]])
    return try images.mapValues { boxes in
      try boxes.map { box in
        Found(
          box: try #require(box["xyxy"] as? [Double]), confidence: try #require(box["confidence"] as? Double),
          classIndex: try #require(box["class_id"] as? Int))
      }
    }
  }

  private static func iou(_ a: [Double], _ b: [Double]) -> Double {
    let width = min(a[2], b[2]) - max(a[0], b[0])
    let height = min(a[3], b[3]) - max(a[1], b[1])
    guard width > 0, height > 0 else { return 0 }
    let overlap = width * height
    return overlap / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - overlap)
  }

  private static func detect(_ extra: [String]) throws -> (Data, Records) {
    let folder = try ScratchFolder()
    let result = try SwoopProcess.run(
      ["detect", images, "--model", model, "--output", folder.path + "/run", "--quiet"] + extra)
    #expect(result.status == 0, "\(result.errors)")
    let run = folder.url.appendingPathComponent("run")
    return (try Data(contentsOf: run.appendingPathComponent("detections.jsonl")), try Records(folder: run))
  }

  @Test("every box that Ultralytics finds is found, with its class, place and confidence, and none besides")
  func boxes() throws {
    let expected = try Self.expected()
    let (_, records) = try Self.detect([])
    #expect(records.records.count == 72)
    var (count, found, worstOverlap, worstConfidence) = (0, 0, 1.0, 0.0)
    for record in records.records {
      let name = try #require(record["image"] as? String)
      let detections = try #require(record["detections"] as? [[String: Any]]).map { detection in
        Found(
          box: try #require(detection["box"] as? [Double]),
          confidence: try #require(detection["confidence"] as? Double),
          classIndex: try #require(detection["class"] as? Int))
      }
      found += detections.count
      for box in try #require(expected[name]) {
        count += 1
        let best = detections.filter { $0.classIndex == box.classIndex }.max {
          Self.iou($0.box, box.box) < Self.iou($1.box, box.box)
        }
        let match = try #require(best, "\(name): nothing of class \(box.classIndex)")
        worstOverlap = min(worstOverlap, Self.iou(match.box, box.box))
        worstConfidence = max(worstConfidence, abs(match.confidence - box.confidence))
      }
    }
    #expect(count == 1407)
    #expect(abs(found - count) <= 3, "found \(found)")
    #expect(worstOverlap >= 0.99)
    #expect(worstConfidence <= 0.002)
  }

  @Test("batch 1, 7 and 32, both ways of execution and any number of workers give the same bytes")
  func independence() throws {
    let (plain, _) = try Self.detect(["--batch", "1", "--execution", "synchronous", "--workers", "1"])
    for extra in [
      ["--batch", "7", "--workers", "3"], ["--batch", "32", "--execution", "synchronous", "--workers", "5"],
    ] {
      let (bytes, _) = try Self.detect(extra)
      #expect(bytes == plain, "\(extra.joined(separator: " "))")
    }
  }
}
