internal import Glibc

/// The entries of a list of paths, read as they come.
///
/// The separator is found out from the first bytes that arrive: a NUL among them means that NULs separate (as
/// `find -print0` writes), otherwise newlines do, and a carriage return before a newline is dropped. Empty entries are
/// passed over, and so is a byte order mark at the start. Entries that no path can be, longer than 4,095 bytes or with
/// a NUL in a list of lines, are given as failures.
final class ListInput {
  enum Entry {
    case path(ArraySlice<UInt8>)
    /// The first bytes of the entry, and why it is none.
    case failed(ArraySlice<UInt8>, ImageFailure)
  }

  /// What is read, for errors.
  let name: String
  let openDescriptor: Int32
  private let ownsDescriptor: Bool
  private var buffer: [UInt8] = []
  private var position = 0
  private var separator: UInt8?
  private var isAtEnd = false
  private var peeked: Entry?

  private static let lengthLimit = Int(PATH_MAX) - 1
  private static let chunkSize = 1 << 16

  init(descriptor: Int32, name: String, ownsDescriptor: Bool) {
    openDescriptor = descriptor
    self.name = name
    self.ownsDescriptor = ownsDescriptor
  }

  deinit {
    if ownsDescriptor { close(openDescriptor) }
  }

  /// The first entry, which stays to be read.
  func peek() throws(SourceError) -> Entry? {
    if peeked == nil { peeked = try next() }
    return peeked
  }

  func next() throws(SourceError) -> Entry? {
    if let entry = peeked {
      peeked = nil
      return entry
    }
    while let entry = try nextRaw() {
      switch entry {
      case .path(let bytes) where bytes.isEmpty: continue
      case .path(let bytes) where bytes.contains(0):
        return .failed(
          bytes, ImageFailure(.invalidName, "the line has a NUL byte in it; the list's first part had none"))
      default: return entry
      }
    }
    return nil
  }

  private func nextRaw() throws(SourceError) -> Entry? {
    var searched = position
    while true {
      if let separator, let end = buffer[searched...].firstIndex(of: separator) {
        let entry = trimmed(buffer[position..<end])
        position = end + 1
        if entry.count > Self.lengthLimit { return Self.tooLong(entry) }
        return .path(entry)
      }
      if isAtEnd {
        let entry = trimmed(buffer[position...])
        position = buffer.count
        if entry.count > Self.lengthLimit { return Self.tooLong(entry) }
        return entry.isEmpty ? nil : .path(entry)
      }
      // What is being looked at may be no list at all; its bytes are dropped rather than gathered.
      if separator != nil, buffer.count - position > Self.lengthLimit + 1 {
        return try skipLongEntry()
      }
      searched = buffer.count - position
      try fill()
      searched += position
    }
  }

  private func skipLongEntry() throws(SourceError) -> Entry {
    let start = Array(buffer[position..<position + 200])
    while !isAtEnd {
      if let separator, let end = buffer[position...].firstIndex(of: separator) {
        position = end + 1
        return Self.tooLong(start[...])
      }
      position = buffer.count
      try fill()
    }
    position = buffer.count
    return Self.tooLong(start[...])
  }

  private static func tooLong(_ entry: ArraySlice<UInt8>) -> Entry {
    .failed(
      entry.prefix(200),
      ImageFailure(.invalidName, "the entry is longer than the \(lengthLimit) bytes of a path"))
  }

  private func trimmed(_ entry: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    separator != 0 && entry.last == 0x0D ? entry.dropLast() : entry
  }

  private func fill() throws(SourceError) {
    buffer.removeSubrange(..<position)
    position = 0
    guard waitForBytes() else {
      // Half an entry is none.
      buffer.removeAll(keepingCapacity: true)
      isAtEnd = true
      return
    }
    let kept = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunkSize))
    var count: Int
    repeat {
      count = buffer.withUnsafeMutableBytes { read(openDescriptor, $0.baseAddress! + kept, Self.chunkSize) }
    } while count < 0 && errno == EINTR
    let number = errno
    buffer.removeSubrange((kept + max(0, count))...)
    guard count >= 0 else {
      throw SourceError(.unreadable, SystemError("reading", name, number: number).description)
    }
    if count == 0 { isAtEnd = true }
    if separator == nil {
      if kept == 0, buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
      if buffer.contains(0) {
        separator = 0
      } else if buffer.contains(0x0A) || buffer.count > Self.chunkSize {
        separator = 0x0A
      }
    }
  }
}

extension ListInput {
  /// Waits until there is something to read, or the end. A pipe can stay silent for long, and a wish to stop must not
  /// wait for it: the signal may have gone to another thread, so that a read here would not notice.
  ///
  /// - Returns: `false` if the run is to stop.
  private func waitForBytes() -> Bool {
    while Interruption.signal == nil {
      var request = pollfd(fd: openDescriptor, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, 100) != 0, errno != EINTR || request.revents != 0 { return true }
    }
    return false
  }
}

/// The images that a list names.
final class ListStream: SourceStream {
  private let input: ListInput
  private let keys: ListKeys

  init(input: ListInput, keys: ListKeys) {
    self.input = input
    self.keys = keys
  }

  func next(readingEntries: Bool) throws -> StreamItem? {
    switch try input.next() {
    case nil: nil
    case .path(let bytes): StreamItem(key: keys.key(bytes), location: .file(SourcePath(bytes: bytes)))
    case .failed(let bytes, let failure): StreamItem(key: keys.key(bytes), location: .failed(failure))
    }
  }
}
