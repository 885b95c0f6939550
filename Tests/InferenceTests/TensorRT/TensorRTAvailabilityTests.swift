import CUDA
import DynamicLibrary
import FakeRuntimes
import Inference
import Logging
import TensorRT
import Testing

/// Whether TensorRT is chosen without being asked for rests on these verdicts.
@Suite struct TensorRTAvailabilityTests {
  private static let quiet = Logger(label: "tensorrt") { _ in SwiftLogNoOpLogHandler() }

  private static func probe(_ cuda: FakeCUDADriver, _ tensorRT: FakeTensorRT, index: Int = 0) throws
    -> TensorRTAvailability
  {
    TensorRTAvailability.probe(
      index: index, library: try TensorRTLibrary.open(path: tensorRT.path, logger: quiet),
      driver: try CUDADriver.open(path: cuda.path))
  }

  @Test("with a GPU and a library that goes with it, engines are built and run", arguments: FakeDevice.versions)
  func builds(version: Int32) throws {
    let cuda = try FakeCUDADriver()
    let tensorRT = try FakeTensorRT(version: version, cuda: cuda.path)
    for index in 0..<2 {
      let found = try Self.probe(cuda, tensorRT, index: index)
      #expect(found.verdict == .builds)
      #expect(found.device?.device.index == index)
      #expect(found.builder === found.device)
      #expect(found.reason.contains("\(TensorRTVersion(reported: version))"))
      #expect(found.reason.contains("builds and runs engines on cuda:\(index) (Fake GPU \(index))"))
    }
    #expect(tensorRT.callCount("IBuilder.buildSerializedNetwork") == 0)
    #expect(tensorRT.liveCount == 0)
    #expect(tensorRT.violations == "")
  }

  @Test("a GPU that TensorRT for RTX does not know is told with those that it knows")
  func unsupportedGPU() throws {
    let cuda = try FakeCUDADriver()
    // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
    cuda.setAttribute(75, 9)
    cuda.setAttribute(76, 0)
    let found = try Self.probe(cuda, FakeTensorRT(version: 10701, cuda: cuda.path))
    #expect(found.verdict == .unusable)
    #expect(found.device == nil && found.builder == nil)
    #expect(found.library?.version.product == .rtx)
    #expect(found.reason.contains("7.5, 8.0, 8.6, 8.9, 12.0, 12.1, and this GPU has 9.0"))
    // The full TensorRT has no such list; it is asked itself.
    #expect(try Self.probe(cuda, FakeTensorRT(version: 110_400, cuda: cuda.path)).verdict == .builds)
  }

  @Test("a library that does not go with the driver is told in its own words")
  func brokenLibrary() throws {
    let cuda = try FakeCUDADriver()
    let tensorRT = try FakeTensorRT(version: 101_600, cuda: cuda.path)
    tensorRT.setBlind(true)
    let found = try Self.probe(cuda, tensorRT)
    #expect(found.verdict == .unusable)
    #expect(found.reason.contains("CUDA initialization failure with error: 35"))
    let wrong = try Self.probe(cuda, FakeTensorRT(version: 101_600, layout: 110_400, cuda: cuda.path))
    #expect(wrong.verdict == .unusable)
    #expect(wrong.reason.contains("does not have that version's layout"))
  }

  @Test("without a driver, without the device, and without a library nothing runs, and the reason says so")
  func missing() throws {
    let cuda = try FakeCUDADriver()
    let tensorRT = try FakeTensorRT(version: 101_600, cuda: cuda.path)
    #expect(try Self.probe(cuda, tensorRT, index: 7).reason.contains("no CUDA device 7"))
    #expect(try Self.probe(cuda, tensorRT, index: -1).verdict == .unusable)
    EnvironmentOverride.$values.withValue(["SWOOP_CUDA": "/nowhere/libcuda.so.1"]) {
      let found = TensorRTAvailability.probe()
      #expect(found.verdict == .unusable)
      #expect(found.library == nil)
      #expect(found.reason.contains("/nowhere/libcuda.so.1"))
    }
    let driver = try CUDADriver.open(path: cuda.path)
    EnvironmentOverride.$values.withValue(["SWOOP_TENSORRT": "/nowhere/libnvinfer.so.10"]) {
      let found = TensorRTAvailability.probe(driver: driver)
      #expect(found.verdict == .unusable)
      #expect(found.reason.contains("/nowhere/libnvinfer.so.10"))
    }
  }
}
