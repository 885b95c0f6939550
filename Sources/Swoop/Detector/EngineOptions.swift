/// Which runtime executes a model.
public enum RuntimeChoice: String, Sendable, Hashable, CaseIterable {
  /// The best that this machine has for the model.
  case auto
  case openvino
  case onnxruntime
  /// TensorRT on an NVIDIA GPU. An ONNX model is built into an engine the first time, which is kept.
  case tensorrt
}

/// The arithmetic that the network is asked to run in.
public enum PrecisionChoice: String, Sendable, Hashable, CaseIterable {
  /// float32 throughout: the numbers of the training tool.
  case fp32
  /// bfloat16 where the device computes with it.
  case bf16
  /// Whatever the runtime thinks fastest on this device.
  case auto
}

/// How executions follow one another.
public enum ExecutionMode: String, Sendable, Hashable, CaseIterable {
  /// Read, prepare, run, evaluate; then the next batch.
  case synchronous
  /// The next batches are read and prepared while others run; several executions are in flight.
  case asynchronous
}

/// A number, or the choice of whoever knows better.
public enum CountChoice: Sendable, Hashable {
  case auto
  case exactly(Int)
}

/// How a model is loaded and executed. None of it changes a result but ``precision``.
public struct EngineOptions: Sendable, Hashable {
  public var runtime = RuntimeChoice.auto
  public var precision = PrecisionChoice.fp32
  /// Processor threads for the network; 0 for as many as the process may use.
  public var threads = 0
  /// Images an execution.
  public var batch = CountChoice.auto
  public var execution = ExecutionMode.asynchronous
  /// Executions in flight in asynchronous execution.
  public var requests = CountChoice.auto
  /// The folder where compiled models are kept, or `nil` to keep none.
  public var cacheFolder: String?

  public init() {}
}
