import Inference
import ONNXRuntime
import OpenVINO
import Testing

/// One implementation of the engine protocol that the conformance suite runs over. A new adapter adds itself to `all`.
struct EngineUnderTest: Sendable, CustomTestStringConvertible {
  var name: String
  /// Loads a model, tuned for several executions at once or for one.
  var make: @Sendable (_ modelPath: String) throws -> any Engine

  var testDescription: String { name }

  /// The engines that this machine can run.
  static let available: [EngineUnderTest] = {
    var engines: [EngineUnderTest] = []
    if let library = openVINO {
      for (name, goal) in [
        ("OpenVINO throughput", OpenVINOOptions.Goal.throughput), ("OpenVINO latency", .latency),
      ] {
        engines.append(
          EngineUnderTest(name: name) { path in
            var options = OpenVINOOptions()
            options.goal = goal
            return try OpenVINOEngine(modelPath: path, options: options, library: library)
          })
      }
    }
    if let library = onnxRuntime {
      for (name, goal) in [
        ("ONNXRuntime throughput", ONNXRuntimeOptions.Goal.throughput), ("ONNXRuntime latency", .latency),
      ] {
        engines.append(
          EngineUnderTest(name: name) { path in
            var options = ONNXRuntimeOptions()
            options.goal = goal
            return try ONNXRuntimeEngine(modelPath: path, options: options, library: library)
          })
      }
    }
    engines += FakeTensorRTEngines.all
    return engines
  }()

  /// OpenVINO, where it is installed.
  static let openVINO: OpenVINOLibrary? = try? OpenVINOLibrary.open()

  /// ONNX Runtime, where it is installed.
  static let onnxRuntime: ONNXRuntimeLibrary? = try? ONNXRuntimeLibrary()

  static let reason: Comment = "no inference runtime on this machine; scripts/get-openvino or scripts/get-onnxruntime adds one"
}
