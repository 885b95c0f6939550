/// A library that could not be opened, with every path that was tried.
public struct LibraryLoadError: Error, Sendable, CustomStringConvertible {
  /// One path and the loader's reason for refusing it.
  public struct Attempt: Error, Sendable, Hashable, CustomStringConvertible {
    public var path: String
    public var reason: String

    public init(path: String, reason: String) {
      self.path = path
      self.reason = reason
    }

    // glibc starts most reasons with the path itself; say it once.
    public var description: String { reason.contains(path) ? reason : "\(path): \(reason)" }
  }

  /// The library in words: `OpenVINO's C library (libopenvino_c.so)`.
  public var library: String
  public var attempts: [Attempt]
  /// What to install or set, as a sentence with the exact command.
  public var advice: String

  public init(library: String, attempts: [Attempt], advice: String) {
    self.library = library
    self.attempts = attempts
    self.advice = advice
  }

  public var description: String {
    let tried = attempts.map { "\n  tried \($0)" }.joined()
    return "\(library) could not be opened.\(tried)\n\(advice)"
  }
}

/// A symbol that a library was expected to have.
public struct SymbolMissingError: Error, Sendable, CustomStringConvertible {
  public var symbol: String
  public var library: String

  public init(symbol: String, library: String) {
    self.symbol = symbol
    self.library = library
  }

  public var description: String {
    "\(library) has no symbol \(symbol): it is another library of that name, or an older or newer version than known here."
  }
}
