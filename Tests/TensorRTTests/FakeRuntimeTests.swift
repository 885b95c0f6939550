import CUDA
import FakeRuntimes
import Foundation
import Synchronization
import TensorRT
import Tensors
import Testing

/// The whole API over the fake TensorRT, in every layout.
@Suite struct FakeRuntimeTests {
  @Test("an engine is built, loaded, described and run in both ways", arguments: FakeStack.versions)
  func wholeWay(version: Int32) throws {
    let stack = try FakeStack(version: version)
    do {
      let engine = try stack.engine(TinyModel.scale(batch: .dynamic), bounds: (1, 2, 4))
      #expect(engine.tensors.map(\.name) == ["images", "output"])
      #expect(engine.tensor(named: "images")?.mode == .input)
      #expect(engine.tensor(named: "images")?.shape == [-1, 3, 4, 4])
      #expect(
        engine.tensor(named: "output")?.descriptor
          == TensorDescriptor(name: "output", shape: [.dynamic(name: nil), 3, 4, 4], elementType: .float32))
      #expect(engine.tensor(named: "images")?.format == .linear)
      #expect(engine.tensor(named: "images")?.byteCount(shape: [2, 3, 4, 4]) == 384)
      #expect(engine.optimizationProfileCount == 1)
      #expect(try engine.profileShape(of: "images", profile: 0, .minimum) == [1, 3, 4, 4])
      #expect(try engine.profileShape(of: "images", profile: 0, .optimum) == [2, 3, 4, 4])
      #expect(try engine.profileShape(of: "images", profile: 0, .maximum) == [4, 3, 4, 4])
      #expect(throws: TensorRTError.self) { try engine.profileShape(of: "images", profile: 1, .maximum) }
      #expect(throws: TensorRTError.self) { try engine.profileShape(of: "no such", profile: 0, .maximum) }
      #expect(engine.layerCount == 2)
      #expect(engine.deviceMemoryByteCount == 4096)
      #expect(!engine.isRefittable)
      #expect(try engine.information().contains("Layers"))
      #expect(try engine.information(layer: 0, format: .oneLine) == "the_Mul")
      #expect(throws: TensorRTError.self) { try engine.information(layer: 2) }

      let context = try engine.makeContext()
      #expect(try context.inferShapes() == ["images"])
      #expect(!context.hasAllInputShapes)
      try context.setInputShape([3, 3, 4, 4], for: "images")
      #expect(try context.inferShapes().isEmpty)
      #expect(try context.shape(of: "output") == [3, 3, 4, 4])
      #expect(context.maximumOutputByteCount(of: "output") == 576)
      let asynchronous = try run(context, stack, batch: 3, synchronous: false)
      let synchronous = try run(context, stack, batch: 3, synchronous: true)
      #expect(asynchronous == Self.expected(3))
      #expect(synchronous == Self.expected(3))

      let error = #expect(throws: TensorRTError.self) { try context.setInputShape([5, 3, 4, 4], for: "images") }
      #expect(error?.message.contains("[1, 3, 4, 4] to [4, 3, 4, 4]") == true)
      #expect(throws: TensorRTError.self) { try context.setInputShape([1, 3, 4, 4], for: "picture") }
      #expect(throws: TensorRTError.self) { try context.setInputShape([Int](repeating: 1, count: 9), for: "images") }
    }
    #expect(stack.fake.liveCount == 0)
    #expect(stack.fake.violations == "")
    #expect(stack.cuda.violations == "")
  }

  @Test("bindings by index, with enqueueV2 where it exists", arguments: FakeStack.versions)
  func bindings(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let engine = try stack.engine(TinyModel.scale(batch: .fixed(2)))
    let context = try engine.makeContext()
    let isOld = version < 10000
    // The fake's TensorRT 8 and 9 put outputs before inputs.
    #expect(context.bindingNames() == (isOld ? ["output", "images"] : ["images", "output"]))
    let buffers = try Buffers(stack, batch: 2)
    let addresses = context.bindingNames().map { $0 == "images" ? buffers.input.pointer : buffers.output.pointer }
    if isOld {
      let stream = try CUDAStream(in: stack.context)
      try stack.context.withCurrent { try context.enqueue(bindings: addresses, on: stream.handle) }
      #expect(try buffers.read(stream) == Self.expected(2))
    } else {
      let error = #expect(throws: TensorRTError.self) { try context.enqueue(bindings: addresses, on: nil) }
      #expect(error?.code == .featureUnsupported)
      #expect(error?.message.contains("TensorRT 8") == true)
    }
  }

  @Test("the device memory of contexts can be shared", arguments: FakeStack.versions)
  func sharedMemory(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let engine = try stack.engine(TinyModel.scale(batch: .fixed(1)))
    let contexts = [try engine.makeContext(memory: .userManaged), try engine.makeContext(memory: .userManaged)]
    let need = contexts.map { $0.requiredDeviceMemory() }.max() ?? 0
    let memory = try DeviceMemory(byteCount: need, in: stack.context)
    for context in contexts {
      try context.setInputShape([1, 3, 4, 4], for: "images")
      context.setDeviceMemory(try #require(memory.pointer), byteCount: memory.byteCount)
      #expect(try run(context, stack, batch: 1, synchronous: false) == Self.expected(1))
    }
    if version >= 10000 {
      _ = try engine.makeContext(memory: .onProfileChange)
    } else {
      #expect(throws: TensorRTError.self) { try engine.makeContext(memory: .onProfileChange) }
    }
  }

  @Test("outputs of unknown size are allocated when they are known", arguments: FakeStack.versions)
  func outputAllocator(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let engine = try stack.engine(try FakeStack.fixture("data-dependent"), bounds: (1, 1, 2), rest: [3, 64, 64])
    let context = try engine.makeContext()
    try context.setInputShape([1, 3, 64, 64], for: "images")
    #expect(try context.shape(of: "output") == [-1, 7])
    #expect(context.maximumOutputByteCount(of: "output") == nil)
    let allocator = GrowingOutput(stack.context)
    try context.setOutputAllocator(allocator, for: "output")
    #expect(throws: TensorRTError.self) { try context.setOutputAllocator(allocator, for: "images") }
    let stream = try CUDAStream(in: stack.context)
    let pixels = try PinnedMemory(byteCount: 3 * 64 * 64 * 4, in: stack.context)
    let input = try DeviceMemory(byteCount: pixels.bytes.count, in: stack.context)
    // One red cell: the first 8x8 pixels of the first channel.
    let values = pixels.bytes.bindMemory(to: Float.self)
    for index in values.indices { values[index] = index < 8 * 64 && index % 64 < 8 ? 1 : 0 }
    try stream.copy(UnsafeRawBufferPointer(pixels.bytes), to: input.address)
    try stack.context.withCurrent {
      try context.setAddress(try #require(input.pointer), for: "images")
      try context.enqueue(on: stream.handle)
    }
    let (shape, memory) = try #require(allocator.result)
    #expect(shape == [1, 7])
    let result = try PinnedMemory(byteCount: 28, in: stack.context)
    try stream.copy(memory.address, to: result.bytes)
    try stream.synchronize()
    #expect(Array(result.bytes.bindMemory(to: Float.self)) == [0, 0, 0, 8, 8, 0, 1])
    try context.setOutputAllocator(nil, for: "output")
  }

  @Test("layers are timed by a profiler", arguments: FakeStack.versions)
  func profiler(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let engine = try stack.engine(TinyModel.scale(batch: .fixed(1)))
    let context = try engine.makeContext()
    let times = Mutex<[String: Float]>([:])
    context.setProfiler { layer, milliseconds in times.withLock { $0[layer] = milliseconds } }
    _ = try run(context, stack, batch: 1, synchronous: false)
    #expect(times.withLock { $0 } == ["the_Mul": 0.25, "the_Sigmoid": 0.25])
    context.setProfiler(nil)
  }

  @Test("weights are refitted, by name and from a model", arguments: FakeStack.versions)
  func refit(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let plain = try stack.engine(TinyModel.scale(batch: .fixed(1)))
    #expect(throws: TensorRTError.self) { try Refitter(plain) }
    let engine = try stack.engine(TinyModel.scale(batch: .fixed(1))) { try $0.set(.refit) }
    do {
      let refitter = try Refitter(engine)
      #expect(refitter.allWeights() == ["two"])
      #expect(refitter.missingWeights().isEmpty)
      var zero: Float = 0
      try withUnsafeBytes(of: &zero) { try refitter.setWeights("two", $0, elementType: .float32) }
      #expect(throws: TensorRTError.self) {
        try withUnsafeBytes(of: &zero) { try refitter.setWeights("three", $0, elementType: .float32) }
      }
      try refitter.refit()
    }
    let context = try engine.makeContext()
    #expect(try run(context, stack, batch: 1, synchronous: false) == [Float](repeating: 0.5, count: 48))
    let again = try Refitter(engine)
    let model = TinyModel.scale(batch: .fixed(1))
    if version < 10000 {
      let error = #expect(throws: TensorRTError.self) { try model.withUnsafeBytes { try again.setWeights(onnx: $0) } }
      #expect(error?.code == .featureUnsupported)
    } else {
      try model.withUnsafeBytes { try again.setWeights(onnx: $0) }
      try again.refit()
      #expect(try run(context, stack, batch: 1, synchronous: false) == Self.expected(1))
    }
    #expect(stack.fake.violations == "")
  }

  @Test("an engine serialises to a plan that loads again", arguments: FakeStack.versions)
  func serialise(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let engine = try stack.engine(TinyModel.scale(batch: .dynamic), bounds: (1, 1, 2))
    let plan = try engine.serialize()
    let again = try plan.withUnsafeBytes { try Runtime(stack.library).deserialize($0) }
    #expect(again.tensors == engine.tensors)
    if version == 8503 || version == 8601 {
      #expect(throws: TensorRTError.self) { try engine.serialize(excludingWeights: true) }
    } else {
      _ = try engine.serialize(excludingWeights: true)
    }
  }

  @Test("plans of another version and damaged ones are refused in the library's words", arguments: FakeStack.versions)
  func refusedPlans(version: Int32) throws {
    let stack = try FakeStack(version: version)
    let other = try FakeStack(version: version == 101_600 ? 110_000 : 101_600)
    let foreign = try other.build(TinyModel.scale(batch: .fixed(1)))
    let runtime = try Runtime(stack.library)
    let error = #expect(throws: TensorRTError.self) { try foreign.withUnsafeBytes { try runtime.deserialize($0) } }
    #expect(error?.code == .planRefused)
    #expect(error?.cause.contains("please rebuild") == true)
    var damaged = try stack.build(TinyModel.scale(batch: .fixed(1))).withUnsafeBytes { [UInt8]($0) }
    damaged[damaged.count - 1] ^= 1
    #expect(throws: TensorRTError.self) { try damaged.withUnsafeBytes { try runtime.deserialize($0) } }
  }

  @Test("every failing call is thrown, nothing leaks and nothing is used after its end", arguments: FakeStack.versions)
  func failures(version: Int32) throws {
    let stack = try FakeStack(version: version)
    for method in stack.fake.fallible {
      stack.fake.reset()
      stack.cuda.reset()
      try scenario(stack)
      guard stack.fake.callCount(method) > 0 else { continue }
      #expect(stack.fake.liveCount == 0, "\(method)")
      stack.fake.reset()
      stack.fake.fail(method)
      let error = #expect(throws: TensorRTError.self, "\(method)") { try scenario(stack) }
      #expect(
        error?.cause.contains("a failure that a test asked for") == true, "\(method): \(error?.description ?? "")")
      #expect(stack.fake.liveCount == 0, "\(method)")
      #expect(stack.fake.violations == "", "\(method)")
    }
  }

  @Test("what TensorRT for RTX has of its own", arguments: [10500, 10701] as [Int32])
  func rtx(version: Int32) throws {
    let stack = try FakeStack(version: version)
    do {
      let engine = try stack.engine(TinyModel.scale(batch: .fixed(1))) { try $0.setComputeCapabilities([86, 120]) }
      let configuration = try engine.makeRuntimeConfiguration()
      try configuration.setCUDAGraphs(true)
      try configuration.setKernelSpecialization(.eager)
      try configuration.setMemory(.static)
      let cache = try configuration.makeRuntimeCache()
      let bytes = try cache.serialize()
      try bytes.withUnsafeBytes { try cache.deserialize($0) }
      #expect(throws: TensorRTError.self) {
        try [UInt8](repeating: 0, count: 20).withUnsafeBytes { try cache.deserialize($0) }
      }
      try configuration.setRuntimeCache(cache)
      let context = try engine.makeContext(configuration)
      #expect(try run(context, stack, batch: 1, synchronous: false) == Self.expected(1))
    }
    #expect(stack.fake.liveCount == 0)
    #expect(stack.fake.violations == "")
  }

  @Test("runtime configurations are refused where they do not exist")
  func noRuntimeConfiguration() throws {
    let stack = try FakeStack(version: 100_000)
    let engine = try stack.engine(TinyModel.scale(batch: .fixed(1)))
    let error = #expect(throws: TensorRTError.self) { try engine.makeRuntimeConfiguration() }
    #expect(error?.code == .featureUnsupported)
    #expect(error?.message.contains("10.11") == true)
  }

  // MARK: Help

  private func scenario(_ stack: FakeStack) throws {
    let engine = try stack.engine(TinyModel.scale(batch: .dynamic), bounds: (1, 1, 2)) { configuration in
      try configuration.setTimingCache(UnsafeRawBufferPointer(start: nil, count: 0))
      try configuration.set(.refit)
    }
    _ = try engine.information()
    _ = try engine.serialize()
    let context = try engine.makeContext()
    try context.setOptimizationProfile(0, on: nil)
    try context.setInputShape([1, 3, 4, 4], for: "images")
    _ = try run(context, stack, batch: 1, synchronous: false)
    _ = try run(context, stack, batch: 1, synchronous: true)
    try context.setOutputAllocator(nil, for: "output")
    let refitter = try Refitter(engine)
    var two: Float = 2
    try withUnsafeBytes(of: &two) { try refitter.setWeights("two", $0, elementType: .float32) }
    try refitter.refit()
  }

  private func run(_ context: ExecutionContext, _ stack: FakeStack, batch: Int, synchronous: Bool) throws -> [Float] {
    let buffers = try Buffers(stack, batch: batch)
    let stream = try CUDAStream(in: stack.context)
    try stack.context.withCurrent {
      if synchronous {
        try context.execute(
          bindings: context.bindingNames().map { $0 == "images" ? buffers.input.pointer : buffers.output.pointer })
      } else {
        try context.setAddress(try #require(buffers.input.pointer), for: "images")
        try context.setAddress(try #require(buffers.output.pointer), for: "output")
        try context.enqueue(on: stream.handle)
      }
    }
    return try buffers.read(stream)
  }

  /// What the tiny model makes of `0, 1/16, 2/16, …`: sigmoid(2x).
  static func expected(_ batch: Int) -> [Float] {
    (0..<batch * 48).map { Float(1 / (1 + exp(-Double(Float($0) / 16 * 2)))) }
  }
}

/// Device memory for the tiny model, its input filled.
private struct Buffers {
  let input: DeviceMemory
  let output: DeviceMemory
  private let host: PinnedMemory

  init(_ stack: FakeStack, batch: Int) throws {
    let size = batch * 48 * 4
    input = try DeviceMemory(byteCount: size, in: stack.context)
    output = try DeviceMemory(byteCount: size, in: stack.context)
    host = try PinnedMemory(byteCount: size, in: stack.context)
    let values = host.bytes.bindMemory(to: Float.self)
    for index in values.indices { values[index] = Float(index) / 16 }
    let stream = try CUDAStream(in: stack.context)
    try stream.copy(UnsafeRawBufferPointer(host.bytes), to: input.address)
    try stream.synchronize()
  }

  func read(_ stream: CUDAStream) throws -> [Float] {
    try stream.copy(output.address, to: host.bytes)
    try stream.synchronize()
    return Array(host.bytes.bindMemory(to: Float.self))
  }
}

/// Gives an output memory when it is asked for.
private final class GrowingOutput: OutputAllocator {
  private struct State {
    var memory: DeviceMemory?
    var shape: [Int]?
  }
  private let state = Mutex(State())
  private let context: CUDAContext

  init(_ context: CUDAContext) { self.context = context }

  var result: ([Int], DeviceMemory)? {
    state.withLock { state in
      guard let shape = state.shape, let memory = state.memory else { return nil }
      return (shape, memory)
    }
  }

  func memory(
    forOutput name: String, current: UnsafeMutableRawPointer?, byteCount: Int, alignment: Int,
    stream: ExecutionContext.Stream?
  ) -> UnsafeMutableRawPointer? {
    let memory = try? DeviceMemory(byteCount: byteCount, in: context)
    state.withLock { $0.memory = memory }
    return memory?.pointer
  }

  func outputShape(_ shape: [Int], of name: String) { state.withLock { $0.shape = shape } }
}
