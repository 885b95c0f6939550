internal import Inference

extension Benchmark.Result {
  /// A page that needs nothing else: no file, no network, no script.
  public var html: String {
    var html = ByteBuffer(capacity: 1 << 16)
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
    html.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
    html.append(html: "Benchmark of \(model)")
    html.append("</title>\n<style>")
    html.append(ReportStyle.css)
    html.append("</style></head><body><main>\n<p class=\"over\">Swoop benchmark</p>\n<h1>")
    html.append(html: model)
    html.append("</h1>\n<p class=\"sub\">")
    html.append(html: machine.description)
    if let identity = engines.first?.identity {
      html.append(html: " · \(identity.runtime) \(identity.version), \(identity.device)")
    }
    html.append("</p>\n")
    for warning in warnings {
      html.append("<p class=\"alert\">")
      html.append(html: warning)
      html.append("</p>\n")
    }
    for note in notes {
      html.append("<p class=\"note\">")
      html.append(html: note)
      html.append("</p>\n")
    }
    writeFigures(into: &html)
    writeTuning(into: &html)
    writeEndToEnd(into: &html)
    writeEngine(into: &html)
    writeCharts(into: &html)
    html.append("<footer><p>")
    html.append(
      html:
        "Each setting of the engine was measured for \(Numbers.fixed(duration, 1)) s after \(Numbers.fixed(warmUp, 1)) s of warm-up. Throughput is all executions of all contexts by the time they had; latencies are of every single execution, kept in an HDR histogram. Swoop \(SwoopVersion.current)."
    )
    html.append("</p></footer>\n</main></body></html>\n")
    return html.text
  }

  private func writeFigures(into html: inout ByteBuffer) {
    html.append("<dl class=\"figures\">")
    func figure(_ name: String, _ value: String, _ unit: String) {
      html.append("<div><dt>")
      html.append(html: name)
      html.append("</dt><dd>")
      html.append(html: value)
      html.append("<small>")
      html.append(html: unit)
      html.append("</small></dd></div>")
    }
    if let endToEnd { figure("Files to boxes", Numbers.rate(endToEnd.summary.throughput), "images/s") }
    if let best {
      figure("Engine alone, best", Numbers.rate(best.measurement.throughput), "images/s")
      figure("Latency, median", Self.milliseconds(best.measurement.latency.percentile(50)), "ms")
      figure("Latency, 99 of 100", Self.milliseconds(best.measurement.latency.percentile(99)), "ms")
    }
    html.append("</dl>\n")
  }

  private func writeTuning(into html: inout ByteBuffer) {
    guard let tuning else { return }
    html.append("<section><h2>Best setting</h2><p>")
    html.append(
      html:
        "\(Numbers.rate(tuning.throughput)) images/s with batch \(tuning.batch), \(Numbers.count(tuning.requests, "request"))\(tuning.workers.map { " and \(Numbers.count($0, "worker"))" } ?? ""):"
    )
    html.append("</p><p><code class=\"words\">")
    // Lines break between words: a browser would break them behind the hyphens of options.
    for (place, word) in tuning.command.split(separator: " ").enumerated() {
      html.append(place == 0 ? "<span>" : " <span>")
      html.append(html: String(word))
      html.append("</span>")
    }
    html.append("</code></p></section>\n")
  }

  private func writeEndToEnd(into html: inout ByteBuffer) {
    guard let endToEnd else { return }
    let summary = endToEnd.summary
    html.append("<section><h2>From files to boxes</h2><p class=\"note\">")
    html.append(
      html:
        "\(Numbers.count(summary.images, "image")) in \(Numbers.duration(summary.seconds)), batch \(summary.batchSize), \(Numbers.count(summary.requestCount, "request")), \(Numbers.count(endToEnd.workers, "worker")). "
    )
    if let shareOfEngine {
      html.append(
        html:
          "\(Numbers.fixed(shareOfEngine * 100, shareOfEngine < 0.1 ? 1 : 0)) % of the engine alone with the same batch and requests. "
      )
    }
    html.append(html: summary.bottleneck.sentence)
    html.append("</p><h3>Time of each stage for one image, summed over threads</h3>")
    BenchmarkCharts.parts(
      stageShares(endToEnd).map { ($0.stage.rawValue, $0.share, "\(Self.milliseconds($0.milliseconds)) ms") },
      summary: "The part of each stage of the time of all stages", into: &html)
    html.append("</section>\n")
  }

  private func writeEngine(into html: inout ByteBuffer) {
    guard !engines.isEmpty else { return }
    html.append(
      raw:
        "<section><h2>The engine alone</h2><div class=\"scroll\(engines.count <= 16 ? " whole" : "")\"><table><thead><tr><th scope=\"col\">Precision</th>"
    )
    let isOnDevice = engines.contains { $0.measurement.transfers != nil }
    let names = [
      "Threads", "Batch", "Requests", "images/s", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "max ms", "Enqueue ms",
    ]
    for name in names + (isOnDevice ? ["Compute ms", "To device ms", "To host ms"] : []) {
      html.append("<th scope=\"col\" class=\"num\">")
      html.append(html: name)
      html.append("</th>")
    }
    html.append("</tr></thead><tbody>\n")
    for row in engines {
      let measurement = row.measurement
      let latency = measurement.latency
      html.append("<tr><th scope=\"row\">")
      html.append(html: row.identity.precision)
      html.append("</th>")
      let cells = [
        row.threads == 0 ? "all" : "\(row.threads)", "\(measurement.batch)", "\(measurement.requests)",
        Numbers.rate(measurement.throughput), Self.milliseconds(latency.percentile(50)),
        Self.milliseconds(latency.percentile(90)), Self.milliseconds(latency.percentile(95)),
        Self.milliseconds(latency.percentile(99)), Self.milliseconds(latency.longest),
        Self.milliseconds(measurement.enqueue.percentile(50)),
      ]
      for cell in cells + (isOnDevice ? deviceCells(measurement) : []) {
        html.append("<td class=\"num\">")
        html.append(html: cell)
        html.append("</td>")
      }
      html.append("</tr>\n")
    }
    html.append("</tbody></table></div></section>\n")
  }

  private func writeCharts(into html: inout ByteBuffer) {
    guard !engines.isEmpty else { return }
    html.append("<section><h2>Plots</h2><div class=\"charts\">")
    for chart in sweepLines {
      html.append("<div><h3>")
      html.append(html: chart.title)
      html.append("</h3>")
      // Each doubling takes the same room.
      BenchmarkCharts.lines(
        chart.lines, marks: chart.marks, unit: chart.unit, axis: "images an execution (batch)", summary: chart.title,
        into: &html)
      html.append("</div>")
    }
    html.append("<div><h3>Latency of one execution</h3>")
    BenchmarkCharts.lines(
      percentileLines, marks: percentileMarks, unit: "ms",
      axis: "executions that take no longer, in %", summary: "Latency of one execution by percentile", into: &html)
    html.append("</div></div></section>\n")
  }

  /// Up to six settings' distributions: those with the most throughput.
  private var percentileLines: [BenchmarkCharts.Line] {
    let shown = engines.sorted { $0.measurement.throughput > $1.measurement.throughput }.prefix(6)
    return shown.map { row in
      let points = row.measurement.latency.curve.map {
        (x: BenchmarkCharts.place(ofPercentile: $0.percentile), y: $0.milliseconds)
      }
      return BenchmarkCharts.Line(name: name(of: row), points: points.filter(\.x.isFinite))
    }
  }

  /// As many nines as there are executions to show them.
  private var percentileMarks: [BenchmarkCharts.Mark] {
    let most = engines.map(\.measurement.latency.count).max() ?? 0
    let labels = ["0", "90", "99", "99.9", "99.99"]
    let count = most >= 10_000 ? 5 : most >= 1000 ? 4 : 3
    return labels.prefix(count).enumerated().map { BenchmarkCharts.Mark(x: Double($0.offset), label: $0.element) }
  }

  /// Throughput and median latency over the batch, a line for each combination of the other settings, where batches vary.
  private var sweepLines: [(title: String, unit: String, lines: [BenchmarkCharts.Line], marks: [BenchmarkCharts.Mark])]
  {
    let batches = Set(engines.map(\.measurement.batch)).sorted()
    guard batches.count > 1 else { return [] }
    let marks = batches.map { BenchmarkCharts.Mark(x: BenchmarkCharts.doublings($0), label: "\($0)") }
    var groups: [(name: String, rows: [Benchmark.EngineRow])] = []
    for row in engines {
      let name = name(of: row, withBatch: false)
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].rows.append(row)
      } else {
        groups.append((name, [row]))
      }
    }
    func lines(_ value: (Benchmark.EngineRow) -> Double) -> [BenchmarkCharts.Line] {
      groups.prefix(6).map { group in
        let points = group.rows.map { (x: BenchmarkCharts.doublings($0.measurement.batch), y: value($0)) }
        return BenchmarkCharts.Line(name: group.name, points: points.sorted { $0.x < $1.x })
      }
    }
    return [
      ("Throughput", "images/s", lines(\.measurement.throughput), marks),
      ("Median latency of one execution", "ms", lines { $0.measurement.latency.percentile(50) }, marks),
    ]
  }

  private func name(of row: Benchmark.EngineRow, withBatch: Bool = true) -> String {
    let threads = Set(engines.map(\.threads)).count > 1 ? ", \(Numbers.count(row.threads, "thread"))" : ""
    let batch = withBatch ? ", batch \(row.measurement.batch)" : ""
    return "\(row.identity.precision)\(batch), \(Numbers.count(row.measurement.requests, "request"))\(threads)"
  }
}
