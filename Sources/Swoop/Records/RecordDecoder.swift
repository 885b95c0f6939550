internal import Detection

/// Reads the lines that ``RecordEncoder`` writes. Fields may come in any order; unknown, missing and repeated ones are
/// errors, because a misread record would be a wrong result.
package enum RecordDecoder {
  package typealias Problem = RecordFormatError.Problem

  package static func header(_ line: UnsafeBufferPointer<UInt8>) throws(Problem) -> RunHeader {
    guard let start = line.baseAddress else {
      throw Problem("the first line is empty; it should be the header")
    }
    var scanner = JSONScanner(start: start, count: line.count)
    let value = try scanner.value()
    try scanner.expectEnd()
    return try RunHeader(json: value)
  }

  package static func record(_ line: UnsafeBufferPointer<UInt8>) throws(Problem) -> ImageRecord {
    guard let start = line.baseAddress, !line.isEmpty else { throw Problem("the line is empty") }
    var scanner = JSONScanner(start: start, count: line.count)
    var fields = Fields()
    try scanner.expect(UInt8(ascii: "{"))
    repeat { try field(&scanner, &fields) } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"))
    try scanner.expectEnd()
    return try fields.record()
  }

  private struct Fields {
    var index: Int?
    var key: String?
    var width: Int?
    var height: Int?
    var detections: [Detection]?
    var truncated: Int?
    var failure: ImageFailure?

    func record() throws(Problem) -> ImageRecord {
      guard let index, index >= 0 else { throw Problem("the record has no field \"index\" of 0 or more") }
      guard let key else { throw Problem("the record has no field \"image\"") }
      if let failure {
        guard width == nil, height == nil, detections == nil, truncated == nil else {
          throw Problem("the record has \"failed\" and fields of a detected image")
        }
        return ImageRecord(index: index, key: key, failure: failure)
      }
      guard let detections else { throw Problem("the record has neither \"detections\" nor \"failed\"") }
      guard let width, let height, width > 0, height > 0 else {
        throw Problem("the record has no \"width\" and \"height\" above 0")
      }
      return ImageRecord(
        index: index, key: key, width: width, height: height, detections: detections,
        truncated: truncated ?? 0)
    }
  }

  private static func field(_ scanner: inout JSONScanner, _ fields: inout Fields) throws(Problem) {
    let name = try scanner.name()
    if name.isName("index") {
      try set(&fields.index, name, try scanner.integer())
    } else if name.isName("image") {
      try set(&fields.key, name, try scanner.string())
    } else if name.isName("width") {
      try set(&fields.width, name, try scanner.integer())
    } else if name.isName("height") {
      try set(&fields.height, name, try scanner.integer())
    } else if name.isName("truncated") {
      try set(&fields.truncated, name, try scanner.integer())
    } else if name.isName("detections") {
      try set(&fields.detections, name, try detections(&scanner))
    } else if name.isName("failed") {
      try set(&fields.failure, name, try failure(&scanner))
    } else {
      throw unknown(name)
    }
  }

  private static func set<Value>(
    _ field: inout Value?, _ name: UnsafeBufferPointer<UInt8>, _ value: Value
  ) throws(Problem) {
    guard field == nil else {
      throw Problem("the field \"\(String(decoding: name, as: UTF8.self))\" is there twice")
    }
    field = value
  }

  private static func unknown(_ name: UnsafeBufferPointer<UInt8>) -> Problem {
    Problem("the field \"\(String(decoding: name.prefix(60), as: UTF8.self))\" is not one of this format")
  }

  private static func failure(_ scanner: inout JSONScanner) throws(Problem) -> ImageFailure {
    var code: String?
    var reason: String?
    try scanner.expect(UInt8(ascii: "{"))
    repeat {
      let name = try scanner.name()
      if name.isName("code") {
        try set(&code, name, try scanner.string())
      } else if name.isName("reason") {
        try set(&reason, name, try scanner.string())
      } else {
        throw unknown(name)
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"))
    guard let code, let reason else { throw Problem("\"failed\" lacks its \"code\" or \"reason\"") }
    return ImageFailure(ImageFailure.Code(rawValue: code), reason)
  }

  private static func detections(_ scanner: inout JSONScanner) throws(Problem) -> [Detection] {
    var detections: [Detection] = []
    try scanner.expect(UInt8(ascii: "["))
    if scanner.take(UInt8(ascii: "]")) { return [] }
    repeat { detections.append(try detection(&scanner)) } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "]"))
    return detections
  }

  private static func detection(_ scanner: inout JSONScanner) throws(Problem) -> Detection {
    var classIndex: Int?
    var score: Float?
    var box: Box?
    try scanner.expect(UInt8(ascii: "{"))
    repeat {
      let name = try scanner.name()
      if name.isName("class") {
        try set(&classIndex, name, try scanner.integer())
      } else if name.isName("label") {
        // The header's labels say the same; it is there for people and other tools.
        try scanner.skipString()
      } else if name.isName("confidence") {
        try set(&score, name, try scanner.float())
      } else if name.isName("box") {
        try set(&box, name, try self.box(&scanner))
      } else {
        throw unknown(name)
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"))
    guard let classIndex, classIndex >= 0, let score, let box else {
      throw Problem("a detection lacks its \"class\" of 0 or more, \"confidence\" or \"box\"")
    }
    return Detection(box: box, score: score, classIndex: classIndex)
  }

  private static func box(_ scanner: inout JSONScanner) throws(Problem) -> Box {
    try scanner.expect(UInt8(ascii: "["))
    let x1 = try scanner.float()
    try scanner.expect(UInt8(ascii: ","))
    let y1 = try scanner.float()
    try scanner.expect(UInt8(ascii: ","))
    let x2 = try scanner.float()
    try scanner.expect(UInt8(ascii: ","))
    let y2 = try scanner.float()
    try scanner.expect(UInt8(ascii: "]"))
    return Box(x1: x1, y1: y1, x2: x2, y2: y2)
  }
}
