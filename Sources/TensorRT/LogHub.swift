internal import CTensorRT
internal import Glibc
public import Logging
internal import Synchronization

/// Takes every line that one TensorRT library logs or records, passes it on to swift-log, and keeps the last ones, so that
/// an error can carry what TensorRT said.
///
/// There is one native logger and one native error recorder per library, and they live as long as the process: TensorRT
/// keeps the first logger it is given for its global state, beyond the life of the object it was given with.
final class LogHub: Sendable {
  private struct Entry {
    var sequence: UInt64
    var thread: pthread_t
    var line: TensorRTError.Line
  }

  private struct State {
    var logger: Logger
    var recent: [Entry] = []
    var next: UInt64 = 1
  }

  // Enough for the longest report seen, the parser's stack of errors; older lines are in the log.
  private static let capacity = 256

  private let state: Mutex<State>
  // The sequence number of the next line, readable without the lock: every execution asks for it.
  private let sequence = Atomic<UInt64>(1)

  init(logger: Logger) {
    state = Mutex(State(logger: logger))
  }

  var logger: Logger {
    get { state.withLock { $0.logger } }
    set { state.withLock { $0.logger = newValue } }
  }

  /// A point in the log, to ask later for what came after it.
  var mark: UInt64 { sequence.load(ordering: .acquiring) }

  /// The lines of warning and above since a mark.
  ///
  /// - Parameter anyThread: also what other threads caused; builds log from threads of their own, executions do not.
  func lines(since mark: UInt64, anyThread: Bool) -> [TensorRTError.Line] {
    let thread = pthread_self()
    let lines = state.withLock { state in
      state.recent.filter { $0.sequence >= mark && (anyThread || $0.thread == thread) }.map(\.line)
    }
    // An error comes twice where a version both records and logs it.
    var seen = Set<String>()
    return lines.filter { seen.insert($0.text).inserted }
  }

  func receive(_ severity: Severity, _ text: String) {
    let logger = state.withLock { state in
      if severity <= .warning {
        if state.recent.count == Self.capacity { state.recent.removeFirst(Self.capacity / 4) }
        state.recent.append(
          Entry(sequence: state.next, thread: pthread_self(), line: .init(severity: severity, text: text)))
        state.next += 1
        sequence.store(state.next, ordering: .releasing)
      }
      return state.logger
    }
    logger.log(level: severity.level, "\(text)")
  }

  /// Makes the native logger that hands its lines to this hub, which it keeps alive.
  func makeNativeLogger(_ layout: UnsafePointer<swoop_trt_layout>) -> UnsafeMutableRawPointer {
    swoop_trt_logger_new(layout, Unmanaged.passRetained(self).toOpaque()) { context, severity, message in
      guard let context, let message else { return }
      Unmanaged<LogHub>.fromOpaque(context).takeUnretainedValue()
        .receive(Severity(rawValue: severity) ?? .error, String(cString: message))
    }
  }

  /// Makes the native error recorder that hands its errors to this hub, which it keeps alive.
  func makeNativeRecorder(_ layout: UnsafePointer<swoop_trt_layout>) -> UnsafeMutableRawPointer {
    swoop_trt_recorder_new(layout, Unmanaged.passRetained(self).toOpaque()) { context, code, description in
      guard let context, let description else { return }
      let text = String(cString: description)
      Unmanaged<LogHub>.fromOpaque(context).takeUnretainedValue()
        .receive(code == 2 ? .internalError : .error, "\(text) [\(errorCodeName(code))]")
    }
  }
}

/// TensorRT's own name for an error code; the same in every version.
func errorCodeName(_ code: Int32) -> String {
  let names = [
    "success", "unspecified error", "internal error", "invalid argument", "invalid configuration", "failed allocation",
    "failed initialization", "failed execution", "failed computation", "invalid state", "unsupported state",
  ]
  return names.indices.contains(Int(code)) ? names[Int(code)] : "error code \(code)"
}

extension Severity {
  /// The level of swift-log that a line is passed on at.
  public var level: Logger.Level {
    switch self {
    case .internalError: .critical
    case .error: .error
    case .warning: .warning
    case .info: .info
    case .verbose: .trace
    }
  }
}
