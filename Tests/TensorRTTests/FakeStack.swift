import CUDA
import FakeRuntimes
import Foundation
import Logging
import TensorRT

/// A fake TensorRT of one version over a fake CUDA driver of its own.
struct FakeStack {
  let cuda: FakeCUDADriver
  let fake: FakeTensorRT
  let library: TensorRTLibrary
  let context: CUDAContext

  /// Numbers as `getInferLibVersion` reports them: one of each layout, and the ends of families.
  static let versions: [Int32] = [8503, 8601, 9200, 100_000, 101_600, 110_000, 110_400, 10500, 10701]

  init(version: Int32, layout: Int32? = nil, logger: Logger = RTXLibrary.quiet) throws {
    cuda = try FakeCUDADriver()
    fake = try FakeTensorRT(version: version, layout: layout, cuda: cuda.path)
    library = try TensorRTLibrary.open(path: fake.path, logger: logger)
    let driver = try CUDADriver.open(path: cuda.path)
    context = try driver.primaryContext(of: driver.device(0))
  }

  /// Builds a model; `bounds` are the batch bounds of a dynamic one.
  func build(
    _ model: [UInt8], bounds: (Int, Int, Int)? = nil, input: String = "images", rest: [Int] = [3, 4, 4],
    configure: (BuilderConfiguration) throws -> Void = { _ in }
  ) throws -> Plan {
    let builder = try Builder(library)
    let network = try builder.makeNetwork()
    try model.withUnsafeBytes { try network.parse(onnx: $0) }
    let configuration = try builder.makeConfiguration()
    try configure(configuration)
    if let bounds {
      let profile = try builder.makeOptimizationProfile()
      try profile.setShapes(
        of: input, minimum: [bounds.0] + rest, optimum: [bounds.1] + rest, maximum: [bounds.2] + rest)
      try configuration.add(profile)
    }
    return try builder.build(network, configuration)
  }

  func engine(
    _ model: [UInt8], bounds: (Int, Int, Int)? = nil, rest: [Int] = [3, 4, 4],
    configure: (BuilderConfiguration) throws -> Void = { _ in }
  ) throws -> Engine {
    let plan = try build(model, bounds: bounds, rest: rest, configure: configure)
    let runtime = try Runtime(library)
    return try plan.withUnsafeBytes { try runtime.deserialize($0) }
  }

  static func fixture(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: DataFiles.root.appendingPathComponent("Tests/Fixtures/models/\(name).onnx")))
  }
}
