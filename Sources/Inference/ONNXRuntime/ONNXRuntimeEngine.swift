public import CUDA
internal import DynamicLibrary
internal import Logging
public import ONNXRuntime
public import Tensors

/// A model loaded by ONNX Runtime: on the CPU, or on an NVIDIA GPU without TensorRT.
public final class ONNXRuntimeEngine: Engine {
  public let identity: EngineIdentity
  public let inputs: [TensorDescriptor]
  public let outputs: [TensorDescriptor]
  public let metadata: [String: String]
  public let preferredContextCount: Int
  public let preferredBatchSize: Int

  /// The number of threads that compute on the CPU.
  public let threadCount: Int

  /// The batch on a GPU where the model and the user leave it open: a GPU is only full with many pictures at once.
  public static let usualDeviceBatch = 64

  let session: Session
  /// Where executions that were started in advance wait for a thread.
  let queue: ExecutionQueue
  /// Host memory in ONNX Runtime's terms.
  let memory: MemoryInfo
  /// The GPU that it runs on, or `nil` for the CPU.
  let device: ONNXRuntimeDevice?
  /// Whether contexts capture their execution at the largest shape as a CUDA graph.
  let usesGraphs: Bool

  public var cuda: CUDAContext? { device?.cuda }

  /// Loads a model file and makes it ready.
  ///
  /// - Parameters:
  ///   - modelPath: an `.onnx` file. Weights that it keeps in other files are found beside it.
  ///   - library: ONNX Runtime itself; `nil` opens the one that is found.
  /// - Throws: ``InferenceError``.
  public convenience init(
    modelPath: String, options: ONNXRuntimeOptions = ONNXRuntimeOptions(), library: ONNXRuntimeLibrary? = nil
  ) throws {
    try self.init(file: ModelFile(path: modelPath), options: options, library: try library ?? Self.openLibrary())
  }

  private init(file: ModelFile, options: ONNXRuntimeOptions, library: ONNXRuntimeLibrary) throws {
    guard file.format == .onnx else {
      throw InferenceError(
        .modelUnsupported,
        "The model \(file.path) is an OpenVINO model, and ONNX Runtime reads ONNX alone. Use the .onnx file that it was "
          + "made from, or --engine openvino.")
    }
    let settings = try ONNXRuntimeSettings(options, arithmetic: ModelArithmetic(file), library: library)
    session = try settings.load(file)
    inputs = session.inputs
    outputs = session.outputs
    for (role, tensor) in inputs.map({ ("input", $0) }) + outputs.map({ ("output", $0) })
    where tensor.elementType.byteCount == nil {
      throw InferenceError(
        .modelUnsupported,
        "The \(role) \(tensor.name) of \(file.path) holds \(tensor.elementType), which is not supported; numbers are.")
    }
    metadata = file.metadata
    identity = EngineIdentity(
      runtime: "onnxruntime", version: library.version, device: settings.deviceDescription,
      precision: settings.precision)
    threadCount = settings.threadCount
    device = settings.device
    usesGraphs = settings.device != nil && options.usesGraphs
    let memory = Result { try MemoryInfo.host(library) }
    self.memory = try memory.mapError {
      InferenceError(.runtimeUnavailable, "ONNX Runtime \(library.version) cannot be used.", cause: "\($0)")
    }.get()
    queue = ExecutionQueue(threadCount: settings.executionCount)
    // One execution more than can run at once, so that a thread that ends one finds the next batch waiting.
    preferredContextCount = settings.executionCount + 1
    // On the processor a batch saves nothing, and small ones bound memory. Measured with YOLOv8n at 640x640 on two
    // processors, in milliseconds of processor time per image: 89 to 95 at a batch of 1, 91 to 96 at 2, 92 to 96 at 4, 93
    // to 96 at 8.
    let usual = settings.device == nil ? 1 : Self.usualDeviceBatch
    preferredBatchSize = inputs.first.map { max(1, $0.shape.dimensions.first?.length ?? usual) } ?? usual
  }

  public func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext {
    if let device {
      return try ONNXRuntimeDeviceContext(engine: self, device: device, maximumInputShapes: maximumInputShapes)
    }
    return try ONNXRuntimeContext(engine: self, maximumInputShapes: maximumInputShapes)
  }

  private static func openLibrary() throws(InferenceError) -> ONNXRuntimeLibrary {
    do {
      return try ONNXRuntimeLibrary()
    } catch {
      throw InferenceError(.runtimeUnavailable, "\(error)")
    }
  }
}
