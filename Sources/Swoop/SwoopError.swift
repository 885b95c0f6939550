internal import Glibc

/// An error that ends a run or keeps it from starting. What happens to a single image is a record, never this.
public struct SwoopError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was; the command turns it into an exit status.
  public enum Code: Sendable, Hashable {
    /// A combination of options that makes no sense.
    case usage
    /// A source or model that is not there or cannot be read.
    case input
    /// A library or device that this machine lacks.
    case environment
    /// A model that cannot be used as asked.
    case model
    /// The output cannot be created.
    case output
  }

  public var code: Code
  /// What failed, on what, what was found and expected, and what to do next: whole sentences.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  static func unreadableModel(_ path: String, errno: Int32) -> SwoopError {
    SwoopError(.input, "The model \(path) cannot be read: \(String(cString: strerror(errno))).")
  }
}
