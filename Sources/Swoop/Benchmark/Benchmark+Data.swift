internal import Inference

extension Benchmark.Result {
  /// Everything as JSON. Times are milliseconds unless a name says otherwise; histograms are points of rising percentile.
  public var json: String {
    var members: [JSONValue.Member] = [
      .init("swoop", .string(SwoopVersion.current)),
      .init("model", .string(model)),
      .init(
        "machine",
        .object([
          .init("processor", .string(machine.processor)), .init("processors", .integer(machine.processorCount)),
          .init("quota", machine.quota.map(JSONValue.rounded) ?? .null),
          .init("instructions", .array(machine.instructions.map(JSONValue.string))),
          .init("memory_bytes", .integer(machine.memory)), .init("system", .string(machine.system)),
          .init("virtual", .bool(machine.isVirtual)),
        ])),
      .init("warm_up_seconds", .rounded(warmUp)),
      .init("duration_seconds", .rounded(duration)),
      .init("engine_alone", .array(engines.map(Self.json))),
    ]
    if let endToEnd { members.append(.init("files_to_boxes", json(endToEnd))) }
    if let tuning { members.append(.init("tuning", Self.json(tuning))) }
    members.append(.init("notes", .array(notes.map(JSONValue.string))))
    members.append(.init("warnings", .array(warnings.map(JSONValue.string))))
    return JSONValue.object(members).text + "\n"
  }

  private static func json(_ row: Benchmark.EngineRow) -> JSONValue {
    let measurement = row.measurement
    var members: [JSONValue.Member] = [
      .init("runtime", .string(row.identity.runtime)), .init("version", .string(row.identity.version)),
      .init("device", .string(row.identity.device)), .init("precision", .string(row.identity.precision)),
      .init("threads", .integer(row.threads)), .init("batch", .integer(measurement.batch)),
      .init("requests", .integer(measurement.requests)),
      .init("images_per_second", .rounded(measurement.throughput)),
      .init("executions", .rounded(measurement.executions)), .init("seconds", .rounded(measurement.seconds)),
      .init("load_seconds", .rounded(row.loadSeconds)),
      .init("first_execution", .rounded(measurement.firstExecution)),
      .init("latency", json(measurement.latency, isComplete: true)),
      .init("enqueue", json(measurement.enqueue, isComplete: false)),
    ]
    if measurement.compute.count > 0 {
      members.append(.init("compute", json(measurement.compute, isComplete: false)))
    }
    if let transfers = measurement.transfers {
      members.append(
        .init(
          "transfers",
          .object([
            .init("input_bytes", .integer(transfers.inputByteCount)), .init("to_device", .rounded(transfers.toDevice)),
            .init("output_bytes", .integer(transfers.outputByteCount)), .init("to_host", .rounded(transfers.toHost)),
          ])))
    }
    members.append(.init("disturbance", json(measurement.disturbance)))
    return .object(members)
  }

  private static func json(_ histogram: LatencyHistogram, isComplete: Bool) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("count", .integer(histogram.count)), .init("min", .rounded(histogram.shortest)),
      .init("mean", .rounded(histogram.mean)), .init("p50", .rounded(histogram.percentile(50))),
      .init("p90", .rounded(histogram.percentile(90))), .init("p95", .rounded(histogram.percentile(95))),
      .init("p99", .rounded(histogram.percentile(99))), .init("max", .rounded(histogram.longest)),
    ]
    if isComplete {
      members.append(
        .init(
          "percentiles",
          .array(histogram.curve.map { .array([.rounded($0.percentile), .rounded($0.milliseconds)]) })))
    }
    return .object(members)
  }

  private static func json(_ disturbance: Disturbance) -> JSONValue {
    .object([
      .init("other_processes", .rounded(disturbance.others)), .init("steal", .rounded(disturbance.steal)),
      .init("quota_stops", .rounded(disturbance.quota)), .init("heat_events", .integer(disturbance.heatEvents)),
      .init("slowdown", .rounded(disturbance.slowdown)), .init("load_before", .rounded(disturbance.loadBefore)),
    ])
  }

  private func json(_ endToEnd: EndToEndBenchmark.Measurement) -> JSONValue {
    let summary = endToEnd.summary
    let stages = stageShares(endToEnd).map { stage, milliseconds, share in
      JSONValue.object([
        .init("stage", .string(stage.rawValue)), .init("milliseconds_per_image", .rounded(milliseconds)),
        .init("share", .rounded(share)),
      ])
    }
    return .object([
      .init("images_per_second", .rounded(summary.throughput)), .init("images", .integer(summary.images)),
      .init("failures", .integer(summary.failures)), .init("seconds", .rounded(summary.seconds)),
      .init("precision", .string(summary.engine.precision)), .init("batch", .integer(summary.batchSize)),
      .init("requests", .integer(summary.requestCount)), .init("workers", .integer(endToEnd.workers)),
      .init("share_of_engine", shareOfEngine.map(JSONValue.rounded) ?? .null),
      .init("limit", .string(summary.bottleneck.rawValue)), .init("stages", .array(stages)),
      .init("disturbance", Self.json(endToEnd.disturbance)),
    ])
  }

  private static func json(_ tuning: Autotune.Outcome) -> JSONValue {
    .object([
      .init("batch", .integer(tuning.batch)), .init("requests", .integer(tuning.requests)),
      .init("workers", tuning.workers.map(JSONValue.integer) ?? .null),
      .init("images_per_second", .rounded(tuning.throughput)), .init("command", .string(tuning.command)),
      .init(
        "trials",
        .array(
          tuning.trials.map {
            .object([
              .init("batch", .integer($0.batch)), .init("requests", .integer($0.requests)),
              .init("workers", .integer($0.workers)), .init("images_per_second", .rounded($0.throughput)),
            ])
          })),
    ])
  }

  /// The engine's settings as CSV with a header line, a setting a line.
  public var csv: String {
    var lines = [
      "runtime,version,device,precision,threads,batch,requests,images_per_second,latency_p50_ms,latency_p90_ms,"
        + "latency_p95_ms,latency_p99_ms,latency_max_ms,enqueue_p50_ms,first_execution_ms,load_s,executions,seconds,"
        + "compute_p50_ms,to_device_ms,to_host_ms"
    ]
    for row in engines {
      let measurement = row.measurement
      let latency = measurement.latency
      let numbers = [
        measurement.throughput, latency.percentile(50), latency.percentile(90), latency.percentile(95),
        latency.percentile(99), latency.longest, measurement.enqueue.percentile(50), measurement.firstExecution,
        row.loadSeconds, measurement.executions, measurement.seconds,
      ]
      let words = [row.identity.runtime, row.identity.version, row.identity.device, row.identity.precision]
      // Empty for engines of the host.
      let device = [
        measurement.compute.count > 0 ? measurement.compute.percentile(50) : nil, measurement.transfers?.toDevice,
        measurement.transfers?.toHost,
      ]
      lines.append(
        (words.map(Self.field) + ["\(row.threads)", "\(measurement.batch)", "\(measurement.requests)"]
          + numbers.map { JSONValue.rounded($0).text }
          + device.map { $0.map { JSONValue.rounded($0).text } ?? "" }).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func field(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

extension JSONValue {
  /// A measured number to six significant digits, which is more than any measurement has.
  static func rounded(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    guard value != 0 else { return 0 }
    var scale = 1.0
    while abs(value) * scale < 100_000, scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    var text = rounded.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    return .number(text)
  }
}
