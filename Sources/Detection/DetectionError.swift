/// An error of understanding a model's outputs, its metadata or the options that go with them.
public struct DetectionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was; callers may switch on it.
  public enum Code: String, Hashable, Sendable {
    /// The outputs fit more than one head; the message lists the choices.
    case ambiguousHead
    /// The model does something that is not box detection, or in a form that no head here reads.
    case unsupportedModel
    /// A head was asked for that the model's outputs do not fit.
    case headMismatch
    /// What a run delivered is not what the head was promised: name, shape, element type, memory.
    case unreadableOutput
    /// Sizes of which no geometry can be made.
    case invalidGeometry
    /// A threshold, limit or class list that means nothing.
    case invalidOption
  }

  /// The kind of failure.
  public var code: Code
  /// What failed, on what, what was found and expected, and what to do next: whole sentences.
  public var message: String

  /// Makes an error from its parts.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
