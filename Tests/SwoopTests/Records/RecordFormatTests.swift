internal import Detection
internal import SeededNumbers
internal import Swoop
internal import Testing

/// A header that tests use.
func sampleHeader(labels: [String] = ["RBC", "WBC", "Platelets"], confidence: Float = 0.25) -> RunHeader {
  RunHeader(
    version: "0.1.0",
    model: .init(file: "model.onnx", sha256: String(repeating: "ab", count: 32), labels: labels),
    engine: .init(runtime: "OpenVINO", version: "2026.2.0", precision: "fp32"),
    settings: [
      .init("confidence", .float(confidence)), .init("iou", .float(0.7)), .init("maxDetections", 300),
      .init("classes", .array([0, 2])), .init("agnostic", false),
    ])
}

/// A record with numbers that depend on its index only.
func sampleRecord(_ index: Int, key: String? = nil) -> ImageRecord {
  let key = key ?? "folder/\(index).jpg"
  if index % 7 == 3 {
    return ImageRecord(index: index, key: key, failure: ImageFailure("damaged", "no \"image\"\n"))
  }
  let detections = (0..<index % 4).map { number in
    let start = Float(index) * 0.37 + Float(number) * 11.3
    return Detection(
      box: Box(x1: start, y1: start / 3, x2: start + 20.5, y2: start / 3 + 1e-5),
      score: 1 / Float(index + number + 1),
      classIndex: (index + number) % 3)
  }
  return ImageRecord(
    index: index, key: key, width: 640, height: 480, detections: detections, truncated: index % 5 == 4 ? 3 : 0
  )
}

func line(_ record: ImageRecord) -> String {
  var bytes = ByteBuffer()
  RecordEncoder(header: sampleHeader()).encode(record, into: &bytes)
  return bytes.text
}

func decoded(_ text: String) throws -> ImageRecord {
  let bytes = Array(text.utf8)
  return try bytes.withUnsafeBufferPointer { try RecordDecoder.record($0) }
}

@Suite("Records as JSON Lines")
struct RecordFormatTests {
  @Test("a detected image is written as documented")
  func detected() {
    let record = ImageRecord(
      index: 0, key: "a/b.jpg", width: 640, height: 480,
      detections: [Detection(box: Box(x1: 1, y1: 2.5, x2: 300.25, y2: 479.9), score: 0.91, classIndex: 0)],
      truncated: 2)
    #expect(
      line(record) == """
        {"index":0,"image":"a/b.jpg","width":640,"height":480,"detections":[{"class":0,"label":"RBC",\
        "confidence":0.91,"box":[1,2.5,300.25,479.9]}],"truncated":2}

        """)
  }

  @Test("a failed image is written as documented")
  func failed() {
    let record = ImageRecord(
      index: 3, key: "x.jpg", failure: ImageFailure("truncated", "ends after 12 of 90 rows"))
    #expect(
      line(record) == """
        {"index":3,"image":"x.jpg","failed":{"code":"truncated","reason":"ends after 12 of 90 rows"}}

        """)
  }

  @Test("records read back equal", arguments: 0..<40)
  func roundTrip(index: Int) throws {
    let record = sampleRecord(index)
    #expect(try decoded(line(record)) == record)
  }

  @Test(
    "every kind of character in a key reads back",
    arguments: ["\"", "\\", "\u{0}", "\n", "\t", "\u{7F}", "é", "e\u{301}", "日本", "🧬", "\\x2e", "\u{2028}"])
  func keys(key: String) throws {
    let record = ImageRecord(index: 0, key: key, width: 1, height: 1, detections: [])
    let text = line(record)
    #expect(
      text.utf8.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character is in the line")
    #expect(try decoded(text).key.utf8.elementsEqual(key.utf8))
  }

  @Test("float32 values are written shortest and read back to the same bits")
  func floats() throws {
    var generator = SplitMix64(seed: 7)
    var values: [Float] = [
      0, -0.0, 1, -1, 0.1, 0.25, 16_777_216, 16_777_218, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 1e-5, 1e16, 123_456_792, 0.3, 1 / 3,
    ]
    while values.count < 20_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if value.isFinite { values.append(value) }
      values.append(Float(generator.next() % 1_000_000) / 1000)
    }
    for value in values {
      var bytes = ByteBuffer()
      bytes.append(value)
      #expect(!bytes.text.hasSuffix(".0") && !bytes.text.hasPrefix("."))
      let back = try bytes.bytes.withUnsafeBufferPointer { buffer in
        var scanner = JSONScanner(start: buffer.baseAddress!, count: buffer.count)
        let value = try scanner.float()
        try scanner.expectEnd()
        return value
      }
      #expect(back.bitPattern == value.bitPattern, "\(value) was written as \(bytes.text)")
    }
  }

  @Test("decimals with many digits round like the system's parser")
  func longDecimals() throws {
    var generator = SplitMix64(seed: 8)
    for _ in 0..<20_000 {
      let digits = (0..<Int(generator.next() % 25 + 1)).map { _ in String(generator.next() % 10) }.joined()
      let text = "\(generator.next() % 1000).\(digits)e\(Int(generator.next() % 40) - 20)"
      let value = try Array(text.utf8).withUnsafeBufferPointer { buffer in
        var scanner = JSONScanner(start: buffer.baseAddress!, count: buffer.count)
        return try scanner.float()
      }
      #expect(value.bitPattern == Float(text)?.bitPattern, "\(text)")
    }
  }

  @Test("a number that is not finite makes a failed record", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    let boxes = [
      Detection(box: Box(x1: value, y1: 0, x2: 1, y2: 1), score: 0.5, classIndex: 1),
      Detection(box: Box(x1: 0, y1: 0, x2: 1, y2: 1), score: value, classIndex: 1),
    ]
    for box in boxes {
      let record = ImageRecord(index: 0, key: "a", width: 9, height: 9, detections: [box])
      #expect(record.writable.failure?.code == .notFinite)
    }
  }

  @Test("huge but finite numbers are kept")
  func hugeButFinite() {
    let huge = Float.greatestFiniteMagnitude
    let box = Detection(box: Box(x1: huge, y1: huge, x2: huge, y2: huge), score: 1, classIndex: 0)
    let record = ImageRecord(index: 0, key: "a", width: 9, height: 9, detections: [box])
    #expect(record.writable == record)
  }

  @Test("fields may come in any order and with spaces")
  func anyOrder() throws {
    let text = """
      { "detections" : [ { "box":[1, 2 ,3,4e0], "confidence":0.5,"class":1, "label":"x\\"y" } ], "height":2,
      "width":1,"image":"\\u00e9\\ud83e\\uddec\\/","index": 4 }
      """
    let record = try decoded(text.replacing("\n", with: " "))
    #expect(record.key == "é🧬/")
    #expect(record.detections == [Detection(box: Box(x1: 1, y1: 2, x2: 3, y2: 4), score: 0.5, classIndex: 1)])
  }

  @Test(
    "damaged records are refused with the reason",
    arguments: [
      ("", "empty"), ("{", "the line ends"), ("[]", "expected '{'"), ("{}", "\""),
      (#"{"index":0}"#, "image"), (#"{"index":-1,"image":"a","failed":{"code":"a","reason":"b"}}"#, "index"),
      (#"{"index":0,"image":"a"}"#, "neither"),
      (#"{"index":0,"image":"a","width":1,"detections":[]}"#, "height"),
      (#"{"index":0,"image":"a","width":0,"height":1,"detections":[]}"#, "above 0"),
      (#"{"index":0,"index":0,"image":"a"}"#, "twice"), (#"{"index":0,"color":1}"#, "color"),
      (#"{"index":1.5,"image":"a"}"#, "whole number"), (#"{"index":99999999999999999999}"#, "63 bits"),
      (#"{"index":01,"image":"a"}"#, "whole number"), (#"{"index":0,"image":"a}"#, "closing quote"),
      (#"{"index":0,"image":"\q"}"#, "backslash"), (#"{"index":0,"image":"\ud800x"}"#, "surrogate"),
      (#"{"index":0,"image":"a","failed":{"code":"a"}}"#, "reason"),
      (#"{"index":0,"image":"a","width":1,"height":1,"failed":{"code":"a","reason":"b"}}"#, "failed"),
      (#"{"index":0,"image":"a","width":1,"height":1,"detections":[{"class":0,"confidence":1}]}"#, "box"),
      (#"{"index":0,"image":"a","width":1,"height":1,"detections":[{"box":[1,2,3],"class":0}]}"#, "','"),
      (
        #"{"index":0,"image":"a","width":1,"height":1,"detections":[{"box":[1,2,3,NaN],"class":0}]}"#,
        "number"
      ),
      (
        #"{"index":0,"image":"a","width":1,"height":1,"detections":[{"box":[1,2,3,1e99],"class":0}]}"#,
        "float32"
      ),
      (
        #"{"index":0,"image":"a","width":1,"height":1,"detections":[{"box":[1,2,3,.5],"class":0}]}"#, "number"
      ),
      (#"{"index":0,"image":"a","width":1,"height":1,"detections":[]} x"#, "end of the line"),
    ])
  func damaged(text: String, reason: String) {
    let error = #expect(throws: RecordFormatError.Problem.self) { try decoded(text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "no error")")
  }

  @Test("nesting without end is refused, not followed")
  func nesting() {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(throws: RecordFormatError.Problem.self) {
      try Array(text.utf8).withUnsafeBufferPointer { try RecordDecoder.header($0) }
    }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    let bytes =
      Array(#"{"index":0,"image":""#.utf8) + [0xFF] + Array(#"","failed":{"code":"a","reason":"b"}}"#.utf8)
    #expect(throws: RecordFormatError.Problem.self) {
      try bytes.withUnsafeBufferPointer { try RecordDecoder.record($0) }
    }
  }

  @Test("a header reads back equal")
  func header() throws {
    for device in [nil, "NVIDIA H100"] {
      var header = sampleHeader(labels: ["a \"b\"", "日本"])
      header.engine.device = device
      var bytes = ByteBuffer()
      RecordEncoder.encode(header, into: &bytes)
      let back = try bytes.bytes.dropLast().withUnsafeBufferPointer { try RecordDecoder.header($0) }
      #expect(back == header)
      #expect(back.firstDifference(from: header) == nil)
    }
  }

  @Test("the first difference between headers is named")
  func differences() {
    let header = sampleHeader()
    var other = header
    other.settings[0].value = .float(0.4)
    #expect(
      other.firstDifference(from: header)?.description == "settings.confidence was 0.25 and is now 0.4")
    other = header
    other.model.labels[1] = "white"
    #expect(other.firstDifference(from: header)?.field == "model.labels[1]")
    other = header
    other.engine.device = "GPU"
    #expect(
      other.firstDifference(from: header)?.description == "engine.device was not set and is now \"GPU\"")
    other = header
    other.settings.append(.init("raw", true))
    #expect(other.firstDifference(from: header)?.field == "settings.raw")
    other = header
    other.settings.removeLast()
    #expect(other.firstDifference(from: header)?.now == nil)
  }
}
