import CUDA
import FakeRuntimes
import Inference
import Tensors
import Testing

/// The TensorRT adapter over the fakes: what the conformance suite does not ask of every engine.
@Suite struct TensorRTEngineTests {
  @Test("the four ways of execution give the model's results", arguments: FakeDevice.versions, ExecutionMode.allCases)
  func fourWays(version: Int32, mode: ExecutionMode) throws {
    let fake = try FakeDevice(version: version)
    for (model, batches) in [("v8", [8, 3, 1, 5]), ("v8-batch4", [4, 4])] {
      let engine = try fake.engine(Fixtures.model(model))
      let runner = try Runner(engine, maximumBatch: batches[0])
      for batch in batches {
        let images = (0..<batch).map { CellImage(seed: UInt64(batch * 10 + $0)) }
        let output = try runner.run(images, mode: mode)
        #expect(output.shape == [batch, 7, 128])
        #expect(output.floats == images.flatMap { $0.expectedV8() })
      }
    }
    #expect(fake.tensorRT.callCount("IExecutionContext.enqueueV3") == (mode == .asynchronous ? 6 : 0))
    #expect(fake.tensorRT.callCount("IExecutionContext.executeV2") == (mode == .synchronous ? 6 : 0))
    #expect(fake.tensorRT.violations == "")
    #expect(fake.cuda.violations == "")
  }

  @Test("everything is freed, and in order", arguments: FakeDevice.versions)
  func lifetimes(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    do {
      let engine = try fake.engine(Fixtures.model("v8"))
      let runners = try (0..<3).map { _ in try Runner(engine, maximumBatch: 2) }
      for runner in runners { try runner.start([CellImage(seed: 1)]) }
      // One goes away while it runs.
      _ = try runners[0].finish()
      _ = try runners[2].finish()
    }
    #expect(fake.tensorRT.liveCount == 0)
    #expect(fake.tensorRT.violations == "")
    #expect(fake.cuda.violations == "")
    for kind in ["device", "pinned", "stream", "event"] { #expect(fake.cuda.liveCount(kind) == 0, "\(kind)") }
  }

  @Test(
    "a batch below a fixed one is filled up and its results cut", arguments: FakeDevice.versions, ExecutionMode.allCases
  )
  func fixedTail(version: Int32, mode: ExecutionMode) throws {
    let fake = try FakeDevice(version: version)
    let runner = try Runner(fake.engine(Fixtures.model("v8-batch4")), maximumBatch: 4)
    for batch in [4, 1, 3, 4, 2] {
      let images = (0..<batch).map { CellImage(seed: UInt64(700 + batch * 10 + $0)) }
      let output = try runner.run(images, mode: mode)
      #expect(output.shape == [batch, 7, 128])
      #expect(output.floats == images.flatMap { $0.expectedV8() })
    }
  }

  @Test("a batch below the profile's minimum is filled up", arguments: FakeDevice.versions)
  func belowMinimum(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let engine = try fake.engine(Fixtures.model("v8"), options: FakeDevice.options(batch: "4:4:8"))
    #expect(engine.preferredBatchSize == 4)
    let runner = try Runner(engine, maximumBatch: 6)
    for batch in [6, 2, 4] {
      let images = (0..<batch).map { CellImage(seed: UInt64(800 + batch * 10 + $0)) }
      #expect(try runner.run(images, mode: .asynchronous).floats == images.flatMap { $0.expectedV8() })
    }
    let error = #expect(throws: InferenceError.self) {
      try runner.context.setInputShape([9, 3, 64, 64], named: "images")
    }
    #expect(error?.message.contains("[4, 3, 64, 64] to [8, 3, 64, 64]") == true)
  }

  @Test("inputs and outputs can stay on the device", arguments: FakeDevice.versions)
  func onDevice(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let engine = try fake.engine(Fixtures.model("v8"))
    let context = try engine.makeDeviceContext(maximumInputShapes: ["images": [2, 3, 64, 64]])
    let images = [CellImage(seed: 21), CellImage(seed: 22)]
    try context.setInputShape([2, 3, 64, 64], named: "images")
    let pixels = images.flatMap { $0.pixels() }
    try pixels.withUnsafeBytes { try context.stream.copy($0, to: context.inputAddress(named: "images")) }
    try context.enqueueOnDevice()
    let (address, shape) = try context.outputOnDevice(named: "output0")
    #expect(shape == [2, 7, 128])
    let host = try PinnedMemory(byteCount: 2 * 7 * 128 * 4, in: fake.device.cuda)
    try context.stream.copy(address, to: host.bytes)
    try context.synchronize()
    #expect(Array(host.bytes.bindMemory(to: Float.self)) == images.flatMap { $0.expectedV8() })
    // Nothing was copied to the host, so there is nothing to read there.
    #expect(throws: InferenceError.self) { _ = try context.output(named: "output0") }
  }

  @Test("the identity names library, device and precision")
  func identity() throws {
    let fake = try FakeDevice(version: 101_600, index: 1)
    let identity = try fake.engine(Fixtures.model("v8")).identity
    #expect(
      identity
        == EngineIdentity(runtime: "tensorrt", version: "10.16.0", device: "cuda:1 (Fake GPU 1)", precision: "fp32"))
    var options = try FakeDevice.options()
    options.precision = .fp16
    #expect(try fake.engine(Fixtures.model("v8"), options: options).identity.precision == "fp16")
  }

  @Test(
    "precisions that a version does not have are errors that say what to do", arguments: [110_400, 10701] as [Int32])
  func precisions(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    var options = try FakeDevice.options()
    for precision in [TensorRTBuildOptions.Precision.fp16, .bf16, .int8] {
      options.precision = precision
      let error = #expect(throws: InferenceError.self) { try fake.engine(Fixtures.model("v8"), options: options) }
      #expect(error?.code == .optionUnsupported)
      #expect(error?.message.contains("convert the model") == true)
    }
    options.precision = .auto
    #expect(try fake.engine(Fixtures.model("v8"), options: options).identity.precision == "fp32")
  }

  @Test("too little device memory halves the batch and says so")
  func halving() throws {
    let fake = try FakeDevice(version: 101_600)
    let engine = try fake.engine(Fixtures.model("v8"))
    // One image is 48 KiB of input and 3.5 KiB of output: room for two, not for four.
    fake.cuda.setMemory(150 << 10)
    var told: [(Int, Int)] = []
    let (context, batch) = try engine.makeContext(halvingBatchOf: ["images": [8, 3, 64, 64]]) { tried, next, error in
      told.append((tried, next))
      #expect(error.code == .outOfMemory)
      #expect(error.message.contains("smaller batch"))
    }
    #expect(batch == 2)
    #expect(told.map(\.0) == [8, 4] && told.map(\.1) == [4, 2])
    try context.fill("images", (0..<2).flatMap { CellImage(seed: UInt64($0)).pixels() })
    try context.execute()
    fake.cuda.setMemory(1 << 10)
    #expect(throws: InferenceError.self) {
      _ = try engine.makeContext(halvingBatchOf: ["images": [8, 3, 64, 64]]) { _, _, _ in }
    }
  }

  @Test("the slot check passes sound engines and refuses others with the numbers", arguments: FakeDevice.versions)
  func slotCheck(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let engine = try fake.engine(Fixtures.model("v8"))
    let shapes = ["images": [4, 3, 64, 64]]
    try SlotCheck().check(engine, batch: 4, shapes: shapes)
    fake.tensorRT.setBleeding(true)
    let error = #expect(throws: InferenceError.self) { try SlotCheck().check(engine, batch: 4, shapes: shapes) }
    #expect(error?.code == .modelInvalid)
    #expect(error?.message.contains("output0") == true)
    #expect(error?.message.contains("--slot-check off") == true)
    // A batch of one has no neighbours.
    try SlotCheck().check(engine, batch: 1, shapes: ["images": [1, 3, 64, 64]])
  }

  @Test(
    "the slot check knows the element types of inputs and outputs",
    arguments: [
      "v8-float16", "v8-uint8", "v8-int8", "three-tensors", "efficient-nms", "end-to-end", "two-inputs", "v8-batch4",
    ])
  func slotCheckTypes(model: String) throws {
    let fake = try FakeDevice(version: 101_600)
    let engine = try fake.engine(Fixtures.model(model))
    var shapes: [String: [Int]] = [:]
    for input in engine.inputs { shapes[input.name] = [4] + input.shape.dimensions.dropFirst().map { $0.length ?? 64 } }
    try SlotCheck().check(engine, batch: 4, shapes: shapes)
  }

  @Test(
    "every failing call of TensorRT and CUDA is thrown, and nothing is left behind",
    arguments: [8601, 101_600, 10701] as [Int32])
  func failures(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let calls = [
      "cuMemAlloc_v2", "cuMemHostAlloc", "cuStreamCreate", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2",
      "cuStreamSynchronize", "cuCtxPushCurrent_v2",
    ]
    func scenario() throws {
      let runner = try Runner(fake.engine(Fixtures.model("v8")), maximumBatch: 2)
      for mode in ExecutionMode.allCases { _ = try runner.run([CellImage(seed: 4)], mode: mode) }
    }
    for name in calls + fake.tensorRT.fallible {
      let isCUDA = name.hasPrefix("cu")
      fake.cuda.reset()
      fake.tensorRT.reset()
      try scenario()
      let count = isCUDA ? fake.cuda.callCount(name) : fake.tensorRT.callCount(name)
      // The first calls are all different; later ones repeat them.
      for call in 1...max(1, min(count, 12)) where count > 0 {
        fake.cuda.reset()
        fake.tensorRT.reset()
        if isCUDA { fake.cuda.fail(name, call: call, code: 2) } else { fake.tensorRT.fail(name, call: call) }
        do {
          try scenario()
          // Failing frees have nobody to tell but the next call, which here may be the last.
          #expect(name == "cuCtxPushCurrent_v2", "\(name) \(call)")
        } catch {
          #expect(error is InferenceError, "\(name) \(call): \(error)")
        }
        #expect(fake.tensorRT.liveCount == 0 || name == "cuCtxPushCurrent_v2", "\(name) \(call)")
        if name != "cuCtxPushCurrent_v2" {
          #expect(fake.tensorRT.violations == "", "\(name) \(call)")
          #expect(fake.cuda.violations == "", "\(name) \(call)")
        }
      }
    }
  }

  @Test("a broken device is told as such, again and again, and never hangs")
  func sticky() throws {
    let fake = try FakeDevice(version: 101_600)
    let runner = try Runner(fake.engine(Fixtures.model("v8")), maximumBatch: 2)
    try runner.start([CellImage(seed: 1)])
    fake.cuda.fail("cuStreamSynchronize", code: 700)
    let error = #expect(throws: InferenceError.self) { _ = try runner.finish() }
    #expect(error?.message.contains("context is broken") == true)
    #expect(error?.cause?.contains("CUDA_ERROR_ILLEGAL_ADDRESS") == true)
    #expect(throws: InferenceError.self) { _ = try runner.run([CellImage(seed: 1)], mode: .synchronous) }
  }

  @Test("a device that breaks within TensorRT is told as lost, with TensorRT's words", arguments: FakeDevice.versions)
  func lostDevice(version: Int32) throws {
    for mode in ExecutionMode.allCases {
      let fake = try FakeDevice(version: version)
      let runner = try Runner(fake.engine(Fixtures.model("v8")), maximumBatch: 2)
      // The first copy to the host is TensorRT's own.
      fake.cuda.fail("cuMemcpyDtoHAsync_v2", code: 700)
      let error = #expect(throws: InferenceError.self) { _ = try runner.run([CellImage(seed: 1)], mode: mode) }
      #expect(error?.code == .deviceLost)
      #expect(error?.message.contains("context is broken") == true)
      #expect(error?.cause?.contains("CUDA_ERROR_ILLEGAL_ADDRESS") == true)
      #expect(error?.cause?.contains("a copy of the input images failed") == true)
      // Every further attempt says the same.
      let again = #expect(throws: InferenceError.self) { _ = try runner.run([CellImage(seed: 1)], mode: mode) }
      #expect(again?.code == .deviceLost)
    }
  }

  @Test(
    "engines give what OpenVINO gives on the same model",
    .enabled(if: EngineUnderTest.openVINO != nil, "OpenVINO is not here"),
    arguments: ["v8", "v5", "three-tensors", "three-tensors-cxcywh", "v8-uint8"])
  func likeOpenVINO(model: String) throws {
    let path = Fixtures.model(model)
    let other = try OpenVINOEngine(modelPath: path, library: EngineUnderTest.openVINO)
    let fakes = try FakeDevice.versions.map { try FakeDevice(version: $0).engine(path) }
    let images = (0..<3).map { CellImage(seed: UInt64(60 + $0)) }
    func outputs(_ engine: any Engine) throws -> [String: [Float]] {
      let context = try engine.makeContext(maximumInputShapes: ["images": [3, 3, 64, 64]])
      if engine.inputs[0].elementType == .uint8 {
        try context.fill("images", images.flatMap { $0.pixels() }.map { UInt8($0 > 0.5 ? 255 : 0) })
      } else {
        try context.fill("images", images.flatMap { $0.pixels() })
      }
      try context.execute()
      var result: [String: [Float]] = [:]
      for output in engine.outputs {
        let copy = try CopiedOutput(context.output(named: output.name))
        result[output.name] =
          switch copy.elementType {
          case .int32: copy.elements(Int32.self).map { Float($0) }
          case .int64: copy.elements(Int64.self).map { Float($0) }
          default: copy.floats
          }
      }
      return result
    }
    let expected = try outputs(other)
    for engine in fakes {
      #expect(try outputs(engine) == expected, "\(engine.identity)")
      #expect(engine.outputs.map(\.name) == other.outputs.map(\.name))
    }
  }
}
