internal import Inference

/// Chooses the runtime for a model's file and loads it.
enum EngineLoader {
  static func load(_ path: String, digest: String, options: EngineOptions) throws -> any Engine {
    let name = FilePath.lastComponent(of: path)
    switch FilePath.fileExtension(of: path) {
    case "onnx", "xml":
      switch options.runtime {
      case .openvino: return try openVINO(path, options: options)
      case .onnxruntime: return try onnxRuntime(path, options: options)
      case .auto: return try best(path, options: options)
      }
    case "pt", "pth", "safetensors", "torchscript":
      throw SwoopError(
        .model,
        "\(name) holds training weights, not a network that a runtime can load. Export it first, for example with "
          + "`yolo export model=\(name) format=onnx dynamic=True`, and give the .onnx file.")
    case let other:
      throw SwoopError(
        .model,
        "The model \(path) has the extension \(other.isEmpty ? "of no known kind" : ".\(other)"); "
          + "known are .onnx and .xml (OpenVINO).")
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
