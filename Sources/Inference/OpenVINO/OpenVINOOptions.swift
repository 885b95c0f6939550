/// How an ``OpenVINOEngine`` compiles and runs.
public struct OpenVINOOptions: Hashable, Sendable {
  /// What the engine is tuned for.
  public enum Goal: Hashable, Sendable {
    /// Many images per second: several executions at once, each on its share of the processors.
    case throughput
    /// One execution at a time on all processors: for callers that keep one context.
    case latency
  }

  /// OpenVINO's name for the device: `CPU`, `GPU`, `GPU.1`, `NPU`, `AUTO`.
  public var device = "CPU"
  public var precision: RequestedPrecision = .fp32
  public var goal: Goal = .throughput
  /// The number of threads that compute, or `nil` for as many as the processors this process may use. Only the CPU has
  /// them. OpenVINO uses no more threads than there are cores; ``OpenVINOEngine/threadCount`` says how many run.
  public var threads: Int?
  /// The folder in which compiled models are kept from run to run, or `nil` for none. Files in it may be deleted at any
  /// time. Only models compiled for the CPU are kept.
  public var cacheFolder: String?

  public init() {}
}
