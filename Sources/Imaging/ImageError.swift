/// Why an image could not be read, resized, drawn on or written.
///
/// One image's failure says nothing about the next: callers record it and go on. Only
/// ``Code-swift.struct/decoderUnavailable`` is about the machine.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for counting and for tests. More may be added; switch with a default.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private let name: String

    private init(_ name: String) { self.name = name }

    /// There are no bytes.
    public static let empty = Code("empty")
    /// The bytes are something else: text, a web page, a video, an archive.
    public static let notAnImage = Code("not an image")
    /// An image, but of a format or a variant that is not read here.
    public static let unsupportedFormat = Code("unsupported format")
    /// The image ends early: part of its pixels is missing.
    public static let truncated = Code("truncated")
    /// The image's data contradicts itself or could not be decoded.
    public static let damaged = Code("damaged")
    /// More pixels than allowed, by the header; nothing was decoded.
    public static let tooLarge = Code("too large")
    /// The library that reads the format, or its part for the format, is not on this machine.
    public static let decoderUnavailable = Code("decoder unavailable")
    /// Memory for the pixels could not be had.
    public static let outOfMemory = Code("out of memory")
    /// The caller's buffer, placement or option does not fit. A mistake in the calling program.
    public static let invalidArgument = Code("invalid argument")
    /// Encoding failed.
    public static let encodingFailed = Code("encoding failed")

    public var description: String { name }
  }

  public var code: Code
  /// What failed, what was found and what can be done, in one line.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "\(code): \(message)" }
}
