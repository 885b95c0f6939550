/// Why a model could not be read, checked, edited or written.
public struct ModelError: Error, Hashable, Sendable {
  /// The kind of failure, for callers that decide by it.
  public enum Code: Hashable, Sendable {
    /// The file could not be opened, read or written.
    case file
    /// The bytes are not a model.
    case malformed
    /// A model, but one that breaks a rule of the format.
    case invalid
    /// An edit that this model does not allow, with the node or tensor that prevents it.
    case unsupported
    /// The request itself makes no sense, for example a tensor name that the model does not have.
    case request
  }

  public var code: Code
  /// What failed, on which node or tensor, what was found, and what to do.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension ModelError: CustomStringConvertible {
  public var description: String { message }
}
