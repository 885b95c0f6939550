/// An error of the CUDA driver, with the driver's own name and words for it.
public struct CUDAError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The driver's result code, `CUresult`.
  public var code: Int32
  /// The driver's name for it: `CUDA_ERROR_OUT_OF_MEMORY`.
  public var name: String
  /// The driver's words for it.
  public var reason: String
  /// The call that returned it, and on what: `cuMemAlloc of 1048576 bytes on device 0`.
  public var call: String

  public init(code: Int32, name: String, reason: String, call: String) {
    self.code = code
    self.name = name
    self.reason = reason
    self.call = call
  }

  /// The device, or pinned host memory, has no room for what was asked.
  public var isOutOfMemory: Bool { code == 2 }

  /// The work asked about is not finished yet; an answer of queries, no failure.
  public var isNotReady: Bool { code == 600 }

  /// The context is broken for good: every later call in this process fails on it too, so its work must go elsewhere.
  ///
  /// These are the codes of faults on the device (illegal address, launch failure, hardware errors, a lost device), from
  /// the driver's header. Such a fault is told by whichever call comes next, whatever work it came from; every call of
  /// this package throws it as the driver reports it.
  public var isSticky: Bool {
    [214, 220, 226, 700, 702, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911, 999].contains(code)
  }

  /// The driver cannot do it: it is too old, or the device lacks the ability.
  public var isNotSupported: Bool { code == Self.notSupported }

  /// A module's image does not suit the device or the driver: damaged, made for another architecture, or by a newer
  /// compiler than the driver knows. Compiling anew may help.
  public var isUnusableImage: Bool { [Self.invalidImage, 209, 218, 222, 223, 300].contains(code) }

  // Of the driver's codes, `CUresult`, those that this package gives itself.
  static let invalidValue: Int32 = 1
  static let invalidImage: Int32 = 200
  static let illegalState: Int32 = 401
  static let notSupported: Int32 = 801
  static let captureUnsupported: Int32 = 900

  public var description: String { "\(call) failed: \(name) (\(code)): \(reason)" }
}

/// Why there is no CUDA to work with.
public enum CUDAUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
  /// The driver's library could not be opened; the text lists each path tried.
  case driverMissing(String)
  /// The library lacks a function that is needed.
  case driverTooOld(String)
  /// The driver does not start: its answer to `cuInit`.
  case notInitialized(CUDAError)
  /// The driver works, but sees no device.
  case noDevice
  /// There is no device of that index.
  case noSuchDevice(index: Int, count: Int)

  public var description: String {
    switch self {
    case .driverMissing(let text): text
    case .driverTooOld(let text): "\(text) Install a newer NVIDIA driver."
    case .notInitialized(let error):
      "The CUDA driver does not start: \(error.name): \(error.reason). `nvidia-smi` shows whether the driver and the GPU work."
    case .noDevice: "The CUDA driver sees no GPU. `nvidia-smi` and CUDA_VISIBLE_DEVICES show why."
    case .noSuchDevice(let index, let count):
      "There is no CUDA device \(index): this machine has \(count), counted from 0."
    }
  }
}
