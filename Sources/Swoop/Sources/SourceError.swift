/// A source that cannot be used at all. A single image that cannot be used is a failed record instead.
public struct SourceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public enum Code: Hashable, Sendable {
    /// Nothing has that name.
    case notFound
    /// It is there, and has no images.
    case noImages
    /// It cannot be told what it is, or the order to read it is contradictory.
    case usage
    /// The system does not let it be read.
    case unreadable
    /// The library that reads archives is missing.
    case libraryMissing
    /// The names of a very large folder could not be put into a temporary file.
    case temporaryFile
  }

  public var code: Code
  /// Which source, what was found and looked for, and what to do next.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
