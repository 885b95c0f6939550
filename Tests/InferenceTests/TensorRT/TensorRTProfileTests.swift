import FakeRuntimes
import Inference
import TensorRT
import Testing

/// Which optimization profile a context has: before TensorRT 10, each needs one of its own where the engine was not built
/// to share them.
@Suite struct TensorRTProfileTests {
  /// Writes a plan that another program built: no record, no sharing, and a profile for each of the batch bounds.
  private static func foreignEngine(_ fake: FakeDevice, in folder: String, batches: [Int]) throws -> TensorRTEngine {
    let path = "\(folder)/foreign.engine"
    let builder = try Builder(fake.device.library)
    let network = try builder.makeNetwork()
    let model = try Fixtures.read(Fixtures.model("v8"))
    try model.withUnsafeBytes { try network.parse(onnx: $0) }
    let configuration = try builder.makeConfiguration()
    for batch in batches {
      let profile = try builder.makeOptimizationProfile()
      try profile.setShapes(
        of: "images", minimum: [1, 3, 64, 64], optimum: [batch, 3, 64, 64], maximum: [batch, 3, 64, 64])
      try configuration.add(profile)
    }
    try Fixtures.write(builder.build(network, configuration).withUnsafeBytes { Array($0) }, to: path)
    return try TensorRTEngine(path: path, device: fake.device)
  }

  @Test("engines of others give each context a profile of its own before TensorRT 10", arguments: FakeDevice.versions)
  func ownProfiles(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let mustChoose = version < 10_000
    try Fixtures.withTemporaryFolder { folder in
      let engine = try Self.foreignEngine(fake, in: folder, batches: [2, 4])
      #expect(engine.preferredContextCount == 2)
      let images = [CellImage(seed: 1), CellImage(seed: 2)]
      do {
        let first = try Runner(engine, maximumBatch: 2)
        let second = try Runner(engine, maximumBatch: 2)
        // Both at once, in both ways, by name and by index.
        try first.start(images)
        try second.start(images)
        for runner in [first, second] { #expect(try runner.finish().floats == images.flatMap { $0.expectedV8() }) }
        #expect(try second.run(images, mode: .synchronous).floats == images.flatMap { $0.expectedV8() })
        if mustChoose {
          let error = #expect(throws: InferenceError.self) { try Runner(engine, maximumBatch: 2) }
          #expect(error?.code == .optionUnsupported)
          #expect(error?.message.contains("--requests 2") == true)
        } else {
          _ = try Runner(engine, maximumBatch: 2)
        }
      }
      // Profiles come back when their contexts are gone; the one for larger batches is the second.
      let large = try Runner(engine, maximumBatch: 4)
      let four = (0..<4).map { CellImage(seed: UInt64($0)) }
      #expect(try large.run(four, mode: .asynchronous).floats == four.flatMap { $0.expectedV8() })
      _ = try Runner(engine, maximumBatch: 2)
    }
    #expect(fake.tensorRT.violations == "")
    #expect(fake.tensorRT.liveCount == 0)
  }

  @Test("a context that could not be made gives its profile back", arguments: [8601, 9200] as [Int32])
  func failedContext(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    try Fixtures.withTemporaryFolder { folder in
      let engine = try Self.foreignEngine(fake, in: folder, batches: [2])
      #expect(engine.preferredContextCount == 1)
      for method in ["ICudaEngine.createExecutionContext", "IExecutionContext.setInputShape"] {
        fake.tensorRT.fail(method)
        #expect(throws: InferenceError.self) { try Runner(engine, maximumBatch: 2) }
      }
      fake.cuda.fail("cuMemAlloc_v2", code: 2)
      #expect(throws: InferenceError.self) { try Runner(engine, maximumBatch: 2) }
      let image = CellImage(seed: 3)
      #expect(try Runner(engine, maximumBatch: 2).run([image], mode: .asynchronous).floats == image.expectedV8())
    }
  }

  @Test("engines that this package builds share their one profile", arguments: FakeDevice.versions)
  func shared(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    let engine = try fake.engine(Fixtures.model("v8"))
    #expect(engine.preferredContextCount == 2)
    let runners = try (0..<4).map { _ in try Runner(engine, maximumBatch: 2) }
    let image = CellImage(seed: 4)
    for runner in runners { try runner.start([image]) }
    for runner in runners { #expect(try runner.finish().floats == image.expectedV8()) }
  }
}
