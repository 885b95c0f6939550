import Inference
import ONNXRuntime
import SeededNumbers
import Tensors
import Testing

/// What the ONNX Runtime adapter does beyond the protocol.
@Suite("ONNX Runtime engine", .enabled(if: EngineUnderTest.onnxRuntime != nil, EngineUnderTest.reason))
struct ONNXRuntimeEngineTests {
  private static func engine(
    _ path: String, _ change: (inout ONNXRuntimeOptions) -> Void = { _ in }
  ) throws -> ONNXRuntimeEngine {
    var options = ONNXRuntimeOptions()
    change(&options)
    return try ONNXRuntimeEngine(modelPath: path, options: options, library: EngineUnderTest.onnxRuntime)
  }

  @Test("says why a file cannot be read")
  func unreadable() throws {
    let missing = #expect(throws: InferenceError.self) { _ = try Self.engine("/nonexistent/model.onnx") }
    #expect(missing?.code == .modelUnreadable)
    #expect(missing?.message.contains("No such file") == true)
    let folder = #expect(throws: InferenceError.self) { _ = try Self.engine(Fixtures.folder) }
    #expect(folder?.code == .modelUnreadable)
  }

  @Test("names the operator that ONNX Runtime lacks")
  func unsupportedOperator() throws {
    let error = #expect(throws: InferenceError.self) { _ = try Self.engine(Fixtures.model("unsupported-operator")) }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("com.example:Sharpen") == true, "\(String(describing: error))")
    #expect(error?.cause?.isEmpty == false)
  }

  @Test("says what to do about an OpenVINO model")
  func ir() throws {
    let error = #expect(throws: InferenceError.self) { _ = try Self.engine("\(Fixtures.folder)/v8-ir/v8.xml") }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("--engine openvino") == true)
  }

  @Test("says that a model is newer than the runtime")
  func newerOpset() throws {
    // opset_import { version: 17 } ends the file's fields of one byte each: 10 17 in protobuf's words.
    var bytes = try Fixtures.read(Fixtures.model("v8"))
    let places = bytes.indices.dropLast().filter { bytes[$0] == 0x10 && bytes[$0 + 1] == 17 }
    let place = try #require(places.last)
    bytes[place + 1] = 120
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/newer.onnx"
      try Fixtures.write(bytes, to: path)
      let error = #expect(throws: InferenceError.self) { _ = try Self.engine(path) }
      #expect(error?.code == .modelUnsupported, "\(String(describing: error))")
      #expect(error?.message.contains("lower opset") == true)
    }
  }

  @Test("takes the number of threads and refuses senseless ones")
  func threads() throws {
    let engine = try Self.engine(Fixtures.model("v8")) { $0.threads = 3 }
    #expect(engine.threadCount == 3 && engine.preferredContextCount == 4)
    let latency = try Self.engine(Fixtures.model("v8")) {
      $0.threads = 3
      $0.goal = .latency
    }
    #expect(latency.preferredContextCount == 2)
    for count in [0, -1] {
      let none = #expect(throws: InferenceError.self) {
        _ = try Self.engine(Fixtures.model("v8")) { $0.threads = count }
      }
      #expect(none?.code == .optionUnsupported)
    }
  }

  @Test("says the precision that runs: the model's own")
  func precision() throws {
    #expect(try Self.engine(Fixtures.model("v8")).identity.precision == "fp32")
    #expect(try Self.engine(Fixtures.model("v8")) { $0.precision = .auto }.identity.precision == "fp32")
    // Tensors are float16, and the arithmetic inside is float32.
    #expect(try Self.engine(Fixtures.model("v8-float16")).identity.precision == "fp32")
    for precision in [RequestedPrecision.bf16, .fp16] {
      let error = #expect(throws: InferenceError.self) {
        _ = try Self.engine(Fixtures.model("v8")) { $0.precision = precision }
      }
      #expect(error?.code == .optionUnsupported)
      #expect(error?.message.contains(precision.rawValue) == true && error?.message.contains("fp32") == true)
    }
  }

  @Test("says that a device cannot be had, and what to install")
  func device() throws {
    let providers = try #require(EngineUnderTest.onnxRuntime).availableProviders()
    try #require(!providers.contains("CUDAExecutionProvider"), "this build has CUDA; tested where there is a GPU")
    let error = #expect(throws: InferenceError.self) {
      _ = try Self.engine(Fixtures.model("v8")) { $0.device = .cuda(0) }
    }
    #expect(error?.code == .runtimeUnavailable)
    #expect(error?.description.contains("onnxruntime-gpu") == true)
  }

  @Test("keeps the pixels where the caller wrote them: nothing is copied on the way to ONNX Runtime")
  func inPlace() throws {
    let runner = try Runner(Self.engine(Fixtures.model("v8")), maximumBatch: 1)
    let image = CellImage(seed: 1)
    #expect(try runner.run([image], mode: .synchronous).floats == image.expectedV8())
    var other = image
    other[1, 0, 0] = 64
    let bytes = try runner.context.inputBytes(named: "images")
    other.pixels().withUnsafeBytes { bytes.copyMemory(from: $0) }
    try runner.context.execute()
    #expect(try CopiedOutput(runner.context.output(named: "output0")).floats == other.expectedV8())
  }

  @Test("more executions are started than there are threads, and all end")
  func queue() throws {
    let engine = try Self.engine(Fixtures.model("v8")) { $0.threads = 2 }
    let runners = try (0..<9).map { _ in try Runner(engine, maximumBatch: 2) }
    for round in 0..<5 {
      let images = (0..<9).map { CellImage(seed: UInt64(700 + round * 10 + $0)) }
      for (runner, image) in zip(runners, images) { try runner.start([image]) }
      for (runner, image) in Array(zip(runners, images)).shuffled(seed: UInt64(round)) {
        #expect(try runner.finish().floats == image.expectedV8())
      }
    }
  }

  @Test("damaged models give errors, never a crash", arguments: 0..<4)
  func mutated(part: Int) throws {
    let names = [
      "v8", "v8-dynamic-size", "three-tensors", "end-to-end", "efficient-nms", "data-dependent", "two-inputs",
    ]
    var generator = SplitMix64(seed: UInt64(100 + part))
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/model.onnx"
      for _ in 0..<40 {
        var bytes = try Fixtures.read(Fixtures.model(names.randomElement(using: &generator) ?? "v8"))
        if Int.random(in: 0..<6, using: &generator) == 0 {
          bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        }
        for _ in 0..<[1, 1, 2, 4, 16][Int.random(in: 0..<5, using: &generator)] {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[index] = UInt8.random(in: 0 ... .max, using: &generator)
        }
        try Fixtures.write(bytes, to: path)
        do {
          let engine = try Self.engine(path) { $0.threads = 1 }
          #expect(engine.outputs.count == Set(engine.outputs.map(\.name)).count)
        } catch let error as InferenceError {
          #expect(error.message.contains(path))
        }
      }
    }
  }
}
