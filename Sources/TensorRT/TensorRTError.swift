internal import CTensorRT
package import DynamicLibrary

/// An error of TensorRT or of using it, with what TensorRT itself said about it.
public struct TensorRTError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was; callers may switch on it.
  public enum Code: Sendable, Hashable {
    /// No library could be opened.
    case libraryMissing
    /// The library's version is none whose layout is known.
    case versionUnsupported
    /// The library does not behave as its version should; it was not used further.
    case layoutMismatch
    /// This version, or this kind of library, does not have what was asked for.
    case featureUnsupported
    /// A value that the caller gave is wrong.
    case argumentInvalid
    /// TensorRT did not make the object that was asked for.
    case creationFailed
    /// The ONNX model could not be parsed.
    case modelInvalid
    /// The ONNX model uses something that this TensorRT does not implement.
    case modelUnsupported
    /// TensorRT did not build an engine.
    case buildFailed
    /// The build was stopped by its progress monitor.
    case buildCancelled
    /// The plan is not one that this library can load here: another version, GPU or system, or damaged.
    case planRefused
    /// Memory ran out, on the device or the host.
    case outOfMemory
    /// An execution failed.
    case executionFailed
  }

  /// One line that TensorRT logged or recorded.
  public struct Line: Sendable, Hashable {
    public var severity: Severity
    public var text: String

    public init(severity: Severity, text: String) {
      self.severity = severity
      self.text = text
    }
  }

  public var code: Code
  /// What failed, on what, found and expected, what to do next: whole sentences.
  public var message: String
  /// TensorRT's own lines of warning and above from the call that failed, word for word, in order.
  public var lines: [Line]
  /// For `libraryMissing`, each path that was tried with the loader's reason.
  package var attempts: [LibraryLoadError.Attempt] = []

  public init(_ code: Code, _ message: String, lines: [Line] = []) {
    self.code = code
    self.message = message
    self.lines = lines
  }

  init(_ error: LibraryLoadError) {
    self.init(.libraryMissing, error.description)
    attempts = error.attempts
  }

  /// TensorRT's error lines, or all its lines where none is an error.
  public var cause: String {
    let errors = lines.filter { $0.severity <= .error }
    return (errors.isEmpty ? lines : errors).map(\.text).joined(separator: "\n")
  }

  public var description: String {
    guard !lines.isEmpty else { return message }
    return message + lines.map { "\n  TensorRT said (\($0.severity)): \($0.text)" }.joined()
  }
}

/// How serious a line of TensorRT's log is; `.internalError` is the worst.
public enum Severity: Int32, Sendable, Hashable, Comparable, CustomStringConvertible {
  case internalError = 0
  case error, warning, info, verbose

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  public var description: String {
    switch self {
    case .internalError: "internal error"
    case .error: "error"
    case .warning: "warning"
    case .info: "info"
    case .verbose: "verbose"
    }
  }
}
