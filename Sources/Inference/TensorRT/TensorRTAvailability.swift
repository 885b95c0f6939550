public import CUDA
public import TensorRT

/// Whether TensorRT can run engines here, and build them from ONNX models: for whoever chooses a runtime.
///
///     let tensorRT = TensorRTAvailability.probe()
///     if let device = tensorRT.builder { … build for it … } else { note(tensorRT.reason) }
public struct TensorRTAvailability: Sendable {
  /// What TensorRT can do here.
  public enum Verdict: Sendable, Hashable {
    /// Nothing: there is no GPU, no library, or the library does not work with the GPU.
    case unusable
    /// It runs engines, and cannot build any.
    case runs
    /// It runs engines and builds them from ONNX models.
    case builds
  }

  public let verdict: Verdict
  /// Why the verdict is what it is, in sentences: what was found, and what is missing.
  public let reason: String
  /// The library, where one could be opened; also where it is of no use.
  public let library: TensorRTLibrary?
  /// The library and the GPU, ready for use, where engines run.
  public let device: TensorRTDevice?

  /// The library and the GPU, where engines are built too.
  public var builder: TensorRTDevice? { verdict == .builds ? device : nil }

  /// Finds out. Opens the driver, the library and its parser, and makes one runtime object, which wakes the GPU; nothing
  /// is built. Without a GPU no library is opened, as the answer is known then.
  ///
  /// - Parameters:
  ///   - index: the device, counted from 0 in the driver's order.
  ///   - library: TensorRT itself; `nil` opens the one that is found.
  ///   - driver: the CUDA driver; `nil` opens the one that is found.
  public static func probe(
    index: Int = 0, library: TensorRTLibrary? = nil, driver: CUDADriver? = nil
  ) -> TensorRTAvailability {
    let device: TensorRTDevice
    do {
      device = try TensorRTDevice(library: library, driver: driver, index: index)
    } catch {
      return .init(verdict: .unusable, reason: message(error), library: library, device: nil)
    }
    let here = "\(device.library.version) (\(device.library.path))"
    func unusable(_ why: String) -> Self {
      .init(
        verdict: .unusable, reason: "\(here) cannot be used on \(device.device): \(why)", library: device.library,
        device: nil)
    }
    let capability = device.device.computeCapability
    if let known = device.library.computeCapabilities, !known.contains(capability.major * 10 + capability.minor) {
      let list = known.map { "\($0 / 10).\($0 % 10)" }.joined(separator: ", ")
      return unusable("it runs on compute capabilities \(list), and this GPU has \(capability).")
    }
    do {
      // A library that does not go with the driver, or is not what it says it is, shows it here.
      _ = try device.cuda.withCurrent { try Runtime(device.library) }
    } catch {
      return unusable(message(error))
    }
    func runs(_ why: String) -> Self {
      .init(
        verdict: .runs, reason: "\(here) runs engines on \(device.device) and cannot build any: \(why)",
        library: device.library, device: device)
    }
    guard device.library.hasBuilder else {
      return runs(
        "it is a \(device.library.kind.rawValue) runtime. Building needs the full TensorRT or TensorRT for RTX.")
    }
    do {
      try device.library.openParser()
    } catch {
      return runs(error.message)
    }
    return .init(
      verdict: .builds, reason: "\(here) builds and runs engines on \(device.device).", library: device.library,
      device: device)
  }

  private static func message(_ error: any Error) -> String {
    switch error {
    case let error as InferenceError: error.cause.map { "\(error.message) \($0)" } ?? error.message
    case let error as TensorRTError: error.cause.isEmpty ? error.message : "\(error.message) \(error.cause)"
    default: "\(error)"
    }
  }
}
