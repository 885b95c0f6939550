internal import Inference

/// Chooses the runtime for a model's file and loads it.
enum EngineLoader {
  static func load(_ path: String, digest: String, options: EngineOptions) throws -> any Engine {
    let name = FilePath.lastComponent(of: path)
    switch FilePath.fileExtension(of: path) {
    case "onnx", "xml":
      return try openVINO(path, options: options)
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
}
