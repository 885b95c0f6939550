/// One input of a run, in order.
public struct SourceItem: Hashable, Sendable {
  /// Where the bytes of the image are.
  public enum Location: Hashable, Sendable {
    /// In a file, which has not been opened yet; ``FileBuffer`` reads it.
    case file(SourcePath)
    /// Here: an entry of an archive.
    case bytes([UInt8])
    /// Nowhere: the item is a failed record already.
    case failed(ImageFailure)
  }

  /// The place in the run, from 0.
  public var index: Int
  /// The path relative to the source; see ``ImageKey``.
  public var key: String
  public var location: Location

  public init(index: Int, key: String, location: Location) {
    self.index = index
    self.key = key
    self.location = location
  }
}
