import CUDA
import FakeRuntimes
import Testing

@Suite("modules and kernels") struct KernelTests {
  let device: FakeDevice
  var fake: FakeCUDADriver { device.fake }
  var context: CUDAContext { device.context }

  init() throws { device = try FakeDevice() }

  @Test("a kernel runs in stream order with the arguments of the launch, and not before the stream is waited for")
  func order() throws {
    let stream = try CUDAStream(in: context)
    let integers = try DeviceIntegers([1, 2, 3, 4, 5], in: context, on: stream)
    let add = try device.kernel("add")
    #expect(add.name == "add")
    #expect(add.maximumThreadCount == 1024)
    for amount in [10, 100] as [Int32] {
      try add.launch(integers.address, Int32(4), amount, grid: CUDAExtent(2), block: CUDAExtent(3), on: stream)
    }
    #expect(try !stream.isIdle())
    #expect(try integers.values(stream) == [111, 112, 113, 114, 5])
    #expect(fake.violations.isEmpty)
  }

  @Test("values of every size arrive")
  func mixed() throws {
    let stream = try CUDAStream(in: context)
    let memory = try DeviceMemory(byteCount: 16, in: context)
    let host = try PinnedMemory(byteCount: 16, in: context)
    host.bytes.storeBytes(of: 3.0, as: Double.self)
    host.bytes.storeBytes(of: -5.0, toByteOffset: 8, as: Double.self)
    let scale = try device.kernel("scale")
    try stream.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
    try scale.launch(
      memory.address, true, Int64(2), Float(4), grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    try stream.copy(memory.address, to: host.bytes)
    try stream.synchronize()
    #expect(host.bytes.load(as: Double.self) == 6)
    #expect(host.bytes.load(fromByteOffset: 8, as: Double.self) == -10)
    let nothing = try device.kernel("nothing")
    try nothing.launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    try stream.synchronize()
    #expect(fake.violations.isEmpty)
  }

  @Test("grid, block and shared memory arrive")
  func sizes() throws {
    let stream = try CUDAStream(in: context)
    let integers = try DeviceIntegers([0, 0, 0, 0, 0, 0, 0], in: context, on: stream)
    let report = try device.kernel("report")
    try report.launch(
      integers.address, grid: CUDAExtent(7, 6, 5), block: CUDAExtent(4, 3, 2), sharedByteCount: 96, on: stream)
    #expect(try integers.values(stream) == [7, 6, 5, 4, 3, 2, 96])
  }

  @Test(
    "sizes that no launch can have are refused with the limit",
    arguments: [
      (CUDAExtent(0), CUDAExtent(1), "a grid has 1 to 2147483647 x 65535 x 65535 blocks, not 0 x 1 x 1"),
      (CUDAExtent(1, -1), CUDAExtent(1), "not 1 x -1 x 1"),
      (CUDAExtent(1, 1, 65536), CUDAExtent(1), "not 1 x 1 x 65536"),
      (CUDAExtent(.max), CUDAExtent(1), "a grid has"),
      (CUDAExtent(1), CUDAExtent(1025), "at most 1024 with this kernel, not 1025 x 1 x 1"),
      (CUDAExtent(1), CUDAExtent(32, 33), "not 32 x 33 x 1"),
      (CUDAExtent(1), CUDAExtent(.min, .max, 3), "a block has"),
    ])
  func extents(grid: CUDAExtent, block: CUDAExtent, words: String) throws {
    let stream = try CUDAStream(in: context)
    let nothing = try device.kernel("nothing")
    let error = #expect(throws: CUDAError.self) { try nothing.launch(grid: grid, block: block, on: stream) }
    #expect(error?.description.contains("cuLaunchKernel of nothing") == true)
    #expect(error?.description.contains(words) == true)
    #expect(fake.callCount("cuLaunchKernel") == 0)
  }

  /// 12 bytes in Swift, 16 in C.
  struct Padded: BitwiseCopyable {
    var first: Int64
    var second: Int32
  }

  @Test("where the driver tells the parameters, other arguments are refused")
  func parameters() throws {
    fake.setParameters(of: "nothing", byteCounts: [8, 4, 16])
    let stream = try CUDAStream(in: context)
    let nothing = try device.kernel("nothing")
    let one = CUDAExtent(1)
    #expect(nothing.parameterByteCounts == [8, 4, 16])
    try nothing.launch(UInt64(1), Int32(2), Padded(first: 1, second: 2), grid: one, block: one, on: stream)
    let size = #expect(throws: CUDAError.self) {
      try nothing.launch(UInt64(1), Int64(2), Padded(first: 1, second: 2), grid: one, block: one, on: stream)
    }
    #expect(size?.reason.contains("are 3, of 8, 4, 16 bytes; the arguments given are 3, of 8, 8, 12 bytes") == true)
    let count = #expect(throws: CUDAError.self) { try nothing.launch(grid: one, block: one, on: stream) }
    #expect(count?.reason.contains("the arguments given are none") == true)
    #expect(try device.kernel("add").parameterByteCounts == nil)
    try stream.synchronize()
  }

  @Test("the limit of shared memory is raised where a launch needs it, and not lowered again")
  func sharedMemory() throws {
    let stream = try CUDAStream(in: context)
    let nothing = try device.kernel("nothing")
    let one = CUDAExtent(1)
    #expect(nothing.maximumSharedByteCount == 101376)
    try nothing.launch(grid: one, block: one, sharedByteCount: 49152, on: stream)
    #expect(fake.sharedLimit(of: "nothing") == nil)
    try nothing.launch(grid: one, block: one, sharedByteCount: 60000, on: stream)
    try nothing.launch(grid: one, block: one, sharedByteCount: 50000, on: stream)
    #expect(fake.sharedLimit(of: "nothing") == 60000)
    try nothing.launch(grid: one, block: one, sharedByteCount: 101376, on: stream)
    #expect(fake.callCount("cuFuncSetAttribute") == 2)
    for byteCount in [101377, -1, .max] {
      let error = #expect(throws: CUDAError.self) {
        try nothing.launch(grid: one, block: one, sharedByteCount: byteCount, on: stream)
      }
      #expect(error?.reason.contains("at most 101376 bytes") == true)
    }
    try stream.synchronize()
    #expect(fake.violations.isEmpty)
  }

  @Test("a driver that cannot raise it has the ordinary limit")
  func oldSharedMemory() throws {
    let device = try FakeDevice(without: ["cuFuncSetAttribute", "cuFuncGetParamInfo"])
    let nothing = try device.kernel("nothing")
    #expect(nothing.maximumSharedByteCount == 49152)
    #expect(nothing.parameterByteCounts == nil)
  }

  @Test("a stream of another device is refused")
  func otherDevice() throws {
    let other = try device.driver.primaryContext(of: device.driver.device(1))
    let stream = try CUDAStream(in: other)
    let nothing = try device.kernel("nothing")
    let error = #expect(throws: CUDAError.self) {
      try nothing.launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    }
    #expect(error?.reason.contains("cuda:1 (Fake GPU 1)") == true)
  }

  @Test("a kernel keeps its module, and the module is unloaded once")
  func lifetime() throws {
    let before = fake.liveCount("module")
    do {
      let kernel = try device.kernel("nothing")
      #expect(kernel.module.name == "test")
      #expect(fake.liveCount("module") == before + 1)
      _ = kernel
    }
    #expect(fake.liveCount("module") == before)
    #expect(fake.violations.isEmpty)
  }

  @Test("a module that goes while a kernel of it is queued is counted as a violation")
  func early() throws {
    let stream = try CUDAStream(in: context)
    try device.kernel("nothing").launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    #expect(fake.violations.contains("unloaded while a kernel of it is queued"))
    try stream.synchronize()
  }

  @Test(
    "every call's failure is thrown, with the call's name",
    arguments: [
      "cuModuleLoadDataEx", "cuModuleGetFunction", "cuFuncGetAttribute", "cuFuncGetParamInfo", "cuFuncSetAttribute",
      "cuLaunchKernel", "cuDeviceGetAttribute",
    ])
  func failures(function: String) throws {
    // Invalid value is how the driver says that there are no more parameters.
    fake.fail(function, code: function == "cuFuncGetParamInfo" ? 400 : 1)
    let error = #expect(throws: CUDAError.self) {
      let stream = try CUDAStream(in: context)
      let nothing = try device.kernel("nothing")
      try nothing.launch(grid: CUDAExtent(1), block: CUDAExtent(1), sharedByteCount: 50000, on: stream)
    }
    #expect(error?.call.contains(function) == true)
    #expect(fake.liveCount("module") == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("what the driver's compiler says of PTX is in the error")
  func log() throws {
    fake.fail("cuModuleLoadDataEx", code: 218)
    let error = #expect(throws: CUDAError.self) {
      _ = try CUDAModule(image: Array(".version 9.9".utf8), name: "mine.cu", in: context)
    }
    #expect(error?.isUnusableImage == true)
    #expect(error?.description.contains("mine.cu") == true)
    #expect(error?.description.contains("a log that a test asked for") == true)
  }

  @Test("a kernel's fault breaks the context, and every call says so from then on")
  func fault() throws {
    let stream = try CUDAStream(in: context)
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 0)
    let (failing, nothing) = (try device.kernel("fail"), try device.kernel("nothing"))
    let one = CUDAExtent(1)
    let graph = try stream.captured { try nothing.launch(grid: one, block: one, on: stream) }
    let executable = try graph.instantiate()
    try failing.launch(grid: one, block: one, on: stream)
    let first = #expect(throws: CUDAError.self) { try stream.synchronize() }
    #expect(first?.name == "CUDA_ERROR_LAUNCH_FAILED")
    let calls: [(String, () throws -> Void)] = [
      ("launch", { try nothing.launch(grid: one, block: one, on: stream) }),
      ("module", { _ = try device.kernel("nothing") }), ("kernel", { _ = try nothing.module.kernel("nothing") }),
      ("begin", { try stream.beginCapture() }), ("status", { _ = try stream.isCapturing() }),
      ("nodes", { _ = try graph.nodeCount() }), ("instantiate", { _ = try graph.instantiate() }),
      ("graph", { try executable.launch(on: stream) }), ("update", { _ = try executable.update(from: graph) }),
      ("allocate", { _ = try pool.allocate(byteCount: 8, on: stream) }), ("trim", { try pool.trim() }),
      ("threshold", { try pool.setReleaseThreshold(1) }), ("counts", { _ = try pool.byteCounts() }),
      ("pool", { _ = try DeviceMemoryPool(in: context, releaseThreshold: 0) }),
      ("context", { try context.synchronize() }),
      ("idle", { _ = try stream.isIdle() }), ("stream", { _ = try CUDAStream(in: context) }),
    ]
    for (name, call) in calls {
      let error = #expect(throws: CUDAError.self, "\(name)") { try call() }
      #expect(error?.isSticky == true, "\(name)")
    }
  }

  @Test("a kernel that the library of kernels does not know is a fault that names it")
  func unknown() throws {
    let stream = try CUDAStream(in: context)
    let nobody = try device.kernel("nobody")
    try nobody.launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    #expect(throws: CUDAError.self) { try stream.synchronize() }
    #expect(fake.violations.contains("nobody"))
  }
}
