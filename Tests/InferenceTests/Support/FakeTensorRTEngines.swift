import CUDA
import FakeRuntimes
import Inference
import Logging
import TensorRT

/// A fake TensorRT over a fake CUDA driver, as the adapter sees them.
struct FakeDevice: Sendable {
  let cuda: FakeCUDADriver
  let tensorRT: FakeTensorRT
  let device: TensorRTDevice

  /// One of each layout, as `getInferLibVersion` reports them.
  static let versions: [Int32] = [8601, 9200, 101_600, 110_400, 10701]

  init(version: Int32, index: Int = 0) throws {
    cuda = try FakeCUDADriver()
    tensorRT = try FakeTensorRT(version: version, cuda: cuda.path)
    let quiet = Logger(label: "tensorrt") { _ in SwiftLogNoOpLogHandler() }
    device = try TensorRTDevice(
      library: TensorRTLibrary.open(path: tensorRT.path, logger: quiet), driver: CUDADriver.open(path: cuda.path),
      index: index)
  }

  /// Options for the fixtures: any batch up to 8, sizes up to 96.
  static func options(batch: String = "1:4:8") throws -> TensorRTBuildOptions {
    var options = try TensorRTBuildOptions()
    options.batch = try range(batch)
    options.height = try TensorRTBuildOptions.Range(minimum: 8, optimum: 64, maximum: 96)
    options.width = options.height
    return options
  }

  private static func range(_ text: String) throws -> TensorRTBuildOptions.Range {
    guard let range = TensorRTBuildOptions.Range(text) else { throw Fixtures.Failure("\(text) is no range") }
    return range
  }

  /// Builds a model and loads it, without a file between.
  func engine(_ path: String, options: TensorRTBuildOptions? = nil) throws -> TensorRTEngine {
    try Fixtures.withTemporaryFolder { folder in
      let source = TensorRTBuild.Source(path: path, digest: "0")
      return try TensorRTEngineCache(folder: folder).engine(
        for: source, on: device, options: options ?? Self.options()
      ).engine
    }
  }
}

/// The TensorRT adapter over a fake of each layout, for the conformance suite.
enum FakeTensorRTEngines {
  // TensorRT 8 has no int64 and gives such tensors as int32, so the suite's models look otherwise there; 9 has its layout.
  static let all: [EngineUnderTest] = FakeDevice.versions.filter { $0 != 8601 }.compactMap { version in
    guard let device = try? FakeDevice(version: version) else { return nil }
    return EngineUnderTest(name: "TensorRT, fake \(device.device.library.version)") { try device.engine($0) }
  }
}
