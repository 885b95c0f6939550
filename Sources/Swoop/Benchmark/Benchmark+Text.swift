internal import Inference

extension Benchmark.Result: CustomStringConvertible {
  /// Tables for people.
  public var description: String {
    var lines = ["\(model) on \(machine.description)"]
    if let identity = engines.first?.identity {
      lines.append("\(identity.runtime) \(identity.version), \(identity.device)")
    }
    lines.append("")
    lines += engineTable
    if let endToEnd { lines += [""] + endToEndTable(endToEnd) }
    if let tuning {
      lines += ["", "Best: \(Numbers.rate(tuning.throughput)) images/s with", "  \(tuning.command)"]
    }
    for warning in warnings { lines += ["", "Caution: \(warning)"] }
    return lines.joined(separator: "\n")
  }

  private var engineTable: [String] {
    guard !engines.isEmpty else { return [] }
    let hasThreads = Set(engines.map(\.threads)).count > 1
    let isOnDevice = engines.contains { $0.measurement.transfers != nil }
    var rows = [
      ["precision"] + (hasThreads ? ["threads"] : [])
        + [
          "batch", "requests", "images/s", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "max ms", "enqueue ms", "first ms",
          "load s",
        ] + (isOnDevice ? ["compute ms", "to device ms", "to host ms"] : [])
    ]
    for engine in engines {
      let measurement = engine.measurement
      let latency = measurement.latency
      rows.append(
        [engine.identity.precision] + (hasThreads ? ["\(engine.threads)"] : []) + [
          "\(measurement.batch)", "\(measurement.requests)", Numbers.rate(measurement.throughput),
          Self.milliseconds(latency.percentile(50)), Self.milliseconds(latency.percentile(90)),
          Self.milliseconds(latency.percentile(95)), Self.milliseconds(latency.percentile(99)),
          Self.milliseconds(latency.longest), Self.milliseconds(measurement.enqueue.percentile(50)),
          Self.milliseconds(measurement.firstExecution), Numbers.fixed(engine.loadSeconds, 2),
        ] + (isOnDevice ? deviceCells(measurement) : []))
    }
    let executions = engines.map(\.measurement.latency.count).min() ?? 0
    return ["Engine alone (\(Numbers.fixed(duration, 1)) s each, at least \(Numbers.count(executions, "execution"))):"]
      + Self.aligned(rows, textColumns: 1)
  }

  /// The network by the GPU's clock, and the copies that a run without it would make; dashes for engines of the host.
  func deviceCells(_ measurement: EngineBenchmark.Measurement) -> [String] {
    guard let transfers = measurement.transfers else { return ["–", "–", "–"] }
    return [
      measurement.compute.count > 0 ? Self.milliseconds(measurement.compute.percentile(50)) : "–",
      Self.milliseconds(transfers.toDevice), Self.milliseconds(transfers.toHost),
    ]
  }

  private func endToEndTable(_ endToEnd: EndToEndBenchmark.Measurement) -> [String] {
    let summary = endToEnd.summary
    var lines = [
      "Files to boxes: \(Numbers.rate(summary.throughput)) images/s "
        + "(\(Numbers.count(summary.images, "image")) in \(Numbers.duration(summary.seconds)); batch \(summary.batchSize), "
        + "\(Numbers.count(summary.requestCount, "request")), \(Numbers.count(endToEnd.workers, "worker")))"
    ]
    if summary.failures > 0 { lines.append("\(Numbers.count(summary.failures, "image")) failed.") }
    if let share = shareOfEngine {
      lines.append(
        "That is \(Numbers.fixed(share * 100, share < 0.1 ? 1 : 0)) % of the engine alone with the same batch and requests."
      )
    }
    let rows =
      [["stage", "ms an image", "of all stages"]]
      + stageShares(endToEnd).map { stage, milliseconds, share in
        [stage.rawValue, Numbers.fixed(milliseconds, 2), "\(Numbers.fixed(share * 100, 1)) %"]
      }
    return lines + Self.aligned(rows, textColumns: 1) + [summary.bottleneck.sentence]
  }

  /// The throughput from files to boxes as a part of the engine's alone, where that was measured with the same setting.
  var shareOfEngine: Double? {
    guard let endToEnd else { return nil }
    let summary = endToEnd.summary
    let same = engines.first {
      $0.identity == summary.engine && $0.measurement.batch == summary.batchSize
        && $0.measurement.requests == summary.requestCount && $0.measurement.throughput > 0
    }
    return same.map { summary.throughput / $0.measurement.throughput }
  }

  /// For each stage that images passed: how long a thread was in it for one image, and its part of the time of all stages
  /// together. Reading the network's share needs care: its threads wait for the engine's.
  func stageShares(
    _ endToEnd: EndToEndBenchmark.Measurement
  ) -> [(stage: Stage, milliseconds: Double, share: Double)] {
    let stages = endToEnd.summary.stages.filter { $0.images > 0 }
    let total = stages.map(\.seconds).reduce(0, +)
    return stages.map { stage in
      (stage.stage, stage.seconds / Double(stage.images) * 1e3, total > 0 ? stage.seconds / total : 0)
    }
  }

  /// Three digits, more for long times: `0.042`, `13.9`, `1,204`.
  static func milliseconds(_ value: Double) -> String {
    Numbers.fixed(value, value < 1 ? 3 : value < 10 ? 2 : value < 1000 ? 1 : 0)
  }

  /// Columns of equal width; the first ones to the left, the others to the right.
  static func aligned(_ rows: [[String]], textColumns: Int) -> [String] {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < textColumns ? cell + padding : padding + cell
      }
      let line = "  " + cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
