public import CUDA
public import Logging
public import TensorRT

/// A TensorRT library and a GPU to use it on.
public final class TensorRTDevice: Sendable {
  public let library: TensorRTLibrary
  /// The primary context of the device, which TensorRT uses too.
  public let cuda: CUDAContext

  /// - Parameters:
  ///   - library: TensorRT itself; `nil` opens the one that is found.
  ///   - driver: the CUDA driver; `nil` opens the one that is found.
  ///   - index: the device, counted from 0 in the driver's order.
  /// - Throws: ``InferenceError`` of code `runtimeUnavailable` that says what is missing.
  public init(
    library: TensorRTLibrary? = nil, driver: CUDADriver? = nil, index: Int = 0,
    logger: Logger = Logger(label: "tensorrt")
  ) throws {
    (self.library, cuda) = try tensorRT("TensorRT cannot be used.") {
      // The GPU first: without one, the library's own complaint would be about something else.
      let driver = try driver ?? CUDADriver.open()
      let cuda = try driver.primaryContext(of: driver.device(index))
      return (try library ?? TensorRTLibrary.open(logger: logger), cuda)
    }
  }

  public var device: CUDADevice { cuda.device }

  /// What records say of the GPU.
  var gpu: EngineRecord.GPU {
    EngineRecord.GPU(
      name: device.name, computeCapability: device.computeCapability.description, driver: cuda.driver.versionText)
  }
}
