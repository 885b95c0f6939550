import Foundation
import TestSupport
import Testing

@Suite("swoop benchmark", .enabled(if: Fixtures.hasOpenVINO, "needs OpenVINO: scripts/get-openvino"))
struct BenchmarkTests {
  private func benchmark(_ words: String..., model: String = "v8") throws -> SwoopProcess.Result {
    try SwoopProcess.run(
      ["benchmark", "--model", Fixtures.model(model), "--duration", "0.05", "--warm-up", "0", "--no-cache"] + words)
  }

  @Test("A sweep measures every combination, and writes it in every form")
  func sweep() throws {
    let scratch = try ScratchFolder()
    let result = try benchmark(
      "--sweep", "batch=1,2", "--sweep", "requests=1,2", "--json", "\(scratch.path)/b.json", "--csv",
      "\(scratch.path)/b.csv", "--html", "\(scratch.path)/b.html")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Engine alone") && result.output.contains("p99 ms"))
    let data = try Data(contentsOf: scratch.url.appendingPathComponent("b.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rows = try #require(object["engine_alone"] as? [[String: Any]])
    let settings = rows.map { "\($0["batch"] ?? "") \($0["requests"] ?? "")" }
    #expect(settings == ["1 1", "1 2", "2 1", "2 2"])
    for row in rows {
      let latency = try #require(row["latency"] as? [String: Any])
      let rate = try #require(row["images_per_second"] as? Double)
      #expect(rate > 0 && (latency["count"] as? Int ?? 0) >= 3)
    }
    let csv = try String(contentsOf: scratch.url.appendingPathComponent("b.csv"), encoding: .utf8)
    #expect(csv.split(separator: "\n").count == 5)
    let html = try String(contentsOf: scratch.url.appendingPathComponent("b.html"), encoding: .utf8)
    #expect(html.contains("<svg") && html.hasSuffix("</html>\n"))
  }

  @Test("With pictures, every stage is measured; standard output has the JSON alone")
  func filesToBoxes() throws {
    let scratch = try ScratchFolder()
    try scratch.copy(Fixtures.picture("jpeg-420.jpg"), as: "photos/a.jpg")
    let result = try benchmark("\(scratch.path)/photos", "--json", "-")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let run = try #require(object["files_to_boxes"] as? [String: Any])
    #expect((run["images"] as? Int ?? 0) > 0 && run["failures"] as? Int == 0)
    let stages = try #require(run["stages"] as? [[String: Any]])
    #expect(
      Set(stages.compactMap { $0["stage"] as? String }).isSuperset(of: ["read", "decode", "infer", "postprocess"]))
    let shares = stages.compactMap { $0["share"] as? Double }.reduce(0, +)
    #expect(abs(shares - 1) < 1e-4)
  }

  @Test("Tuning ends with a command line that detect takes")
  func autotune() throws {
    let scratch = try ScratchFolder()
    try scratch.copy(Fixtures.picture("jpeg-420.jpg"), as: "my photos/a.jpg")
    let result = try benchmark("\(scratch.path)/my photos", "--autotune", "--json", "-", model: "v8-batch4")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let command = try #require((object["tuning"] as? [String: Any])?["command"] as? String)
    #expect(command.hasPrefix("swoop detect '") && command.contains("--batch 4"))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let words = command.dropFirst("swoop ".count)
    shell.arguments = ["-c", "exec '\(SwoopProcess.executable.path)' \(words) --output '\(scratch.path)/out' --quiet"]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try Records(folder: scratch.url.appendingPathComponent("out")).records.count == 1)
  }

  @Test(
    "Options that make no sense are refused",
    arguments: [
      ["--duration", "0"], ["--warm-up", "-1"], ["--sweep", "size=1"], ["--autotune", "--batch", "2"],
      ["--autotune", "--sweep", "batch=1"], ["--json", "-", "--csv", "-"], ["--html", "-"], ["--workers", "-1"],
      ["--duration", "nan"], ["-"],
    ])
  func usage(words: [String]) throws {
    let result = try SwoopProcess.run(["benchmark", "--model", Fixtures.model("v8"), "--warm-up", "0"] + words)
    #expect(result.status == 64, "\(result.errors)")
    #expect(!result.errors.isEmpty)
  }

  @Test("A batch that the model cannot have is refused, and a file that cannot be written is said")
  func errors() throws {
    let batch = try benchmark("--batch", "3", model: "v8-batch4")
    #expect(batch.status == 64 && batch.errors.contains("fixed one: 4"))
    let file = try benchmark("--json", "/nonexistent/b.json")
    #expect(file.status == 73 && file.errors.contains("/nonexistent/b.json"))
    let model = try benchmark(model: "no-such-model")
    #expect(model.status == 66)
  }
}
