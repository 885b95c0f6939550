internal import CONNXRuntime

/// How a session is made: every default is visible here.
public struct SessionOptions: Sendable {
  public enum GraphOptimization: Int32, Sendable {
    case none = 0
    case basic = 1
    case extended = 2
    case all = 99
  }

  public var graphOptimization = GraphOptimization.all
  /// Threads that share the work of one operator, the calling thread included; 0 lets ONNX Runtime choose (one a
  /// physical core, each pinned to it). With 1, an execution runs wholly on its caller's thread, so that several
  /// executions of one session run side by side without a pool between them.
  public var intraOpThreads = 0
  /// Threads that run independent operators side by side, where ``runsBranchesInParallel`` is on; 0 lets ONNX Runtime
  /// choose.
  public var interOpThreads = 0
  /// Whether independent branches of the graph run side by side. Off suits most vision networks.
  public var runsBranchesInParallel = false
  /// Whether idle threads of the pool spin for a while before they sleep: quicker, at the cost of a busy processor.
  public var allowsSpinning = true
  /// Whether memory is planned ahead for shapes seen before.
  public var usesMemoryPattern = true
  /// Whether host memory is kept in an arena between executions.
  public var usesHostArena = true
  /// The length of dynamic axes, by the model's name for them: `["batch": 8]`.
  public var dimensionLengths: [String: Int] = [:]
  /// Further entries by ONNX Runtime's own keys: `["session.set_denormal_as_zero": "1"]`.
  public var configuration: [String: String] = [:]
  /// The lowest level of this session's messages; `nil` keeps the environment's.
  public var logLevel: LogLevel?
  /// Where to execute, best first. What none of them supports runs on the CPU, which is always last.
  public var providers: [ExecutionProvider] = []

  public enum LogLevel: Int32, Sendable {
    case verbose, info, warning, error, fatal
  }

  public init() {}
}

/// Where a session's operators execute, other than on the CPU.
public enum ExecutionProvider: Sendable {
  case cuda(CUDAOptions)
  case tensorRT(TensorRTOptions)
}

/// The native object of ``SessionOptions``; it lives while a session is made.
struct NativeSessionOptions: ~Copyable {
  let library: ONNXRuntimeLibrary
  let pointer: OpaquePointer

  init(library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) {
    self.library = library
    pointer = try library.make("CreateSessionOptions") { ort_CreateSessionOptions_from($0)(&$1) }
  }

  deinit { ort_ReleaseSessionOptions_from(library.table)(pointer) }

  func apply(_ options: SessionOptions) throws {
    let table = library.table
    try library.check(
      ort_SetSessionGraphOptimizationLevel_from(table)(pointer, options.graphOptimization.rawValue),
      "SetSessionGraphOptimizationLevel")
    try library.check(
      ort_SetIntraOpNumThreads_from(table)(pointer, Int32(clamping: options.intraOpThreads)), "SetIntraOpNumThreads")
    try library.check(
      ort_SetInterOpNumThreads_from(table)(pointer, Int32(clamping: options.interOpThreads)), "SetInterOpNumThreads")
    try library.check(
      ort_SetSessionExecutionMode_from(table)(pointer, options.runsBranchesInParallel ? 1 : 0),
      "SetSessionExecutionMode")
    if !options.usesMemoryPattern {
      try library.check(ort_DisableMemPattern_from(table)(pointer), "DisableMemPattern")
    }
    if !options.usesHostArena {
      try library.check(ort_DisableCpuMemArena_from(table)(pointer), "DisableCpuMemArena")
    }
    if let level = options.logLevel {
      try library.check(
        ort_SetSessionLogSeverityLevel_from(table)(pointer, level.rawValue), "SetSessionLogSeverityLevel")
    }
    var entries = options.configuration
    if !options.allowsSpinning {
      entries["session.intra_op.allow_spinning"] = "0"
      entries["session.inter_op.allow_spinning"] = "0"
    }
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      try library.check(ort_AddSessionConfigEntry_from(table)(pointer, key, value), "AddSessionConfigEntry(\(key))")
    }
    for (name, length) in options.dimensionLengths.sorted(by: { $0.key < $1.key }) {
      try library.check(
        ort_AddFreeDimensionOverrideByName_from(table)(pointer, name, Int64(length)), "AddFreeDimensionOverrideByName")
    }
    for provider in options.providers {
      switch provider {
      case .cuda(let cuda): try append(cuda)
      case .tensorRT(let tensorRT): try append(tensorRT)
      }
    }
  }
}
