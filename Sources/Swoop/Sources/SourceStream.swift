/// One source while it is read.
protocol SourceStream: AnyObject {
  /// The next image, or `nil` at the end.
  ///
  /// - Parameter readingEntries: whether the bytes of an archive's entry are wanted. Without, its location is `bytes`
  ///   with none in it.
  func next(readingEntries: Bool) throws -> StreamItem?
}

/// An image of a stream: a source item that has no index yet.
struct StreamItem {
  var key: String
  var location: SourceItem.Location
}

/// What was passed over while sources were read. Nothing of it is an image by its name, unless it is hidden.
public struct SourceTally: Hashable, Sendable {
  /// Names that begin with a dot. Hidden folders count as one.
  public var hidden = 0
  /// Files that do not have an image's extension.
  public var other = 0
  /// Links and mounts that lead back to a folder above them.
  public var loops = 0
  /// What a person should know besides, as whole sentences: at most a few a source.
  public var notices: [String] = []

  public init() {}
}

/// The tally that the streams of one reader share.
final class TallyBox {
  var tally = SourceTally()
}

/// One file that was named itself.
final class FileStream: SourceStream {
  private let path: SourcePath
  private let key: String
  private var isTaken = false

  init(path: SourcePath, key: String) {
    self.path = path
    self.key = key
  }

  func next(readingEntries: Bool) -> StreamItem? {
    if isTaken { return nil }
    isTaken = true
    return StreamItem(key: key, location: .file(path))
  }
}
