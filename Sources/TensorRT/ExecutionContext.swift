internal import CTensorRT
internal import Synchronization

/// One execution in flight over a shared ``Engine``: input shapes, tensor addresses, a profile, scratch memory.
///
/// Owned by one lane at a time: it may move between threads, but no two may use it at once. The engine's device must be
/// current on the thread that uses it.
public final class ExecutionContext: @unchecked Sendable {
  // Sendable: it may be handed on; using it from two threads at once is the caller's error, as it is TensorRT's.

  public let engine: Engine
  let native: NativeObject
  private let configuration: RuntimeConfiguration?
  private var allocators: [String: NativeImplementation] = [:]
  private var profiler: NativeImplementation?

  /// A CUDA stream: the driver's `CUstream`, which is also the runtime's `cudaStream_t`. `nil` is the default stream.
  public typealias Stream = UnsafeMutableRawPointer

  init(_ native: NativeObject, engine: Engine, configuration: RuntimeConfiguration?) {
    self.native = native
    self.engine = engine
    self.configuration = configuration
  }

  private var library: TensorRTLibrary { native.library }

  deinit {
    // What TensorRT would call back goes after the context, which may still call it: the native object is released by
    // Swift in no order that could be relied on, so it is told to forget them first.
    for name in allocators.keys {
      _ = swoop_trt_IExecutionContext_setOutputAllocator(native.layout, native.address, name, nil)
    }
    if profiler != nil { swoop_trt_IExecutionContext_setProfiler(native.layout, native.address, nil) }
  }

  // MARK: Profiles and shapes

  /// The optimization profile in use; a new context starts with profile 0.
  public var optimizationProfile: Int {
    Int(swoop_trt_IExecutionContext_getOptimizationProfile(native.layout, native.address))
  }

  /// Chooses an optimization profile, in stream order. All input shapes must be set again afterwards.
  ///
  /// No two contexts of one engine may have the same profile chosen unless the engine was built to share profiles
  /// (from TensorRT 8.6 on, and always in 10).
  public func setOptimizationProfile(_ index: Int, on stream: Stream?) throws(TensorRTError) {
    let mark = library.hub.mark
    guard let index32 = Int32(exactly: index),
      swoop_trt_IExecutionContext_setOptimizationProfileAsync(native.layout, native.address, index32, stream)
    else {
      throw library.failure(
        .argumentInvalid,
        "Optimization profile \(index) was refused; the engine has \(engine.optimizationProfileCount).\(sharing)",
        since: mark)
    }
  }

  private var sharing: String {
    guard library.version.product == .tensorRT, library.version.major < 10 else { return "" }
    return """
       Before TensorRT 10 every context needs a profile of its own, unless the engine was built to share them: use fewer \
      contexts (--requests 1), or build the engine again.
      """
  }

  /// Sets the shape of an input for the executions that follow.
  ///
  /// - Parameter shape: the length of each axis, outermost first; within the profile's bounds.
  /// - Throws: ``TensorRTError`` with what the profile admits.
  public func setInputShape(_ shape: [Int], for name: String) throws(TensorRTError) {
    let mark = library.hub.mark
    guard var dims = swoop_trt_dims(shape) else {
      throw TensorRTError(
        .argumentInvalid, "The shape \(shape) for \(name) has \(shape.count) axes; TensorRT takes 8 at most.")
    }
    guard swoop_trt_IExecutionContext_setInputShape(native.layout, native.address, name, &dims) else {
      throw library.failure(
        .argumentInvalid, "The engine does not take the shape \(shape) for \(name)\(admitted(name)).", since: mark)
    }
  }

  private func admitted(_ name: String) -> String {
    guard let tensor = engine.tensor(named: name) else {
      let names = engine.tensors.filter { $0.mode == .input }.map(\.name).joined(separator: ", ")
      return ": it has no such input (its inputs are \(names))"
    }
    let profile = optimizationProfile
    guard let low = try? engine.profileShape(of: name, profile: profile, .minimum),
      let high = try? engine.profileShape(of: name, profile: profile, .maximum)
    else { return ": it was built for \(tensor.shape)" }
    return ": its optimization profile \(profile) admits \(low) to \(high)"
  }

  /// The shape of a tensor under the input shapes that are set; -1 where it is not known before the execution.
  public func shape(of name: String) throws(TensorRTError) -> [Int] {
    let mark = library.hub.mark
    guard let lengths = swoop_trt_IExecutionContext_getTensorShape(native.layout, native.address, name).lengths else {
      throw library.failure(.argumentInvalid, "The context knows no shape of \(name).", since: mark)
    }
    return lengths
  }

  /// Whether all input shapes are set.
  public var hasAllInputShapes: Bool {
    swoop_trt_IExecutionContext_allInputDimensionsSpecified(native.layout, native.address)
  }

  /// Computes the output shapes from the inputs and tells which inputs that takes are still missing: a shape not set, or,
  /// for shape tensors, an address not set.
  ///
  /// - Returns: the names of the missing inputs; empty where all output shapes that can be known are known.
  public func inferShapes() throws(TensorRTError) -> [String] {
    let mark = library.hub.mark
    let capacity = engine.tensors.count
    let names = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: max(1, capacity))
    defer { names.deallocate() }
    names.initialize(repeating: nil, count: max(1, capacity))
    let missing = swoop_trt_IExecutionContext_inferShapes(native.layout, native.address, Int32(capacity), names)
    guard missing >= 0 else {
      throw library.failure(.executionFailed, "The output shapes could not be computed.", since: mark)
    }
    return (0..<min(Int(missing), capacity)).compactMap { names[$0].map { String(cString: $0) } }
  }

  // MARK: Addresses

  /// Sets where a tensor lies: device memory, or host memory for tensors that ``EngineTensor/isOnHost``.
  ///
  /// The memory must be large enough for the shape and stay until the execution that uses it has ended.
  public func setAddress(_ address: UnsafeMutableRawPointer, for name: String) throws(TensorRTError) {
    let mark = library.hub.mark
    guard swoop_trt_IExecutionContext_setTensorAddress(native.layout, native.address, name, address) else {
      throw library.failure(
        .argumentInvalid, "The address \(address) for the tensor \(name) was refused.", since: mark)
    }
  }

  /// The largest number of bytes that an output can have under the input shapes that are set; `nil` where TensorRT does
  /// not know.
  public func maximumOutputByteCount(of name: String) -> Int? {
    let size = swoop_trt_IExecutionContext_getMaxOutputSize(native.layout, native.address, name)
    return size >= 0 ? Int(clamping: size) : nil
  }

  /// Lets an output whose size depends on the data be allocated while the execution runs.
  ///
  /// The context keeps the allocator; `nil` takes it away.
  public func setOutputAllocator(_ allocator: (any OutputAllocator)?, for name: String) throws(TensorRTError) {
    let mark = library.hub.mark
    let implementation = allocator.map { $0.makeNative(library.layout) }
    guard
      swoop_trt_IExecutionContext_setOutputAllocator(native.layout, native.address, name, implementation?.address)
    else {
      throw library.failure(.argumentInvalid, "The output allocator for \(name) was refused.", since: mark)
    }
    allocators[name] = implementation
  }

  /// Gives a context made with ``ContextMemory/userManaged`` its device memory.
  ///
  /// Contexts that never run at the same time may be given the same memory.
  ///
  /// - Parameters:
  ///   - address: device memory, aligned to 256 bytes, that outlives every execution of this context.
  ///   - byteCount: at least what ``requiredDeviceMemory()`` says.
  public func setDeviceMemory(_ address: UnsafeMutableRawPointer, byteCount: Int) {
    if library.has(SWOOP_TRT_IExecutionContext_setDeviceMemoryV2) {
      swoop_trt_IExecutionContext_setDeviceMemoryV2(native.layout, native.address, address, Int64(byteCount))
    } else {
      swoop_trt_IExecutionContext_setDeviceMemory(native.layout, native.address, address)
    }
  }

  /// The device memory in bytes that this context needs under the input shapes that are set; before TensorRT 10 the
  /// engine's number for its largest shapes.
  public func requiredDeviceMemory() -> Int {
    guard library.has(SWOOP_TRT_IExecutionContext_updateDeviceMemorySizeForShapes) else {
      return engine.deviceMemoryByteCount
    }
    let size = swoop_trt_IExecutionContext_updateDeviceMemorySizeForShapes(native.layout, native.address)
    return Int(clamping: size)
  }

  // MARK: Execution

  /// Starts an execution on a stream and returns: inputs and outputs by name, at the addresses set before
  /// (`enqueueV3`).
  ///
  /// Work queued on the stream afterwards sees the outputs. At most one execution may be in flight.
  public func enqueue(on stream: Stream?) throws(TensorRTError) {
    let mark = library.hub.mark
    guard swoop_trt_IExecutionContext_enqueueV3(native.layout, native.address, stream) else {
      throw library.failure(.executionFailed, "TensorRT did not start the execution.", since: mark)
    }
  }

  /// Runs and returns when the outputs are there: inputs and outputs by index (`executeV2`).
  ///
  /// - Parameter bindings: the addresses in the order of ``bindingNames()``.
  public func execute(bindings: [UnsafeMutableRawPointer?]) throws(TensorRTError) {
    let mark = library.hub.mark
    var bindings = bindings
    guard swoop_trt_IExecutionContext_executeV2(native.layout, native.address, &bindings) else {
      throw library.failure(.executionFailed, "TensorRT did not run the execution.", since: mark)
    }
  }

  /// Starts an execution on a stream with inputs and outputs by index (`enqueueV2`): TensorRT 8 and 9 only, for engines
  /// and habits of that time. ``enqueue(on:)`` does the same in every version.
  ///
  /// - Parameter inputConsumed: a CUDA event that is recorded when the inputs may be overwritten.
  public func enqueue(
    bindings: [UnsafeMutableRawPointer?], on stream: Stream?, inputConsumed: UnsafeMutableRawPointer? = nil
  ) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IExecutionContext_enqueueV2, for: "enqueueV2 (bindings by index); use enqueue(on:)")
    let mark = library.hub.mark
    var bindings = bindings
    var event = inputConsumed
    let started = withUnsafeMutablePointer(to: &event) { event in
      swoop_trt_IExecutionContext_enqueueV2(
        native.layout, native.address, &bindings, stream, inputConsumed == nil ? nil : UnsafeRawPointer(event))
    }
    guard started else {
      throw library.failure(.executionFailed, "TensorRT did not start the execution.", since: mark)
    }
  }

  /// The tensors in the order in which ``execute(bindings:)`` and ``enqueue(bindings:on:inputConsumed:)`` take them.
  ///
  /// From TensorRT 10 on that is the order of ``Engine/tensors``. TensorRT 8 and 9 have one set of bindings for each
  /// optimization profile, one set behind the other; those of other profiles are `nil` and take no address.
  public func bindingNames() -> [String?] {
    let names = engine.tensors.map(\.name)
    guard library.has(SWOOP_TRT_ICudaEngine_getNbBindings) else { return names }
    let (layout, address) = (engine.native.layout, engine.native.address)
    let count = Int(swoop_trt_ICudaEngine_getNbBindings(layout, address))
    let profiles = max(1, engine.optimizationProfileCount)
    guard count > 0, count % profiles == 0, count <= 1 << 16 else { return names }
    let offset = count / profiles * max(0, optimizationProfile)
    var result = [String?](repeating: nil, count: count)
    for name in names {
      let index = Int(swoop_trt_ICudaEngine_getBindingIndex(layout, address, name))
      if index >= 0, index + offset < count { result[index + offset] = name }
    }
    return result
  }

  /// Records a CUDA event when the inputs of the next execution may be overwritten; `nil` records none.
  public func setInputConsumedEvent(_ event: UnsafeMutableRawPointer?) throws(TensorRTError) {
    let mark = library.hub.mark
    guard swoop_trt_IExecutionContext_setInputConsumedEvent(native.layout, native.address, event) else {
      throw library.failure(.argumentInvalid, "The event for consumed inputs was refused.", since: mark)
    }
  }

  /// A name for profilers and logs.
  public func setName(_ name: String) {
    swoop_trt_IExecutionContext_setName(native.layout, native.address, name)
  }

  // MARK: Profiling

  /// Takes the time of each layer, in milliseconds, whenever an execution ends; `nil` takes the profiler away.
  ///
  /// A profiler makes ``enqueue(on:)`` wait for the execution, since the times are told from there.
  public func setProfiler(_ report: (@Sendable (_ layer: String, _ milliseconds: Float) -> Void)?) {
    let implementation = report.map { report in
      let context = ProfilerContext(report)
      let address = swoop_trt_profiler_new(library.layout, Unmanaged.passUnretained(context).toOpaque()) {
        context, layer, milliseconds in
        guard let context, let layer else { return }
        Unmanaged<ProfilerContext>.fromOpaque(context).takeUnretainedValue()
          .report(String(cString: layer), milliseconds)
      }
      return NativeImplementation(address, context: context)
    }
    swoop_trt_IExecutionContext_setProfiler(native.layout, native.address, implementation?.address)
    profiler = implementation
  }
}

private final class ProfilerContext: Sendable {
  let report: @Sendable (String, Float) -> Void

  init(_ report: @escaping @Sendable (String, Float) -> Void) { self.report = report }
}
