/// An error of loading, compiling or running a model, whichever runtime did it.
public struct InferenceError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was; callers may switch on it.
  public enum Code: Sendable, Hashable {
    /// No such file, or it cannot be read.
    case modelUnreadable
    /// The file is not a model of a known format, or is damaged.
    case modelInvalid
    /// The runtime does not implement something that the model uses.
    case modelUnsupported
    /// A tensor's name, rank, shape or element type is not what was needed.
    case tensorMismatch
    /// The runtime's library is missing or unusable.
    case runtimeUnavailable
    /// An option asks for something that this runtime, version or device does not have.
    case optionUnsupported
    /// The device ran out of memory.
    case outOfMemory
    /// The execution itself failed.
    case executionFailed
    /// The device is broken or gone: nothing can run on it in this process any more.
    case deviceLost
  }

  public var code: Code
  /// What failed, on what, what was found and expected, and what to do next: whole sentences.
  public var message: String
  /// The runtime's own words, unchanged, where it gave any.
  public var cause: String?

  public init(_ code: Code, _ message: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var description: String {
    guard let cause, !cause.isEmpty else { return message }
    return "\(message)\n  the runtime said: \(cause)"
  }
}
