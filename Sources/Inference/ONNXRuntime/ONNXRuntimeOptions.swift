/// How an ``ONNXRuntimeEngine`` loads and runs a model.
public struct ONNXRuntimeOptions: Hashable, Sendable {
  /// What the engine is tuned for.
  public enum Goal: Hashable, Sendable {
    /// Many images per second: several executions at once, each on one thread.
    case throughput
    /// One execution at a time on all threads: for callers that keep one context.
    case latency
  }

  public enum Device: Hashable, Sendable {
    case cpu
    /// A CUDA device by its number, through the CUDA execution provider.
    case cuda(Int)
  }

  public var device = Device.cpu
  /// ONNX Runtime runs a model in the arithmetic that it was exported in; this only refuses a model that would run in
  /// another. `fp32` and `auto` take every model.
  public var precision: RequestedPrecision = .fp32
  public var goal: Goal = .throughput
  /// The number of threads that compute on the CPU, or `nil` for as many as the processors this process may use.
  public var threads: Int?
  /// The most memory of a CUDA device that the model may take, in bytes, or `nil` for no limit.
  public var deviceMemoryLimit: Int?
  /// Whether executions on a CUDA device are captured as CUDA graphs at their largest shape: less work for the host,
  /// which tells at small batches.
  public var usesGraphs = false
  /// Further options of the CUDA provider by ONNX Runtime's own keys: `["cudnn_conv_algo_search": "EXHAUSTIVE"]`.
  public var providerOptions: [String: String] = [:]

  public init() {}
}
