internal import CUDA
internal import Logging
internal import ONNXRuntime

/// What one engine asks of ONNX Runtime.
struct ONNXRuntimeSettings {
  let options: ONNXRuntimeOptions
  let library: ONNXRuntimeLibrary
  /// `CPU (AMD EPYC 9R14)`, `cuda:0`.
  let deviceDescription: String
  /// The precision that will execute.
  let precision: String
  /// How many threads compute on the CPU.
  let threadCount: Int
  /// How many executions can be in progress at once.
  let executionCount: Int
  /// The GPU, or `nil` for the CPU.
  let device: ONNXRuntimeDevice?
  private let session: SessionOptions

  /// Checks the options against what ONNX Runtime has and does.
  init(
    _ options: ONNXRuntimeOptions, arithmetic: ModelArithmetic, library: ONNXRuntimeLibrary
  ) throws(InferenceError) {
    self.options = options
    self.library = library
    var session = SessionOptions()
    if let threads = options.threads, threads <= 0 {
      throw InferenceError(.optionUnsupported, "\(threads) threads were asked for; at least 1 is needed.")
    }
    threadCount = min(options.threads ?? UsableProcessors.count, 1 << 12)
    // ONNX Runtime names its settings and limits at every step; what goes wrong is thrown, so it need not be logged too.
    session.logLevel = .fatal
    switch options.device {
    case .cpu:
      device = nil
      deviceDescription = ProcessorName.current.map { "CPU (\($0))" } ?? "CPU"
      precision = arithmetic.precisionOnCPU
      switch options.goal {
      case .throughput:
        // Each execution wholly on the thread that runs it: nothing is shared between them but the weights.
        session.intraOpThreads = 1
        executionCount = threadCount
      case .latency:
        session.intraOpThreads = threadCount
        executionCount = 1
      }
    case .cuda(let index):
      guard ((try? library.availableProviders()) ?? []).contains("CUDAExecutionProvider") else {
        throw InferenceError(
          .runtimeUnavailable,
          "ONNX Runtime \(library.version) (\(library.path)) is built for the processor alone. For NVIDIA GPUs install the "
            + "other build: pip install 'onnxruntime-gpu[cuda,cudnn]'.")
      }
      let device = try ONNXRuntimeDevice(index: index)
      self.device = device
      deviceDescription = "\(device.cuda.device)"
      var cuda = CUDAOptions(device: index)
      cuda.memoryLimit = options.deviceMemoryLimit
      cuda.stream = UInt(bitPattern: device.compute.handle)
      cuda.usesGraph = options.usesGraphs
      // An exhaustive search takes seconds for every new shape; measured on an H100, see docs/benchmarks.md.
      cuda.convolutionSearch = .heuristic
      cuda.further = options.providerOptions
      // TF32 keeps 10 bits of a factor: not what is meant by float32.
      cuda.allowsTF32 = options.precision == .auto
      session.providers = [.cuda(cuda)]
      session.intraOpThreads = threadCount
      // One batch on the network, and some that are decoded and prepared beside it.
      executionCount = options.goal == .throughput ? 3 : 1
      precision = arithmetic.precisionOnGPU(withTF32: cuda.allowsTF32)
    }
    self.session = session
    switch options.precision {
    case .fp32, .auto: break
    case .bf16, .fp16:
      guard precision == options.precision.rawValue else {
        throw InferenceError(
          .optionUnsupported,
          "\(options.precision.rawValue) was asked for, but ONNX Runtime runs a model in the arithmetic that it was "
            + "exported in, and this one would run in \(precision). Use fp32, export the model in "
            + "\(options.precision.rawValue), or use another engine.")
      }
    }
  }

  func load(_ file: ModelFile) throws(InferenceError) -> Session {
    var logger = Logger(label: "onnxruntime")
    logger.logLevel = .critical
    do {
      let environment = try Environment(library: library, name: "swoop", logger: logger)
      return try Session(environment: environment, path: file.path, options: session)
    } catch let error as ONNXRuntimeError {
      throw Self.refusal(of: file, error, device: deviceDescription)
    } catch {
      throw InferenceError(.runtimeUnavailable, "ONNX Runtime \(library.version) cannot be used.", cause: "\(error)")
    }
  }

  /// Sorts out why ONNX Runtime refused a model.
  static func refusal(of file: ModelFile, _ error: ONNXRuntimeError, device: String) -> InferenceError {
    let message = error.message
    if error.operation != "CreateSession" {
      return InferenceError(
        .runtimeUnavailable, "ONNX Runtime cannot run \(file.path) on \(device) here.", cause: error.description)
    }
    if message.contains("CUDA failure") || message.contains("CUDNN failure") {
      return InferenceError(.runtimeUnavailable, "ONNX Runtime cannot use \(device).", cause: message)
    }
    if let name = unsupportedOperator(in: message) {
      return InferenceError(
        .modelUnsupported,
        "The model \(file.path) uses the operator \(name), which ONNX Runtime does not implement. Export it without "
          + "(plugins such as EfficientNMS_TRT exist in TensorRT alone), or run it on the engine it was made for.",
        cause: message)
    }
    if message.contains("Unsupported model IR version") || message.contains("is under development and support for this")
    {
      return InferenceError(
        .modelUnsupported,
        "The model \(file.path) was exported for a newer ONNX than this ONNX Runtime knows. Install a newer one "
          + "(pip install --upgrade onnxruntime), or export the model with a lower opset.",
        cause: message)
    }
    if isOutOfMemory(message) {
      return InferenceError(.outOfMemory, "There is not enough memory for the model \(file.path).", cause: message)
    }
    if error.code == .noSuchFile {
      return InferenceError(
        .modelUnreadable, "The model \(file.path), or a file beside it that its weights are in, cannot be read.",
        cause: message)
    }
    return InferenceError(
      .modelInvalid, "The model \(file.path) is not usable: ONNX Runtime cannot load it.", cause: message)
  }

  static func isOutOfMemory(_ message: String) -> Bool {
    ["bad_alloc", "Failed to allocate memory", "out of memory", "_ALLOC_FAILED", "_ALLOCATION_FAILED"].contains {
      message.contains($0)
    }
  }

  /// The operator in ONNX Runtime's complaint: `com.example:Sharpen`.
  static func unsupportedOperator(in message: String) -> String? {
    // Fatal error: com.example:Sharpen(-1) is not a registered function/op
    if let end = message.firstRange(of: " is not a registered function/op") {
      let name = message[..<end.lowerBound].split(separator: " ").last ?? ""
      return String(name.prefix { $0 != "(" })
    }
    // No Op registered for Sharpen with domain_version of 17
    // Could not find an implementation for Conv(11) node with name 'x'
    for beginning in ["No Op registered for ", "Could not find an implementation for "] {
      guard let start = message.firstRange(of: beginning) else { continue }
      return String(message[start.upperBound...].prefix { $0 != " " && $0 != "(" })
    }
    return nil
  }
}
