import Foundation
import TestSupport
import Testing

/// `--boxes`: the boxes of candidates alone, or all of them, from the same model.
@Suite(
  "Which boxes", .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"))
struct BoxChoiceTests {
  private static let photos = Fixtures.root.appendingPathComponent("Examples/photos").path

  private static func detect(_ arguments: String...) throws -> (header: [String: Any], lines: [String]) {
    let folder = try ScratchFolder()
    let result = try SwoopProcess.run(
      ["detect", photos, "--device", "cpu", "--output", folder.path, "--quiet"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    let text = try String(contentsOf: folder.url.appendingPathComponent("detections.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    let header = try JSONSerialization.jsonObject(with: Data(try #require(lines.first).utf8)) as? [String: Any]
    return (try #require(header), Array(lines.dropFirst()))
  }

  private static func boxes(_ header: [String: Any]) -> String? {
    (header["settings"] as? [String: Any])?["boxes"] as? String
  }

  private struct Found {
    var score: Double
    var classIndex: Int
    var box: [Double]
  }

  private static func found(_ line: String) throws -> [Found] {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    guard let detections = object?["detections"] as? [[String: Any]] else { return [] }
    return try detections.map {
      Found(
        score: try #require($0["confidence"] as? Double), classIndex: try #require($0["class"] as? Int),
        box: try #require($0["box"] as? [Double]))
    }
  }

  @Test("the bundled detector finds the same either way, in the order of scores", arguments: ["0.25", "0.001"])
  func equal(confidence: String) throws {
    let all = try Self.detect("--boxes", "all", "--confidence", confidence)
    let some = try Self.detect("--boxes", "candidates", "--confidence", confidence)
    #expect(Self.boxes(all.header) == "all")
    #expect(Self.boxes(some.header) == "candidates")
    #expect(all.lines.count == some.lines.count)
    var count = 0
    for (a, b) in zip(all.lines, some.lines) {
      let (expected, found) = (try Self.found(a), try Self.found(b))
      #expect(expected.count == found.count)
      for (one, other) in zip(expected, found) {
        #expect(one.classIndex == other.classIndex)
        #expect(abs(one.score - other.score) < 2e-4)
        for (x, y) in zip(one.box, other.box) { #expect(abs(x - y) < 0.1) }
      }
      count += found.count
    }
    #expect(count >= 40)
  }

  @Test("records of candidates do not depend on the batch, threads or the way of execution")
  func independent() throws {
    let usual = try Self.detect()
    #expect(Self.boxes(usual.header) == "candidates")
    #expect(try Self.detect("--batch", "5", "--requests", "2").lines == usual.lines)
    #expect(try Self.detect("--execution", "synchronous", "--batch", "3", "--threads", "1").lines == usual.lines)
  }

  @Test(
    "what cannot be had is an error that says why",
    arguments: [
      ("v8", ["--boxes", "candidates"], 65, "box"), ("end-to-end", ["--boxes", "candidates"], 65, "box"),
      ("v8-dynamic-size", ["--boxes", "candidates", "--resize", "rectangle"], 64, "rectangle"),
      ("v8", ["--boxes", "some"], 64, "candidates"),
    ] as [(String, [String], Int32, String)])
  func refused(model: String, arguments: [String], status: Int32, word: String) throws {
    let result = try SwoopProcess.run(
      ["detect", Self.photos, "--model", Fixtures.model(model), "--device", "cpu", "--output", "-"] + arguments)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(word), "\(result.errors)")
  }

  @Test("a model without such a branch runs whole by itself")
  func whole() throws {
    let folder = try ScratchFolder()
    let result = try SwoopProcess.run([
      "detect", Self.photos, "--model", Fixtures.model("v8"), "--device", "cpu", "--output", folder.path, "--quiet",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let text = try String(contentsOf: folder.url.appendingPathComponent("detections.jsonl"), encoding: .utf8)
    #expect(text.prefix { $0 != "\n" }.contains("\"boxes\":\"all\""))
  }

  @Test("inspect shows the model as it is in the file, and whether boxes of candidates can be had")
  func inspected() throws {
    let bundled = Fixtures.root.appendingPathComponent("Models/codes/codes.onnx").path
    let text = try SwoopProcess.run(["inspect", bundled]).output
    #expect(text.contains("output0 (batch, 10, 8400)"), "\(text)")
    #expect(text.contains("boxes can be computed for candidates alone"), "\(text)")
    let other = try SwoopProcess.run(["inspect", Fixtures.model("v8-dynamic-size")]).output
    #expect(other.contains("height, width)"), "\(other)")
    #expect(other.contains("boxes are computed for every anchor: the head does not"), "\(other)")
  }
}
