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
  /// the driver's header.
  public var isSticky: Bool {
    [214, 219, 220, 226, 700, 702, 710, 714, 715, 716, 717, 718, 719, 721, 914, 999].contains(code)
  }

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
