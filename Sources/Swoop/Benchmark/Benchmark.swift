internal import Detection
internal import Glibc
public import Inference
internal import Tensors

/// Measures a model on this machine: the engine alone, in one or many settings, and from files to boxes.
public struct Benchmark: Sendable {
  public var modelPath: String
  public var options: EngineOptions
  public var sweep = BenchmarkSweep()
  public var warmUp = 1.0
  public var duration = 5.0
  /// The input's size where the model leaves it open; `nil` is the exporter's.
  public var size: InputSize?
  /// Images for the end-to-end part; none leaves it out.
  public var sources: [String] = []
  public var configuration = DetectorConfiguration()
  public var workers = 0

  public init(modelPath: String, options: EngineOptions = EngineOptions()) {
    self.modelPath = modelPath
    self.options = options
  }

  /// One setting of the engine alone.
  public struct EngineRow: Sendable {
    public var identity: EngineIdentity
    /// Threads that were asked for; 0 for as many as fit.
    public var threads: Int
    /// Seconds that loading the model took; nothing is taken from the cache of compiled models unless it is on.
    public var loadSeconds: Double
    public var measurement: EngineBenchmark.Measurement

    package init(
      identity: EngineIdentity, threads: Int, loadSeconds: Double, measurement: EngineBenchmark.Measurement
    ) {
      self.identity = identity
      self.threads = threads
      self.loadSeconds = loadSeconds
      self.measurement = measurement
    }
  }

  /// Everything that was measured.
  public struct Result: Sendable {
    public var model: String
    public var machine: MachineDescription
    public var duration: Double
    public var warmUp: Double
    public var engines: [EngineRow] = []
    public var endToEnd: EndToEndBenchmark.Measurement?
    /// What was found to be the best setting.
    public var tuning: Autotune.Outcome?

    package init(model: String, machine: MachineDescription, duration: Double, warmUp: Double) {
      self.model = model
      self.machine = machine
      self.duration = duration
      self.warmUp = warmUp
    }

    /// What a user should know of how the model was loaded and run: a runtime that was passed over, a batch that was
    /// halved, what is left to the processor.
    public package(set) var notes: [String] = []

    /// Adds notes that are new, and tells them.
    mutating func add(_ texts: [String], _ note: (String) -> Void) {
      for text in texts where !notes.contains(text) {
        notes.append(text)
        note("note: \(text)")
      }
    }

    /// What disturbed any of it, by the worst of each kind.
    public var warnings: [String] {
      let all = engines.map(\.measurement.disturbance) + (endToEnd.map { [$0.disturbance] } ?? [])
      return all.reduce(Disturbance()) { $0.worst(of: $1) }.warnings
    }

    /// The setting of the engine with the most images a second.
    public var best: EngineRow? {
      engines.max { $0.measurement.throughput < $1.measurement.throughput }
    }
  }

  /// Measures the engine in every setting of the sweep, then the sources, if there are any.
  ///
  /// - Parameter note: told what is done next, a line at a time.
  public func run(note: @escaping (String) -> Void = { _ in }) throws -> Result {
    var result = emptyResult()
    // The end-to-end part runs with the first setting's engine: the options as they were given, unless they are swept.
    var first: (loaded: Loaded, options: EngineOptions)?
    let precisions: [PrecisionChoice?] = sweep.precisions.isEmpty ? [options.precision] : sweep.precisions
    let threads = sweep.threads.isEmpty ? [options.threads] : sweep.threads
    for precision in precisions {
      for threadCount in threads {
        var options = options
        options.precision = precision
        options.threads = threadCount
        let loaded = try load(options, note)
        if first == nil { first = (loaded, options) }
        result.add(loaded.notes, note)
        for (batch, requests) in try settings(of: loaded.engine) {
          note("measuring \(loaded.engine.identity.precision), batch \(batch), \(Numbers.count(requests, "request"))")
          let measurement = try measure(loaded.engine, batch: batch, requests: requests)
          result.engines.append(
            EngineRow(
              identity: loaded.engine.identity, threads: threadCount, loadSeconds: loaded.seconds,
              measurement: measurement))
        }
      }
    }
    if !sources.isEmpty, let first {
      note("measuring from files to boxes")
      let measurement = try measureEndToEnd(try detector(first.loaded), options: first.options)
      result.endToEnd = measurement
      result.add(measurement.notices, note)
    }
    return result
  }

  /// Looks for the best setting; see ``Autotune``.
  public func tune(note: @escaping (String) -> Void = { _ in }) throws -> Result {
    var result = emptyResult()
    try Autotune(benchmark: self).run(into: &result, note: note)
    return result
  }

  func emptyResult() -> Result {
    Result(
      model: FilePath.lastComponent(of: modelPath), machine: .current, duration: duration, warmUp: warmUp)
  }

  struct Loaded {
    /// The model on each device.
    var engines: [any Engine]
    var digest: String
    var seconds: Double
    /// What a user should know of how it was loaded.
    var notes: [String]

    var engine: any Engine { engines[0] }
  }

  func load(_ options: EngineOptions, _ note: @escaping (String) -> Void) throws -> Loaded {
    let digest = try FileDigest.sha256(ofFile: modelPath)
    let start = now(CLOCK_MONOTONIC)
    var loader = EngineLoader(
      modelPath, digest: digest, options: options, configuration: configuration,
      onNotice: { note("note: \($0)") })
    let engines = try loader.load()
    return Loaded(
      engines: engines, digest: digest, seconds: Double(now(CLOCK_MONOTONIC) &- start) / 1e9, notes: loader.notes)
  }

  /// The detector over an engine that is loaded already.
  func detector(_ loaded: Loaded) throws -> Detector {
    try Detector(
      engines: loaded.engines, modelName: FilePath.lastComponent(of: modelPath), modelDigest: loaded.digest,
      configuration: configuration, notes: loaded.notes)
  }

  /// The combinations of batch and requests to measure.
  func settings(of engine: any Engine) throws(SwoopError) -> [(batch: Int, requests: Int)] {
    let chosenBatch: Int
    let fixed = Self.fixedBatch(of: engine)
    switch options.batch {
    case .exactly(let batch): chosenBatch = batch
    case .auto: chosenBatch = max(1, engine.preferredBatchSize)
    }
    let batches = sweep.batches.isEmpty ? [chosenBatch] : sweep.batches
    if let fixed, let other = batches.first(where: { $0 != fixed }) {
      throw SwoopError(
        .usage,
        "A batch of \(other) was asked for, but the model has a fixed one: \(fixed). Export it with a dynamic batch to vary it."
      )
    }
    let chosenRequests: Int
    switch (options.execution, options.requests) {
    case (.synchronous, _): chosenRequests = 1
    case (_, .exactly(let requests)): chosenRequests = requests
    case (_, .auto): chosenRequests = max(1, engine.preferredContextCount)
    }
    let requests = sweep.requests.isEmpty ? [chosenRequests] : sweep.requests
    return batches.flatMap { batch in requests.map { (batch, $0) } }
  }

  static func fixedBatch(of engine: any Engine) -> Int? {
    engine.inputs.first.flatMap { $0.shape.rank > 0 ? $0.shape[0].length : nil }
  }

  func measure(
    _ engine: any Engine, batch: Int, requests: Int, warmUp: Double? = nil, duration: Double? = nil
  ) throws -> EngineBenchmark.Measurement {
    var benchmark = EngineBenchmark(engine: engine, batch: batch, requests: requests)
    benchmark.warmUp = warmUp ?? self.warmUp
    benchmark.duration = duration ?? self.duration
    benchmark.size = inputSize(of: engine)
    return try benchmark.run()
  }

  func measureEndToEnd(
    _ detector: Detector, options: EngineOptions, duration: Double? = nil
  ) throws -> EndToEndBenchmark.Measurement {
    var benchmark = EndToEndBenchmark(detector: detector, sources: sources, options: options)
    benchmark.workers = workers
    benchmark.duration = duration ?? self.duration
    return try benchmark.run()
  }

  /// The size for open sides: the one given, the exporter's, or 640.
  private func inputSize(of engine: any Engine) -> InputSize {
    if let size { return size }
    let exported = ModelMetadata(engine.metadata).inputSize
    return exported.map { InputSize(height: $0.height, width: $0.width) } ?? InputSize(height: 640, width: 640)
  }
}
