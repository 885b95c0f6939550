import Imaging
import Testing

@Suite struct JPEGSurveyTests {
  @Test(
    "files are described",
    arguments: [
      ("jpeg-444", .baseline, .yCbCr, 0x11), ("jpeg-422", .baseline, .yCbCr, 0x21),
      ("jpeg-420", .baseline, .yCbCr, 0x22), ("jpeg-440", .baseline, .yCbCr, 0x12),
      ("jpeg-411", .baseline, .yCbCr, 0x41), ("jpeg-grey", .baseline, .grey, 0x11),
      ("jpeg-progressive", .progressive, .yCbCr, 0x22), ("jpeg-restart", .baseline, .yCbCr, 0x22),
      ("jpeg-rgb", .baseline, .rgb, 0x11), ("jpeg-cmyk", .baseline, .inks, 0x11),
    ] as [(String, JPEGSurvey.Process, JPEGSurvey.Colour, UInt8)])
  func kinds(name: String, process: JPEGSurvey.Process, colour: JPEGSurvey.Colour, factors: UInt8) throws {
    let survey = try Self.survey(name)
    #expect(survey.flaw == nil)
    #expect(survey.process == process && survey.colour == colour && survey.samplingFactors.0 == factors)
    #expect(survey.width == 37 && survey.height == 29 && survey.precision == 8)
    #expect((survey.scanCount > 1) == (process == .progressive))
    #expect(survey.isInterleaved)
    #expect((survey.restartInterval > 0) == (name == "jpeg-restart"))
    #expect(try survey.byteCount == Self.bytes(name).count)
  }

  @Test("sizes and orientations are those of the decoder", arguments: 1...8)
  func orientation(value: Int) throws {
    #expect(try Self.survey("jpeg-orientation-\(value)").orientation == value)
  }

  @Test(
    "what is not as encoders write it is a flaw",
    arguments: [
      ("jpeg-no-end-marker", "ends within its coded data"), ("jpeg-stray-before-segment", "between its segments"),
      ("jpeg-jfif-3", "odd JFIF segment"),
    ])
  func flaws(name: String, flaw: String) throws {
    let survey = try Self.survey(name)
    #expect(survey.flaw?.contains(flaw) == true, "\(survey.flaw ?? "none")")
    #expect(survey.width == 37 && survey.height == 29)
  }

  @Test("what follows the end marker is no part of the picture", arguments: ["jpeg-mpo", "jpeg-trailing-junk"])
  func trailing(name: String) throws {
    let bytes = try Self.bytes(name)
    let survey = try Self.survey(name)
    #expect(survey.flaw == nil)
    #expect(survey.byteCount < bytes.count && bytes[survey.byteCount - 2..<survey.byteCount] == [0xFF, 0xD9])
  }

  @Test(
    "a file cut anywhere has a flaw",
    arguments: ["jpeg-420", "jpeg-grey", "jpeg-progressive", "jpeg-restart", "jpeg-orientation-6"])
  func cut(name: String) throws {
    let bytes = try Self.bytes(name)
    for count in 0..<bytes.count {
      #expect(Self.survey(Array(bytes[..<count])).flaw != nil, "cut to \(count) bytes")
    }
    // Also where somebody has put an end marker on it and too little is left for every block to have a code.
    guard name != "jpeg-progressive" else { return }
    let start = try #require(Self.scan(bytes))
    for count in start..<start + 4 {
      #expect(Self.survey(Array(bytes[..<count]) + [0xFF, 0xD9]).flaw != nil, "cut to \(count) bytes and ended")
    }
  }

  @Test(
    "codes that do not fit their blocks are found where they are read",
    .enabled(if: Machine.hasLibraries, Machine.reason),
    arguments: ["jpeg-420", "jpeg-grey", "jpeg-444", "jpeg-411", "jpeg-restart", "jpeg-cmyk", "jpeg-rgb"])
  func codes(name: String) throws {
    let bytes = try Self.bytes(name)
    #expect(Self.survey(bytes, readsCodes: true).flaw == nil)
    let pixels = try Self.pixels(bytes)
    let start = try #require(Self.scan(bytes))
    // Cut, and ended as if nothing were missing.
    for count in start..<bytes.count - 2 {
      let other = Array(bytes[..<count]) + [0xFF, 0xD9]
      // The last byte may hold padding only.
      if Self.survey(other, readsCodes: true).flaw == nil { #expect(try Self.pixels(other) == pixels, "\(count)") }
    }
    // Surplus.
    var other = bytes
    other.insert(contentsOf: [0x12, 0x34], at: bytes.count - 2)
    #expect(Self.survey(other, readsCodes: true).flaw == "has damaged coded data")
    // Flipped bits: what passes is something that libjpeg decodes without complaint.
    var (passed, found) = (0, 0)
    for index in start..<bytes.count - 2 {
      other = bytes
      other[index] ^= 1 << UInt8(index % 8)
      let survey = Self.survey(other, readsCodes: true)
      if survey.flaw == nil {
        passed += 1
        #expect(throws: Never.self, "bit of byte \(index)") { try Self.pixels(other) }
      } else {
        found += 1
      }
    }
    #expect(found > 0 && passed + found == bytes.count - 2 - start)
  }

  @Test("restart markers must be in order and complete")
  func restarts() throws {
    let bytes = try Self.bytes("jpeg-restart")
    let markers = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && (0xD0...0xD7).contains(bytes[$0 + 1]) }
    #expect(markers.count > 2)
    for marker in markers {
      var other = bytes
      other[marker + 1] ^= 1
      #expect(Self.survey(other).flaw?.contains("restart marker") == true)
      other = bytes
      other.removeSubrange(marker...marker + 1)
      #expect(Self.survey(other).flaw?.contains("restart marker") == true)
    }
    // A restart marker where none belongs.
    var other = try Self.bytes("jpeg-420")
    let start = try #require(Self.scan(other))
    other.insert(contentsOf: [0xFF, 0xD0], at: start + 40)
    #expect(Self.survey(other).flaw?.contains("restart marker") == true)
  }

  @Test("a marker within the coded data is found")
  func marker() throws {
    var bytes = try Self.bytes("jpeg-420")
    let start = try #require(Self.scan(bytes))
    bytes.insert(contentsOf: [0xFF, 0xB1], at: start + 40)
    #expect(Self.survey(bytes).flaw?.contains("FFB1") == true)
  }

  @Test("a whole second picture within is found")
  func second() throws {
    let bytes = try Self.bytes("jpeg-420")
    let start = try #require(Self.scan(bytes))
    let other = Array(bytes[..<(start + 30)]) + bytes
    #expect(Self.survey(other).flaw != nil)
  }

  @Test("tables that cannot be are found")
  func tables() throws {
    let bytes = try Self.bytes("jpeg-444")
    let quantization = try #require(Self.segment(0xDB, bytes))
    var other = bytes
    other[quantization + 5 + 10] = 0
    #expect(Self.survey(other).flaw?.contains("quantization") == true)
    let huffman = try #require(Self.segment(0xC4, bytes))
    other = bytes
    other[huffman + 5] = 3
    #expect(Self.survey(other).flaw?.contains("Huffman") == true)
    other = bytes
    // The frame wants a table that is not there.
    let frame = try #require(Self.segment(0xC0, bytes))
    other[frame + 12] = 3
    #expect(Self.survey(other).flaw?.contains("lacks a quantization table") == true)
    other = bytes
    other[frame + 11] = 0x50
    #expect(Self.survey(other).flaw?.contains("sampling factors") == true)
  }

  @Test("other processes are named and not read on")
  func processes() throws {
    let bytes = try Self.bytes("jpeg-444")
    let frame = try #require(Self.segment(0xC0, bytes))
    for marker: UInt8 in [0xC3, 0xC5, 0xC9, 0xCA, 0xCF] {
      var other = bytes
      other[frame + 1] = marker
      #expect(Self.survey(other).process == .other(marker))
    }
    var other = bytes
    other[frame + 1] = 0xC1
    #expect(Self.survey(other).process == .extended)
    other[frame + 4] = 12
    #expect(Self.survey(other).precision == 12)
  }

  @Test("any bytes can be surveyed")
  func anything() throws {
    var generator = SeededGenerator(seed: 5)
    for name in ["jpeg-420", "jpeg-progressive", "jpeg-restart", "jpeg-cmyk"] {
      let bytes = try Self.bytes(name)
      for _ in 0..<300 {
        var other = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          other[Int.random(in: 0..<other.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        let survey = Self.survey(other, readsCodes: true)
        #expect(survey.byteCount <= other.count)
      }
    }
    #expect(Self.survey([]).flaw != nil)
    #expect(Self.survey([0xFF, 0xD8, 0xFF, 0xD9]).flaw != nil)
  }

  @Test("the limit is the decoder's")
  func limit() throws {
    let survey = try Self.survey("jpeg-420")
    #expect(survey.isAllowed(by: DecodingOptions(maximumPixels: 37 * 29)))
    #expect(!survey.isAllowed(by: DecodingOptions(maximumPixels: 37 * 29 - 1)))
  }

  // MARK: Files

  private static func bytes(_ name: String) throws -> [UInt8] { try Fixtures.bytes("images/\(name).jpg") }

  private static func survey(_ name: String) throws -> JPEGSurvey { survey(try bytes(name)) }

  private static func survey(_ bytes: [UInt8], readsCodes: Bool = false) -> JPEGSurvey {
    bytes.withUnsafeBytes { JPEGSurvey($0, readsCodes: readsCodes) }
  }

  private static func pixels(_ bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBytes { try ImageDecoder().decode($0) }.bytes
  }

  /// Where the first segment of a marker starts.
  private static func segment(_ marker: UInt8, _ bytes: [UInt8]) -> Int? {
    var at = 2
    while at + 4 <= bytes.count {
      if bytes[at + 1] == marker { return at }
      at += 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
    }
    return nil
  }

  /// Where the first coded byte is.
  private static func scan(_ bytes: [UInt8]) -> Int? {
    segment(0xDA, bytes).map { $0 + 2 + (Int(bytes[$0 + 2]) << 8 | Int(bytes[$0 + 3])) }
  }
}
