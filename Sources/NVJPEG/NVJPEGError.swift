public import CUDA

/// A result code of nvJPEG, `nvjpegStatus_t`. Versions to come may have more; ``name`` is then the number.
public struct NVJPEGStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let success = NVJPEGStatus(rawValue: 0)
  public static let notInitialized = NVJPEGStatus(rawValue: 1)
  public static let invalidParameter = NVJPEGStatus(rawValue: 2)
  /// The data is no JPEG, or damaged so that nvJPEG sees it.
  public static let badJPEG = NVJPEGStatus(rawValue: 3)
  /// A JPEG, but of a kind that this backend does not decode.
  public static let jpegNotSupported = NVJPEGStatus(rawValue: 4)
  /// Memory could not be had, on the device or pinned.
  public static let allocatorFailure = NVJPEGStatus(rawValue: 5)
  public static let executionFailed = NVJPEGStatus(rawValue: 6)
  /// The device lacks what the backend needs: a hardware decoder.
  public static let archMismatch = NVJPEGStatus(rawValue: 7)
  public static let internalError = NVJPEGStatus(rawValue: 8)
  /// This version, or this backend, does not have the call.
  public static let implementationNotSupported = NVJPEGStatus(rawValue: 9)
  /// The data ends early.
  public static let incompleteBitstream = NVJPEGStatus(rawValue: 10)

  /// nvJPEG's own name: `NVJPEG_STATUS_BAD_JPEG`.
  public var name: String {
    switch self {
    case .success: "NVJPEG_STATUS_SUCCESS"
    case .notInitialized: "NVJPEG_STATUS_NOT_INITIALIZED"
    case .invalidParameter: "NVJPEG_STATUS_INVALID_PARAMETER"
    case .badJPEG: "NVJPEG_STATUS_BAD_JPEG"
    case .jpegNotSupported: "NVJPEG_STATUS_JPEG_NOT_SUPPORTED"
    case .allocatorFailure: "NVJPEG_STATUS_ALLOCATOR_FAILURE"
    case .executionFailed: "NVJPEG_STATUS_EXECUTION_FAILED"
    case .archMismatch: "NVJPEG_STATUS_ARCH_MISMATCH"
    case .internalError: "NVJPEG_STATUS_INTERNAL_ERROR"
    case .implementationNotSupported: "NVJPEG_STATUS_IMPLEMENTATION_NOT_SUPPORTED"
    case .incompleteBitstream: "NVJPEG_STATUS_INCOMPLETE_BITSTREAM"
    default: "NVJPEG_STATUS \(rawValue)"
    }
  }

  public var description: String { name }
}

/// Why a call of nvJPEG did not succeed.
public enum NVJPEGError: Error, Hashable, Sendable, CustomStringConvertible {
  /// nvJPEG refused or failed: its status, and the call with what it was about.
  case status(NVJPEGStatus, call: String)
  /// The device's context could not be entered.
  case cuda(CUDAError)

  /// nvJPEG's status; `nil` where the error is the driver's.
  public var status: NVJPEGStatus? {
    if case .status(let status, _) = self { status } else { nil }
  }

  /// Memory ran out, on the device or pinned.
  public var isOutOfMemory: Bool {
    switch self {
    case .status(let status, _): status == .allocatorFailure
    case .cuda(let error): error.isOutOfMemory
    }
  }

  public var description: String {
    switch self {
    case .status(let status, let call): "\(call) failed: \(status.name) (\(status.rawValue))"
    case .cuda(let error): error.description
    }
  }
}

/// Why there is no nvJPEG to work with.
public enum NVJPEGUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
  /// No library could be opened; the text lists every path tried.
  case libraryMissing(String)
  /// The library lacks a function that is needed, or is older than 11.0.
  case libraryTooOld(String)
  /// The library is built for a newer CUDA than the driver's.
  case libraryTooNew(String)

  public var description: String {
    switch self {
    case .libraryMissing(let text): text
    case .libraryTooOld(let text), .libraryTooNew(let text): "\(text) \(NVJPEGLibrary.advice)"
    }
  }
}
