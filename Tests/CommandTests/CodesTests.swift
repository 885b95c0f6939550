import Foundation
import TestSupport
import Testing

/// The bundled detector on the example pictures, as `scripts/demo` runs it.
@Suite(
  "The bundled detector",
  .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"))
struct CodesTests {
  private struct Code {
    var box: [Double]
    var classIndex: Int
    /// Counts neither as found nor as false: too small, too much covered.
    var isIgnored: Bool
  }

  private static func groundTruth() throws -> [String: [Code]] {
    let file = Fixtures.root.appendingPathComponent("Examples/photos/ground-truth.coco.json")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let images = try #require(root["images"] as? [[String: Any]])
    let categories = try #require(root["categories"] as? [[String: Any]])
    // Categories are in the model's order of classes.
    let classes = Dictionary(
      uniqueKeysWithValues: try categories.enumerated().map { (try #require($1["id"] as? Int), $0) })
    var names: [Int: String] = [:]
    var codes: [String: [Code]] = [:]
    for image in images {
      let name = try #require(image["file_name"] as? String)
      names[try #require(image["id"] as? Int)] = name
      codes[name] = []
    }
    for annotation in try #require(root["annotations"] as? [[String: Any]]) {
      let image = try #require(annotation["image_id"] as? Int)
      let name = try #require(names[image])
      let box = try #require(annotation["bbox"] as? [Double])
      codes[name]?.append(
        Code(
          box: [box[0], box[1], box[0] + box[2], box[1] + box[3]],
          classIndex: try #require((annotation["category_id"] as? Int).flatMap { classes[$0] }),
          isIgnored: annotation["iscrowd"] as? Int == 1))
    }
    return codes
  }

  @Test("finds nearly every code of the example pictures and next to nothing else, at confidence 0.25 and IoU 0.5")
  func examples() throws {
    let output = try ScratchFolder()
    let result = try SwoopProcess.run([
      "detect", Fixtures.root.appendingPathComponent("Examples/photos").path, "--output", output.path, "--quiet",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let truth = try Self.groundTruth()
    let records = try Records(folder: output.url).records
    #expect(records.count == truth.count && truth.count >= 24)
    var (found, missed, wrong) = (0, 0, 0)
    for record in records {
      let codes = try #require((record["image"] as? String).flatMap { truth[$0] })
      var taken = Set<Int>()
      for detection in try #require(record["detections"] as? [[String: Any]]) {
        let box = try #require(detection["box"] as? [Double])
        let match = codes.indices.filter { !taken.contains($0) && codes[$0].classIndex == detection["class"] as? Int }
          .map { ($0, BoxOverlap.iou(codes[$0].box, box)) }.filter { $0.1 >= 0.5 }.max { $0.1 < $1.1 }
        if let match {
          taken.insert(match.0)
        } else if !codes.contains(where: { $0.isIgnored && BoxOverlap.share(of: box, within: $0.box) >= 0.5 }) {
          wrong += 1
        }
      }
      found += taken.count { !codes[$0].isIgnored }
      missed += codes.indices.count { !taken.contains($0) && !codes[$0].isIgnored }
    }
    #expect(found + missed >= 40)
    #expect(Double(found) / Double(found + missed) >= 0.95, "found \(found), missed \(missed)")
    #expect(Double(found) / Double(found + wrong) >= 0.95, "found \(found), wrong \(wrong)")
  }
}
