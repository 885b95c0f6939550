internal import Glibc

/// The images of a folder and of all folders below it.
///
/// The order is that of the bytes of whole paths, as `find | LC_ALL=C sort` gives: a folder's name counts with its `/`,
/// so `a-b.jpg` comes before `a.jpg`, that before `a/x.jpg`, and that before `a0.jpg`. It depends on nothing but names.
///
/// Symbolic links are followed. A folder that is its own ancestor by device and inode is not entered again, so loops
/// end. Names that begin with a dot are passed over. One folder is open at a time; in memory are the names of the
/// folders on the current path, each within the limit of ``FolderNames``.
final class FolderWalk: SourceStream {
  struct Options {
    var nameByteLimit = FolderNames.defaultLimit
    var temporaryFolder: String?
    var includesHidden = false
    var sorts = true
  }

  private struct Frame {
    var names: FolderNames
    /// The length of the folder's path in `path`, with its `/`.
    var pathLength: Int
    var device: UInt
    var inode: UInt
    var states: GlobPattern.States
  }

  private let prefix: String
  private let rootName: String
  private let pattern: GlobPattern?
  private let options: Options
  private let tally: TallyBox
  private var frames: [Frame] = []
  // The path of what is looked at now, and how much of its start is not part of keys.
  private var path: [UInt8]
  private let rootLength: Int
  private var hasStarted = false
  // An item that is due before the next name: a folder that could be read in part only.
  private var pending: StreamItem?

  /// - Parameters:
  ///   - root: the folder; empty for the working folder.
  ///   - prefix: the key of the folder itself, empty for the common folder.
  ///   - rootName: what the folder is called where it has no key.
  ///   - pattern: which paths below the root are taken; all images without one.
  init(
    root: [UInt8], prefix: String, rootName: String, pattern: GlobPattern? = nil, options: Options,
    tally: TallyBox
  ) {
    self.prefix = prefix
    self.rootName = rootName
    self.pattern = pattern
    self.options = options
    self.tally = tally
    path = root
    if !path.isEmpty, path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
    rootLength = path.count
  }

  func next(readingEntries: Bool) throws -> StreamItem? {
    if !hasStarted {
      hasStarted = true
      if let failure = try enter(states: pattern?.start ?? .all) {
        return StreamItem(key: prefix.isEmpty ? rootName : prefix, location: .failed(failure))
      }
    }
    while true {
      if let item = pending {
        pending = nil
        return item
      }
      guard let frame = frames.last else { return nil }
      path.removeSubrange(frame.pathLength...)
      switch try frame.names.takeNext(appendingTo: &path) {
      case nil: frames.removeLast()
      case .file: return StreamItem(key: key(), location: .file(SourcePath(bytes: path)))
      case .odd: return StreamItem(key: key(), location: Self.look(SourcePath(bytes: path)))
      case .folder:
        let name = path[frame.pathLength..<path.count - 1]
        let states =
          pattern.map { pattern in
            name.withUnsafeBufferPointer { pattern.advance(frame.states, name: $0) }
          } ?? .all
        if let failure = try enter(states: states) {
          return StreamItem(key: key(dropping: 1), location: .failed(failure))
        }
      }
    }
  }

  private func key(dropping count: Int = 0) -> String {
    ImageKey.make(prefix: prefix, path: path[rootLength..<path.count - count])
  }

  /// What a name that is no regular file is, at the time when its turn comes.
  private static func look(_ path: SourcePath) -> SourceItem.Location {
    path.withCString { name in
      var info = stat()
      if stat(name, &info) == 0 {
        if let failure = FileBuffer.refusal(info) { return .failed(failure) }
        return .file(path)
      }
      let number = errno
      if number == ENOENT, lstat(name, &info) == 0 {
        return .failed(ImageFailure(.notFound, "the symbolic link leads to nothing"))
      }
      return .failed(FileBuffer.failure(number))
    }
  }

  /// Reads the names of the folder at `path` and makes it the current one.
  ///
  /// - Returns: why it cannot be read at all, if so.
  private func enter(states: GlobPattern.States) throws -> ImageFailure? {
    let shown = path.isEmpty ? SourcePath(".") : SourcePath(bytes: path)
    guard let stream = shown.withCString({ opendir($0) }) else { return Self.folderFailure(errno) }
    defer { closedir(stream) }
    var info = stat()
    guard fstat(dirfd(stream), &info) == 0 else { return Self.folderFailure(errno) }
    if frames.contains(where: { $0.device == info.st_dev && $0.inode == info.st_ino }) {
      tally.tally.loops += 1
      return nil
    }
    let names = FolderNames(
      limit: options.nameByteLimit, temporaryFolder: options.temporaryFolder, sorts: options.sorts)
    errno = 0
    while let entry = readdir(stream) {
      let type = Int(entry.pointee.d_type)
      try withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        try tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          let name = UnsafeBufferPointer(
            start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)))
          try add(name, type: type, folder: dirfd(stream), states: states, to: names)
        }
      }
      errno = 0
    }
    let number = errno
    try names.finish()
    frames.append(
      Frame(names: names, pathLength: path.count, device: info.st_dev, inode: info.st_ino, states: states))
    if number != 0 {
      let key = path.count == rootLength ? (prefix.isEmpty ? rootName : prefix) : key(dropping: 1)
      pending = StreamItem(key: key, location: .failed(Self.folderFailure(number)))
    }
    return nil
  }

  private static func folderFailure(_ number: Int32) -> ImageFailure {
    let failure = FileBuffer.failure(number)
    return ImageFailure(failure.code, "the folder cannot be read: \(failure.reason)")
  }

  private func add(
    _ name: UnsafeBufferPointer<UInt8>, type: Int, folder: Int32, states: GlobPattern.States,
    to names: FolderNames
  ) throws {
    if name.isName(".") || name.isName("..") { return }
    let isHidden = name.first == UInt8(ascii: ".")
    let isImage = ImageExtensions.contains(nameBytes: name)
    let isTaken: Bool
    let below: GlobPattern.States
    if let pattern {
      isTaken = pattern.accepts(states, name: name, isImage: isImage)
      below = pattern.advance(states, name: name)
    } else {
      isTaken = isImage
      below = .all
    }
    if isHidden, !options.includesHidden, pattern == nil || !(isTaken || !below.isEmpty) {
      tally.tally.hidden += 1
      return
    }
    guard isTaken || !below.isEmpty else {
      tally.tally.other += 1
      return
    }
    switch Self.kind(name, type: type, folder: folder) {
    case .file where isTaken: try names.append(name, kind: .file)
    case .odd where isTaken: try names.append(name, kind: .odd)
    case .folder:
      // A folder named like an image is an item that failed; what is in it is not lost for that.
      if isTaken, isImage { try names.append(name, kind: .odd) }
      if !below.isEmpty { try names.append(name, kind: .folder) }
    default: tally.tally.other += 1
    }
  }

  private static func kind(_ name: UnsafeBufferPointer<UInt8>, type: Int, folder: Int32) -> FolderNames.Kind {
    switch type {
    case DT_REG: return .file
    case DT_DIR: return .folder
    case DT_LNK, DT_UNKNOWN:
      var info = stat()
      let characters = UnsafeRawPointer(name.baseAddress!).assumingMemoryBound(to: CChar.self)
      guard fstatat(folder, characters, &info, 0) == 0 else { return .odd }
      return info.st_mode & S_IFMT == S_IFREG ? .file : info.st_mode & S_IFMT == S_IFDIR ? .folder : .odd
    default: return .odd
    }
  }
}
