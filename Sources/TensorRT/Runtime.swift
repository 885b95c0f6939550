internal import CTensorRT
public import Logging

/// Loads plans and makes engines of them.
///
/// One per process and device is enough; engines keep it alive. The device is the one whose context is current on the
/// calling thread.
public final class Runtime: Sendable {
  public let library: TensorRTLibrary
  let native: NativeObject

  /// Makes a runtime.
  ///
  /// - Parameter logger: takes what TensorRT logs from here on, at the level of its severity; `nil` leaves the library's
  ///   logger as it is.
  /// - Throws: ``TensorRTError``: `creationFailed` where TensorRT makes none (without a GPU, most libraries make none),
  ///   `layoutMismatch` where the library is not what it says.
  public init(_ library: TensorRTLibrary, logger: Logger? = nil) throws(TensorRTError) {
    if let logger { library.logger = logger }
    let address = try library.makeRoot(
      "runtime", factory: "createInferRuntime_INTERNAL", getLogger: swoop_trt_IRuntime_getLogger,
      exchangeRecorder: {
        swoop_trt_IRuntime_setErrorRecorder($0, $1, $2)
        return swoop_trt_IRuntime_getErrorRecorder($0, $1)
      },
      exchangeThreads: { layout, object in
        let before = swoop_trt_IRuntime_getMaxThreads(layout, object)
        guard swoop_trt_IRuntime_setMaxThreads(layout, object, 2) else { return true }
        defer { _ = swoop_trt_IRuntime_setMaxThreads(layout, object, max(1, before)) }
        return swoop_trt_IRuntime_getMaxThreads(layout, object) == 2
      })
    self.library = library
    native = NativeObject(address, library: library, destroy: swoop_trt_IRuntime_destroy)
  }

  private init(adopting native: NativeObject) {
    library = native.library
    self.native = native
  }

  /// Loads a plan: the bytes that a build gave, without any header before them.
  ///
  /// Needs a GPU of the kind the plan was built for. The bytes may go away afterwards.
  ///
  /// - Throws: ``TensorRTError`` with code `planRefused` and TensorRT's reason.
  public func deserialize(_ plan: UnsafeRawBufferPointer) throws(TensorRTError) -> Engine {
    guard let bytes = plan.baseAddress, !plan.isEmpty else {
      throw TensorRTError(.planRefused, "The plan is empty.")
    }
    let mark = library.hub.mark
    let address = swoop_trt_IRuntime_deserialize(native.layout, native.address, bytes, UInt64(plan.count))
    guard let address, swoop_trt_is_library_object(address) else {
      let validity = engineValidity(plan).map { " \($0)." } ?? ""
      throw library.failure(
        .planRefused, "\(library.version) did not load the plan of \(plan.count) bytes.\(validity)", since: mark)
    }
    return try Engine(NativeObject(address, library: library, parent: native, destroy: swoop_trt_ICudaEngine_destroy))
  }

  /// What TensorRT for RTX says about a plan before loading it: `nil` for other libraries.
  public func engineValidity(_ plan: UnsafeRawBufferPointer) -> EngineValidity? {
    guard library.has(SWOOP_TRT_IRuntime_getEngineValidity), let bytes = plan.baseAddress else { return nil }
    // It reads the header; fewer bytes than that would be read past the end.
    let header = swoop_trt_IRuntime_getEngineHeaderSize(native.layout, native.address)
    guard header > 0, Int64(plan.count) >= header else {
      return EngineValidity(state: .invalid, reasons: ["it is too short"])
    }
    var diagnostics: UInt64 = 0
    let state = swoop_trt_IRuntime_getEngineValidity(
      native.layout, native.address, bytes, Int64(plan.count), &diagnostics)
    return EngineValidity(library: library, state: state, diagnostics: diagnostics)
  }

  /// The number of threads that the runtime may use while it loads plans. The default is 1.
  public var maximumThreadCount: Int {
    Int(swoop_trt_IRuntime_getMaxThreads(native.layout, native.address))
  }

  /// Sets ``maximumThreadCount``.
  ///
  /// - Throws: ``TensorRTError`` where TensorRT refuses the number.
  public func setMaximumThreadCount(_ count: Int) throws(TensorRTError) {
    guard let count32 = Int32(exactly: count),
      swoop_trt_IRuntime_setMaxThreads(native.layout, native.address, count32)
    else {
      throw TensorRTError(
        .argumentInvalid, "TensorRT does not take \(count) as a number of threads; it wants 1 or more.")
    }
  }

  /// Where the lean runtime inside a version-compatible plan is written while it is loaded. From TensorRT 8.6 on.
  public func setTemporaryDirectory(_ path: String) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IRuntime_setTemporaryDirectory, for: "temporary folder of its own")
    swoop_trt_IRuntime_setTemporaryDirectory(native.layout, native.address, path)
  }

  /// Whether plans may carry code for the host, as version-compatible plans do: only for plans from a trusted source,
  /// since that code runs in this process. From TensorRT 8.6 on.
  public func setHostCodeAllowed(_ allowed: Bool) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IRuntime_setEngineHostCodeAllowed, for: "plans with host code")
    swoop_trt_IRuntime_setEngineHostCodeAllowed(native.layout, native.address, allowed)
  }

  /// Makes a runtime of another version from a lean runtime's file, for plans that were built version-compatible without
  /// their own. From TensorRT 8.6 on.
  public func loadRuntime(path: String) throws(TensorRTError) -> Runtime {
    try library.require(SWOOP_TRT_IRuntime_loadRuntime, for: "loading of another runtime")
    let mark = library.hub.mark
    guard let address = swoop_trt_IRuntime_loadRuntime(native.layout, native.address, path),
      swoop_trt_is_library_object(address)
    else {
      throw library.failure(.creationFailed, "\(library.version) did not load the runtime \(path).", since: mark)
    }
    return Runtime(
      adopting: NativeObject(address, library: library, parent: native, destroy: swoop_trt_IRuntime_destroy))
  }

  /// The registry that plugin libraries are loaded into.
  public func pluginRegistry() throws(TensorRTError) -> PluginRegistry {
    try PluginRegistry(library, swoop_trt_IRuntime_getPluginRegistry(native.layout, native.address), owner: native)
  }
}

/// What TensorRT for RTX says about a plan from its header.
public struct EngineValidity: Sendable, Hashable, CustomStringConvertible {
  public enum State: Sendable, Hashable {
    /// It can be loaded here.
    case valid
    /// It can be loaded, but a plan built for this GPU would be faster.
    case suboptimal
    case invalid
  }

  public var state: State
  /// Why it is not valid, in words.
  public var reasons: [String]

  init(state: State, reasons: [String]) {
    self.state = state
    self.reasons = reasons
  }

  init(library: TensorRTLibrary, state: Int32, diagnostics: UInt64) {
    self.state =
      state == library.value(of: SWOOP_TRT_EngineValidity_kVALID)
      ? .valid : state == library.value(of: SWOOP_TRT_EngineValidity_kSUBOPTIMAL) ? .suboptimal : .invalid
    let known: [(swoop_trt_enumerator, String)] = [
      (SWOOP_TRT_EngineInvalidityDiagnostics_kVERSION_MISMATCH, "it was built by another version of TensorRT for RTX"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kUNSUPPORTED_CC, "it was not built for this GPU's compute capability"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kOLD_CUDA_DRIVER, "the CUDA driver is too old"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kOLD_CUDA_RUNTIME, "the CUDA runtime is too old"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kINSUFFICIENT_GPU_MEMORY, "the GPU has too little memory"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kMALFORMED_ENGINE, "it is damaged"),
      (SWOOP_TRT_EngineInvalidityDiagnostics_kCUDA_ERROR, "CUDA failed"),
    ]
    reasons = known.compactMap { enumerator, words in
      guard let bit = library.value(of: enumerator), diagnostics & UInt64(UInt32(bitPattern: bit)) != 0 else {
        return nil
      }
      return words
    }
  }

  /// `It is not valid here: it was not built for this GPU's compute capability`.
  public var description: String {
    let because = reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", ")
    switch state {
    case .valid: return "It is valid here\(because)"
    case .suboptimal: return "It would run here, but not at its best\(because)"
    case .invalid: return "It is not valid here\(because)"
    }
  }
}

extension TensorRTLibrary {
  /// An error with what TensorRT and the shim said since a mark. Lines about memory make it an `outOfMemory`.
  func failure(_ code: TensorRTError.Code, _ message: String, since mark: UInt64, anyThread: Bool = false)
    -> TensorRTError
  {
    var lines = hub.lines(since: mark, anyThread: anyThread)
    if let exception = swoop_trt_take_exception() {
      lines.append(.init(severity: .error, text: "C++ exception: \(String(cString: exception))"))
    }
    swoop_trt_recorder_clear(nativeRecorder)
    let isMemory = lines.contains { line in
      let text = line.text.lowercased()
      return text.contains("out of memory") || text.contains("outofmemory") || text.contains("out_of_memory")
        || text.contains("failed allocation")
    }
    return TensorRTError(isMemory ? .outOfMemory : code, message, lines: lines)
  }
}

/// Where plugins are registered; plans and models that use them load afterwards.
public struct PluginRegistry: Sendable {
  // The registry belongs to TensorRT and is not freed; the owner keeps it valid.
  private let owner: NativeObject
  nonisolated(unsafe) private let address: UnsafeMutableRawPointer

  init(_ library: TensorRTLibrary, _ address: UnsafeMutableRawPointer?, owner: NativeObject) throws(TensorRTError) {
    guard let address, swoop_trt_is_object(address) else {
      throw TensorRTError(
        .featureUnsupported,
        "\(library.version) gives no plugin registry. It came with: \(String(cString: swoop_trt_method_availability(SWOOP_TRT_IRuntime_getPluginRegistry)))."
      )
    }
    self.address = address
    self.owner = owner
  }

  /// Loads a library of plugins. It stays loaded.
  ///
  /// - Throws: ``TensorRTError`` with TensorRT's reason.
  public func load(path: String) throws(TensorRTError) {
    let library = owner.library
    try library.require(SWOOP_TRT_IPluginRegistry_loadLibrary, for: "loading of plugin libraries")
    let mark = library.hub.mark
    guard swoop_trt_IPluginRegistry_loadLibrary(owner.layout, address, path) != nil else {
      throw library.failure(.creationFailed, "\(library.version) did not load the plugin library \(path).", since: mark)
    }
  }

  /// The number of plugin creators that are registered.
  public var creatorCount: Int {
    var count: Int32 = 0
    if owner.library.has(SWOOP_TRT_IPluginRegistry_getAllCreators) {
      _ = swoop_trt_IPluginRegistry_getAllCreators(owner.layout, address, &count)
    } else {
      _ = swoop_trt_IPluginRegistry_getPluginCreatorList(owner.layout, address, &count)
    }
    return Int(count)
  }
}
