import FakeOpenVINOLibrary
import Inference
import OpenVINO
import Tensors
import Testing

/// The adapter over a library that fails on demand.
@Suite("OpenVINO engine over the fake")
struct OpenVINOFailureTests {
  // The fake has a model of its own; the file only has to be one that can be read.
  private static let model = Fixtures.model("ambiguous-square")

  private static func engine(
    _ fake: FakeOpenVINO, _ change: (inout OpenVINOOptions) -> Void = { _ in }
  ) throws -> OpenVINOEngine {
    var options = OpenVINOOptions()
    change(&options)
    return try OpenVINOEngine(modelPath: model, options: options, library: fake.open())
  }

  /// Loads twice, the second time from the cache, and runs both ways.
  private static func everything(_ library: OpenVINOLibrary, folder: String) throws -> [Float] {
    var sums: [Float] = []
    for _ in 0..<2 {
      var options = OpenVINOOptions()
      options.cacheFolder = folder
      let engine = try OpenVINOEngine(modelPath: model, options: options, library: library)
      let context = try engine.makeContext(maximumInputShapes: ["images": [3, 2, 4]])
      for (batch, mode) in [(1, ExecutionMode.synchronous), (3, .asynchronous)] {
        try context.setInputShape([batch, 2, 4], named: "images")
        try context.fill("images", (0..<8 * batch).map(Float.init))
        try context.run(mode)
        let output = try CopiedOutput(context.output(named: "output0"))
        guard output.shape == [batch], output.elementType == .float32 else { throw Fixtures.Failure("output") }
        sums += output.floats
      }
    }
    return sums
  }

  private static let sums: [Float] = [28, 28, 92, 156, 28, 28, 92, 156]

  @Test("describes what the library says")
  func description() throws {
    let fake = try FakeOpenVINO()
    let engine = try Self.engine(fake)
    #expect(engine.identity.device == "CPU (Fake processor)")
    #expect(engine.identity.version == "2099.1.0-fake")
    #expect(engine.inputs.map(\.description) == ["images (?, 2, 4) float32"])
    #expect(engine.outputs.map(\.description) == ["output0 (?) float32"])
    #expect(engine.threadCount == 1)
    #expect(engine.preferredContextCount == 3)
  }

  @Test(
    "turns a failure of any call into an inference error, leaks nothing, and works afterwards", arguments: [-1, -17])
  func everyFailure(status: Int) throws {
    let fake = try FakeOpenVINO()
    let library = try fake.open()
    let total = try Fixtures.withTemporaryFolder { (folder) throws in
      fake.fail(call: nil)
      #expect(try Self.everything(library, folder: folder) == Self.sums)
      return fake.callCount
    }
    #expect(total > 50)
    for n in 1...total {
      try Fixtures.withTemporaryFolder { (folder) throws in
        fake.fail(call: n, status: status)
        do {
          // What a failure may leave unhurt: names, counts that are only for advice, and the cache.
          #expect(try Self.everything(library, folder: folder) == Self.sums)
        } catch let error as InferenceError {
          #expect(!error.message.isEmpty)
          if let call = fake.failedCall { #expect(error.cause?.contains(call) ?? (error.code == .optionUnsupported)) }
        }
        #expect(fake.liveCount == 0, "after \(fake.failedCall ?? "nothing") failed")
        #expect(fake.misuse == nil)
        fake.fail(call: nil)
        #expect(try Self.everything(library, folder: folder) == Self.sums)
      }
    }
  }

  @Test("a context whose execution failed runs again")
  func recovery() throws {
    let fake = try FakeOpenVINO()
    let context = try Self.engine(fake).makeContext(maximumInputShapes: ["images": [1, 2, 4]])
    for mode in ExecutionMode.allCases {
      try context.fill("images", [Float](repeating: 1, count: 8))
      // The calls of an execution: for the first set the tensor, then run, or start and wait.
      for n in 1...3 {
        fake.fail(call: n)
        do { try context.run(mode) } catch let error as InferenceError {
          #expect(error.code == .executionFailed || error.code == .tensorMismatch)
          #expect(throws: InferenceError.self) { _ = try context.output(named: "output0") }
        }
        fake.fail(call: nil)
        try context.run(mode)
        #expect(try CopiedOutput(context.output(named: "output0")).floats == [8])
      }
    }
    #expect(fake.misuse == nil)
  }

  @Test(
    "says so when another precision runs than was asked for",
    arguments: [
      (RequestedPrecision.fp32, "bf16"), (.bf16, "f32"), (.fp16, "f32"),
    ])
  func precision(asked: RequestedPrecision, runs: String) throws {
    let fake = try FakeOpenVINO()
    fake.usePrecision(runs)
    let error = #expect(throws: InferenceError.self) { _ = try Self.engine(fake) { $0.precision = asked } }
    #expect(error?.code == .optionUnsupported)
    #expect(error?.message.contains("\(asked.rawValue) was asked for") == true)
    #expect(error?.message.contains("natively in FP32") == true)
    #expect(try Self.engine(fake) { $0.precision = .auto }.identity.precision == (runs == "f32" ? "fp32" : runs))
    #expect(fake.liveCount == 0 && fake.misuse == nil)
  }

  @Test("names the devices there are")
  func devices() throws {
    let fake = try FakeOpenVINO()
    let error = #expect(throws: InferenceError.self) { _ = try Self.engine(fake) { $0.device = "GPU" } }
    #expect(error?.message.contains("CPU, FAKE.1") == true)
  }

  @Test("input memory outlives the context while an execution runs")
  func letGo() throws {
    let fake = try FakeOpenVINO()
    var context: (any ExecutionContext)? = try Self.engine(fake).makeContext(
      maximumInputShapes: ["images": [64, 2, 4]])
    try context?.enqueue()
    context = nil
    #expect(fake.liveCount == 0 && fake.misuse == nil)
  }
}
