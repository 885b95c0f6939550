internal import Glibc

/// An engine's file: the plan, with or without a header of metadata before it, and the record beside it.
public struct EngineFile {
  /// What stands before the plan.
  public enum Header: String, Sendable, CaseIterable {
    case none
    /// The length of a JSON object in four bytes, lowest first, and the object: as Ultralytics writes engines.
    case ultralytics
  }

  public let path: String
  public let header: Header
  /// The exporter's key-value pairs from the header, or from the record where there is no header. Values are written as
  /// in ONNX files: Python literals as text.
  public let metadata: [String: String]
  /// The record beside the file, if there is one and it is of this plan.
  public let record: EngineRecord?
  let file: MappedFile
  private let planOffset: Int

  /// The plan's bytes; valid as long as this value is kept.
  var plan: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[planOffset...]) }

  /// The number of bytes of the plan.
  public var planByteCount: Int { file.bytes.count - planOffset }

  /// Reads a file.
  ///
  /// - Throws: ``InferenceError`` where it cannot be read, or is empty.
  public init(path: String) throws {
    self.path = path
    file = try MappedFile(path: path)
    guard !file.bytes.isEmpty else {
      throw InferenceError(.modelInvalid, "The engine \(path) is empty (0 bytes).")
    }
    let found = Self.header(of: file.bytes)
    header = found == nil ? .none : .ultralytics
    planOffset = found?.end ?? 0
    guard planOffset < file.bytes.count else {
      throw InferenceError(.modelInvalid, "The engine \(path) ends after its header: there is no plan in it.")
    }
    var metadata: [String: String] = [:]
    for member in found?.value.members ?? [] { metadata[member.key] = PythonLiteral.text(member.value) }
    let plan = UnsafeRawBufferPointer(rebasing: file.bytes[planOffset...])
    let record = (try? MappedFile(path: Self.recordPath(path))).flatMap { EngineRecord(json: $0.bytes) }
    // A record of another plan would tell lies.
    self.record = record.flatMap { $0.isOf(plan) ? $0 : nil }
    self.metadata = found == nil ? self.record?.metadata ?? [:] : metadata
  }

  /// Where the record of an engine is.
  public static func recordPath(_ path: String) -> String { path + ".json" }

  /// The header's JSON and where it ends, or `nil` where the file starts with the plan.
  static func header(of bytes: UnsafeRawBufferPointer) -> (value: JSONText, end: Int)? {
    guard bytes.count > 5, bytes[4] == UInt8(ascii: "{") else { return nil }
    let length = Int(bytes.loadUnaligned(as: UInt32.self).littleEndian)
    guard length >= 2, length <= bytes.count - 4 else { return nil }
    let text = UnsafeRawBufferPointer(rebasing: bytes[4..<4 + length])
    guard let value = try? JSONText(parsing: text), value.members != nil else { return nil }
    return (value, 4 + length)
  }

  /// Whether bytes start like an engine of TensorRT: a plan's magic, or a header.
  public static func isEngine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = Array(bytes.prefix(4))
    return ["ftrt", "ptrt", "vtrt"].contains { start == Array($0.utf8) } || header(of: bytes) != nil
  }

  /// Whether a file starts like an engine of TensorRT; `false` also for files that cannot be read.
  public static func isEngine(path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return isEngine(file.bytes)
  }

  // MARK: Writing

  /// Writes a plan and its record so that neither is ever seen half-written.
  ///
  /// - Throws: ``InferenceError`` with the system's reason.
  static func write(plan: UnsafeRawBufferPointer, header: Header, record: EngineRecord, to path: String)
    throws(InferenceError)
  {
    var record = record
    if header != .none { record.settings.append(.init("header", header.rawValue)) }
    try write(prefix(header, metadata: record.metadata), plan, to: path)
    let text = Array(record.json().utf8)
    try write(text, UnsafeRawBufferPointer(start: nil, count: 0), to: recordPath(path))
  }

  private static func prefix(_ header: Header, metadata: [String: String]) -> [UInt8] {
    switch header {
    case .none: return []
    case .ultralytics:
      let members = metadata.sorted { $0.key < $1.key }.map { JSONText.Member($0.key, PythonLiteral.json($0.value)) }
      return lengthPrefixed(.object(members))
    }
  }

  static func lengthPrefixed(_ value: JSONText) -> [UInt8] {
    let text = Array(value.text().utf8)
    return withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) } + text
  }

  /// Writes two pieces under a temporary name, waits until they are on the disk, and gives them their name.
  static func write(_ first: [UInt8], _ second: UnsafeRawBufferPointer, to path: String) throws(InferenceError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    func failure() -> InferenceError {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      return InferenceError(.modelUnreadable, "\(path) cannot be written: \(reason).")
    }
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure() }
    let isWritten =
      first.withUnsafeBytes { writeAll(file, $0) } && writeAll(file, second) && fsync(file) == 0
    guard isWritten else {
      let error = failure()
      close(file)
      throw error
    }
    guard close(file) == 0, rename(temporary, path) == 0 else { throw failure() }
  }

  private static func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }
}
