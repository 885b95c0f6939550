import Imaging
import Testing

@Suite("Decoding bad input", .enabled(if: Machine.hasLibraries, Machine.reason))
struct DecodingFaultTests {
  private static func fixture(_ name: String) throws -> [UInt8] { try Fixtures.bytes("images/\(name)") }

  // MARK: What is not a picture

  @Test(
    "things that are not pictures are named for what they are",
    arguments: [
      ("", ImageError.Code.empty, "no bytes"),
      ("hello, this is a note\n", .notAnImage, "text"),
      ("<!DOCTYPE html><html><body>404</body></html>", .notAnImage, "web page"),
      ("  \n<HTML><head>", .notAnImage, "web page"),
      ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", .notAnImage, "XML"),
      ("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", .unsupportedFormat, "SVG"),
      ("<svg/>", .unsupportedFormat, "SVG"),
      ("%PDF-1.7\n", .notAnImage, "PDF"),
      ("\0\0\0\u{18}ftypisom\0\0\u{2}\0isomiso2", .notAnImage, "video"),
      ("RIFF\u{10}\0\0\0AVI LIST", .notAnImage, "AVI"),
      ("RIFF\u{10}\0\0\0WAVEfmt ", .notAnImage, "RIFF"),
      ("PK\u{3}\u{4}\u{14}\0\0\0", .notAnImage, "ZIP"),
      ("8BPS\0\u{1}", .unsupportedFormat, "Photoshop"),
      ("\0\0\u{1}\0\u{1}\0", .unsupportedFormat, "icon"),
      ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", .notAnImage, "Git LFS"),
      ("P7\nWIDTH 1\n", .unsupportedFormat, "PAM"),
      ("\u{1}\u{2}\u{3}\u{4}", .notAnImage, "01 02 03 04"),
      ("BM is how this text starts, and nothing more", .notAnImage, "text"),
    ])
  func notPictures(text: String, code: ImageError.Code, word: String) throws {
    let error = try #require(DecodingTests.error(of: Array(text.utf8)))
    #expect(error.code == code)
    #expect(error.message.contains(word), "\(error)")
  }

  @Test("binary things that are not pictures are errors too")
  func notPicturesBinary() {
    for (bytes, word) in [
      ([0x1A, 0x45, 0xDF, 0xA3, 1], "Matroska"), ([0x1F, 0x8B, 8, 0], "gzip"),
      ([0x7F, 0x45, 0x4C, 0x46], "program"),
      ([UInt8](repeating: 0, count: 100), "zeros"), ([0, 0, 1, 0xBA, 0x44], "MPEG"), ([0xFF], "FF"),
      ([0xFF, 0xD8], "FF D8"), ([0x89, 0x50, 0x4E, 0x47], "89 50 4E 47"),
    ] as [([UInt8], String)] {
      let error = DecodingTests.error(of: bytes)
      #expect(error?.code == .notAnImage)
      #expect(error?.message.contains(word) == true, "\(String(describing: error))")
    }
  }

  @Test("a picture is read by its bytes, whatever it is called")
  func noNames() throws {
    // The interface has no name to be misled by; a PNG's bytes are a PNG.
    let info = try Self.fixture("png-rgb.png").withUnsafeBytes { try DecodingTests.decoder.probe($0) }
    #expect(info.format == .png)
  }

  // MARK: Cut short

  static let cuts: [(String, Int)] = [
    "jpeg-420.jpg", "jpeg-progressive.jpg", "jpeg-cmyk.jpg", "jpeg-grey.jpg", "png-rgb.png",
    "png-interlaced.png",
    "png-16-rgb.png", "webp-lossy.webp", "webp-lossless.webp", "gif.gif", "tiff-rgb.tif", "tiff-lzw.tif",
    "bmp-24.bmp",
    "bmp-rle8.bmp", "pnm-p6.ppm", "pnm-p3.ppm", "pnm-p4.pbm", "jp2.jp2", "avif.avif", "heic.heic",
  ].filter(Machine.reads(fileNamed:)).flatMap { name in [20, 50, 80, 95].map { (name, $0) } }

  @Test("a file that ends early is truncated, at every place", arguments: cuts)
  func cut(name: String, percent: Int) throws {
    let bytes = try Self.fixture(name)
    let error = try #require(DecodingTests.error(of: Array(bytes.prefix(bytes.count * percent / 100))))
    #expect(error.code == .truncated, "\(error)")
  }

  @Test("a JPEG cut at any byte never passes for whole")
  func everyCut() throws {
    for name in ["jpeg-420.jpg", "jpeg-progressive.jpg"] {
      let bytes = try Self.fixture(name)
      // Up to the end marker; without that alone a one-scan picture is whole.
      for count in 1..<bytes.count - 2 {
        let error = DecodingTests.error(of: Array(bytes.prefix(count)))
        #expect(error != nil, "\(name) cut to \(count) bytes")
      }
    }
  }

  @Test("a progressive JPEG without its end marker is truncated: scans may be missing")
  func progressiveWithoutEnd() throws {
    let bytes = try Self.fixture("jpeg-progressive.jpg")
    #expect(DecodingTests.error(of: bytes.dropLast(2))?.code == .truncated)
  }

  // MARK: Damaged

  @Test("coded JPEG data that libjpeg can only guess at is an error")
  func damagedJPEG() throws {
    let bytes = try Self.fixture("jpeg-restart.jpg")
    // A restart marker in place of another: libjpeg resynchronises and loses blocks.
    let at = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD1 })
    var swapped = bytes
    swapped[at + 1] = 0xD5
    #expect(DecodingTests.error(of: swapped)?.code == .damaged)
    // Many bytes of coded data left over.
    var leftover = try Self.fixture("jpeg-420.jpg")
    leftover.insert(contentsOf: [UInt8](repeating: 0x55, count: 200), at: leftover.count - 2)
    #expect(DecodingTests.error(of: leftover)?.code == .damaged)
  }

  @Test("a JPEG of more scans than any picture needs is refused")
  func scanBomb() throws {
    let bytes = try Self.fixture("jpeg-progressive.jpg")
    // Repeat the last scan's header and data over and over.
    let last = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let scan = bytes[last..<bytes.count - 2]
    var bomb = Array(bytes[..<last])
    for _ in 0..<600 { bomb += scan }
    bomb += [0xFF, 0xD9]
    let error = try #require(DecodingTests.error(of: bomb))
    #expect(error.code == .damaged, "\(error)")
  }

  @Test("processes that libjpeg-turbo does not decode are named")
  func unsupportedJPEG() throws {
    var bytes = try Self.fixture("jpeg-420.jpg")
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes[frame + 1] = 0xC3
    let lossless = try #require(DecodingTests.error(of: bytes))
    #expect(lossless.code == .unsupportedFormat && lossless.message.contains("lossless"))
    bytes[frame + 1] = 0xC1
    bytes[frame + 4] = 12
    let deep = try #require(DecodingTests.error(of: bytes))
    #expect(deep.code == .unsupportedFormat && deep.message.contains("12 bits"))
  }

  @Test("a sound picture decodes after every kind of failure, with the same decoder")
  func recovery() throws {
    let decoder = ImageDecoder()
    let sound = try Self.fixture("jpeg-420.jpg")
    func decode(_ bytes: [UInt8]) -> UInt64? {
      guard let image = try? bytes.withUnsafeBytes({ try decoder.decode($0) }) else { return nil }
      return Synthetic.fingerprint(image)
    }
    let expected = try #require(decode(sound))
    // Within a marker, a table, the frame header, the data; and damaged tables.
    for count in [3, 25, 100, 170, 300, 500, 700, sound.count - 30] {
      #expect(decode(Array(sound.prefix(count))) == nil)
      #expect(decode(sound) == expected, "after a cut to \(count) bytes")
    }
    for at in stride(from: 20, to: 620, by: 7) {
      var damaged = sound
      damaged[at] ^= 0xFF
      _ = decode(damaged)
      #expect(decode(sound) == expected, "after damage at \(at)")
    }
  }

  @Test("PNG data that fails its checksum is damaged")
  func damagedPNG() throws {
    var bytes = try Self.fixture("png-rgb.png")
    bytes[bytes.count / 2] ^= 0x5A
    #expect(DecodingTests.error(of: bytes)?.code == .damaged)
  }

  @Test("samples of types without a range of brightness are refused by name")
  func floatingPointTIFF() throws {
    // A little-endian TIFF of one 32-bit float pixel.
    var bytes: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 9, 0]
    func entry(_ tag: Int, _ type: Int, _ value: Int) {
      for (number, size) in [(tag, 2), (type, 2), (1, 4), (value, 4)] {
        for i in 0..<size { bytes.append(UInt8(number >> (8 * i) & 255)) }
      }
    }
    let pixels = 8 + 2 + 9 * 12 + 4
    for (tag, type, value) in [
      (256, 3, 1), (257, 3, 1), (258, 3, 32), (259, 3, 1), (262, 3, 1), (273, 4, pixels), (277, 3, 1),
      (279, 4, 4),
      (339, 3, 3),
    ] { entry(tag, type, value) }
    bytes += [0, 0, 0, 0, 0, 0, 0x80, 0x3F]
    let error = try #require(DecodingTests.error(of: bytes))
    #expect(error.code == .unsupportedFormat && error.message.contains("32-bit floats"), "\(error)")
  }

  // MARK: Too large

  @Test("a header that announces too many pixels is refused before anything is decoded")
  func tooLarge() throws {
    var jpeg = try Self.fixture("jpeg-420.jpg")
    let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    for i in 5..<9 { jpeg[frame + i] = 0xF0 }
    let error = try #require(DecodingTests.error(of: jpeg))
    #expect(error.code == .tooLarge)
    #expect(error.message.contains("61680x61680") && error.message.contains("178956970"))
    // libjpeg itself ends at 65500.
    for i in 5..<9 { jpeg[frame + i] = 0xFF }
    #expect(DecodingTests.error(of: jpeg)?.code == .tooLarge)

    let ppm = Array("P6 999999 999999 255\n".utf8)
    #expect(DecodingTests.error(of: ppm)?.code == .tooLarge)
    #expect(DecodingTests.error(of: Array("P6 99999999999999999999999 9 255\n".utf8))?.code == .tooLarge)

    var bmp = try Self.fixture("bmp-24.bmp")
    for i in 18..<26 { bmp[i] = 0x7F }
    #expect(DecodingTests.error(of: bmp)?.code == .tooLarge)
  }

  @Test(
    "the limit of pixels holds for every format, and one pixel more is allowed",
    arguments: [
      "jpeg-420.jpg", "png-rgb.png", "webp-lossy.webp", "gif.gif", "tiff-rgb.tif", "bmp-24.bmp", "pnm-p6.ppm",
      "jp2.jp2",
    ].filter(Machine.reads(fileNamed:)))
  func limit(name: String) throws {
    let bytes = try Self.fixture(name)
    #expect(DecodingTests.error(of: bytes, DecodingOptions(maximumPixels: 37 * 29 - 1))?.code == .tooLarge)
    #expect(DecodingTests.error(of: bytes, DecodingOptions(maximumPixels: 37 * 29)) == nil)
  }

  @Test("a small file cannot claim much memory: BMP and PNM are measured first")
  func claims() {
    let ppm = Array("P6 10000 10000 255\n".utf8)
    #expect(DecodingTests.error(of: ppm)?.code == .truncated)
    let negative = Array("P6 -3 4 255\n".utf8)
    #expect(DecodingTests.error(of: negative)?.code == .damaged)
    #expect(DecodingTests.error(of: Array("P5 0 4 255\n".utf8))?.code == .damaged)
    #expect(DecodingTests.error(of: Array("P5 4 4 70000\n".utf8))?.code == .damaged)
  }

  // MARK: Mutations

  @Test("thousands of mutated files end in a picture or an error, the same each time")
  func mutations() throws {
    let names = [
      "jpeg-420.jpg", "jpeg-progressive.jpg", "jpeg-cmyk.jpg", "jpeg-orientation-6.jpg", "png-rgb.png",
      "png-palette-4.png", "png-interlaced.png", "webp-lossy.webp", "webp-alpha.webp", "gif-animated.gif",
      "tiff-lzw.tif",
      "tiff-16-rgb.tif", "bmp-24.bmp", "bmp-rle4.bmp", "bmp-565.bmp", "bmp-os2.bmp", "pnm-p3.ppm",
      "pnm-p4.pbm",
      "jp2.jp2",
    ]
    let originals = try names.map(Self.fixture)
    let decoder = ImageDecoder()
    let image = PixelBuffer()
    let options = DecodingOptions(maximumPixels: 1_000_000)
    var random = SeededGenerator(seed: 2)
    var pictures = 0
    var failures = 0
    for round in 0..<3000 {
      var bytes = originals[round % originals.count]
      mutate(&bytes, &random)
      func outcome() -> Result<UInt64, ImageError> {
        bytes.withUnsafeBytes { bytes in
          do throws(ImageError) {
            try decoder.decode(bytes, options: options, into: image)
            return .success(Synthetic.fingerprint(image))
          } catch {
            return .failure(error)
          }
        }
      }
      let first = outcome()
      switch first {
      case .success: pictures += 1
      case .failure(let error):
        failures += 1
        #expect(!error.message.isEmpty)
      }
      if round % 50 == 0 { #expect(outcome() == first, "round \(round)") }
    }
    #expect(pictures > 100 && failures > 1000, "\(pictures) pictures, \(failures) failures")
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      // Half of the damage goes to the headers.
      let limit = Bool.random(using: &random) ? min(bytes.count, 100) : bytes.count
      let at = Int.random(in: 0..<limit, using: &random)
      let end = min(bytes.count, at + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2: for i in at..<end { bytes[i] = Bool.random(using: &random) ? 0xFF : 0 }
      case 3: bytes.removeSubrange(at..<end)
      case 4: bytes.insert(contentsOf: bytes[at..<end], at: at)
      default: bytes.removeSubrange(at...)
      }
    }
  }
}
