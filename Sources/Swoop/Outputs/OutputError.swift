/// A run's output that could not be opened, written or resumed.
public struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public enum Code: Hashable, Sendable {
    /// The folder or a file in it cannot be made.
    case cannotCreate
    /// Another process is writing there.
    case inUse
    /// A run, finished or not, or files of someone else are there already.
    case exists
    /// The run that is there had another model, settings or sources.
    case differs
    /// The records that are there are damaged.
    case damaged
    /// Writing failed: a full disk, a quota, a failing device.
    case writeFailed
    /// The program that read standard output has ended.
    case closedPipe
    /// What was asked for cannot be had: formats that need a folder, pictures of images that are past.
    case usage
  }

  public var code: Code
  /// What failed, on what, what was found, and what to do next.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  /// The error of the system call that has just failed, as a failure to make something.
  static func cannotCreate(_ action: String, _ subject: String) -> OutputError {
    OutputError(.cannotCreate, SystemError.last(action, subject).description)
  }

  /// The error of the system call that has just failed, as a failure to write.
  static func writeFailed(_ action: String, _ subject: String) -> OutputError {
    OutputError(.writeFailed, SystemError.last(action, subject).description)
  }
}
