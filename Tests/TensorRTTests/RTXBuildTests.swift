import Logging
import Synchronization
import TensorRT
import Tensors
import Testing

/// Building with the real TensorRT for RTX, which needs no GPU for it.
@Suite(.enabled(if: RTXLibrary.library != nil, RTXLibrary.missing), .serialized)
struct RTXBuildTests {
  let library: TensorRTLibrary

  init() throws {
    library = try #require(RTXLibrary.library)
    library.logger = RTXLibrary.quiet
  }

  @Test("the library says what it is")
  func identity() {
    #expect(library.version.product == .rtx)
    #expect(library.version.major == 1)
    #expect(library.version.minor >= 5)
    #expect(library.kind == .rtx)
    #expect(library.hasBuilder)
  }

  @Test("builder, runtime, network and configuration are made and read back what was set")
  func roundTrips() throws {
    let builder = try Builder(library)
    try builder.setMaximumThreadCount(2)
    let runtime = try Runtime(library)
    try runtime.setMaximumThreadCount(3)
    #expect(runtime.maximumThreadCount == 3)
    #expect(throws: TensorRTError.self) { try runtime.setMaximumThreadCount(0) }
    let configuration = try builder.makeConfiguration()
    try configuration.setLimit(1 << 28, of: .workspace)
    #expect(try configuration.limit(of: .workspace) == 1 << 28)
    for flag in [BuilderFlag.refit, .tf32, .stripPlan] {
      try configuration.set(flag)
      #expect(configuration.isSet(flag))
      try configuration.set(flag, to: false)
      #expect(!configuration.isSet(flag))
    }
    try configuration.setOptimizationLevel(2)
    let profile = try builder.makeOptimizationProfile()
    try profile.setShapes(of: "x", minimum: [1, 3], optimum: [4, 3], maximum: [8, 3])
    #expect(try profile.shape(of: "x", .minimum) == [1, 3])
    #expect(try profile.shape(of: "x", .optimum) == [4, 3])
    #expect(try profile.shape(of: "x", .maximum) == [8, 3])
  }

  @Test("a small model is parsed, described and built with a fixed batch")
  func fixedBuild() throws {
    let plan = try build(TinyModel.scale(batch: .fixed(2)), profile: nil)
    #expect(plan.byteCount > 64)
  }

  @Test("a small model is built with a dynamic batch, named axes kept")
  func dynamicBuild() throws {
    let builder = try Builder(library)
    let network = try builder.makeNetwork()
    let model = TinyModel.scale(batch: .dynamic)
    try model.withUnsafeBytes { try network.parse(onnx: $0) }
    #expect(
      network.inputs == [
        TensorDescriptor(name: "images", shape: [.dynamic(name: "batch"), 3, 4, 4], elementType: .float32)
      ])
    #expect(network.outputs.map(\.name) == ["output"])
    #expect(network.layerCount >= 1)
    let plan = try build(model, profile: (1, 4, 8))
    #expect(plan.byteCount > 64)
  }

  @Test("the plan's header is judged without a GPU")
  func validity() throws {
    let plan = try build(TinyModel.scale(batch: .fixed(1)), profile: nil)
    let runtime = try Runtime(library)
    let verdict = try #require(plan.withUnsafeBytes { runtime.engineValidity($0) })
    // Without a GPU it cannot be valid; with one it may be.
    #expect(verdict.state == .valid || !verdict.reasons.isEmpty || verdict.state == .invalid)
    let short: [UInt8] = [1, 2, 3]
    #expect(short.withUnsafeBytes { runtime.engineValidity($0) }?.state == .invalid)
  }

  @Test("a plan that cannot be loaded is refused in TensorRT's own words")
  func refusal() throws {
    let runtime = try Runtime(library)
    let junk = [UInt8](repeating: 7, count: 4096)
    let error = #expect(throws: TensorRTError.self) {
      try junk.withUnsafeBytes { _ = try runtime.deserialize($0) }
    }
    #expect(error?.code == .planRefused)
    #expect(error?.lines.isEmpty == false)
    let empty: [UInt8] = []
    #expect(throws: TensorRTError.self) { try empty.withUnsafeBytes { _ = try runtime.deserialize($0) } }
  }

  @Test("a file that is no model is refused")
  func unparsable() throws {
    // The first passes for an empty model, the second is none, the third is cut off.
    for junk in [
      [UInt8]("this is no model".utf8), [UInt8](repeating: 0xff, count: 100), [],
      Array(TinyModel.scale(batch: .fixed(1)).prefix(60)),
    ] {
      let network = try Builder(library).makeNetwork()
      let error = #expect(throws: TensorRTError.self) { try junk.withUnsafeBytes { try network.parse(onnx: $0) } }
      #expect(error?.code == .modelInvalid)
    }
  }

  @Test("an operator that TensorRT does not know is named with its node")
  func unsupportedOperator() throws {
    let network = try Builder(library).makeNetwork()
    let error = #expect(throws: TensorRTError.self) {
      try TinyModel.unknownOperator().withUnsafeBytes { try network.parse(onnx: $0) }
    }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("Frobnicate") == true)
  }

  @Test("a dynamic model without a profile is not built, and TensorRT says why")
  func missingProfile() throws {
    let error = #expect(throws: TensorRTError.self) { _ = try build(TinyModel.scale(batch: .dynamic), profile: nil) }
    #expect(error?.code == .buildFailed)
    #expect(error?.cause.lowercased().contains("profile") == true)
  }

  @Test("a profile out of order is refused before the build")
  func invertedProfile() throws {
    let profile = try Builder(library).makeOptimizationProfile()
    let error = #expect(throws: TensorRTError.self) {
      try profile.setShapes(of: "images", minimum: [8, 3], optimum: [4, 3], maximum: [8, 3])
    }
    #expect(error?.code == .argumentInvalid)
    #expect(error?.message.contains("8") == true)
    #expect(throws: TensorRTError.self) {
      try profile.setShapes(of: "images", minimum: [1], optimum: [4, 3], maximum: [8, 3])
    }
  }

  @Test("options that this product lacks are errors that say who has them")
  func missingOptions() throws {
    let configuration = try Builder(library).makeConfiguration()
    let error = #expect(throws: TensorRTError.self) { try configuration.set(.fp16) }
    #expect(error?.code == .featureUnsupported)
    #expect(error?.message.contains("TensorRT 10") == true)
    #expect(error?.message.contains("convert the model") == true)
    #expect(throws: TensorRTError.self) { try configuration.setOptimizationLevel(9) }
    #expect(throws: TensorRTError.self) { try configuration.setComputeCapabilities([90]) }
  }

  @Test("the progress monitor sees phases, and stops the build")
  func progress() throws {
    let events = Mutex<[BuildProgress]>([])
    _ = try build(TinyModel.scale(batch: .fixed(1)), profile: nil) { event in
      events.withLock { $0.append(event) }
      return true
    }
    let seen = events.withLock { $0 }
    #expect(seen.contains { $0.event == .started && $0.parent == nil })
    #expect(seen.contains { $0.event == .step })
    #expect(seen.filter { $0.event == .started }.count == seen.filter { $0.event == .finished }.count)
    let error = #expect(throws: TensorRTError.self) {
      _ = try build(TinyModel.scale(batch: .fixed(1)), profile: nil) { _ in false }
    }
    #expect(error?.code == .buildCancelled)
  }

  @Test("what TensorRT logs arrives in swift-log with its severity")
  func logging() throws {
    let collector = LogCollector()
    library.logger = collector.logger
    defer { library.logger = RTXLibrary.quiet }
    let network = try Builder(library).makeNetwork()
    let junk = [UInt8]("junk".utf8)
    #expect(throws: TensorRTError.self) { try junk.withUnsafeBytes { try network.parse(onnx: $0) } }
    _ = try build(TinyModel.scale(batch: .fixed(1)), profile: nil)
    let levels = Set(collector.all.map(\.level))
    #expect(levels.contains(.critical) || levels.contains(.error))
    #expect(levels.contains(.info) || levels.contains(.trace))
  }

  @Test("too little memory for a build is an error")
  func memoryTooSmall() throws {
    let builder = try Builder(library)
    let configuration = try builder.makeConfiguration()
    #expect(throws: TensorRTError.self) { try configuration.setLimit(-1, of: .workspace) }
  }

  @Test("a timing cache is taken in and given out")
  func timingCache() throws {
    let builder = try Builder(library)
    let network = try builder.makeNetwork()
    try TinyModel.scale(batch: .fixed(1)).withUnsafeBytes { try network.parse(onnx: $0) }
    let configuration = try builder.makeConfiguration()
    try configuration.setTimingCache(UnsafeRawBufferPointer(start: nil, count: 0))
    _ = try builder.build(network, configuration)
    let cache = try configuration.timingCache()
    #expect(cache != nil)
  }

  @Test(
    "YOLOv8n is built with a dynamic batch", .enabled(if: RTXLibrary.yolo != nil, "the shared fixtures are not here"))
  func yolo() throws {
    let model = try #require(RTXLibrary.yolo)
    let builder = try Builder(library)
    let network = try builder.makeNetwork()
    try model.withUnsafeBytes { try network.parse(onnx: $0) }
    #expect(network.inputs.map(\.name) == ["images"])
    let configuration = try builder.makeConfiguration()
    try configuration.setComputeCapabilities([86, 89])
    let profile = try builder.makeOptimizationProfile()
    try profile.setShapes(
      of: "images", minimum: [1, 3, 640, 640], optimum: [4, 3, 640, 640], maximum: [8, 3, 640, 640])
    try configuration.add(profile)
    let plan = try builder.build(network, configuration)
    #expect(plan.byteCount > 5_000_000)
  }

  private func build(
    _ model: [UInt8], profile bounds: (Int, Int, Int)?, progress: (@Sendable (BuildProgress) -> Bool)? = nil
  ) throws -> Plan {
    let builder = try Builder(library)
    let network = try builder.makeNetwork()
    try model.withUnsafeBytes { try network.parse(onnx: $0) }
    let configuration = try builder.makeConfiguration()
    if let progress { try configuration.setProgressMonitor(progress) }
    if let bounds {
      let profile = try builder.makeOptimizationProfile()
      try profile.setShapes(
        of: "images", minimum: [bounds.0, 3, 4, 4], optimum: [bounds.1, 3, 4, 4], maximum: [bounds.2, 3, 4, 4])
      try configuration.add(profile)
    }
    return try builder.build(network, configuration)
  }
}
