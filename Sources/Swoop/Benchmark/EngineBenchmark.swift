internal import Glibc
public import Inference
internal import Synchronization
internal import Tensors

/// Measures an engine alone: executions one after the other in each of several contexts, with nothing around them.
///
/// Inputs are filled with random bytes once and stay as they are, outputs are not read: what is measured is what no
/// program that uses this engine can exceed. On a GPU both stay in the device's memory, and what copying them would take
/// is measured apart.
public struct EngineBenchmark: Sendable {
  public var engine: any Engine
  /// Images an execution; a model with a fixed batch has only its own.
  public var batch: Int
  /// Contexts that execute at the same time, each driven by a thread of its own.
  public var requests: Int
  /// Seconds of executions before any is counted.
  public var warmUp = 1.0
  /// Seconds that are counted.
  public var duration = 5.0
  /// The input's height and width where the model leaves them open.
  public var size: InputSize

  public init(engine: any Engine, batch: Int, requests: Int, size: InputSize = InputSize(height: 640, width: 640)) {
    self.engine = engine
    self.batch = batch
    self.requests = requests
    self.size = size
  }

  /// What was measured.
  public struct Measurement: Sendable {
    public var batch: Int
    public var requests: Int
    /// Seconds that were counted.
    public var seconds: Double
    /// Executions in that time. Those that were under way at its beginning or end count for the part inside.
    public var executions: Double
    /// From the start of an execution to its outputs being readable, of every execution that ended in that time.
    public var latency: LatencyHistogram
    /// Of that, the time until the call that starts it has returned.
    public var enqueue: LatencyHistogram
    /// The network alone by the GPU's own clock; empty for engines of the host.
    public var compute = LatencyHistogram()
    /// What copying the inputs of an execution to the GPU, and its outputs back, takes; `nil` for engines of the host.
    public var transfers: TransferTimes?
    /// The longest of the contexts' first executions, in milliseconds: what loading left to be done.
    public var firstExecution: Double
    public var disturbance: Disturbance

    package init(
      batch: Int, requests: Int, seconds: Double, executions: Double, latency: LatencyHistogram,
      enqueue: LatencyHistogram, firstExecution: Double, disturbance: Disturbance
    ) {
      self.batch = batch
      self.requests = requests
      self.seconds = seconds
      self.executions = executions
      self.latency = latency
      self.enqueue = enqueue
      self.firstExecution = firstExecution
      self.disturbance = disturbance
    }

    /// Images a second: all executions of all contexts, by the time they had.
    public var throughput: Double { seconds > 0 ? executions * Double(batch) / seconds : 0 }
  }

  /// Runs it. Takes ``warmUp`` and ``duration``, and longer where executions are so slow that each context would not have
  /// had three.
  ///
  /// - Throws: ``SwoopError`` with code `usage` for a batch that the model cannot have, `InferenceError` from the engine.
  public func run() throws -> Measurement {
    guard batch > 0, requests > 0, duration > 0, warmUp >= 0 else {
      throw SwoopError(
        .usage,
        "batch \(batch), requests \(requests) and duration \(duration) must be positive, warm-up \(warmUp) not negative."
      )
    }
    let shapes = try inputShapes()
    let shared = EngineStream.Shared()
    // Contexts are made, and have run once, before the clock starts.
    let streams = try (0..<requests).map { index in
      try EngineStream(engine: engine, shapes: shapes, seed: UInt64(index), shared: shared)
    }
    let watch: DisturbanceWatch
    let threads: [WorkerThread]
    shared.start.store(now(CLOCK_MONOTONIC) &+ UInt64(warmUp * 1e9), ordering: .releasing)
    do {
      threads = try streams.map { stream in try WorkerThread("benchmark") { stream.run() } }
    } catch {
      shared.isStopped.store(true, ordering: .releasing)
      throw error
    }
    sleep(seconds: warmUp)
    watch = DisturbanceWatch()
    wait(for: streams, shared)
    let end = now(CLOCK_MONOTONIC)
    shared.end.store(end, ordering: .releasing)
    shared.isStopped.store(true, ordering: .releasing)
    for thread in threads { thread.join() }
    return try gather(streams, shared, end: end, watch)
  }

  private func wait(for streams: [EngineStream], _ shared: EngineStream.Shared) {
    let start = shared.start.load(ordering: .acquiring)
    while true {
      sleep(seconds: 0.01)
      let elapsed = Double(now(CLOCK_MONOTONIC) &- start) / 1e9
      if shared.hasFailed.load(ordering: .acquiring) { return }
      if elapsed >= duration, streams.allSatisfy({ $0.counted.load(ordering: .relaxed) >= 3 }) { return }
    }
  }

  private func gather(
    _ streams: [EngineStream], _ shared: EngineStream.Shared, end: UInt64, _ watch: DisturbanceWatch
  ) throws -> Measurement {
    if let error = streams.lazy.compactMap(\.result.failure).first { throw error }
    let start = shared.start.load(ordering: .acquiring)
    var latency = LatencyHistogram()
    var enqueue = LatencyHistogram()
    var compute = LatencyHistogram()
    var executions = 0.0
    var halves = (first: 0.0, second: 0.0)
    for stream in streams {
      latency.add(stream.result.latency)
      enqueue.add(stream.result.enqueue)
      compute.add(stream.result.compute)
      executions += stream.result.executions
      let slices = stream.result.slices
      halves.first += slices.prefix(slices.count / 2).reduce(0, +)
      halves.second += slices.dropFirst(slices.count - slices.count / 2).reduce(0, +)
    }
    // Too few executions say nothing about a trend.
    let slowdown = halves.first >= 20 ? max(0, 1 - halves.second / halves.first) : 0
    var measurement = Measurement(
      batch: batch, requests: requests, seconds: Double(end &- start) / 1e9, executions: executions, latency: latency,
      enqueue: enqueue, firstExecution: streams.map(\.result.firstExecution).max() ?? 0,
      disturbance: watch.end(slowdown: slowdown))
    measurement.compute = compute
    if let cuda = engine.cuda, let stream = streams.first {
      measurement.transfers = try TransferTimes(
        in: cuda, inputByteCount: stream.inputByteCount, outputByteCount: stream.outputByteCount())
    }
    return measurement
  }

  /// The shape of every input: the batch in front, the given size where an image has open sides.
  package func inputShapes() throws -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for input in engine.inputs {
      var shape: [Int] = []
      for (axis, dimension) in input.shape.dimensions.enumerated() {
        switch (axis, dimension.length) {
        case (0, let fixed?) where fixed != batch && dimension.length != nil && input.shape.rank > 1:
          throw SwoopError(
            .usage, "A batch of \(batch) was asked for, but the input \(input) has a fixed one: \(fixed).")
        case (_, let fixed?): shape.append(fixed)
        case (0, nil): shape.append(batch)
        case (2, nil) where input.shape.rank == 4: shape.append(size.height)
        case (3, nil) where input.shape.rank == 4: shape.append(size.width)
        default:
          throw SwoopError(.usage, "The axis \(axis) of the input \(input) is open, and what it is for is not known.")
        }
      }
      shapes[input.name] = shape
    }
    return shapes
  }

  private func sleep(seconds: Double) {
    guard seconds > 0 else { return }
    var left = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    // A signal ends the sleep early; what is left is slept then.
    while true {
      let asked = left
      if withUnsafePointer(to: asked, { nanosleep($0, &left) }) == 0 || errno != EINTR { return }
    }
  }
}
