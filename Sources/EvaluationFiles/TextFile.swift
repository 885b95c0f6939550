internal import Foundation
internal import Swoop

/// A whole file in memory (mapped, where the system can), and the lines of places in it.
struct TextFile {
  let path: String
  let data: Data

  init(_ path: String) throws(EvaluationFileError) {
    self.path = path
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw EvaluationFileError(file: path, reason: TextFile.reason(path, error))
    }
  }

  /// Why a file could not be read, in words.
  private static func reason(_ path: String, _ error: any Error) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return "there is no such file"
    }
    if isFolder.boolValue { return "this is a folder; a file was expected" }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return underlying.map { "it cannot be read: \(SystemError.words(Int32(truncatingIfNeeded: $0.code)))" }
      ?? "it cannot be read"
  }

  /// The first byte that is not white space; a byte order mark is skipped.
  var firstByte: UInt8? {
    data.dropFirst(start).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// Where the text begins: behind a byte order mark.
  var start: Int { data.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// The line of a byte, from 1.
  func line(of offset: Int) -> Int {
    data.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
  }

  /// Reads the file as JSON; what goes wrong is reported with its line.
  func scan<Result>(
    _ body: (inout JSONScanner) throws(RecordFormatError.Problem) -> Result
  ) throws(EvaluationFileError) -> Result {
    guard !data.isEmpty else { throw EvaluationFileError(file: path, reason: "the file is empty") }
    let start = start
    let outcome = data.withUnsafeBytes {
      bytes -> (result: Swift.Result<Result, RecordFormatError.Problem>, offset: Int) in
      let text = bytes.bindMemory(to: UInt8.self)
      guard let base = text.baseAddress else { return (.failure(.init("the file is empty")), 0) }
      var scanner = JSONScanner(start: base + start, count: text.count - start, whole: "file")
      do throws(RecordFormatError.Problem) {
        let result = try body(&scanner)
        try scanner.expectEnd()
        return (.success(result), 0)
      } catch {
        return (.failure(error), scanner.offset + start)
      }
    }
    switch outcome.result {
    case .success(let result): return result
    case .failure(let problem):
      throw EvaluationFileError(file: path, line: line(of: outcome.offset), reason: problem.reason)
    }
  }

  /// The lines without their ends; the last may lack one.
  var lines: [Substring] {
    String(decoding: data.dropFirst(start), as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }
}

extension JSONScanner {
  /// The members of an object; each value must be read or skipped by the body.
  mutating func members(
    _ body: (inout JSONScanner, UnsafeBufferPointer<UInt8>) throws(Problem) -> Void
  ) throws(Problem) {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let name = try foreignName()
      try body(&self, name)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// The elements of an array; each must be read or skipped by the body.
  mutating func elements(_ body: (inout JSONScanner, Int) throws(Problem) -> Void) throws(Problem) {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return }
    var index = 0
    repeat {
      try body(&self, index)
      index += 1
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }

  /// Four numbers: left, top, width, height.
  mutating func box() throws(Problem) -> (Double, Double, Double, Double) {
    try expect(UInt8(ascii: "["))
    let x = try double()
    try expect(UInt8(ascii: ","))
    let y = try double()
    try expect(UInt8(ascii: ","))
    let width = try double()
    try expect(UInt8(ascii: ","))
    let height = try double()
    try expect(UInt8(ascii: "]"))
    return (x, y, width, height)
  }

  /// A whole number, which some programs write as `7.0`.
  mutating func wholeNumber() throws(Problem) -> Int {
    let value = try double()
    guard let number = Int(exactly: value), abs(value) <= 9_007_199_254_740_992 else {
      throw Problem("expected a whole number, found \(value)")
    }
    return number
  }

  /// 0, 1, true or false.
  mutating func flag() throws(Problem) -> Bool {
    switch try value() {
    case .bool(let flag): return flag
    case .number(let text): return Double(text) != 0
    case .null: return false
    default: throw problem("0 or 1")
    }
  }
}
