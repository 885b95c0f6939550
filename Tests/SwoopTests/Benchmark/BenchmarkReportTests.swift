import Inference
import Swoop
import Testing

@Suite("Reports of a benchmark")
struct BenchmarkReportTests {
  static let result: Benchmark.Result = {
    let machine = MachineDescription(
      processor: "Example 9000 <fast>", processorCount: 2, quota: 1.5, memory: 8 << 30, system: "Linux 6.1 x86_64",
      isVirtual: true, instructions: ["avx2"])
    var result = Benchmark.Result(model: "a&b<c>.onnx", machine: machine, duration: 5, warmUp: 1)
    for (index, batch) in [1, 2, 4, 8].enumerated() {
      var latency = LatencyHistogram()
      var enqueue = LatencyHistogram()
      for execution in 1...200 {
        latency.record(nanoseconds: UInt64(batch * (12_000_000 + execution * 10_000)))
        enqueue.record(nanoseconds: 50_000)
      }
      var disturbance = Disturbance()
      disturbance.others = 0.11 * Double(index)
      result.engines.append(
        Benchmark.EngineRow(
          identity: EngineIdentity(
            runtime: "openvino", version: "2026.4", device: "CPU (Example, \"9000\")", precision: "fp32"),
          threads: 0, loadSeconds: 0.5,
          measurement: EngineBenchmark.Measurement(
            batch: batch, requests: 2, seconds: 5, executions: 200, latency: latency, enqueue: enqueue,
            firstExecution: 40, disturbance: disturbance)))
    }
    result.notes = ["ONNX Runtime runs the <network>."]
    result.tuning = Autotune.Outcome(batch: 2, requests: 2, throughput: 80)
    result.tuning?.command = "swoop detect SOURCE --model 'a&b<c>.onnx'"
    return result
  }()

  @Test("The text has a line a setting, and says the worst disturbance once")
  func text() {
    let lines = Self.result.description.split(separator: "\n")
    #expect(lines.filter { $0.contains("fp32") }.count == 4)
    #expect(lines.contains { $0.contains("batch") && $0.contains("p99 ms") })
    #expect(lines.filter { $0.hasPrefix("Caution: ") }.count == 1)
    #expect(Self.result.description.contains("33 %"))
    #expect(Self.result.description.contains("swoop detect SOURCE"))
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test("The CSV has as many fields in every line as in its header")
  func csv() {
    let lines = Self.result.csv.split(separator: "\n").map { line in
      // Commas within quotes are part of a field.
      line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset.isMultiple(of: 2) }.map { $0.element.filter { $0 == "," }.count }.reduce(1, +)
    }
    #expect(lines.count == 5 && Set(lines).count == 1)
    #expect(Self.result.csv.contains("\"CPU (Example, \"\"9000\"\")\""))
  }

  @Test("The JSON reads back, with the same figures")
  func json() throws {
    let value = try Self.parse(Self.result.json)
    #expect(value["model"] == .string("a&b<c>.onnx"))
    guard case .array(let rows) = value["engine_alone"] else {
      Issue.record("engine_alone is no array")
      return
    }
    #expect(rows.count == 4)
    #expect(value["notes"] == .array([.string("ONNX Runtime runs the <network>.")]))
    #expect(rows[1]["images_per_second"] == .number("80"))
    #expect(rows[0]["latency"]?["count"] == 200)
    guard case .array(let points) = rows[0]["latency"]?["percentiles"] else {
      Issue.record("percentiles is no array")
      return
    }
    #expect(points.count > 10)
    #expect(value["machine"]?["quota"] == .number("1.5"))
  }

  static func parse(_ text: String) throws -> JSONValue {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(start: try #require(bytes.baseAddress), count: bytes.count)
      let value = try scanner.value()
      scanner.skipSpace()
      try scanner.expectEnd()
      return value
    }
  }

  @Test("The page needs nothing else, and escapes what it shows")
  func html() {
    let html = Self.result.html
    #expect(html.contains("ONNX Runtime runs the &lt;network&gt;."))
    #expect(html.hasPrefix("<!doctype html>") && html.hasSuffix("</html>\n"))
    #expect(!html.contains("http") && !html.contains("<script") && !html.contains("src="))
    #expect(html.contains("a&amp;b&lt;c&gt;.onnx") && !html.contains("b<c>"))
    #expect(html.contains("Example 9000 &lt;fast&gt;"))
    // Throughput and latency over the batch, and the distribution.
    #expect(html.components(of: "<svg class=\"chart\"") == 3)
    #expect(!html.contains("nan") && !html.contains("inf,"))
  }

  @Test(
    "Charts' steps are round, begin at 0 and reach the highest value",
    arguments: [0.013, 0.5, 1, 3.7, 9.99, 42, 100, 101, 7777])
  func ticks(value: Double) {
    let ticks = BenchmarkCharts.ticks(upTo: value)
    #expect(ticks.first == 0 && (3...7).contains(ticks.count))
    #expect((ticks.last ?? 0) >= value * 0.999999 && (ticks.last ?? 0) <= value * 1.7)
  }

  @Test("Every further nine has the same room")
  func places() {
    for (percentile, place) in [(0.0, 0.0), (90, 1), (99, 2), (99.9, 3)] {
      #expect(abs(BenchmarkCharts.place(ofPercentile: percentile) - place) < 1e-9)
    }
    #expect(BenchmarkCharts.doublings(8) == 3 && BenchmarkCharts.doublings(1) == 0)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
