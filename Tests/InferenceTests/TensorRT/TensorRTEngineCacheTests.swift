import FakeRuntimes
import Glibc
import Inference
import TensorRT
import Tensors
import Testing

/// The cache of engines that were built from models.
@Suite struct TensorRTEngineCacheTests {
  @Test("an engine is built once and loaded afterwards, with the model's axes and metadata")
  func builtOnce() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let (first, built) = try fake.cached(folder)
      let (second, loaded) = try fake.cached(folder)
      guard case .built(let path) = built else { Issue.record("\(built)"); return }
      #expect(loaded == .loaded(path))
      #expect(fake.tensorRT.callCount("IBuilder.buildSerializedNetwork") == 1)
      for engine in [first, second] {
        #expect(engine.inputs.map(\.description) == ["images (batch, 3, 64, 64) float32"])
        #expect(engine.metadata["stride"] == "8")
        #expect(engine.identity.precision == "fp32")
        let image = CellImage(seed: 2)
        #expect(try Runner(engine, maximumBatch: 2).run([image], mode: .asynchronous).floats == image.expectedV8())
      }
    }
  }

  @Test("another model, precision, profile, GPU or TensorRT is another entry")
  func keys() throws {
    try Fixtures.withTemporaryFolder { folder in
      var paths = Set<String>()
      func add(
        _ version: Int32, device: Int = 0, digest: String = "1",
        change: (inout TensorRTBuildOptions) throws -> Void = { _ in }
      ) throws {
        let fake = try FakeDevice(version: version, index: device)
        var options = try FakeDevice.options()
        try change(&options)
        let (_, outcome) = try fake.cached(folder, digest: digest, options: options)
        guard case .built(let path) = outcome else { Issue.record("\(outcome)"); return }
        paths.insert(path)
      }
      try add(101_600)
      try add(101_500)
      try add(101_600, device: 1)
      try add(101_600, digest: "2")
      try add(101_600) { $0.precision = .fp16 }
      try add(101_600) { $0.batch = try TensorRTBuildOptions.Range(2) }
      try add(101_600) { $0.optimizationLevel = 1 }
      #expect(paths.count == 7)
    }
  }

  @Test("damaged, cut off, foreign and empty entries are built anew and never loaded")
  func damaged() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      guard case .built(let path) = try fake.cached(folder).1 else { Issue.record("not built"); return }
      let bytes = try Fixtures.read(path)
      var flipped = bytes
      flipped[bytes.count - 100] ^= 4
      for wrong in [
        [], Array(bytes.prefix(3)), Array(bytes.prefix(bytes.count - 1)), flipped, Array("nonsense".utf8),
        Array(bytes.dropFirst(2)),
      ] {
        try Fixtures.write(wrong, to: path)
        #expect(try fake.cached(folder).1 == .built(path))
        #expect(try Fixtures.read(path).count == bytes.count)
        #expect(try fake.cached(folder).1 == .loaded(path))
      }
    }
  }

  @Test("builders of one engine wait for one another")
  func concurrent() async throws {
    let fake = try FakeDevice(version: 101_600)
    var template = Array("/tmp/swoop-cache-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer { _ = system("rm -r '\(folder)'") }
    let outcomes = try await withThrowingTaskGroup(of: TensorRTEngineCache.Outcome.self) { group in
      for _ in 0..<6 { group.addTask { try fake.cached(folder).1 } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let built = outcomes.filter { if case .built = $0 { true } else { false } }
    #expect(built.count == 1)
    #expect(fake.tensorRT.callCount("IBuilder.buildSerializedNetwork") == 1)
  }

  @Test("waiting for another builder can be stopped, and ends when it is done")
  func waiting() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      guard case .built(let path) = try fake.cached(folder).1 else { Issue.record("not built"); return }
      // As another process that builds: no entry yet, and the lock is taken.
      unlink(path)
      let lock = open(String(path.dropLast("engine".count)) + "lock", O_RDWR)
      defer { close(lock) }
      #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
      func cached(_ progress: @escaping @Sendable (Bool) -> Bool) throws -> TensorRTEngineCache.Outcome {
        try TensorRTEngineCache(folder: folder).engine(
          for: .init(path: Fixtures.model("v8"), digest: "1"), on: fake.device, options: FakeDevice.options(),
          progress: { progress($0.phase.hasPrefix("Waiting")) }
        ).outcome
      }
      let error = #expect(throws: InferenceError.self) { try cached { isWaiting in !isWaiting } }
      #expect(error?.message.contains("was stopped") == true)
      #expect(access(path, F_OK) != 0)
      let outcome = try cached { isWaiting in
        if isWaiting { flock(lock, LOCK_UN) }
        return true
      }
      #expect(outcome == .built(path))
    }
  }

  @Test("a folder that cannot be written still gives an engine, and says why it was not kept")
  func readOnly() throws {
    let fake = try FakeDevice(version: 101_600)
    let (engine, outcome) = try fake.cached("/proc/swoop-no-such-folder")
    guard case .notKept(let reason) = outcome else { Issue.record("\(outcome)"); return }
    #expect(reason.contains("/proc/swoop-no-such-folder"))
    let image = CellImage(seed: 2)
    #expect(try Runner(engine, maximumBatch: 1).run([image], mode: .synchronous).floats == image.expectedV8())
  }

  @Test("a build can be stopped, and leaves no entry")
  func stopped() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let error = #expect(throws: InferenceError.self) {
        _ = try TensorRTEngineCache(folder: folder).engine(
          for: .init(path: Fixtures.model("v8"), digest: "1"), on: fake.device, options: FakeDevice.options(),
          progress: { _ in false })
      }
      #expect(error?.message.contains("stopped") == true)
      guard case .built = try fake.cached(folder).1 else { Issue.record("something was kept"); return }
    }
  }

  @Test("models without metadata need a size where they leave it open")
  func missingSize() throws {
    let fake = try FakeDevice(version: 101_600)
    let build = try TensorRTBuild(library: fake.device.library, device: fake.device)
    // The fixture's metadata says 64x64.
    let result = try build.build(
      .init(path: Fixtures.model("v8-dynamic-size"), digest: "1"), options: TensorRTBuildOptions())
    #expect(result.record.inputs.first?.maximum == [32, 3, 64, 64])
    let error = #expect(throws: InferenceError.self) {
      try build.build(.init(path: Fixtures.model("unsupported-operator"), digest: "1"), options: TensorRTBuildOptions())
    }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("Sharpen") == true)
  }

  @Test("what a model fixes otherwise is refused where it was asked for, and counts for nothing where it was not")
  func fixedAxes() throws {
    let fake = try FakeDevice(version: 101_600)
    let build = try TensorRTBuild(library: fake.device.library, device: fake.device)
    func inputs(_ batch: Int, size: Int? = nil, binding: Set<TensorRTBuildOptions.Shape>) throws -> [Int]? {
      var options = try TensorRTBuildOptions()
      options.batch = try TensorRTBuildOptions.Range(batch)
      options.height = try size.map { try TensorRTBuildOptions.Range($0) }
      options.width = options.height
      options.binding = binding
      return try build.build(.init(path: Fixtures.model("v8-batch4"), digest: "1"), options: options).record.inputs
        .first?
        .maximum
    }
    #expect(try inputs(8, size: 96, binding: []) == [4, 3, 64, 64])
    #expect(try inputs(4, size: 64, binding: [.batch, .size]) == [4, 3, 64, 64])
    let batch = #expect(throws: InferenceError.self) { try inputs(8, binding: [.batch]) }
    #expect(batch?.code == .optionUnsupported)
    #expect(batch?.message.contains("--batch 8 was asked for, but the model fixes axis 0") == true)
    let size = #expect(throws: InferenceError.self) { try inputs(4, size: 96, binding: [.size]) }
    #expect(size?.message.contains("--size 96 was asked for, but the model fixes axis 2") == true)
  }

  @Test("a timing cache that cannot be kept costs a note, not the engine")
  func timingCache() throws {
    let fake = try FakeDevice(version: 101_600)
    let build = try TensorRTBuild(library: fake.device.library, device: fake.device)
    var options = try TensorRTBuildOptions()
    try Fixtures.withTemporaryFolder { folder in
      let source = TensorRTBuild.Source(path: Fixtures.model("v8"), digest: "1")
      options.timingCache = "\(folder)/missing/timing.cache"
      let notes = try build.build(source, options: options).notes
      #expect(notes.contains { $0.hasPrefix("The timing cache was not kept") && $0.contains("missing") })
      // One of another GPU is replaced, and that is said too.
      let path = "\(folder)/timing.cache"
      try Fixtures.write("of another GPU".utf8, to: path)
      options.timingCache = path
      #expect(try build.build(source, options: options).notes.contains { $0.contains("was not taken") })
      let first = try Fixtures.read(path)
      #expect(try build.build(source, options: options).notes.isEmpty)
      #expect(try Fixtures.read(path).count > first.count)
      #expect(try build.build(source, options: options).record.settings.contains(.init("timing-cache", path)))
    }
  }

  @Test("ranges are read and checked", arguments: [("8", "8"), ("1:32:64", "1:32:64"), ("4:4:4", "4")])
  func ranges(text: String, description: String) {
    #expect(TensorRTBuildOptions.Range(text)?.description == description)
  }

  @Test(
    "ranges that are none are refused",
    arguments: ["", "0", "-1", "4:2:8", "1:2", "1:2:3:4", "a", "1::3", "8:8:4", "99999999999999999999"])
  func badRanges(text: String) {
    #expect(TensorRTBuildOptions.Range(text) == nil)
  }
}

extension FakeDevice {
  fileprivate func cached(_ folder: String, digest: String = "1", options: TensorRTBuildOptions? = nil) throws -> (
    TensorRTEngine, TensorRTEngineCache.Outcome
  ) {
    let result = try TensorRTEngineCache(folder: folder).engine(
      for: .init(path: Fixtures.model("v8"), digest: digest), on: device, options: options ?? Self.options())
    return (result.engine, result.outcome)
  }
}
