/// A call into OpenVINO that failed.
public struct OpenVINOError: Error, Sendable, CustomStringConvertible {
  /// OpenVINO's status codes, as its C interface numbers them.
  public enum Status: Hashable, Sendable {
    /// An exception of OpenVINO's own; the message says which. Most failures are of this kind.
    case generalError
    case notImplemented
    case networkNotLoaded
    case parameterMismatch
    case notFound
    case outOfBounds
    case unexpected
    /// The request is running.
    case requestBusy
    case resultNotReady
    case notAllocated
    case inferenceNotStarted
    case networkNotRead
    /// The request was cancelled.
    case inferenceCancelled
    /// A null pointer or an impossible number was passed.
    case invalidParameter
    case unknownError
    case notImplementedInC
    case unknownException
    /// A code that this package does not know.
    case other(Int32)
  }

  public var status: Status
  /// The C function that failed: `ov_core_read_model`.
  public var call: String
  /// OpenVINO's own words, where it gave any.
  public var message: String

  public init(status: Status, call: String, message: String) {
    self.status = status
    self.call = call
    self.message = message
  }

  public var description: String { "\(call) failed (\(status)): \(message)" }
}

extension OpenVINOError.Status {
  init(code: Int32) {
    self =
      switch code {
      case -1: .generalError
      case -2: .notImplemented
      case -3: .networkNotLoaded
      case -4: .parameterMismatch
      case -5: .notFound
      case -6: .outOfBounds
      case -7: .unexpected
      case -8: .requestBusy
      case -9: .resultNotReady
      case -10: .notAllocated
      case -11: .inferenceNotStarted
      case -12: .networkNotRead
      case -13: .inferenceCancelled
      case -14: .invalidParameter
      case -15: .unknownError
      case -16: .notImplementedInC
      case -17: .unknownException
      default: .other(code)
      }
  }

  /// Whether OpenVINO records a message for it. For the others its last message belongs to an earlier failure.
  var hasMessage: Bool {
    switch self {
    case .generalError, .notImplemented, .requestBusy, .inferenceCancelled, .unknownException: true
    default: false
    }
  }
}

/// A file of the right name that is not a usable OpenVINO library.
public struct OpenVINOUnusableError: Error, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path) is not a usable OpenVINO library: \(reason)" }
}
