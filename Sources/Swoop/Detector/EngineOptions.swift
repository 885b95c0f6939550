public import CUDA

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

/// What the network runs on.
public enum DeviceChoice: Sendable, Hashable {
  /// An NVIDIA GPU where there is one that a runtime can use, else the processor.
  case auto
  /// The processor.
  case cpu
  /// GPUs by CUDA's numbers, in this order; all at once where they are several.
  case cuda([Int])
  /// Every GPU that CUDA shows.
  case all
}

/// Which boxes are computed, on the processor.
public enum BoxChoice: String, Sendable, Hashable, CaseIterable {
  /// Those of candidates where the model allows it.
  case auto
  /// Those of the anchors with a score above the confidence: the network runs without the part of its head that computes
  /// boxes, and Swoop computes it for these.
  case candidates
  /// All, by the network as it is in the file.
  case all
}

/// When executions on a GPU are captured as CUDA graphs.
public enum GraphChoice: String, Sendable, Hashable, CaseIterable {
  /// Where it tells: for batches of up to 16.
  case auto
  case on
  case off
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

/// How a model is loaded and executed. None of it changes a result but the runtime, the kind of device and
/// the precision; which boxes are computed changes the order of sums.
public struct EngineOptions: Sendable, Hashable {
  public var runtime = RuntimeChoice.auto
  public var device = DeviceChoice.auto
  /// `nil` is fp32. A TensorRT engine file runs in what it was built in: any choice for one is an error.
  public var precision: PrecisionChoice?
  /// Processor threads for the network; 0 for as many as the process may use. TensorRT has no use for any: a number is an
  /// error then.
  public var threads = 0
  /// Images an execution.
  public var batch = CountChoice.auto
  public var execution = ExecutionMode.asynchronous
  /// Executions in flight in asynchronous execution.
  public var requests = CountChoice.auto
  public var graphs = GraphChoice.auto
  public var boxes = BoxChoice.auto
  /// How threads wait for a GPU.
  public var waiting = CUDAWaiting.auto
  /// Further options of ONNX Runtime's CUDA provider, by its own names.
  public var providerOptions: [String: String] = [:]
  /// The most memory of each GPU that a run may take, in bytes, or `nil` for what is free.
  public var deviceMemoryLimit: Int?
  /// The folder where compiled models are kept, or `nil` to keep none.
  public var cacheFolder: String?

  public init() {}
}

extension EngineOptions {
  /// Whether executions at a batch size are captured as CUDA graphs.
  func usesGraphs(batch: Int) -> Bool {
    switch graphs {
    case .on: true
    case .off: false
    case .auto: batch <= 16
    }
  }
}

extension DeviceChoice: CustomStringConvertible {
  /// As the command line has it: `auto`, `cpu`, `all`, `cuda:0,1`.
  public var description: String {
    switch self {
    case .auto: "auto"
    case .cpu: "cpu"
    case .all: "all"
    case .cuda(let indices): "cuda:" + indices.map(String.init).joined(separator: ",")
    }
  }

  /// Reads `auto`, `cpu`, `all`, `cuda`, `cuda:0`, `cuda:0,1`, `0` or `0,1`; `nil` for anything else, and where a GPU is
  /// named twice.
  public init?(_ text: String) {
    switch text {
    case "auto": self = .auto
    case "cpu": self = .cpu
    case "all": self = .all
    case "cuda", "gpu": self = .cuda([0])
    default:
      let list = text.hasPrefix("cuda:") ? text.dropFirst(5) : text[...]
      let numbers = list.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      let indices = numbers.compactMap { $0 }
      guard indices.count == numbers.count, indices.allSatisfy((0..<1024).contains), Set(indices).count == indices.count
      else { return nil }
      self = .cuda(indices)
    }
  }
}
