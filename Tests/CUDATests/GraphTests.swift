import CUDA
import FakeRuntimes
import Testing

@Suite("graphs") struct GraphTests {
  let device: FakeDevice
  let stream: CUDAStream
  var fake: FakeCUDADriver { device.fake }
  var context: CUDAContext { device.context }
  let one = CUDAExtent(1)

  init() throws {
    device = try FakeDevice()
    stream = try CUDAStream(in: device.context)
  }

  @Test("what is captured runs at each launch, and not before")
  func replay() throws {
    let integers = try DeviceIntegers([0, 7], in: context, on: stream)
    let add = try device.kernel("add")
    try stream.beginCapture()
    #expect(try stream.isCapturing())
    try add.launch(integers.address, Int32(2), Int32(1), grid: one, block: CUDAExtent(2), on: stream)
    try add.launch(integers.address, Int32(1), Int32(10), grid: one, block: one, on: stream)
    let graph = try stream.endCapture()
    #expect(try !stream.isCapturing())
    #expect(try graph.nodeCount() == 2)
    #expect(try integers.values(stream) == [0, 7])
    let executable = try graph.instantiate()
    for _ in 0..<3 { try executable.launch(on: stream) }
    let other = try CUDAStream(in: context)
    #expect(try integers.values(stream) == [33, 10])
    try executable.launch(on: other)
    try other.synchronize()
    #expect(try integers.values(stream) == [44, 11])
    #expect(fake.violations.isEmpty)
  }

  @Test(
    "another graph's work is taken over where that can be, with old and new drivers",
    arguments: [[], ["cuGraphExecUpdate_v2"], ["cuGraphInstantiateWithFlags", "cuGraphExecUpdate_v2"]])
  func update(lacking: [String]) throws {
    let device = try FakeDevice(without: lacking)
    let stream = try CUDAStream(in: device.context)
    let integers = try DeviceIntegers([0], in: device.context, on: stream)
    let (add, nothing) = (try device.kernel("add"), try device.kernel("nothing"))
    func adding(_ amount: Int32) throws -> CUDAGraph {
      try stream.captured { try add.launch(integers.address, Int32(1), amount, grid: one, block: one, on: stream) }
    }
    let executable = try adding(1).instantiate()
    #expect(try executable.update(from: adding(5)) == .done)
    try executable.launch(on: stream)
    #expect(try integers.values(stream) == [5])
    let longer = try stream.captured {
      for _ in 0..<2 { try nothing.launch(grid: one, block: one, on: stream) }
    }
    let kind = try stream.captured { try stream.fill(integers.address, with: 0, byteCount: 4) }
    let kernel = try stream.captured { try nothing.launch(grid: one, block: one, on: stream) }
    for (graph, words) in [(longer, "nodes"), (kind, "another kind"), (kernel, "another kernel")] {
      guard case .impossible(let reason) = try executable.update(from: graph) else {
        Issue.record("an update was possible that cannot be: \(words)")
        continue
      }
      #expect(reason.contains(words))
    }
    try stream.synchronize()
    #expect(device.fake.violations.isEmpty)
  }

  @Test("a graph keeps the modules of its kernels")
  func modules() throws {
    var executable: CUDAGraphExecutable?
    do {
      let kernel = try device.kernel("nothing")
      executable = try stream.captured { try kernel.launch(grid: one, block: one, on: stream) }.instantiate()
    }
    #expect(fake.liveCount("graph") == 0)
    #expect(fake.liveCount("module") == 1)
    try executable?.launch(on: stream)
    try stream.synchronize()
    executable = nil
    #expect(fake.liveCount("module") == 0)
    #expect(fake.liveCount("executable") == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("a stream that joins and is joined again is part of the graph")
  func forkAndJoin() throws {
    let integers = try DeviceIntegers([1], in: context, on: stream)
    let add = try device.kernel("add")
    let side = try CUDAStream(in: context)
    let (fork, join) = (try CUDAEvent(in: context), try CUDAEvent(in: context))
    func fill(_ rejoins: Bool) throws -> CUDAGraph {
      try stream.captured {
        try fork.record(on: stream)
        try side.wait(for: fork)
        #expect(try side.isCapturing())
        try add.launch(integers.address, Int32(1), Int32(4), grid: one, block: one, on: side)
        try join.record(on: side)
        if rejoins { try stream.wait(for: join) }
      }
    }
    let executable = try fill(true).instantiate()
    try executable.launch(on: stream)
    #expect(try integers.values(stream) == [5])
    let error = #expect(throws: CUDAError.self) { try fill(false) }
    #expect(error?.name == "CUDA_ERROR_STREAM_CAPTURE_UNJOINED")
    #expect(try !stream.isCapturing() && !side.isCapturing())
    #expect(fake.violations.isEmpty)
  }

  @Test("waiting, or taking memory, spoils a capture, and the stream is usable afterwards")
  func spoilt() throws {
    for spoil in [
      { try stream.synchronize() }, { _ = try stream.isIdle() }, { _ = try DeviceMemory(byteCount: 8, in: context) },
      { _ = try PinnedMemory(byteCount: 8, in: context) },
    ] as [() throws -> Void] {
      try stream.beginCapture()
      let error = #expect(throws: CUDAError.self) { try spoil() }
      #expect(error?.name == "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED")
      #expect(error?.isSticky == false)
      let end = #expect(throws: CUDAError.self) { _ = try stream.endCapture() }
      #expect(end?.name == "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED")
      try stream.synchronize()
    }
    #expect(fake.liveCount("graph") == 0)
  }

  struct Stop: Error {}

  @Test("a capture whose body throws is dropped, and the error is the body's")
  func thrown() throws {
    let nothing = try device.kernel("nothing")
    #expect(throws: Stop.self) {
      try stream.captured {
        try nothing.launch(grid: one, block: one, on: stream)
        throw Stop()
      }
    }
    #expect(try !stream.isCapturing())
    #expect(fake.liveCount("graph") == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("captures are begun and ended once")
  func pairs() throws {
    #expect(throws: CUDAError.self) { _ = try stream.endCapture() }
    try stream.beginCapture()
    let twice = #expect(throws: CUDAError.self) { try stream.beginCapture() }
    #expect(twice?.reason.contains("already") == true)
    #expect(try stream.endCapture().nodeCount() == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("a stream that goes while it is captured leaves nothing behind")
  func abandoned() throws {
    do {
      let nothing = try device.kernel("nothing")
      let abandoned = try CUDAStream(in: context)
      try abandoned.beginCapture()
      try nothing.launch(grid: one, block: one, on: abandoned)
    }
    #expect(fake.liveCount("graph") == 0)
    #expect(fake.liveCount("module") == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("a graph is not launched on another device's stream")
  func otherDevice() throws {
    let executable = try stream.captured {}.instantiate()
    let other = try CUDAStream(in: device.driver.primaryContext(of: device.driver.device(1)))
    #expect(throws: CUDAError.self) { try executable.launch(on: other) }
  }

  /// Everything that a graph goes through.
  static func use(_ device: FakeDevice) throws {
    let stream = try CUDAStream(in: device.context)
    let nothing = try device.kernel("nothing")
    let graph = try stream.captured {
      try nothing.launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    }
    _ = try stream.isCapturing()
    _ = try graph.nodeCount()
    let executable = try graph.instantiate()
    _ = try executable.update(from: graph)
    try executable.launch(on: stream)
    try stream.synchronize()
  }

  @Test(
    "every call's failure is thrown, with the call's name",
    arguments: [
      "cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuStreamIsCapturing", "cuGraphGetNodes",
      "cuGraphInstantiateWithFlags", "cuGraphExecUpdate_v2", "cuGraphLaunch",
    ])
  func failures(function: String) throws {
    let device = try FakeDevice()
    device.fake.fail(function, code: 1)
    let error = #expect(throws: CUDAError.self) { try Self.use(device) }
    let name = function.replacing("_v2", with: "").replacing("WithFlags", with: "")
    #expect(error?.call.contains(name) == true)
    #expect(["graph", "executable", "module", "stream"].allSatisfy { device.fake.liveCount($0) == 0 })
    #expect(device.fake.violations.isEmpty)
    try Self.use(device)
  }

  @Test(
    "an older driver is told as such, with the one needed",
    arguments: [
      (["cuStreamBeginCapture_v2"], "CUDA 10.1"), (["cuStreamEndCapture"], "CUDA 10.1"),
      (["cuGraphInstantiateWithFlags", "cuGraphInstantiate_v2"], "CUDA 11.0"),
      (["cuGraphExecUpdate_v2", "cuGraphExecUpdate"], "CUDA 10.2"), (["cuGraphLaunch"], "CUDA 10.0"),
      (["cuGraphGetNodes"], "CUDA 10.0"),
    ])
  func older(lacking: [String], needed: String) throws {
    let device = try FakeDevice(without: lacking)
    device.fake.setVersion(9020)
    let error = #expect(throws: CUDAError.self) { try Self.use(device) }
    #expect(error?.isNotSupported == true)
    #expect(error?.description.contains("driver for \(needed) or newer, and the one here is for CUDA 9.2") == true)
    #expect(device.fake.liveCount("stream") == 0)
  }
}
