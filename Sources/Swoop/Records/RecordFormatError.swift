/// A file of records that is not as it should be, with the line.
public struct RecordFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, before the file and line are known.
  public struct Problem: Error, Hashable, Sendable {
    public var reason: String

    public init(_ reason: String) { self.reason = reason }
  }

  public var file: String
  /// The line's number, from 1.
  public var line: Int
  public var reason: String

  public init(file: String, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  public var description: String { "\(file), line \(line): \(reason)" }
}
