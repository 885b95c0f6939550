/// A JSON value whose objects keep the order of their members and whose numbers keep their text.
///
/// Headers are compared field by field and must be written byte for byte as they were read, which is why a number is
/// not a `Double` here.
public enum JSONValue: Hashable, Sendable {
  /// One name and value of an object.
  public struct Member: Hashable, Sendable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case bool(Bool)
  /// A number as JSON text, such as `0.25` or `-1e-05`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A whole number.
  public static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

  /// A float32 by the shortest text that reads back to it; `null` where it is not finite.
  public static func float(_ value: Float) -> JSONValue {
    guard value.isFinite else { return .null }
    var bytes = ByteBuffer()
    bytes.append(value)
    return .number(bytes.text)
  }

  /// The value of the member of that name, of an object that has one.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value as JSON text without spaces.
  public var text: String {
    var bytes = ByteBuffer()
    bytes.append(json: self)
    return bytes.text
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
}
