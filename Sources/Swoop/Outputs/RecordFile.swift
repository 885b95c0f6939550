internal import Glibc

/// The file of records while it grows: only ever whole records, whatever goes wrong.
///
/// Records are gathered in memory and written together when 64 KiB are full or a second has passed. A write that
/// fails half-way, as on a full disk, is cut back to the last whole record.
final class RecordFile {
  private let descriptor: Int32
  private let name: String
  private let encoder: RecordEncoder
  private let ownsDescriptor: Bool
  // Whether the file can be cut: a regular file can, a pipe cannot.
  private let isRegular: Bool
  private var buffer = ByteBuffer(capacity: 1 << 17)
  // Where each record in the buffer ends.
  private var ends: [Int] = []
  private var lastFlush = RecordFile.seconds()
  private var failure: OutputError?

  /// The count of records that the system has, and the bytes up to the last of them.
  private(set) var recordCount: Int
  private var byteCount: Int

  private static let threshold = 1 << 16

  /// Writes to an open file whose position is at `byteCount`, the end of `recordCount` records.
  init(
    descriptor: Int32, name: String, header: RunHeader, recordCount: Int, byteCount: Int, ownsDescriptor: Bool
  ) {
    self.descriptor = descriptor
    self.name = name
    self.encoder = RecordEncoder(header: header)
    self.recordCount = recordCount
    self.byteCount = byteCount
    self.ownsDescriptor = ownsDescriptor
    var info = stat()
    isRegular = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Writes the header at once, so that a run that dies before its first record can be told from no run.
  func writeHeader(_ header: RunHeader) throws(OutputError) {
    RecordEncoder.encode(header, into: &buffer)
    try flush()
  }

  func append(_ record: ImageRecord) throws(OutputError) {
    if let failure { throw failure }
    encoder.encode(record, into: &buffer)
    ends.append(buffer.count)
    if buffer.count >= Self.threshold || Self.seconds() > lastFlush { try flush() }
  }

  /// Hands all records to the system.
  ///
  /// - Throws: the same error again and again once it has failed: nothing may follow a gap.
  func flush() throws(OutputError) {
    if let failure { throw failure }
    var written = 0
    do throws(OutputError) {
      try FileWriter.write(buffer.bytes[...], to: descriptor, name: name, written: &written)
    } catch {
      failure = error
      let whole = ends.lastIndex { $0 <= written }
      cut(to: byteCount + (whole.map { ends[$0] } ?? 0))
      recordCount += whole.map { $0 + 1 } ?? 0
      buffer.removeAll()
      ends.removeAll()
      throw error
    }
    byteCount += buffer.count
    recordCount += ends.count
    buffer.removeAll()
    ends.removeAll(keepingCapacity: true)
    lastFlush = Self.seconds()
  }

  /// Waits until the records are on the disk.
  func synchronize() throws(OutputError) {
    try flush()
    if isRegular { try FileWriter.synchronize(descriptor, name: name) }
  }

  private func cut(to size: Int) {
    guard isRegular else { return }
    // Should this fail too, the torn record stays, and resuming cuts it.
    while ftruncate(descriptor, size) != 0, errno == EINTR {}
  }

  // A coarse clock in whole seconds: reading it costs a few nanoseconds, and the contents never depend on it.
  private static func seconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return time.tv_sec
  }
}
