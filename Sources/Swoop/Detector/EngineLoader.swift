internal import Detection
internal import Inference

/// Chooses the runtime for a model's file and loads it.
enum EngineLoader {
  static func load(
    _ path: String, digest: String, options: EngineOptions, configuration: DetectorConfiguration
  ) throws -> any Engine {
    let name = FilePath.lastComponent(of: path)
    switch FilePath.fileExtension(of: path) {
    case "onnx", "xml":
      switch options.runtime {
      case .openvino: return try openVINO(path, options: options)
      case .onnxruntime: return try onnxRuntime(path, options: options)
      case .tensorrt: return try tensorRT(path, digest: digest, options: options, configuration: configuration)
      case .auto: return try best(path, options: options)
      }
    case "engine", "plan", "trt":
      guard options.runtime == .auto || options.runtime == .tensorrt else {
        throw SwoopError(
          .usage,
          "\(name) is a TensorRT engine; --engine \(options.runtime.rawValue) cannot run it. Leave --engine out.")
      }
      return try TensorRTEngine(path: path)
    case "pt", "pth", "safetensors", "torchscript":
      throw SwoopError(
        .model,
        "\(name) holds training weights, not a network that a runtime can load. Export it first, for example with "
          + "`yolo export model=\(name) format=onnx dynamic=True`, and give the .onnx file.")
    case let other:
      throw SwoopError(
        .model,
        "The model \(path) has the extension \(other.isEmpty ? "of no known kind" : ".\(other)"); "
          + "known are .onnx, .engine (TensorRT) and .xml (OpenVINO).")
    }
  }

  /// OpenVINO, which is the faster one on processors; ONNX Runtime where that is what this machine has.
  private static func best(_ path: String, options: EngineOptions) throws -> any Engine {
    do {
      return try openVINO(path, options: options)
    } catch let error as InferenceError where error.code == .runtimeUnavailable {
      do {
        return try onnxRuntime(path, options: options)
      } catch let other as InferenceError where other.code == .runtimeUnavailable {
        throw InferenceError(.runtimeUnavailable, "\(error)\n\(other)")
      }
    }
  }

  private static func openVINO(_ path: String, options: EngineOptions) throws -> any Engine {
    var settings = OpenVINOOptions()
    settings.precision =
      switch options.precision {
      case .fp32: .fp32
      case .bf16: .bf16
      case .auto: .auto
      }
    settings.goal = options.execution == .asynchronous ? .throughput : .latency
    settings.threads = options.threads > 0 ? options.threads : nil
    settings.cacheFolder = options.cacheFolder.map { "\($0)/openvino" }
    return try OpenVINOEngine(modelPath: path, options: settings)
  }

  private static func tensorRT(
    _ path: String, digest: String, options: EngineOptions, configuration: DetectorConfiguration
  ) throws -> any Engine {
    var settings = try TensorRTBuildOptions()
    switch options.batch {
    case .exactly(let count): settings.batch = try .init(minimum: 1, optimum: count, maximum: count)
    // Large enough to fill a GPU with a network of the usual sizes; the profile admits twice as many.
    case .auto: settings.batch = try .init(minimum: 1, optimum: 16, maximum: 32)
    }
    if let size = configuration.size {
      // Rectangles are any shape up to the size, in steps of the stride.
      let smallest = configuration.resize == .rectangle ? 32 : Int.max
      settings.height = try .init(minimum: min(smallest, size.height), optimum: size.height, maximum: size.height)
      settings.width = try .init(minimum: min(smallest, size.width), optimum: size.width, maximum: size.width)
    }
    settings.precision =
      switch options.precision {
      case .fp32: .fp32
      case .bf16: .bf16
      case .auto: .auto
      }
    let device = try TensorRTDevice()
    let source = TensorRTBuild.Source(path: path, digest: digest)
    guard let folder = options.cacheFolder else {
      let result = try TensorRTBuild(library: device.library, device: device).build(source, options: settings) { _ in
        Interruption.signal == nil
      }
      return try TensorRTEngine(result, title: path, device: device)
    }
    // Ctrl-C stops a build that is under way.
    return try TensorRTEngineCache(folder: "\(folder)/tensorrt").engine(
      for: source, on: device, options: settings, program: "swoop \(SwoopVersion.current)",
      progress: { _ in Interruption.signal == nil }
    ).engine
  }

  private static func onnxRuntime(_ path: String, options: EngineOptions) throws -> any Engine {
    var settings = ONNXRuntimeOptions()
    settings.precision =
      switch options.precision {
      case .fp32: .fp32
      case .bf16: .bf16
      case .auto: .auto
      }
    settings.goal = options.execution == .asynchronous ? .throughput : .latency
    settings.threads = options.threads > 0 ? options.threads : nil
    return try ONNXRuntimeEngine(modelPath: path, options: settings)
  }
}
