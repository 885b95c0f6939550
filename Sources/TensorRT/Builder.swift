internal import CTensorRT
public import Logging

/// Builds plans from networks.
public final class Builder: Sendable {
  public let library: TensorRTLibrary
  let native: NativeObject

  /// Makes a builder.
  ///
  /// - Parameter logger: takes what TensorRT logs from here on; `nil` leaves the library's logger as it is.
  /// - Throws: ``TensorRTError``: `featureUnsupported` for a lean or dispatch runtime, `creationFailed` where TensorRT
  ///   makes none (full TensorRT without a GPU), `layoutMismatch`.
  public init(_ library: TensorRTLibrary, logger: Logger? = nil) throws(TensorRTError) {
    if let logger { library.logger = logger }
    let address = try library.makeRoot(
      "builder", factory: "createInferBuilder_INTERNAL", getLogger: swoop_trt_IBuilder_getLogger,
      exchangeRecorder: {
        swoop_trt_IBuilder_setErrorRecorder($0, $1, $2)
        return swoop_trt_IBuilder_getErrorRecorder($0, $1)
      },
      exchangeThreads: { layout, object in
        let before = swoop_trt_IBuilder_getMaxThreads(layout, object)
        guard swoop_trt_IBuilder_setMaxThreads(layout, object, 2) else { return true }
        defer { _ = swoop_trt_IBuilder_setMaxThreads(layout, object, max(1, before)) }
        return swoop_trt_IBuilder_getMaxThreads(layout, object) == 2
      })
    self.library = library
    native = NativeObject(address, library: library, destroy: swoop_trt_IBuilder_destroy)
  }

  /// The number of threads that a build may use. The default is 1.
  public func setMaximumThreadCount(_ count: Int) throws(TensorRTError) {
    guard let count32 = Int32(exactly: count),
      swoop_trt_IBuilder_setMaxThreads(native.layout, native.address, count32)
    else {
      throw TensorRTError(
        .argumentInvalid, "TensorRT does not take \(count) as a number of threads; it wants 1 or more.")
    }
  }

  /// Makes an empty network.
  ///
  /// - Parameter stronglyTyped: layers run in the types that the model has, and builder flags choose no precision. From
  ///   TensorRT 9 on by choice; TensorRT 11 and TensorRT for RTX know nothing else.
  public func makeNetwork(stronglyTyped: Bool = false) throws(TensorRTError) -> Network {
    var flags: UInt32 = 0
    if let bit = library.value(of: SWOOP_TRT_NetworkDefinitionCreationFlag_kEXPLICIT_BATCH) {
      flags |= 1 << UInt32(bit)
    }
    if stronglyTyped || isAlwaysStronglyTyped {
      flags |=
        1
        << UInt32(
          try library.require(SWOOP_TRT_NetworkDefinitionCreationFlag_kSTRONGLY_TYPED, for: "strongly typed networks"))
    }
    let mark = library.hub.mark
    guard let address = swoop_trt_IBuilder_createNetworkV2(native.layout, native.address, flags),
      swoop_trt_is_library_object(address)
    else { throw library.failure(.creationFailed, "\(library.version) made no network.", since: mark) }
    swoop_trt_INetworkDefinition_setErrorRecorder(native.layout, address, library.nativeRecorder)
    return Network(
      NativeObject(address, library: library, parent: native, destroy: swoop_trt_INetworkDefinition_destroy))
  }

  /// Whether layers always run in the model's own types, so that flags such as ``BuilderFlag/fp16`` do not exist.
  public var isAlwaysStronglyTyped: Bool { library.value(of: SWOOP_TRT_BuilderFlag_kFP16) == nil }

  /// Makes a configuration with TensorRT's defaults.
  public func makeConfiguration() throws(TensorRTError) -> BuilderConfiguration {
    let mark = library.hub.mark
    guard let address = swoop_trt_IBuilder_createBuilderConfig(native.layout, native.address),
      swoop_trt_is_library_object(address)
    else { throw library.failure(.creationFailed, "\(library.version) made no builder configuration.", since: mark) }
    return BuilderConfiguration(
      NativeObject(address, library: library, parent: native, destroy: swoop_trt_IBuilderConfig_destroy))
  }

  /// Makes an optimization profile with no bounds yet. It belongs to the builder.
  public func makeOptimizationProfile() throws(TensorRTError) -> OptimizationProfile {
    let mark = library.hub.mark
    guard let address = swoop_trt_IBuilder_createOptimizationProfile(native.layout, native.address),
      swoop_trt_is_library_object(address)
    else { throw library.failure(.creationFailed, "\(library.version) made no optimization profile.", since: mark) }
    return OptimizationProfile(address, builder: native)
  }

  /// Builds a plan. Takes from a fraction of a second to many minutes, and blocks the thread for that long.
  ///
  /// - Throws: ``TensorRTError`` with TensorRT's lines: `buildCancelled` where the configuration's progress monitor
  ///   stopped it, `outOfMemory`, `buildFailed`.
  public func build(_ network: Network, _ configuration: BuilderConfiguration) throws(TensorRTError) -> Plan {
    let mark = library.hub.mark
    let address = swoop_trt_IBuilder_buildSerializedNetwork(
      native.layout, native.address, network.native.address, configuration.native.address)
    if configuration.wasCancelled, address == nil || !swoop_trt_is_library_object(address) {
      throw library.failure(.buildCancelled, "The build was stopped.", since: mark, anyThread: true)
    }
    return try Plan(
      address, library: library, parent: native, failing: "build an engine from the network", code: .buildFailed,
      since: mark, anyThread: true)
  }
}
