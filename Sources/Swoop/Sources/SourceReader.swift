/// Reads the items of all sources, one after another: one reader, one thread at a time.
///
/// In memory are the names of the folders on the current path, in bounded space, or one entry of an archive; nothing
/// grows with the number of images.
public final class SourceReader {
  private let owner: ImageSources
  private let sources: [Source]
  private let sorts: Bool
  private let tallyBox = TallyBox()
  private var current = 0
  private var stream: (any SourceStream)?
  private var index = 0
  // The items of the current source, and the tally before it.
  private var given = 0
  private var tallyBefore = SourceTally()

  init(_ owner: ImageSources, sorts: Bool) {
    self.owner = owner
    sources = owner.sources
    self.sorts = sorts
  }

  /// A reader of one source in no order, for counting.
  init(_ owner: ImageSources, only source: Source) {
    self.owner = owner
    sources = [source]
    sorts = false
  }

  /// What has been passed over so far.
  public var tally: SourceTally { tallyBox.tally }

  /// The next item, or `nil` after the last.
  ///
  /// - Parameter readingEntries: whether the bytes of archive entries are wanted. Without, as when a run is resumed,
  ///   they are passed over and the item's location is `bytes` with none in it.
  /// - Throws: ``SourceError`` where a source turns out to have no items, or cannot be read on.
  public func next(readingEntries: Bool = true) throws -> SourceItem? {
    while current < sources.count {
      let source = sources[current]
      let stream = try self.stream ?? owner.stream(source, sorts: sorts, tally: tallyBox)
      self.stream = stream
      if let item = try stream.next(readingEntries: readingEntries) {
        given += 1
        index += 1
        return SourceItem(index: index - 1, key: item.key, location: item.location)
      }
      guard given > 0 else {
        var passed = tally
        passed.other -= tallyBefore.other
        passed.hidden -= tallyBefore.hidden
        throw source.noImages(passed)
      }
      self.stream = nil
      current += 1
      given = 0
      tallyBefore = tally
    }
    return nil
  }
}
