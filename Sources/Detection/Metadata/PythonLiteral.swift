/// A Python value written as a literal: what `repr` prints for plain data and `ast.literal_eval` reads.
///
/// Exporters embed metadata in models in this form: `{0: 'person', 1: "driver's seat"}`.
public indirect enum PythonLiteral: Hashable, Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([PythonLiteral])
  case tuple([PythonLiteral])
  case set([PythonLiteral])
  /// The entries in the order written. As in Python, a later entry with an equal key wins: see ``value(forKey:)``.
  case dictionary([Entry])

  /// One `key: value` of a dictionary.
  public struct Entry: Hashable, Sendable {
    /// The key; any literal.
    public var key: PythonLiteral
    /// The value.
    public var value: PythonLiteral

    /// Makes an entry from its parts.
    public init(key: PythonLiteral, value: PythonLiteral) {
      self.key = key
      self.value = value
    }
  }

  /// The notations that ``init(parsing:as:)`` reads.
  public enum Dialect: Hashable, Sendable {
    /// Python 3 literals, with comments, line continuations and implicit concatenation of strings.
    case python
    /// RFC 8259 JSON: double quotes, string keys, `true`, `false`, `null`.
    case json
  }

  /// Reads one literal that fills the whole text but for white space.
  ///
  /// Linear in the length of the text; nesting is limited to ``maximumDepth``.
  ///
  /// - Throws: ``PythonLiteralError``, which says where.
  public init(parsing text: String, as dialect: Dialect = .python) throws(PythonLiteralError) {
    var parser = PythonLiteralParser(text: text, dialect: dialect)
    self = try parser.parseDocument()
  }

  /// How deep brackets may nest.
  public static let maximumDepth = 64

  /// The value of a dictionary under a string key, or `nil` where this is no dictionary or has no such key.
  public func value(forKey key: String) -> PythonLiteral? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.last { $0.key == .string(key) }?.value
  }

  /// The elements of a list or tuple; `nil` for anything else.
  public var elements: [PythonLiteral]? {
    switch self {
    case .list(let elements), .tuple(let elements): elements
    default: nil
    }
  }

  /// A whole number: an integer, a float without a fraction (`32.0`), or a one-element sequence of either.
  public var wholeNumber: Int? {
    switch self {
    case .integer(let value): value
    case .float(let value): Int(exactly: value)
    case .list(let elements), .tuple(let elements): elements.count == 1 ? elements[0].wholeNumber : nil
    default: nil
    }
  }

  /// The kind of value in words, for messages.
  public var kindDescription: String {
    switch self {
    case .none: "None"
    case .bool: "a bool"
    case .integer: "an int"
    case .float: "a float"
    case .string: "a str"
    case .bytes: "bytes"
    case .list: "a list"
    case .tuple: "a tuple"
    case .set: "a set"
    case .dictionary: "a dict"
    }
  }
}

/// Where and why a text is not a literal.
public struct PythonLiteralError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place, counted in characters (Unicode scalars) from 1.
  public var position: Int
  /// What was found there and what was expected.
  public var reason: String

  /// `at character 17: …`
  public var description: String { "at character \(position): \(reason)" }
}
