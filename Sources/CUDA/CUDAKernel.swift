internal import Synchronization

/// A function of a module that runs on the device. It keeps its module.
public final class CUDAKernel: @unchecked Sendable {
  // Sendable: immutable but for the mutex; the driver takes calls from any thread.

  public let name: String
  public let module: CUDAModule
  /// The most threads that a block of it may have: what its registers allow, up to the device's limit.
  public let maximumThreadCount: Int
  /// The shared memory that its code declares, in bytes per block; what a launch asks for comes on top.
  public let staticSharedByteCount: Int
  /// Registers that a thread of it uses.
  public let registerCount: Int
  /// Memory of its own that a thread of it uses beside registers, in bytes; it is slow.
  public let localByteCount: Int
  /// The most shared memory that a launch may ask for, in bytes.
  public let maximumSharedByteCount: Int
  /// The sizes of its parameters in bytes; `nil` where the driver (before CUDA 12.4) does not tell.
  public let parameterByteCounts: [Int]?

  private let handle: CUDAFunctions.Handle
  private let maximumGrid: CUDAExtent
  private let maximumBlock: CUDAExtent
  // What a launch may ask for now. The driver's limit is low until it is raised.
  private let sharedLimit: Mutex<Int>

  /// `CUfunction_attribute`.
  private enum Attribute {
    static let maximumThreadCount: Int32 = 0
    static let sharedByteCount: Int32 = 1
    static let localByteCount: Int32 = 3
    static let registerCount: Int32 = 4
    static let maximumDynamicSharedByteCount: Int32 = 8
  }

  init(_ name: String, in module: CUDAModule) throws(CUDAError) {
    let handle = try module.function(name)
    let context = module.context
    let functions = context.functions
    func attribute(_ number: Int32) throws(CUDAError) -> Int {
      try context.calling { () throws(CUDAError) in
        var value: Int32 = 0
        try functions.check(
          functions.kernels.attribute(&value, number, handle), "cuFuncGetAttribute(\(number)) of \(name)")
        return Int(value)
      }
    }
    self.name = name
    self.module = module
    self.handle = handle
    maximumThreadCount = try attribute(Attribute.maximumThreadCount)
    let fixed = try attribute(Attribute.sharedByteCount)
    staticSharedByteCount = fixed
    registerCount = try attribute(Attribute.registerCount)
    localByteCount = try attribute(Attribute.localByteCount)
    let ordinary = try context.attribute(.sharedMemoryPerBlock) - fixed
    let raised = functions.kernels.setAttribute == nil ? 0 : try context.attribute(.largestSharedMemoryPerBlock) - fixed
    maximumSharedByteCount = max(0, ordinary, raised)
    sharedLimit = Mutex(max(0, ordinary))
    maximumGrid = CUDAExtent(
      try context.attribute(.maximumGridWidth), try context.attribute(.maximumGridHeight),
      try context.attribute(.maximumGridDepth))
    maximumBlock = CUDAExtent(
      try context.attribute(.maximumBlockWidth), try context.attribute(.maximumBlockHeight),
      try context.attribute(.maximumBlockDepth))
    parameterByteCounts = try context.calling { () throws(CUDAError) in
      guard let parameter = functions.kernels.parameter else { return nil }
      var sizes: [Int] = []
      while true {
        var (offset, size) = (0, 0)
        let result = parameter(handle, sizes.count, &offset, &size)
        // Beyond the last parameter the driver says that the index is invalid.
        if result == CUDAError.invalidValue { return sizes }
        if result == CUDAError.notSupported { return nil }
        try functions.check(result, "cuFuncGetParamInfo(\(sizes.count)) of \(name)")
        sizes.append(size)
      }
    }
  }

  /// Queues a run of the kernel.
  ///
  /// - Parameters:
  ///   - arguments: in the order of the kernel's parameters, each of the very type: `Int32` for `int`, `UInt32` for
  ///     `unsigned`, `Int64` and `UInt64` for 64-bit integers, `Float`, `Double`, `Bool`, a `UInt64` address of device
  ///     memory for a pointer. Structures are to be C's, or have members whose C layout is that of Swift: same order, no
  ///     member that is a structure with padding at its end. They are copied before the call returns. Where the driver
  ///     tells the parameters' sizes (CUDA 12.4), numbers and sizes are checked.
  ///   - grid: blocks in each dimension, at least 1.
  ///   - block: threads of a block in each dimension, at least 1; at most ``maximumThreadCount`` together.
  ///   - sharedByteCount: dynamic shared memory of each block, in bytes; at most ``maximumSharedByteCount``. Where it is
  ///     more than what every device grants (48 KiB with what the kernel declares), the kernel's limit is raised first.
  ///   - stream: of the same context as the module.
  /// - Throws: ``CUDAError``; also of earlier work, where that broke the context (`isSticky`). A fault of this run itself
  ///   is told by a later call.
  public func launch<each Argument: BitwiseCopyable>(
    _ arguments: repeat each Argument, grid: CUDAExtent, block: CUDAExtent, sharedByteCount: Int = 0,
    on stream: CUDAStream
  ) throws(CUDAError) {
    var list = CUDALaunchArguments()
    repeat list.reserve((each Argument).self)
    list.allocate()
    repeat list.append(each arguments)
    try launch(list, grid: grid, block: block, sharedByteCount: sharedByteCount, on: stream)
  }

  private func launch(
    _ arguments: borrowing CUDALaunchArguments, grid: CUDAExtent, block: CUDAExtent, sharedByteCount: Int,
    on stream: CUDAStream
  ) throws(CUDAError) {
    let context = module.context
    let functions = context.functions
    func refuse(_ reason: String) -> CUDAError {
      functions.refusal(CUDAError.invalidValue, "cuLaunchKernel of \(name) on \(context.device)", reason)
    }
    guard stream.context === context else {
      throw refuse("the stream belongs to \(stream.context.device), the kernel to \(context.device)")
    }
    if let expected = parameterByteCounts, let problem = arguments.mismatch(with: expected) { throw refuse(problem) }
    guard let blocks = grid.checked(upTo: maximumGrid) else {
      throw refuse("a grid has 1 to \(maximumGrid) blocks, not \(grid)")
    }
    guard let threads = block.checked(upTo: maximumBlock), block.x * block.y * block.z <= maximumThreadCount else {
      throw refuse(
        "a block has 1 to \(maximumBlock) threads and at most \(maximumThreadCount) with this kernel, not \(block)")
    }
    guard (0...maximumSharedByteCount).contains(sharedByteCount), let shared = UInt32(exactly: sharedByteCount) else {
      throw refuse(
        "a block has at most \(maximumSharedByteCount) bytes of dynamic shared memory with this kernel, not "
          + "\(sharedByteCount)")
    }
    try raiseLimit(to: sharedByteCount)
    stream.willLaunch(module)
    try context.calling { () throws(CUDAError) in
      try functions.check(
        functions.kernels.launch(
          handle, blocks.x, blocks.y, blocks.z, threads.x, threads.y, threads.z, shared, stream.handle,
          arguments.pointers, nil),
        "cuLaunchKernel of \(name) with \(grid) blocks of \(block) threads on \(context.device)")
    }
  }

  /// Raises the driver's limit for this kernel where a launch needs it. `byteCount` is within the device's.
  private func raiseLimit(to byteCount: Int) throws(CUDAError) {
    let context = module.context
    let functions = context.functions
    try sharedLimit.withLock { (limit) throws(CUDAError) in
      guard byteCount > limit else { return }
      try context.calling { () throws(CUDAError) in
        let set = try functions.newer(functions.kernels.setAttribute, "cuFuncSetAttribute of \(name)", since: "9.0")
        try functions.check(
          set(handle, Attribute.maximumDynamicSharedByteCount, Int32(clamping: byteCount)),
          "cuFuncSetAttribute of \(name) to \(byteCount) bytes of shared memory on \(context.device)")
      }
      limit = byteCount
    }
  }
}
