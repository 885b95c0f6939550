internal import Glibc

/// The images of an archive, read without unpacking it, in the archive's own order.
///
/// Archives are known by their extension: `.tar`, `.zip`, and tars compressed with gzip, bzip2, xz, zstd or lz4. Of the
/// entries, those with an image's extension count; names that begin with a dot, and the `__MACOSX` folder, are passed
/// over. An entry that is encrypted, damaged, a link, or larger than the limit is a failed item. Where the archive
/// itself is damaged, one more failed item stands for all that follows.
///
/// Keys are the entries' names by the rules of ``ImageKey``; nothing is ever written by those names. Where an archive
/// holds a name twice, the second gets `#2` before its extension: `a#2.jpg`.
///
/// In memory is one entry, and 16 bytes at most for each name of the first million.
final class ArchiveStream: SourceStream {
  private let path: SourcePath
  private let prefix: String
  private let name: String
  private let limit: Int
  private let tally: TallyBox
  private let library: LibArchive
  private var handle: LibArchive.Handle?
  private var descriptor: Int32 = -1
  private var hasStarted = false
  private var isAtEnd = false
  private var entryCount = 0
  private var names = NameRegistry()
  private var hasNoticedFullRegistry = false
  private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
  // Names in archives are converted by the thread's character set, which is ASCII unless something else is asked for.
  private let locale = newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil)

  private static let nameLimit = 4096
  private static let endings = [
    ".tar", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst",
    ".tar.lz4",
  ]

  /// Whether a file is taken as an archive, by its name in any case of letters.
  static func isArchive(_ path: SourcePath) -> Bool {
    let text = path.description.lowercased()
    return endings.contains { text.hasSuffix($0) && text.utf8.count > $0.utf8.count }
  }

  /// - Parameters:
  ///   - prefix: the key of the archive, empty where keys are relative to it.
  ///   - name: what the archive is called where it has no key.
  ///   - limit: the most bytes that an entry may have.
  init(path: SourcePath, prefix: String, name: String, limit: Int, tally: TallyBox) throws(SourceError) {
    self.path = path
    self.prefix = prefix
    self.name = name
    self.limit = limit
    self.tally = tally
    library = try LibArchive.shared.get()
  }

  deinit {
    if let handle { _ = library.free(handle) }
    if descriptor >= 0 { close(descriptor) }
    if let locale { freelocale(locale) }
    chunk.deallocate()
  }

  func next(readingEntries: Bool) throws -> StreamItem? {
    let previous = locale.flatMap { uselocale($0) }
    defer { if let previous { uselocale(previous) } }
    if !hasStarted {
      hasStarted = true
      if let failure = open() { return end(failure) }
    }
    guard let handle, !isAtEnd else { return nil }
    var retries = 0
    while true {
      var entry: LibArchive.Entry?
      let status = library.nextHeader(handle, &entry)
      switch status {
      case LibArchive.Status.end:
        isAtEnd = true
        return nil
      case LibArchive.Status.retry where retries < 8: retries += 1
      case LibArchive.Status.ok, LibArchive.Status.warning:
        guard let entry else { return end(damaged("it gave an entry without a header")) }
        entryCount += 1
        retries = 0
        if let item = item(of: entry, handle, readingEntries: readingEntries) { return item }
        if isAtEnd { return nil }
      default: return end(damaged(library.message(handle)))
      }
    }
  }

  /// The failed item that stands for the archive itself, after which nothing follows.
  private func end(_ failure: ImageFailure) -> StreamItem {
    isAtEnd = true
    return StreamItem(key: prefix.isEmpty ? name : prefix, location: .failed(failure))
  }

  private func damaged(_ words: String) -> ImageFailure {
    let place = entryCount == 0 ? "at its start" : "after \(entryCount) entries; what follows there is lost"
    return ImageFailure(
      .archiveDamaged, "the archive is damaged or of a kind that is not read, \(place): \(words)")
  }

  private func open() -> ImageFailure? {
    let result: Result<Int32, ImageFailure> = path.withCString { name in
      var info = stat()
      guard stat(name, &info) == 0 else { return .failure(FileBuffer.failure(errno)) }
      if let failure = FileBuffer.refusal(info) { return .failure(failure) }
      let descriptor = Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
      return descriptor >= 0 ? .success(descriptor) : .failure(FileBuffer.failure(errno))
    }
    switch result {
    case .failure(let failure):
      return ImageFailure(failure.code, "the archive cannot be read: \(failure.reason)")
    case .success(let opened): descriptor = opened
    }
    guard let handle = library.makeReader() else {
      return ImageFailure(.unreadable, "there is no memory for a reader")
    }
    self.handle = handle
    guard library.openDescriptor(handle, descriptor, 1 << 16) >= LibArchive.Status.warning else {
      return damaged(library.message(handle))
    }
    return nil
  }

  // MARK: Entries

  /// The item of an entry; `nil` if it is none.
  private func item(of entry: LibArchive.Entry, _ handle: LibArchive.Handle, readingEntries: Bool)
    -> StreamItem?
  {
    guard let pathname = library.entryPathname(entry) ?? library.entryPathnameUTF8(entry) else {
      let failure = ImageFailure(
        .invalidName, "entry \(entryCount) of the archive has a name that cannot be read")
      return StreamItem(key: uniqueKey(Array("entry-\(entryCount)".utf8)), location: .failed(failure))
    }
    let bytes = UnsafeRawBufferPointer(start: pathname, count: strlen(pathname)).bindMemory(to: UInt8.self)
    let type = library.entryFileType(entry) & S_IFMT
    let trimmed = bytes.last == UInt8(ascii: "/") ? UnsafeBufferPointer(rebasing: bytes.dropLast()) : bytes
    guard Self.isImage(trimmed) else {
      if type != S_IFDIR { tally.tally.other += 1 }
      return nil
    }
    if Self.isHidden(trimmed) {
      tally.tally.hidden += 1
      return nil
    }
    let path = Array(trimmed)
    if path.count > Self.nameLimit {
      let failure = ImageFailure(
        .invalidName, "the entry's name has \(path.count) bytes; at most \(Self.nameLimit) are taken")
      return StreamItem(key: uniqueKey(Array(path.prefix(200))), location: .failed(failure))
    }
    let key = uniqueKey(path)
    if let failure = refusal(entry, type: type) { return StreamItem(key: key, location: .failed(failure)) }
    guard readingEntries else { return StreamItem(key: key, location: .bytes([])) }
    return StreamItem(key: key, location: read(entry, handle))
  }

  private static func isImage(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    return ImageExtensions.contains(nameBytes: UnsafeBufferPointer(rebasing: path[start...]))
  }

  private static func isHidden(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    path.split(separator: UInt8(ascii: "/")).contains { part in
      part.first == UInt8(ascii: ".") && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        || part.elementsEqual("__MACOSX".utf8)
    }
  }

  private func refusal(_ entry: LibArchive.Entry, type: mode_t) -> ImageFailure? {
    if library.entryHardLink(entry) != nil || type == S_IFLNK {
      return ImageFailure(.archiveLink, "the entry is a link to another entry and has no bytes of its own")
    }
    if type == S_IFDIR { return ImageFailure(.isFolder, "the entry is a folder, not an image") }
    guard type == S_IFREG else { return ImageFailure(.notRegularFile, "the entry is not a regular file") }
    if library.entryIsEncrypted(entry) != 0 {
      return ImageFailure(
        .archiveEncrypted, "the entry is encrypted; unpack the archive with its password first")
    }
    let size = library.entrySizeIsSet(entry) != 0 ? library.entrySize(entry) : 0
    return size > limit ? tooLong("\(size)") : nil
  }

  private func tooLong(_ size: String) -> ImageFailure {
    ImageFailure(.tooManyBytes, "the entry has \(size) bytes, and the limit is \(limit)")
  }

  private func read(_ entry: LibArchive.Entry, _ handle: LibArchive.Handle) -> SourceItem.Location {
    var bytes: [UInt8] = []
    // The size is what the archive says, so no more is reserved for it than a usual image needs.
    bytes.reserveCapacity(Int(clamping: min(max(0, library.entrySize(entry)), 1 << 24)))
    while true {
      let count = library.readData(handle, chunk.baseAddress!, chunk.count)
      if count == 0 { break }
      guard count > 0 else {
        if count == Int(LibArchive.Status.retry) { continue }
        var reason = "the entry is damaged: \(library.message(handle))"
        if count <= Int(LibArchive.Status.fatal) {
          isAtEnd = true
          reason += ". What follows in the archive is lost"
        }
        return .failed(ImageFailure(.archiveDamaged, reason))
      }
      guard bytes.count + count <= limit else { return .failed(tooLong("more than \(limit)")) }
      bytes.append(contentsOf: chunk[..<count])
    }
    guard !bytes.isEmpty else { return .failed(ImageFailure(.empty, "the entry has no bytes")) }
    return .bytes(bytes)
  }

  // MARK: Keys

  private func uniqueKey(_ path: [UInt8]) -> String {
    let key = ImageKey.make(prefix: prefix, path: path)
    switch names.insert(key) {
    case .inserted: return key
    case .full:
      if !hasNoticedFullRegistry {
        hasNoticedFullRegistry = true
        tally.tally.notices.append(
          "\(self.path) has more than \(NameRegistry.limit) images; names that the rest repeats are not told apart."
        )
      }
      return key
    case .present:
      let (stem, ending) = ImageExtensions.split(key)
      for number in 2... {
        let other = "\(stem)#\(number)" + (ending.map { ".\($0)" } ?? "")
        if names.insert(other) != .present { return other }
      }
      return key
    }
  }
}

/// Remembers which names there were, by 64-bit hashes, up to a limit.
struct NameRegistry {
  enum Outcome { case inserted, present, full }

  /// The most names that are remembered.
  static let limit = 1 << 20

  // Open addressing; 0 is a free slot, and no hash. At most half of it is used.
  private var slots = [UInt64](repeating: 0, count: 1 << 6)
  private var count = 0

  mutating func insert(_ name: String) -> Outcome {
    let hash = Self.hash(name)
    var slot = Self.slot(hash, in: slots.count)
    while slots[slot] != 0 {
      if slots[slot] == hash { return .present }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard count < Self.limit else { return .full }
    slots[slot] = hash
    count += 1
    if count * 2 > slots.count { grow() }
    return .inserted
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for hash in slots where hash != 0 {
      var slot = Self.slot(hash, in: larger.count)
      while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = hash
    }
    slots = larger
  }

  private static func slot(_ hash: UInt64, in count: Int) -> Int {
    Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32) & (count - 1)
  }

  /// FNV-1a; the same on every machine and in every run, unlike Swift's own hashes, so that keys are too.
  private static func hash(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return max(1, hash)
  }
}
