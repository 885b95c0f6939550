import Inference
import Swoop
import Synchronization
import Tensors
import Testing

@Suite("Measuring an engine alone")
struct EngineBenchmarkTests {
  @Test("Every context runs its batch, and all executions are counted")
  func counts() throws {
    let engine = CountingEngine(shape: [.dynamic(name: "batch"), 3, .dynamic(name: nil), .dynamic(name: nil)])
    var benchmark = EngineBenchmark(
      engine: engine, batch: 4, requests: 3, size: InputSize(height: 32, width: 64))
    benchmark.warmUp = 0.01
    benchmark.duration = 0.05
    let measurement = try benchmark.run()
    #expect(engine.shapes.withLock { $0 } == [[4, 3, 32, 64], [4, 3, 32, 64], [4, 3, 32, 64]])
    #expect(measurement.latency.count >= 9 && measurement.enqueue.count == measurement.latency.count)
    // Those at the two ends count for a part only.
    #expect(abs(measurement.executions - Double(measurement.latency.count)) <= 6)
    #expect(measurement.seconds >= 0.05)
    #expect(measurement.throughput == measurement.executions * 4 / measurement.seconds)
    #expect(engine.executions.load(ordering: .relaxed) >= measurement.latency.count)
    #expect(measurement.latency.percentile(50) >= measurement.enqueue.percentile(50))
  }

  @Test("A failing execution ends the measurement with its error")
  func failure() throws {
    let engine = CountingEngine(shape: [.dynamic(name: "batch"), 8], failsAfter: 20)
    var benchmark = EngineBenchmark(engine: engine, batch: 1, requests: 2)
    benchmark.warmUp = 0
    benchmark.duration = 60
    let error = #expect(throws: InferenceError.self) { try benchmark.run() }
    #expect(error?.message == "out of order")
  }

  @Test("A fixed batch takes no other")
  func fixedBatch() throws {
    let engine = CountingEngine(shape: [4, 3, 8, 8])
    #expect(try EngineBenchmark(engine: engine, batch: 4, requests: 1).inputShapes() == ["images": [4, 3, 8, 8]])
    let error = #expect(throws: SwoopError.self) { try EngineBenchmark(engine: engine, batch: 8, requests: 1).run() }
    #expect(error?.message.contains("fixed one: 4") == true)
  }

  @Test(
    "Numbers that make no sense are refused",
    arguments: [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, -.infinity)] as [(Int, Int, Double)])
  func nonsense(batch: Int, requests: Int, duration: Double) {
    var benchmark = EngineBenchmark(engine: CountingEngine(shape: [1]), batch: batch, requests: requests)
    benchmark.duration = duration
    #expect(throws: SwoopError.self) { try benchmark.run() }
  }

  @Test(
    "An execution counts for its part inside the window",
    arguments: [
      (0, 10, 0), (95, 105, 0.5), (100, 110, 1), (190, 210, 0.5), (50, 250, 0.5), (200, 210, 0), (150, 150, 0),
    ] as [(UInt64, UInt64, Double)])
  func share(start: UInt64, end: UInt64, expected: Double) {
    #expect(EngineStream.share(start: start, end: end, window: (100, 200)) == expected)
  }

  @Test("In a steady state the parts sum up to what fits the window, however long an execution is")
  func steadyState() {
    for length in [UInt64(1), 7, 30, 99, 100, 101, 350] {
      let sum = stride(from: UInt64(0), to: 2000, by: Int(length)).reduce(0.0) {
        $0 + EngineStream.share(start: $1, end: $1 + length, window: (1000, 1100))
      }
      #expect(abs(sum - 100 / Double(length)) < 1e-9)
    }
  }
}

/// An engine that computes nothing and counts everything.
final class CountingEngine: Engine {
  let identity = EngineIdentity(runtime: "none", version: "1", device: "CPU", precision: "fp32")
  let inputs: [TensorDescriptor]
  let outputs: [TensorDescriptor] = []
  let metadata: [String: String] = [:]
  let preferredContextCount = 1
  let preferredBatchSize = 1
  let executions = Atomic(0)
  let shapes = Mutex<[[Int]]>([])
  let failsAfter: Int

  init(shape: TensorShape, failsAfter: Int = .max) {
    inputs = [TensorDescriptor(name: "images", shape: shape, elementType: .float32)]
    self.failsAfter = failsAfter
  }

  func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext {
    shapes.withLock { $0.append(maximumInputShapes["images"] ?? []) }
    return CountingContext(self)
  }
}

// @unchecked: the memory is made once and never looked at.
private final class CountingContext: ExecutionContext, @unchecked Sendable {
  private let engine: CountingEngine
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)

  init(_ engine: CountingEngine) { self.engine = engine }

  deinit { memory.deallocate() }

  func setInputShape(_ shape: [Int], named name: String) throws {}
  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer { memory }

  func execute() throws {
    try enqueue()
    try synchronize()
  }

  func enqueue() throws {
    let number = engine.executions.wrappingAdd(1, ordering: .relaxed).newValue
    if number > engine.failsAfter { throw InferenceError(.executionFailed, "out of order") }
  }

  func synchronize() throws {}

  func output(named name: String) throws -> TensorView { throw InferenceError(.tensorMismatch, "there are none") }
}
