internal import Glibc

/// The inputs of a run, from the words of a command line.
///
/// A word is one of:
/// - a folder: all images in it and in the folders below it; see ``FolderWalk`` for the order;
/// - a file, which is taken whatever its extension is;
/// - an archive, by its extension (``ArchiveStream``): its images in the order of the archive;
/// - a pattern with `*`, `?`, `[…]` or `**` that no file has as its name; folders that it matches are walked;
/// - `@list.txt`: a list of paths of files, a line each or separated by NULs; `-` is such a list on standard input.
///
/// Sources are read in the order in which they are given. What is listed in a source and cannot be used is a failed
/// item; only a source that is missing, or has nothing to look at, is an error. Keys are defined by ``ImageKey``.
public final class ImageSources {
  /// How sources are read.
  public struct Options: Sendable {
    /// Whether files and folders are walked whose names begin with a dot.
    public var includesHidden = false
    /// The most bytes that an image in an archive may have.
    public var entryByteLimit = 1 << 29
    /// The memory for the names of one folder; see ``FolderNames``.
    package var nameByteLimit = FolderNames.defaultLimit
    /// Where names beyond that are put; the environment's `TMPDIR` or `/tmp` without one.
    package var temporaryFolder: String?

    public init() {}
  }

  /// How many items there are.
  public enum Count: Hashable, Sendable {
    case exact(Int)
    /// So many, and those of archives and of a stream, which only reading them would tell.
    case atLeast(Int)

    /// The number where it is known.
    public var exactly: Int? {
      if case .exact(let count) = self { count } else { nil }
    }
  }

  let sources: [Source]
  /// The absolute path of the folder that keys are relative to, with a `/` at its end.
  let common: [UInt8]
  let options: Options

  /// Finds out what each word is, and that it is there.
  ///
  /// - Parameter words: each a path as the system has it.
  /// - Throws: ``SourceError``
  public init(_ words: [SourcePath], options: Options = Options()) throws(SourceError) {
    guard !words.isEmpty else {
      throw SourceError(
        .usage,
        "no source is given: name a folder, image files, a pattern in quotes, an archive, @list.txt or -")
    }
    guard words.count(where: { $0.bytes.elementsEqual("-".utf8) }) <= 1 else {
      throw SourceError(.usage, "- is given twice, and standard input can be read once only")
    }
    let folder = try Self.workingFolder()
    var sources: [Source] = []
    for word in words { sources.append(try Source(word, workingFolder: folder)) }
    var common = sources[0].anchor
    for source in sources.dropFirst() {
      common = Array(zip(common, source.anchor).prefix { $0 == $1 }.map(\.0))
    }
    self.sources = sources
    self.common = [UInt8(ascii: "/")] + common.flatMap { $0 + [UInt8(ascii: "/")] }
    self.options = options
  }

  /// The same for words that are text.
  public convenience init(_ words: [String], options: Options = Options()) throws(SourceError) {
    try self.init(words.map { SourcePath($0) }, options: options)
  }

  private static func workingFolder() throws(SourceError) -> [[UInt8]] {
    guard let path = getcwd(nil, 0) else {
      throw SourceError(.unreadable, SystemError.last("finding", "the working folder").description)
    }
    defer { free(path) }
    return Source.components(UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  /// A reader of all items from the first on. One for each run; standard input gives its items to the first only.
  public func makeReader() -> SourceReader {
    SourceReader(self, sorts: true)
  }

  /// Counts the items without opening any image, and checks that every source has one: meant to be called before a run,
  /// so that an empty source is an error at its start and not in its middle.
  ///
  /// - Throws: ``SourceError``
  /// - Complexity: O(names), in bounded memory; an archive is read up to its first image.
  public func count() throws -> Count {
    var total = 0
    var isExact = true
    for source in sources {
      switch source.kind {
      case .file: total += 1
      case .folder, .glob, .list:
        let reader = SourceReader(self, only: source)
        while try reader.next(readingEntries: false) != nil { total += 1 }
      case .archive:
        isExact = false
        total += try SourceReader(self, only: source).next(readingEntries: false) == nil ? 0 : 1
      case .standardInput, .streamedList: isExact = false
      }
    }
    return isExact ? .exact(total) : .atLeast(total)
  }

  /// The stream of one source.
  func stream(_ source: Source, sorts: Bool, tally: TallyBox) throws -> any SourceStream {
    var walk = FolderWalk.Options()
    walk.nameByteLimit = options.nameByteLimit
    walk.temporaryFolder = options.temporaryFolder
    walk.includesHidden = options.includesHidden
    walk.sorts = sorts
    let prefix = key(source.anchor)
    switch source.kind {
    case .file:
      let name = source.path.bytes.split(separator: UInt8(ascii: "/")).last ?? source.path.bytes
      return FileStream(path: source.path, key: ImageKey.make(prefix: prefix, path: name))
    case .folder:
      return FolderWalk(
        root: Array(source.path.bytes), prefix: prefix, rootName: source.name, options: walk, tally: tally)
    case .glob(let pattern):
      return FolderWalk(
        root: pattern.root, prefix: prefix, rootName: source.name, pattern: pattern, options: walk,
        tally: tally)
    case .archive:
      return try ArchiveStream(
        path: source.path, prefix: prefix, name: source.name, limit: options.entryByteLimit, tally: tally)
    case .list:
      return ListStream(
        input: try Source.openList(source.path), keys: ListKeys(prefix: key(source.base), common: common))
    case .standardInput(let input), .streamedList(let input):
      return ListStream(input: input, keys: ListKeys(prefix: key(source.base), common: common))
    }
  }

  /// The key of an absolute path that is inside the common folder, or is it.
  private func key(_ components: [[UInt8]]) -> String {
    let depth = common.split(separator: UInt8(ascii: "/")).count
    return components.dropFirst(depth).map { ImageKey.escaped($0) }.joined(separator: "/")
  }
}
