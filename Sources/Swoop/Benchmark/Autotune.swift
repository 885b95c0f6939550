internal import Inference

/// Looks for the setting with the most images a second: batch, requests and, from files to boxes, workers.
///
/// First the engine alone, over a grid of batches and requests, briefly each. With sources, the best few of those then
/// run from files to boxes, with several numbers of workers: what is best for the engine alone can starve the decoders.
public struct Autotune: Sendable {
  let benchmark: Benchmark

  package init(benchmark: Benchmark) { self.benchmark = benchmark }

  /// What was found.
  public struct Outcome: Sendable, Hashable {
    public var batch: Int
    public var requests: Int
    /// `nil` where there were no sources to try it with.
    public var workers: Int?
    /// Images a second with it: from files to boxes where there were sources, of the engine alone otherwise.
    public var throughput: Double
    /// Every setting that was tried from files to boxes.
    public var trials: [Trial] = []
    /// The command line to use.
    public var command = ""

    package init(batch: Int, requests: Int, workers: Int? = nil, throughput: Double) {
      self.batch = batch
      self.requests = requests
      self.workers = workers
      self.throughput = throughput
    }
  }

  /// One setting that was tried.
  public struct Trial: Sendable, Hashable {
    public var batch: Int
    public var requests: Int
    public var workers: Int
    public var throughput: Double

    package init(batch: Int, requests: Int, workers: Int, throughput: Double) {
      self.batch = batch
      self.requests = requests
      self.workers = workers
      self.throughput = throughput
    }
  }

  /// Settings within this part of the best are as good; the smallest of them is taken, for its memory and latency.
  package static let margin = 0.03

  func run(into result: inout Benchmark.Result, note: @escaping (String) -> Void) throws {
    let loaded = try benchmark.load(benchmark.options, note)
    let engine = loaded.engine
    result.add(loaded.notes, note)
    let share = max(0.5, benchmark.duration / 4)
    let (batches, requests) = Self.grid(
      fixedBatch: Benchmark.fixedBatch(of: engine), preferredBatch: engine.preferredBatchSize,
      preferredRequests: engine.preferredContextCount, processors: UsableProcessors.count,
      isSynchronous: benchmark.options.execution == .synchronous)
    var refusal: InferenceError?
    for batch in batches {
      for count in requests {
        note("trying batch \(batch), \(Numbers.count(count, "request"))")
        do {
          let measurement = try benchmark.measure(
            engine, batch: batch, requests: count, warmUp: min(benchmark.warmUp, share / 2), duration: share)
          result.engines.append(
            Benchmark.EngineRow(
              identity: engine.identity, threads: benchmark.options.threads, loadSeconds: loaded.seconds,
              measurement: measurement))
        } catch let error as InferenceError where [.tensorMismatch, .outOfMemory].contains(error.code) {
          // An engine is built for a range of batches, and memory has an end: the rest of the grid stands.
          note("leaving out batch \(batch): \(error)")
          refusal = refusal ?? error
          break
        }
      }
    }
    if let refusal, result.engines.isEmpty { throw refusal }
    let trials = result.engines.map {
      Trial(
        batch: $0.measurement.batch, requests: $0.measurement.requests, workers: 0,
        throughput: $0.measurement.throughput)
    }
    guard let best = Self.choose(trials) else { return }
    var outcome = Outcome(batch: best.batch, requests: best.requests, throughput: best.throughput)
    if !benchmark.sources.isEmpty {
      try tuneEndToEnd(&outcome, trials, loaded, into: &result, share: share, note: note)
    }
    outcome.command = command(outcome)
    result.tuning = outcome
  }

  private func tuneEndToEnd(
    _ outcome: inout Outcome, _ engineTrials: [Trial], _ loaded: Benchmark.Loaded, into result: inout Benchmark.Result,
    share: Double,
    note: (String) -> Void
  ) throws {
    let detector = try benchmark.detector(loaded)
    var trials: [Trial] = []
    func attempt(batch: Int, requests: Int, workers: Int) throws {
      guard !trials.contains(where: { ($0.batch, $0.requests, $0.workers) == (batch, requests, workers) }) else {
        return
      }
      note(
        "trying files to boxes: batch \(batch), \(Numbers.count(requests, "request")), \(Numbers.count(workers, "worker"))"
      )
      var candidate = benchmark
      candidate.options.batch = .exactly(batch)
      if candidate.options.execution == .asynchronous { candidate.options.requests = .exactly(requests) }
      candidate.workers = workers
      let measurement = try candidate.measureEndToEnd(
        detector, options: candidate.options, duration: share * 2)
      trials.append(
        Trial(batch: batch, requests: requests, workers: workers, throughput: measurement.summary.throughput))
      result.add(measurement.notices, note)
    }
    // Workers first, with the engine's best setting; then the engine's next best settings with those workers.
    for workers in Self.workerCounts(processors: UsableProcessors.count) {
      try attempt(batch: outcome.batch, requests: outcome.requests, workers: workers)
    }
    guard let first = Self.choose(trials) else { return }
    for other in engineTrials.sorted(by: { $0.throughput > $1.throughput }).prefix(3) {
      try attempt(batch: other.batch, requests: other.requests, workers: first.workers)
    }
    guard let best = Self.choose(trials) else { return }
    outcome.batch = best.batch
    outcome.requests = best.requests
    outcome.workers = best.workers
    outcome.throughput = best.throughput
    outcome.trials = trials
    var chosen = benchmark
    chosen.options.batch = .exactly(best.batch)
    if chosen.options.execution == .asynchronous { chosen.options.requests = .exactly(best.requests) }
    chosen.workers = best.workers
    note("measuring the best from files to boxes")
    let measurement = try chosen.measureEndToEnd(detector, options: chosen.options)
    result.endToEnd = measurement
    result.add(measurement.notices, note)
  }

  /// The batches and requests to try.
  package static func grid(
    fixedBatch: Int?, preferredBatch: Int, preferredRequests: Int, processors: Int, isSynchronous: Bool
  ) -> (batches: [Int], requests: [Int]) {
    let batches = fixedBatch.map { [$0] } ?? Set([1, 2, 4, 8, 16, max(1, preferredBatch)]).sorted()
    let requests =
      isSynchronous ? [1] : Set([1, 2, max(1, processors), processors + 1, max(1, preferredRequests)]).sorted()
    return (batches, requests)
  }

  package static func workerCounts(processors: Int) -> [Int] {
    Set([1, max(1, processors / 2), max(1, processors), processors + 1, processors * 2]).sorted()
  }

  /// The best trial, or the smallest of those that are about as good.
  package static func choose(_ trials: [Trial]) -> Trial? {
    guard let most = trials.map(\.throughput).max() else { return nil }
    return trials.filter { $0.throughput >= most * (1 - margin) }.min { left, right in
      (left.batch * left.requests, left.workers, right.throughput)
        < (right.batch * right.requests, right.workers, left.throughput)
    }
  }

  /// The `swoop detect` that runs with what was found.
  package func command(_ outcome: Outcome) -> String {
    let options = benchmark.options
    var words = ["swoop", "detect"]
    words += benchmark.sources.isEmpty ? ["SOURCE"] : benchmark.sources.map(Self.quoted)
    words += ["--model", Self.quoted(benchmark.modelPath)]
    if options.runtime != .auto { words += ["--engine", options.runtime.rawValue] }
    if let precision = options.precision { words += ["--precision", precision.rawValue] }
    if options.threads > 0 { words += ["--threads", "\(options.threads)"] }
    words += ["--batch", "\(outcome.batch)"]
    if options.execution == .synchronous {
      words += ["--execution", "synchronous"]
    } else {
      words += ["--requests", "\(outcome.requests)"]
    }
    if let workers = outcome.workers { words += ["--workers", "\(workers)"] }
    return words.joined(separator: " ")
  }

  /// A word as a shell reads it back.
  package static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-+=:@%,".utf8.contains(byte)
    }
    return plain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
