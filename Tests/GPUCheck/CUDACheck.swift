import CUDA
import Foundation

/// What the real driver and compiler make of modules, kernels, graphs and pools. NVRTC must be where it is found.
struct CUDACheck {
  let driver: CUDADriver
  let context: CUDAContext
  let check: (String, Bool) -> Void

  private static let source = """
    extern "C" __global__ void add(int *values, int count, int amount) {
      int index = blockIdx.x * blockDim.x + threadIdx.x;
      if (index < count) values[index] += amount;
    }
    extern "C" __global__ void turn(int *values, int count) {
      extern __shared__ int shared[];
      for (int i = threadIdx.x; i < count; i += blockDim.x) shared[i] = values[i];
      __syncthreads();
      for (int i = threadIdx.x; i < count; i += blockDim.x) values[i] = shared[count - 1 - i];
    }
    extern "C" __global__ void fault() { *(int *)8 = 1; }
    """

  init(driver: CUDADriver, check: @escaping (String, Bool) -> Void) throws {
    self.driver = driver
    self.check = check
    context = try driver.primaryContext(of: driver.device(0))
  }

  func run() throws {
    let compiler = try NVRTC.open(newest: driver.version / 1000)
    print("NVRTC \(compiler.versionText), \(compiler.path); NVTX is \(NVTXRange.isAvailable ? "" : "not ")here")
    let folder = NSTemporaryDirectory() + "swoop-kernels-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = KernelCache(folder: folder, report: { print("cache: \($0)") })
    let range = NVTXRange("kernels")
    let module = try timed("compiled, loaded and kept") { try cache.module(Self.source, name: "check.cu", in: context) }
    _ = try timed("loaded from the cache") { try cache.module(Self.source, name: "check.cu", in: context) }
    range.end()
    check("one file is in the cache", try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    try kernels(module)
    try graphs(module)
    try images(compiler)
    try pool()
  }

  private func timed<Result>(_ what: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    print("       \(what) in \(ContinuousClock.now - start)")
    return result
  }

  /// The error of a call that must fail.
  private func refused(_ what: String, _ body: () throws -> Void, _ holds: (CUDAError) -> Bool) {
    do {
      try body()
      check(what, false)
    } catch {
      check("\(what): \(error)", (error as? CUDAError).map(holds) ?? false)
    }
  }

  private func kernels(_ module: CUDAModule) throws {
    let stream = try CUDAStream(in: context)
    let count = 1 << 20
    let (memory, host) = (
      try DeviceMemory(byteCount: 4 * count, in: context), try PinnedMemory(byteCount: 4 * count, in: context)
    )
    let values = host.bytes.bindMemory(to: Int32.self)
    for index in 0..<count { values[index] = Int32(index) }
    let (add, turn) = (try module.kernel("add"), try module.kernel("turn"))
    print(
      "       add: \(add.registerCount) registers, parameters \(add.parameterByteCounts.map { "\($0)" } ?? "not told"), "
        + "\(add.maximumThreadCount) threads, \(add.maximumSharedByteCount) bytes of shared memory")
    try stream.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
    try add.launch(
      memory.address, Int32(count - 1), Int32(5), grid: CUDAExtent((count + 255) / 256), block: CUDAExtent(256),
      on: stream)
    try stream.copy(memory.address, to: host.bytes)
    try stream.synchronize()
    check(
      "a kernel added to all but the last of \(count)",
      values.indices.allSatisfy { values[$0] == Int32($0) + ($0 == count - 1 ? 0 : 5) })
    let shared = min(turn.maximumSharedByteCount, 200_000) / 4 * 4
    let turned = shared / 4
    let expected = values[..<turned].reversed().map { $0 }
    try turn.launch(
      memory.address, Int32(turned), grid: CUDAExtent(1), block: CUDAExtent(256), sharedByteCount: shared, on: stream)
    try stream.copy(memory.address, to: host.bytes)
    try stream.synchronize()
    check("\(shared) bytes of shared memory turned as many round", Array(values[..<turned]) == expected)
    if add.parameterByteCounts != nil {
      check("the driver tells the parameters", add.parameterByteCounts == [8, 4, 4])
      refused(
        "other arguments are refused",
        { try add.launch(memory.address, 1, grid: CUDAExtent(1), block: CUDAExtent(1), on: stream) }, { $0.code == 1 })
    }
    refused("a kernel that is not there", { _ = try module.kernel("nobody") }, { $0.code == 500 })
    let one = CUDAExtent(1)
    let start = ContinuousClock.now
    for _ in 0..<10_000 { try add.launch(memory.address, Int32(1), Int32(1), grid: one, block: one, on: stream) }
    let queued = ContinuousClock.now - start
    try stream.synchronize()
    print("       10,000 launches queued in \(queued), done in \(ContinuousClock.now - start)")
  }

  private func graphs(_ module: CUDAModule) throws {
    let stream = try CUDAStream(in: context)
    let (memory, host) = (
      try DeviceMemory(byteCount: 64, in: context), try PinnedMemory(byteCount: 64, in: context)
    )
    let values = host.bytes.bindMemory(to: Int32.self)
    let add = try module.kernel("add")
    func adding(_ amount: Int32, times: Int = 1) throws -> CUDAGraph {
      try stream.captured {
        try stream.fill(memory.address, with: 0, byteCount: 64)
        for _ in 0..<times {
          try add.launch(memory.address, Int32(16), amount, grid: CUDAExtent(1), block: CUDAExtent(16), on: stream)
        }
        try stream.copy(memory.address, to: host.bytes)
      }
    }
    let graph = try adding(3)
    check("a graph of three was captured", try graph.nodeCount() == 3)
    let executable = try graph.instantiate()
    for index in values.indices { values[index] = -1 }
    try executable.launch(on: stream)
    try stream.synchronize()
    check("its launch ran all three", values.allSatisfy { $0 == 3 })
    check("it took over other arguments", try executable.update(from: adding(9)) == .done)
    try executable.launch(on: stream)
    try stream.synchronize()
    check("and ran with them", values.allSatisfy { $0 == 9 })
    let longer = try executable.update(from: adding(1, times: 2))
    check("it cannot take over a longer graph: \(longer)", longer != .done)
    try stream.beginCapture()
    refused("memory is not taken in a capture", { _ = try DeviceMemory(byteCount: 8, in: context) }, { !$0.isSticky })
    refused("which spoils it", { _ = try stream.endCapture() }, { !$0.isSticky })
    try stream.synchronize()
    check("and leaves the stream usable", try stream.isIdle())
  }

  private func images(_ compiler: NVRTC) throws {
    let capability = context.device.computeCapability
    let image = try compiler.compile(Self.source, name: "check.cu", for: capability)
    print("       the image has \(image.count) bytes and is \(image.first == 0x7F ? "a cubin" : "PTX")")
    refused(
      "half a cubin is refused",
      { _ = try CUDAModule(image: Array(image[..<(image.count / 2)]), name: "half", in: context) },
      { $0.isUnusableImage })
    // Nothing is of 8.1: the compiler makes PTX of 8.0, which the driver compiles for this device.
    let ptx = try compiler.compile(Self.source, name: "check.cu", for: .init(major: 8, minor: 1))
    do {
      _ = try CUDAModule(image: ptx, name: "check.ptx", in: context).kernel("add")
      check("the driver compiles PTX", true)
    } catch {
      // A compiler newer than the driver, within its major version, makes PTX that the driver does not know.
      check("the driver knows no PTX as new as that: \(error)", error.isUnusableImage)
    }
    refused(
      "broken PTX is refused with the log",
      { _ = try CUDAModule(image: Array(".version 7.0\n.target sm_80\nnonsense".utf8), name: "broken", in: context) },
      { $0.isUnusableImage })
  }

  private func pool() throws {
    guard try DeviceMemoryPool.isAvailable(in: context) else { return print("       no memory pools here") }
    let stream = try CUDAStream(in: context)
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 1 << 30)
    let host = try PinnedMemory(byteCount: 1 << 20, in: context)
    for round in 0..<100 {
      let memory = try pool.allocate(byteCount: 1 << 20, on: stream)
      try stream.fill(memory.address, with: UInt8(round), byteCount: 1 << 20)
      try stream.copy(memory.address, to: host.bytes)
    }
    try stream.synchronize()
    let counts = try pool.byteCounts()
    check(
      "a pool gave memory 100 times and has it back: \(counts)",
      host.bytes.allSatisfy { $0 == 99 } && counts.used == 0 && counts.reserved > 0)
    try pool.trim()
    check("and gave it to the system", try pool.byteCounts().reserved == 0)
    refused(
      "16 TiB are refused", { _ = try pool.allocate(byteCount: 1 << 44, on: stream) }, { $0.isOutOfMemory })
  }

  /// Breaks the context for good, so it comes last.
  func fault() throws {
    let module = try KernelCache(folder: nil).module(Self.source, name: "check.cu", in: context)
    let stream = try CUDAStream(in: context)
    let (fault, add) = (try module.kernel("fault"), try module.kernel("add"))
    try fault.launch(grid: CUDAExtent(1), block: CUDAExtent(1), on: stream)
    refused("a write to an illegal address", { try stream.synchronize() }, { $0.isSticky })
    refused(
      "a launch after it",
      { try add.launch(UInt64(0), Int32(0), Int32(0), grid: CUDAExtent(1), block: CUDAExtent(1), on: stream) },
      { $0.isSticky })
    refused("memory after it", { _ = try DeviceMemory(byteCount: 8, in: context) }, { $0.isSticky })
    refused("a module after it", { _ = try CUDAModule(image: [65], name: "late", in: context) }, { $0.isSticky })
  }
}
