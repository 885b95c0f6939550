/// The name of one of OpenVINO's properties. The ones that are used most have names here; any other can be spelt out:
/// `"ENABLE_HYPER_THREADING"`.
public struct PropertyKey: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
  public var rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  /// A device's name for people: `AMD EPYC 9R14`.
  public static let deviceName: PropertyKey = "FULL_DEVICE_NAME"
  /// What a device computes in natively, separated by spaces: `FP32 BF16 INT8 …`.
  public static let capabilities: PropertyKey = "OPTIMIZATION_CAPABILITIES"
  /// The number of threads that compute.
  public static let inferenceThreads: PropertyKey = "INFERENCE_NUM_THREADS"
  /// The number of executions that run beside each other, each on its share of the threads.
  public static let streams: PropertyKey = "NUM_STREAMS"
  /// The element type that computes: `f32`, `bf16`, `f16`.
  public static let inferencePrecision: PropertyKey = "INFERENCE_PRECISION_HINT"
  /// `LATENCY`, `THROUGHPUT` or `CUMULATIVE_THROUGHPUT`.
  public static let performanceMode: PropertyKey = "PERFORMANCE_HINT"
  /// How many requests should be in flight; read-only, of a compiled model.
  public static let optimalRequestCount: PropertyKey = "OPTIMAL_NUMBER_OF_INFER_REQUESTS"
  /// Whether threads are bound to processors: `YES` or `NO`.
  public static let processorPinning: PropertyKey = "ENABLE_CPU_PINNING"
  /// How many kernels the CPU keeps, each made for one operation at one shape.
  public static let kernelCacheCapacity: PropertyKey = "CPU_RUNTIME_CACHE_CAPACITY"
  /// The devices that a compiled model runs on; read-only.
  public static let executionDevices: PropertyKey = "EXECUTION_DEVICES"
  /// Whether times are taken for each operation: `YES` or `NO`. See ``InferRequest/profile()``.
  public static let profiling: PropertyKey = "PERF_COUNT"
}
