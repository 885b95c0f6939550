internal import CTensorRT
internal import Synchronization

/// How an engine is to be built.
///
/// Every setter throws ``TensorRTError`` with code `featureUnsupported` where the version lacks the option, saying which
/// versions have it; nothing is ignored.
public final class BuilderConfiguration: Sendable {
  let native: NativeObject
  private struct Kept {
    var monitor: NativeImplementation?
    var context: MonitorContext?
    var timingCache: TimingCache?
  }
  // What TensorRT refers to until the configuration is gone.
  private let kept = Mutex(Kept())

  init(_ native: NativeObject) { self.native = native }

  deinit {
    if kept.withLock({ $0.monitor }) != nil {
      swoop_trt_IBuilderConfig_setProgressMonitor(native.layout, native.address, nil)
    }
  }

  private var library: TensorRTLibrary { native.library }

  /// Turns a flag on or off.
  public func set(_ flag: BuilderFlag, to on: Bool = true) throws(TensorRTError) {
    let value = try library.require(flag.native, for: "builder flag \(flag)", instead: flag.instead)
    if on {
      swoop_trt_IBuilderConfig_setFlag(native.layout, native.address, value)
    } else {
      swoop_trt_IBuilderConfig_clearFlag(native.layout, native.address, value)
    }
    guard swoop_trt_IBuilderConfig_getFlag(native.layout, native.address, value) == on else {
      throw TensorRTError(.argumentInvalid, "\(library.version) did not take the builder flag \(flag).")
    }
  }

  /// Whether a flag is on; `false` where the version lacks it.
  public func isSet(_ flag: BuilderFlag) -> Bool {
    guard let value = library.value(of: flag.native) else { return false }
    return swoop_trt_IBuilderConfig_getFlag(native.layout, native.address, value)
  }

  /// Limits a memory pool, in bytes.
  public func setLimit(_ byteCount: Int, of pool: MemoryPool) throws(TensorRTError) {
    let value = try library.require(pool.native, for: "memory pool \(pool)")
    guard byteCount >= 0 else {
      throw TensorRTError(.argumentInvalid, "The memory pool \(pool) cannot have \(byteCount) bytes.")
    }
    let mark = library.hub.mark
    swoop_trt_IBuilderConfig_setMemoryPoolLimit(native.layout, native.address, value, UInt64(byteCount))
    let taken = swoop_trt_IBuilderConfig_getMemoryPoolLimit(native.layout, native.address, value)
    guard taken == UInt64(byteCount) else {
      throw library.failure(
        .argumentInvalid,
        "\(library.version) did not take \(byteCount) bytes for the memory pool \(pool); it has \(taken).",
        since: mark)
    }
  }

  /// The limit of a memory pool in bytes; the default is the device's memory.
  public func limit(of pool: MemoryPool) throws(TensorRTError) -> Int {
    let value = try library.require(pool.native, for: "memory pool \(pool)")
    return Int(clamping: swoop_trt_IBuilderConfig_getMemoryPoolLimit(native.layout, native.address, value))
  }

  /// How much time the build may take to make the engine fast: 0 is quickest to build, 5 tries everything; the default
  /// is 3. From TensorRT 8.6 on.
  public func setOptimizationLevel(_ level: Int) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IBuilderConfig_setBuilderOptimizationLevel, for: "optimisation level")
    let mark = library.hub.mark
    guard let value = Int32(exactly: level), (0...5).contains(level) else {
      throw TensorRTError(.argumentInvalid, "The optimisation level is 0 to 5, not \(level).")
    }
    swoop_trt_IBuilderConfig_setBuilderOptimizationLevel(native.layout, native.address, value)
    guard swoop_trt_IBuilderConfig_getBuilderOptimizationLevel(native.layout, native.address) == value else {
      throw library.failure(
        .argumentInvalid, "\(library.version) did not take optimisation level \(level).", since: mark)
    }
  }

  /// On which other GPUs the engine is to run. From TensorRT 8.6 on.
  public func setHardwareCompatibility(_ level: HardwareCompatibility) throws(TensorRTError) {
    let value = try library.require(level.native, for: "hardware compatibility \(level.rawValue)")
    swoop_trt_IBuilderConfig_setHardwareCompatibilityLevel(native.layout, native.address, value)
    guard swoop_trt_IBuilderConfig_getHardwareCompatibilityLevel(native.layout, native.address) == value else {
      throw TensorRTError(.argumentInvalid, "\(library.version) did not take hardware compatibility \(level.rawValue).")
    }
  }

  /// How much the engine is to know of its layers; needed detailed for the inspector to tell more than names.
  public func setProfilingVerbosity(_ verbosity: ProfilingVerbosity) throws(TensorRTError) {
    let value = try library.require(verbosity.native, for: "profiling verbosity \(verbosity)")
    swoop_trt_IBuilderConfig_setProfilingVerbosity(native.layout, native.address, value)
  }

  /// Lets contexts of one engine use the same optimization profile at the same time, which TensorRT 8.6 and 9 do on
  /// request and later versions always. Does nothing in versions that have no such choice.
  public func shareProfiles() throws(TensorRTError) {
    guard library.version.major < 10, library.version.product == .tensorRT,
      let value = library.value(of: SWOOP_TRT_PreviewFeature_kPROFILE_SHARING_0806)
    else { return }
    swoop_trt_IBuilderConfig_setPreviewFeature(native.layout, native.address, value, true)
    guard swoop_trt_IBuilderConfig_getPreviewFeature(native.layout, native.address, value) else {
      throw TensorRTError(.argumentInvalid, "\(library.version) did not take the sharing of profiles.")
    }
  }

  /// Adds an optimization profile; networks with dynamic inputs need one at least.
  ///
  /// - Returns: the profile's index.
  /// - Throws: ``TensorRTError`` with TensorRT's reason where the profile is not valid: a bound missing or inverted.
  @discardableResult
  public func add(_ profile: OptimizationProfile) throws(TensorRTError) -> Int {
    let mark = library.hub.mark
    let index = swoop_trt_IBuilderConfig_addOptimizationProfile(native.layout, native.address, profile.address)
    guard index >= 0 else {
      throw library.failure(
        .argumentInvalid,
        "The optimization profile is not valid: a bound is missing, or minimum, optimum and maximum are not in order.",
        since: mark)
    }
    return Int(index)
  }

  /// Limits the number of streams that the engine uses beside the caller's. From TensorRT 8.6 on.
  public func setMaximumAuxiliaryStreamCount(_ count: Int) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IBuilderConfig_setMaxAuxStreams, for: "limit of auxiliary streams")
    guard let value = Int32(exactly: count), count >= 0,
      swoop_trt_IBuilderConfig_setMaxAuxStreams(native.layout, native.address, value)
    else { throw TensorRTError(.argumentInvalid, "\(library.version) did not take \(count) auxiliary streams.") }
  }

  /// Plugin libraries that the plan is to carry. From TensorRT 8.6 on.
  public func setPluginsToSerialize(_ paths: [String]) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IBuilderConfig_setPluginsToSerialize, for: "plugins inside plans")
    withArrayOfCStrings(paths) { pointers in
      swoop_trt_IBuilderConfig_setPluginsToSerialize(native.layout, native.address, pointers, Int32(paths.count))
    }
  }

  /// Builds for these compute capabilities (75, 80, 86, 89, 120, 121) instead of the present GPU's. TensorRT for RTX
  /// only; it needs no GPU then, and without any it builds for all of them.
  public func setComputeCapabilities(_ capabilities: [Int]) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IBuilderConfig_setNbComputeCapabilities, for: "choice of compute capabilities")
    let having = (library.computeCapabilities ?? []).map { String($0) }.joined(separator: ", ")
    let mark = library.hub.mark
    guard !capabilities.isEmpty,
      swoop_trt_IBuilderConfig_setNbComputeCapabilities(
        native.layout, native.address, Int32(clamping: capabilities.count))
    else {
      throw library.failure(
        .argumentInvalid,
        "\(library.version) did not take \(capabilities.count) compute capabilities; it knows \(having).",
        since: mark)
    }
    for (index, capability) in capabilities.enumerated() {
      guard let enumerator = ComputeCapabilities.known.first(where: { $0.number == capability })?.enumerator,
        let value = library.value(of: enumerator),
        swoop_trt_IBuilderConfig_setComputeCapability(native.layout, native.address, value, Int32(index))
      else {
        throw library.failure(
          .argumentInvalid,
          "\(library.version) does not build for compute capability \(capability); it knows \(having).",
          since: mark)
      }
    }
  }

  /// Whether engines are built for a choice of compute capabilities, as TensorRT for RTX does.
  public var hasComputeCapabilities: Bool { library.has(SWOOP_TRT_IBuilderConfig_setNbComputeCapabilities) }

  // MARK: Timing cache

  /// Lets the build use a timing cache, from bytes of an earlier ``timingCache()``, or an empty one.
  ///
  /// - Parameter ignoringMismatch: also takes a cache from another GPU of the same kind.
  /// - Throws: ``TensorRTError`` where TensorRT does not take the bytes.
  public func setTimingCache(_ bytes: UnsafeRawBufferPointer, ignoringMismatch: Bool = false) throws(TensorRTError) {
    let mark = library.hub.mark
    let address = swoop_trt_IBuilderConfig_createTimingCache(
      native.layout, native.address, bytes.baseAddress, UInt64(bytes.count))
    guard let address, swoop_trt_is_library_object(address) else {
      throw library.failure(
        .argumentInvalid, "\(library.version) made no timing cache of \(bytes.count) bytes.", since: mark)
    }
    let cache = TimingCache(
      NativeObject(address, library: library, parent: native, destroy: swoop_trt_ITimingCache_destroy))
    guard
      swoop_trt_IBuilderConfig_setTimingCache(native.layout, native.address, address, ignoringMismatch)
    else {
      throw library.failure(
        .argumentInvalid, "\(library.version) refused the timing cache: it is of another GPU or version.", since: mark)
    }
    kept.withLock { $0.timingCache = cache }
  }

  /// The bytes of the timing cache as the build left it, to be stored; `nil` where none was set.
  public func timingCache() throws(TensorRTError) -> Plan? {
    guard let address = swoop_trt_IBuilderConfig_getTimingCache(native.layout, native.address),
      swoop_trt_is_library_object(address)
    else { return nil }
    let mark = library.hub.mark
    return try Plan(
      swoop_trt_ITimingCache_serialize(native.layout, address), library: library, parent: native,
      failing: "serialise the timing cache", since: mark)
  }

  // MARK: Progress

  /// Watches the build. From TensorRT 9 on.
  ///
  /// - Parameter monitor: called from threads of TensorRT's own; `true` goes on, `false` stops the build, which then
  ///   throws `buildCancelled`.
  public func setProgressMonitor(_ monitor: @escaping @Sendable (BuildProgress) -> Bool) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IBuilderConfig_setProgressMonitor, for: "progress monitor")
    let context = MonitorContext(monitor)
    let address = swoop_trt_monitor_new(
      library.layout, Unmanaged.passUnretained(context).toOpaque(),
      { context, phase, parent, steps in
        guard let context, let phase else { return }
        Unmanaged<MonitorContext>.fromOpaque(context).takeUnretainedValue().start(
          String(cString: phase), parent: parent.map { String(cString: $0) }, steps: Int(steps))
      },
      { context, phase, step in
        guard let context, let phase else { return true }
        return Unmanaged<MonitorContext>.fromOpaque(context).takeUnretainedValue()
          .step(String(cString: phase), Int(step))
      },
      { context, phase in
        guard let context, let phase else { return }
        Unmanaged<MonitorContext>.fromOpaque(context).takeUnretainedValue().finish(String(cString: phase))
      })
    guard let address else {
      throw TensorRTError(.featureUnsupported, "\(library.version) has no progress monitor.")
    }
    swoop_trt_IBuilderConfig_setProgressMonitor(native.layout, native.address, address)
    kept.withLock {
      $0.monitor = NativeImplementation(address, context: context)
      $0.context = context
    }
  }

  /// Whether builds can be watched and stopped.
  public var hasProgressMonitor: Bool { library.hasProgressMonitor }

  var wasCancelled: Bool { kept.withLock { $0.context }?.wasCancelled ?? false }
}

/// A step of a build: a phase that started, went on or ended. Phases nest.
public struct BuildProgress: Sendable, Hashable {
  public enum Event: Sendable, Hashable {
    case started, step, finished
  }

  public var event: Event
  /// TensorRT's name for the phase: `Building Engine`, `Tactic Selection`.
  public var phase: String
  /// The phase it is part of; `nil` for the outermost.
  public var parent: String?
  /// Steps done and to do.
  public var step: Int
  public var stepCount: Int

  public init(event: Event, phase: String, parent: String? = nil, step: Int, stepCount: Int) {
    self.event = event
    self.phase = phase
    self.parent = parent
    self.step = step
    self.stepCount = stepCount
  }
}

final class MonitorContext: Sendable {
  private struct State {
    var phases: [String: (parent: String?, steps: Int)] = [:]
    var cancelled = false
  }
  private let state = Mutex(State())
  private let monitor: @Sendable (BuildProgress) -> Bool

  init(_ monitor: @escaping @Sendable (BuildProgress) -> Bool) { self.monitor = monitor }

  var wasCancelled: Bool { state.withLock { $0.cancelled } }

  func start(_ phase: String, parent: String?, steps: Int) {
    state.withLock { $0.phases[phase] = (parent, steps) }
    note(monitor(BuildProgress(event: .started, phase: phase, parent: parent, step: 0, stepCount: steps)))
  }

  func step(_ phase: String, _ step: Int) -> Bool {
    let known = state.withLock { $0.phases[phase] }
    note(
      monitor(
        BuildProgress(
          event: .step, phase: phase, parent: known?.parent, step: step + 1, stepCount: known?.steps ?? step + 1)))
    return !wasCancelled
  }

  func finish(_ phase: String) {
    let known = state.withLock { $0.phases.removeValue(forKey: phase) }
    note(
      monitor(
        BuildProgress(
          event: .finished, phase: phase, parent: known?.parent, step: known?.steps ?? 0, stepCount: known?.steps ?? 0))
    )
  }

  private func note(_ goesOn: Bool) {
    if !goesOn { state.withLock { $0.cancelled = true } }
  }
}

/// Times of tactics, kept from one build for the next.
private final class TimingCache: Sendable {
  let native: NativeObject

  init(_ native: NativeObject) { self.native = native }
}

/// Calls `body` with an array of C strings.
func withArrayOfCStrings<Result>(_ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Result)
  -> Result
{
  let pointers = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: max(1, strings.count))
  defer { pointers.deallocate() }
  let copies = strings.map { string -> UnsafeMutableBufferPointer<CChar> in
    let utf8 = string.utf8CString
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: utf8.count)
    _ = copy.initialize(from: utf8)
    return copy
  }
  defer { copies.forEach { $0.deallocate() } }
  for (index, copy) in copies.enumerated() {
    (pointers + index).initialize(to: copy.baseAddress.map { UnsafePointer($0) })
  }
  return body(pointers)
}
