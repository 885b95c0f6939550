internal import Glibc

/// Reads `detections.jsonl` record by record, in the memory of the longest line.
public final class RecordReader {
  /// What the file begins with.
  public let header: RunHeader
  /// The number of the line that was read last, from 1; the header is line 1.
  public private(set) var line = 1
  /// The count of bytes up to and with the last whole line that was read.
  package private(set) var wholeByteCount: Int
  /// Whether the last line was cut short: no newline ends it. Known once ``next()`` has returned `nil`.
  package private(set) var endsTorn = false

  private let lines: LineReader
  private let name: String
  private let allowsTornEnd: Bool

  /// Opens a finished file. Its last line must be whole.
  ///
  /// - Throws: ``SystemError`` if it cannot be read, ``RecordFormatError`` if its first line is not a header.
  public convenience init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last("opening", path) }
    try self.init(descriptor: descriptor, name: path, allowsTornEnd: false)
  }

  /// Reads an open file from its start; the reader owns the descriptor.
  package init(descriptor: Int32, name: String, allowsTornEnd: Bool) throws {
    lines = LineReader(descriptor: descriptor, name: name)
    self.name = name
    self.allowsTornEnd = allowsTornEnd
    guard let first = try lines.next(), first.isWhole else {
      throw RecordFormatError(
        file: name, line: 1, reason: "the file ends before its first line, the header, does")
    }
    wholeByteCount = first.bytes.count + 1
    do throws(RecordFormatError.Problem) {
      header = try RecordDecoder.header(first.bytes)
    } catch {
      throw RecordFormatError(file: name, line: 1, reason: error.reason)
    }
  }

  /// The next record, or `nil` at the end.
  ///
  /// - Throws: ``RecordFormatError`` with the line, ``SystemError``.
  public func next() throws -> ImageRecord? {
    guard !endsTorn, let next = try lines.next() else { return nil }
    line += 1
    guard next.isWhole else {
      endsTorn = true
      if allowsTornEnd { return nil }
      throw RecordFormatError(
        file: name, line: line,
        reason: "the last line is cut short: the run was interrupted and can be resumed")
    }
    do throws(RecordFormatError.Problem) {
      let record = try RecordDecoder.record(next.bytes)
      wholeByteCount += next.bytes.count + 1
      return record
    } catch {
      throw RecordFormatError(file: name, line: line, reason: error.reason)
    }
  }
}

/// Splits a file into lines without copying them.
final class LineReader {
  /// One line without its newline. The bytes live until the next call.
  struct Line {
    var bytes: UnsafeBufferPointer<UInt8>
    /// Whether a newline ended it, rather than the end of the file.
    var isWhole: Bool
  }

  /// The longest line that is read. A record of 100,000 boxes takes a tenth of it.
  static let lengthLimit = 1 << 27

  private let descriptor: Int32
  private let name: String
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 18
  private var start = 0
  private var end = 0
  private var isAtEndOfFile = false
  // Of the line that was given last, from 1.
  private var number = 0

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    buffer = .allocate(capacity: capacity)
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  func next() throws -> Line? {
    var searched = start
    while true {
      if end > searched, let newline = memchr(buffer + searched, 0x0A, end - searched) {
        let first = buffer + start
        let length = UnsafeRawPointer(newline) - UnsafeRawPointer(first)
        start += length + 1
        number += 1
        return Line(bytes: UnsafeBufferPointer(start: first, count: length), isWhole: true)
      }
      if isAtEndOfFile {
        guard end > start else { return nil }
        let rest = UnsafeBufferPointer<UInt8>(start: buffer + start, count: end - start)
        start = end
        return Line(bytes: rest, isWhole: false)
      }
      makeRoom()
      searched = end
      try fill()
    }
  }

  private func makeRoom() {
    if start > 0 {
      memmove(buffer, buffer + start, end - start)
      end -= start
      start = 0
    }
    guard end == capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
    memcpy(larger, buffer, end)
    buffer.deallocate()
    buffer = larger
    capacity *= 2
  }

  private func fill() throws {
    guard end - start <= Self.lengthLimit else {
      throw RecordFormatError(
        file: name, line: number + 1, reason: "the line is longer than \(Self.lengthLimit) bytes")
    }
    while true {
      let count = read(descriptor, buffer + end, capacity - end)
      if count > 0 {
        end += count
        return
      }
      if count == 0 {
        isAtEndOfFile = true
        return
      }
      guard errno == EINTR else { throw SystemError.last("reading", name) }
    }
  }
}
