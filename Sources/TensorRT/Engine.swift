internal import CTensorRT
internal import Tensors

/// A plan that is loaded: immutable, and shared by every execution context made from it.
public final class Engine: Sendable {
  let native: NativeObject
  /// The engine's inputs and outputs, in the engine's own order.
  public let tensors: [EngineTensor]

  init(_ native: NativeObject) throws(TensorRTError) {
    self.native = native
    let (layout, address) = (native.layout, native.address)
    let count = swoop_trt_ICudaEngine_getNbIOTensors(layout, address)
    guard (0...4096).contains(count) else {
      throw TensorRTError(.layoutMismatch, "\(native.library.version) says that the engine has \(count) tensors.")
    }
    var tensors: [EngineTensor] = []
    for index in 0..<count {
      guard let name = swoop_trt_ICudaEngine_getIOTensorName(layout, address, index) else {
        throw TensorRTError(.layoutMismatch, "\(native.library.version) gives no name for tensor \(index) of \(count).")
      }
      tensors.append(try EngineTensor(native, name: String(cString: name)))
    }
    self.tensors = tensors
  }

  public var library: TensorRTLibrary { native.library }

  /// The tensor of a name.
  public func tensor(named name: String) -> EngineTensor? { tensors.first { $0.name == name } }

  /// The engine's name, which is the network's; often empty or `Unnamed Network 0`.
  public var name: String {
    swoop_trt_ICudaEngine_getName(native.layout, native.address).map { String(cString: $0) } ?? ""
  }

  public var layerCount: Int { Int(swoop_trt_ICudaEngine_getNbLayers(native.layout, native.address)) }

  public var optimizationProfileCount: Int {
    max(0, Int(swoop_trt_ICudaEngine_getNbOptimizationProfiles(native.layout, native.address)))
  }

  /// Whether the batch is a hidden first axis, as in plans made from Caffe or UFF models with TensorRT 7 and older ways.
  public var hasImplicitBatch: Bool {
    swoop_trt_ICudaEngine_hasImplicitBatchDimension(native.layout, native.address)
  }

  /// The device memory in bytes that one execution context needs for what lies between its inputs and outputs.
  public var deviceMemoryByteCount: Int {
    if library.has(SWOOP_TRT_ICudaEngine_getDeviceMemorySizeV2) {
      return Int(clamping: swoop_trt_ICudaEngine_getDeviceMemorySizeV2(native.layout, native.address))
    }
    return Int(clamping: swoop_trt_ICudaEngine_getDeviceMemorySize(native.layout, native.address))
  }

  /// Whether its weights can be replaced with a ``Refitter``.
  public var isRefittable: Bool { swoop_trt_ICudaEngine_isRefittable(native.layout, native.address) }

  /// How much the engine knows of its layers.
  public var profilingVerbosity: ProfilingVerbosity? {
    library.enumerator(swoop_trt_ICudaEngine_getProfilingVerbosity(native.layout, native.address))
  }

  /// Which other GPUs it was built to run on; `nil` before TensorRT 8.6.
  public var hardwareCompatibility: HardwareCompatibility? {
    guard library.has(SWOOP_TRT_ICudaEngine_getHardwareCompatibilityLevel) else { return nil }
    return library.enumerator(swoop_trt_ICudaEngine_getHardwareCompatibilityLevel(native.layout, native.address))
  }

  /// A bound that an optimization profile sets for an input. -1 in it stands for an axis that the profile leaves open.
  ///
  /// - Throws: ``TensorRTError`` where the engine has no such input or profile.
  public func profileShape(of tensor: String, profile: Int, _ selector: ProfileSelector) throws(TensorRTError) -> [Int]
  {
    guard let index = Int32(exactly: profile), profile >= 0, profile < optimizationProfileCount else {
      throw TensorRTError(
        .argumentInvalid,
        "The engine has \(optimizationProfileCount) optimization profiles; \(profile) is none of them.")
    }
    let mark = library.hub.mark
    let shape = swoop_trt_ICudaEngine_getProfileShape(
      native.layout, native.address, tensor, index, try selector.value(in: library))
    guard let lengths = shape.lengths else {
      throw library.failure(
        .argumentInvalid, "The engine has no shape in profile \(profile) for \(tensor).", since: mark)
    }
    return lengths
  }

  /// What the engine inspector tells, of the whole engine or one layer, as JSON or as one line a layer.
  ///
  /// Layers have details only where the engine was built with ``ProfilingVerbosity/detailed``.
  public func information(layer: Int? = nil, format: InformationFormat = .json) throws(TensorRTError) -> String {
    let mark = library.hub.mark
    guard let address = swoop_trt_ICudaEngine_createEngineInspector(native.layout, native.address),
      swoop_trt_is_library_object(address)
    else {
      throw library.failure(.creationFailed, "\(library.version) made no engine inspector.", since: mark)
    }
    let inspector = NativeObject(address, library: library, parent: native, destroy: swoop_trt_IEngineInspector_destroy)
    let value = try library.require(format.native, for: "\(format) format")
    let text: UnsafePointer<CChar>?
    if let layer {
      guard let index = Int32(exactly: layer), layer >= 0, layer < layerCount else {
        throw TensorRTError(.argumentInvalid, "The engine has \(layerCount) layers; \(layer) is none of them.")
      }
      text = swoop_trt_IEngineInspector_getLayerInformation(inspector.layout, inspector.address, index, value)
    } else {
      text = swoop_trt_IEngineInspector_getEngineInformation(inspector.layout, inspector.address, value)
    }
    guard let text else {
      throw library.failure(.creationFailed, "The engine inspector told nothing.", since: mark)
    }
    return String(cString: text)
  }

  /// The engine as a plan again, after a refit for example.
  ///
  /// - Parameter excludingWeights: leaves the weights out, for plans that are refitted where they are loaded. From
  ///   TensorRT 9.2 on.
  public func serialize(excludingWeights: Bool = false) throws(TensorRTError) -> Plan {
    let mark = library.hub.mark
    let address: UnsafeMutableRawPointer?
    if excludingWeights {
      try library.require(SWOOP_TRT_ICudaEngine_createSerializationConfig, for: "serialisation without weights")
      guard let config = swoop_trt_ICudaEngine_createSerializationConfig(native.layout, native.address),
        swoop_trt_is_library_object(config)
      else {
        throw library.failure(.creationFailed, "\(library.version) made no serialisation configuration.", since: mark)
      }
      let configuration = NativeObject(
        config, library: library, parent: native, destroy: swoop_trt_ISerializationConfig_destroy)
      let flag = try library.require(SWOOP_TRT_SerializationFlag_kEXCLUDE_WEIGHTS, for: "serialisation without weights")
      guard swoop_trt_ISerializationConfig_setFlag(native.layout, configuration.address, flag) else {
        throw library.failure(.argumentInvalid, "TensorRT refused to leave the weights out.", since: mark)
      }
      address = swoop_trt_ICudaEngine_serializeWithConfig(native.layout, native.address, configuration.address)
    } else {
      address = swoop_trt_ICudaEngine_serialize(native.layout, native.address)
    }
    return try Plan(address, library: library, parent: native, failing: "serialise the engine", since: mark)
  }

  // MARK: Contexts

  /// Makes an execution context. Contexts of one engine may run at the same time, each on a stream of its own.
  ///
  /// - Parameter memory: who provides the device memory between inputs and outputs, and when.
  /// - Throws: ``TensorRTError``: `outOfMemory`, `creationFailed`, `featureUnsupported`.
  public func makeContext(memory: ContextMemory = .static) throws(TensorRTError) -> ExecutionContext {
    let mark = library.hub.mark
    let address: UnsafeMutableRawPointer?
    if memory == .userManaged, library.value(of: memory.native) == nil {
      address = swoop_trt_ICudaEngine_createExecutionContextWithoutDeviceMemory(native.layout, native.address)
    } else if memory == .static, library.value(of: memory.native) == nil {
      address = swoop_trt_ICudaEngine_createExecutionContext(native.layout, native.address, 0)
    } else {
      let value = try library.require(memory.native, for: "device memory that follows the profile")
      address = swoop_trt_ICudaEngine_createExecutionContext(native.layout, native.address, value)
    }
    return try context(address, since: mark)
  }

  /// Makes an execution context as a runtime configuration says. From TensorRT 10.11 on, and in TensorRT for RTX.
  public func makeContext(_ configuration: RuntimeConfiguration) throws(TensorRTError) -> ExecutionContext {
    try library.require(SWOOP_TRT_ICudaEngine_createExecutionContextWithConfig, for: "runtime configuration")
    let mark = library.hub.mark
    let address = swoop_trt_ICudaEngine_createExecutionContextWithConfig(
      native.layout, native.address, configuration.native.address)
    return try context(address, since: mark, keeping: configuration)
  }

  private func context(
    _ address: UnsafeMutableRawPointer?, since mark: UInt64, keeping configuration: RuntimeConfiguration? = nil
  ) throws(TensorRTError) -> ExecutionContext {
    guard let address, swoop_trt_is_library_object(address) else {
      throw library.failure(
        .creationFailed,
        "\(library.version) made no execution context. The engine needs \(deviceMemoryByteCount) bytes of device memory a context.",
        since: mark)
    }
    swoop_trt_IExecutionContext_setErrorRecorder(native.layout, address, library.nativeRecorder)
    return ExecutionContext(
      NativeObject(address, library: library, parent: native, destroy: swoop_trt_IExecutionContext_destroy),
      engine: self, configuration: configuration)
  }

  /// Makes a configuration for contexts. From TensorRT 10.11 on, and in TensorRT for RTX.
  public func makeRuntimeConfiguration() throws(TensorRTError) -> RuntimeConfiguration {
    try RuntimeConfiguration(self)
  }
}
