internal import CTensorRT
internal import Synchronization

/// How execution contexts are to be made. From TensorRT 10.11 on; most of it is TensorRT for RTX's.
public final class RuntimeConfiguration: Sendable {
  let native: NativeObject
  // Kept for the contexts, which keep this configuration.
  private let cache = Mutex<RuntimeCache?>(nil)

  init(_ engine: Engine) throws(TensorRTError) {
    let library = engine.library
    try library.require(SWOOP_TRT_ICudaEngine_createRuntimeConfig, for: "runtime configuration")
    let mark = library.hub.mark
    guard let address = swoop_trt_ICudaEngine_createRuntimeConfig(engine.native.layout, engine.native.address),
      swoop_trt_is_library_object(address)
    else { throw library.failure(.creationFailed, "\(library.version) made no runtime configuration.", since: mark) }
    native = NativeObject(
      address, library: library, parent: engine.native, destroy: swoop_trt_IRuntimeConfig_destroy)
  }

  private var library: TensorRTLibrary { native.library }

  /// Who provides the device memory of the contexts.
  public func setMemory(_ memory: ContextMemory) throws(TensorRTError) {
    let value = try library.require(memory.native, for: "choice of device memory")
    swoop_trt_IRuntimeConfig_setExecutionContextAllocationStrategy(native.layout, native.address, value)
  }

  /// Whether TensorRT for RTX captures and replays a whole execution as a CUDA graph by itself.
  public func setCUDAGraphs(_ on: Bool) throws(TensorRTError) {
    let value = try library.require(
      on ? SWOOP_TRT_CudaGraphStrategy_kWHOLE_GRAPH_CAPTURE : SWOOP_TRT_CudaGraphStrategy_kDISABLED,
      for: "CUDA graphs of its own")
    let mark = library.hub.mark
    guard swoop_trt_IRuntimeConfig_setCudaGraphStrategy(native.layout, native.address, value) else {
      throw library.failure(.argumentInvalid, "TensorRT for RTX refused CUDA graphs.", since: mark)
    }
  }

  /// When TensorRT for RTX compiles kernels for the shapes that come.
  public enum KernelSpecialization: Sendable, Hashable, CaseIterable {
    /// In the background, running general kernels meanwhile.
    case lazy
    /// At once, waiting for them.
    case eager
    /// Never.
    case none
  }

  /// Sets when kernels are compiled for the shapes that come. TensorRT for RTX only.
  public func setKernelSpecialization(_ strategy: KernelSpecialization) throws(TensorRTError) {
    let enumerator =
      switch strategy {
      case .lazy: SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kLAZY
      case .eager: SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kEAGER
      case .none: SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kNONE
      }
    let value = try library.require(enumerator, for: "kernel specialisation")
    swoop_trt_IRuntimeConfig_setDynamicShapesKernelSpecializationStrategy(native.layout, native.address, value)
  }

  /// Makes a cache for the kernels that are compiled where the engine runs. TensorRT for RTX only.
  public func makeRuntimeCache() throws(TensorRTError) -> RuntimeCache {
    try library.require(SWOOP_TRT_IRuntimeConfig_createRuntimeCache, for: "runtime cache")
    let mark = library.hub.mark
    guard let address = swoop_trt_IRuntimeConfig_createRuntimeCache(native.layout, native.address),
      swoop_trt_is_library_object(address)
    else { throw library.failure(.creationFailed, "TensorRT for RTX made no runtime cache.", since: mark) }
    return RuntimeCache(
      NativeObject(address, library: library, parent: native, destroy: swoop_trt_IRuntimeCache_destroy))
  }

  /// Lets contexts made from here on use the cache.
  public func setRuntimeCache(_ cache: RuntimeCache) throws(TensorRTError) {
    let mark = library.hub.mark
    guard swoop_trt_IRuntimeConfig_setRuntimeCache(native.layout, native.address, cache.native.address) else {
      throw library.failure(.argumentInvalid, "TensorRT for RTX refused the runtime cache.", since: mark)
    }
    self.cache.withLock { $0 = cache }
  }
}

/// The kernels that TensorRT for RTX compiled where an engine ran, to be kept for the next run.
public final class RuntimeCache: Sendable {
  let native: NativeObject

  init(_ native: NativeObject) { self.native = native }

  /// The cache's bytes, to be stored.
  public func serialize() throws(TensorRTError) -> Plan {
    let library = native.library
    let mark = library.hub.mark
    return try Plan(
      swoop_trt_IRuntimeCache_serialize(native.layout, native.address), library: library, parent: native,
      failing: "serialise the runtime cache", since: mark)
  }

  /// Takes the bytes of an earlier ``serialize()``.
  public func deserialize(_ bytes: UnsafeRawBufferPointer) throws(TensorRTError) {
    let library = native.library
    let mark = library.hub.mark
    guard
      swoop_trt_IRuntimeCache_deserialize(native.layout, native.address, bytes.baseAddress, UInt64(bytes.count))
    else { throw library.failure(.argumentInvalid, "TensorRT for RTX did not take the runtime cache.", since: mark) }
  }
}
