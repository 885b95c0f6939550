public import CUDA
public import Tensors

/// A model that is loaded and compiled for a device: immutable, and shared by every execution context made from it.
///
/// Nothing above this protocol asks which runtime stands behind it. Each adapter (a folder beside this file) implements
/// it over one runtime library.
public protocol Engine: AnyObject, Sendable {
  /// Which runtime, device and precision this is, for records and reports.
  var identity: EngineIdentity { get }
  /// The inputs, in the model's order.
  var inputs: [TensorDescriptor] { get }
  /// The outputs, in the model's order; look them up by name.
  var outputs: [TensorDescriptor] { get }
  /// The key-value pairs that the exporter embedded in the model; empty where there are none.
  var metadata: [String: String] { get }
  /// How many contexts keep the device busy, for callers that let the engine choose.
  var preferredContextCount: Int { get }
  /// The batch size the engine runs best at, for callers that let the engine choose; within the model's limits.
  var preferredBatchSize: Int { get }

  /// Makes a context with its own input and output memory. Contexts of one engine may run at the same time.
  ///
  /// - Parameter maximumInputShapes: for each input, the largest shape that will be asked for, so that memory is taken
  ///   once. Smaller shapes need no new memory.
  func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext

  /// The CUDA device that it executes on; `nil` for an engine of the host. Contexts of an engine that has one are
  /// ``DeviceExecutionContext``s.
  var cuda: CUDAContext? { get }
}

extension Engine {
  public var cuda: CUDAContext? { nil }
}

/// What ran: the part of an engine that results may depend on.
public struct EngineIdentity: Hashable, Sendable, Codable {
  /// `openvino`, `tensorrt`, `onnxruntime`.
  public var runtime: String
  /// The runtime's own version, as it reports it.
  public var version: String
  /// The device in the runtime's words and its full name: `CPU (AMD EPYC 9R14)`, `cuda:0 (NVIDIA H100)`.
  public var device: String
  /// The precision that executes: `fp32`, `fp16`, `bf16`, `int8`, or `mixed`.
  public var precision: String

  public init(runtime: String, version: String, device: String, precision: String) {
    self.runtime = runtime
    self.version = version
    self.device = device
    self.precision = precision
  }
}

extension EngineIdentity: CustomStringConvertible {
  /// `openvino 2026.2.0 on CPU (AMD EPYC), fp32`: the version without the build that follows it.
  public var description: String {
    "\(runtime) \(version.prefix { $0 != "-" }) on \(device), \(precision)"
  }
}
