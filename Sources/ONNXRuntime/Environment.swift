internal import CONNXRuntime
public import Logging

/// ONNX Runtime's state for the whole process: logging, and what sessions share.
///
/// ONNX Runtime keeps one environment a process. Making another while one lives gives the same one, so the first
/// environment's logger receives the messages of all.
public final class Environment: Sendable {
  public let library: ONNXRuntimeLibrary
  // Thread-safe by ONNX Runtime's documentation.
  nonisolated(unsafe) let pointer: OpaquePointer

  /// Makes the environment, or joins the one that lives.
  ///
  /// - Parameters:
  ///   - name: what the messages call it.
  ///   - logger: receives ONNX Runtime's messages, with the place in its source as metadata. Its level at this moment
  ///     decides which messages are made at all: `trace` lets the runtime's VERBOSE through, `debug` its INFO.
  public init(library: ONNXRuntimeLibrary, name: String = "swoop", logger: Logger) throws(ONNXRuntimeError) {
    self.library = library
    // Never released: the runtime may log until the process ends, after this object has gone.
    let sink = Unmanaged.passRetained(LogSink(logger)).toOpaque()
    let severity = Severity(logger.logLevel).rawValue
    pointer = try library.make("CreateEnvWithCustomLogger") { table, environment in
      ort_CreateEnvWithCustomLogger_from(table)(receive, sink, severity, name, &environment)
    }
  }

  deinit { ort_ReleaseEnv_from(library.table)(pointer) }
}

/// ONNX Runtime's severities.
enum Severity: Int32 {
  case verbose, info, warning, error, fatal

  /// The lowest severity whose messages a logger of this level lets through.
  init(_ level: Logger.Level) {
    self =
      switch level {
      case .trace: .verbose
      case .debug: .info
      case .info, .notice, .warning: .warning
      case .error: .error
      case .critical: .fatal
      }
  }

  var level: Logger.Level {
    switch self {
    case .verbose: .trace
    case .info: .debug
    case .warning: .warning
    case .error: .error
    case .fatal: .critical
    }
  }
}

private final class LogSink: Sendable {
  let logger: Logger

  init(_ logger: Logger) { self.logger = logger }
}

// Called by ONNX Runtime on any of its threads.
private let receive: ort_log_function = { parameter, severity, category, _, location, message in
  guard let parameter, let message else { return }
  let entry = RuntimeMessage(
    severity: severity, category: category.map { String(cString: $0) }, location: location.map { String(cString: $0) },
    text: String(cString: message))
  let logger = Unmanaged<LogSink>.fromOpaque(parameter).takeUnretainedValue().logger
  logger.log(level: entry.level, "\(entry.text)", metadata: entry.metadata)
}

/// One message of ONNX Runtime's, in a logger's terms.
package struct RuntimeMessage {
  package let level: Logger.Level
  package let text: String
  package let metadata: Logger.Metadata

  package init(severity: Int32, category: String?, location: String?, text: String) {
    // A severity of a future version is better seen than lost.
    level = Severity(rawValue: severity)?.level ?? .error
    self.text = text
    var metadata: Logger.Metadata = [:]
    if let category { metadata["category"] = "\(category)" }
    if let location { metadata["location"] = "\(location)" }
    self.metadata = metadata
  }
}
