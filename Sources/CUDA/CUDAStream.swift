internal import Synchronization

/// A queue of work on a device: what is put in runs in order, beside other streams.
public final class CUDAStream: @unchecked Sendable {
  /// What comes first on a device that is full.
  public enum Priority: Sendable, Hashable {
    case low, normal, high
  }

  // Sendable: immutable but for the mutex; the driver takes calls from any thread.

  public let context: CUDAContext
  /// The driver's `CUstream`, which is also the CUDA runtime's `cudaStream_t`.
  public let handle: UnsafeMutableRawPointer
  // The modules of the kernels captured so far; nil while nothing is captured.
  private let capture = Mutex<[CUDAModule]?>(nil)

  /// Makes a stream that does not wait for the default stream, nor it for this one.
  ///
  /// - Parameter priority: which stream's blocks a multiprocessor takes first when it has room; drivers that know no
  ///   priorities treat all alike.
  public init(in context: CUDAContext, priority: Priority = .normal) throws(CUDAError) {
    var handle: CUDAFunctions.Handle?
    try context.calling { () throws(CUDAError) in
      let functions = context.functions
      // 1 is CU_STREAM_NON_BLOCKING.
      guard priority != .normal, let create = functions.createPrioritizedStream, let range = functions.priorityRange
      else {
        try functions.check(functions.createStream(&handle, 1), "cuStreamCreate on \(context.device)")
        return
      }
      // Lower numbers come first; 0 is what a stream has otherwise.
      var (least, greatest): (Int32, Int32) = (0, 0)
      try functions.check(range(&least, &greatest), "cuCtxGetStreamPriorityRange on \(context.device)")
      try functions.check(
        create(&handle, 1, priority == .high ? greatest : least), "cuStreamCreateWithPriority on \(context.device)")
    }
    guard let handle else { throw context.functions.error(1, "cuStreamCreate on \(context.device)") }
    self.context = context
    self.handle = handle
  }

  deinit {
    let handle = handle
    if capture.withLock({ $0 != nil }) {
      context.releasing("cuStreamEndCapture on \(context.device)") { functions in
        var graph: CUDAFunctions.Handle?
        _ = functions.graphs.endCapture?(handle, &graph)
        return graph.flatMap { functions.graphs.destroy?($0) } ?? 0
      }
    }
    context.releasing("cuStreamDestroy on \(context.device)") { $0.destroyStream(handle) }
  }

  /// Queues a copy from host memory to the device.
  ///
  /// - Parameters:
  ///   - source: stays and is not written until the copy has run, where it is pinned; other memory is read at once.
  ///   - address: a device address with room for as many bytes.
  public func copy(_ source: UnsafeRawBufferPointer, to address: UInt64) throws(CUDAError) {
    guard !source.isEmpty else { return }
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.copyToDevice(address, source.baseAddress, source.count, handle),
        "cuMemcpyHtoDAsync of \(source.count) bytes to \(context.device)")
    }
  }

  /// Queues a copy from the device to host memory, which has the bytes when the stream is synchronised.
  public func copy(_ address: UInt64, to target: UnsafeMutableRawBufferPointer) throws(CUDAError) {
    guard !target.isEmpty else { return }
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.copyToHost(target.baseAddress, address, target.count, handle),
        "cuMemcpyDtoHAsync of \(target.count) bytes from \(context.device)")
    }
  }

  /// Queues a copy within the device.
  public func copy(_ source: UInt64, to target: UInt64, byteCount: Int) throws(CUDAError) {
    guard byteCount > 0 else { return }
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.copyOnDevice(target, source, byteCount, handle),
        "cuMemcpyDtoDAsync of \(byteCount) bytes on \(context.device)")
    }
  }

  /// Queues filling device memory with one byte.
  public func fill(_ address: UInt64, with byte: UInt8, byteCount: Int) throws(CUDAError) {
    guard byteCount > 0 else { return }
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.fill(address, byte, byteCount, handle),
        "cuMemsetD8Async of \(byteCount) bytes on \(context.device)")
    }
  }

  /// Waits until everything queued has run.
  ///
  /// - Throws: ``CUDAError``, also one of work queued before.
  public func synchronize() throws(CUDAError) {
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.synchronizeStream(handle), "cuStreamSynchronize on \(context.device)")
    }
  }

  /// Whether everything queued has run.
  public func isIdle() throws(CUDAError) -> Bool {
    try context.calling { () throws(CUDAError) in
      let result = context.functions.queryStream(handle)
      if result == 600 { return false }
      try context.functions.check(result, "cuStreamQuery on \(context.device)")
      return true
    }
  }

  /// Makes what is queued from here on wait for an event of this or another stream.
  public func wait(for event: CUDAEvent) throws(CUDAError) {
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.waitForEvent(handle, event.handle, 0), "cuStreamWaitEvent on \(context.device)")
    }
  }

  // MARK: What a capture keeps

  /// Keeps the modules of kernels from here on; false where that is so already.
  func startKeeping() -> Bool {
    capture.withLock { modules in
      guard modules == nil else { return false }
      modules = []
      return true
    }
  }

  /// The modules kept, which are kept no longer; `nil` where none were.
  func stopKeeping() -> [CUDAModule]? { capture.withLock { $0.take() } }

  var isKeeping: Bool { capture.withLock { $0 != nil } }

  /// Keeps a module whose kernel is about to be put in, where a capture is under way.
  func willLaunch(_ module: CUDAModule) {
    capture.withLock { modules in
      guard modules?.contains(where: { $0 === module }) == false else { return }
      modules?.append(module)
    }
  }
}

/// A mark in a stream, to wait for or to measure by.
public final class CUDAEvent: @unchecked Sendable {
  // Sendable: immutable; the driver takes calls from any thread.

  public let context: CUDAContext
  /// The driver's `CUevent`, which is also the CUDA runtime's `cudaEvent_t`.
  public let handle: UnsafeMutableRawPointer

  /// - Parameter isTiming: whether it takes the time; one that does not is cheaper.
  public init(in context: CUDAContext, isTiming: Bool = false) throws(CUDAError) {
    var handle: CUDAFunctions.Handle?
    try context.calling { () throws(CUDAError) in
      let functions = context.functions
      // 2 is CU_EVENT_DISABLE_TIMING.
      try functions.check(functions.createEvent(&handle, isTiming ? 0 : 2), "cuEventCreate on \(context.device)")
    }
    guard let handle else { throw context.functions.error(1, "cuEventCreate on \(context.device)") }
    self.context = context
    self.handle = handle
  }

  deinit {
    let handle = handle
    context.releasing("cuEventDestroy on \(context.device)") { $0.destroyEvent(handle) }
  }

  /// Marks the place behind everything queued on the stream so far.
  public func record(on stream: CUDAStream) throws(CUDAError) {
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.recordEvent(handle, stream.handle), "cuEventRecord on \(context.device)")
    }
  }

  /// The same for another library's stream, a `CUstream` of this context; `nil` is the default stream.
  package func record(onHandle stream: UnsafeMutableRawPointer?) throws(CUDAError) {
    try context.calling { () throws(CUDAError) in
      try context.functions.check(
        context.functions.recordEvent(handle, stream), "cuEventRecord on \(context.device)")
    }
  }

  /// Waits until the stream has come past the mark.
  public func synchronize() throws(CUDAError) {
    try context.calling { () throws(CUDAError) in
      try context.functions.check(context.functions.synchronizeEvent(handle), "cuEventSynchronize on \(context.device)")
    }
  }

  /// Whether the stream has come past the mark.
  public func hasPassed() throws(CUDAError) -> Bool {
    try context.calling { () throws(CUDAError) in
      let result = context.functions.queryEvent(handle)
      if result == 600 { return false }
      try context.functions.check(result, "cuEventQuery on \(context.device)")
      return true
    }
  }

  /// The milliseconds from an earlier event to this one; both must time and have passed.
  public func milliseconds(since start: CUDAEvent) throws(CUDAError) -> Double {
    try context.calling { () throws(CUDAError) in
      var milliseconds: Float = 0
      try context.functions.check(
        context.functions.elapsedTime(&milliseconds, start.handle, handle), "cuEventElapsedTime on \(context.device)")
      return Double(milliseconds)
    }
  }
}
