import Imaging
import Testing

@Suite("Decoding formats", .enabled(if: Machine.hasLibraries, Machine.reason))
struct DecodingFormatTests {
  @Test(
    "AVIF and HEIC come out right, turned once where they say so, 10-bit too",
    arguments: [
      ("avif.avif", ImageFormat.avif, false), ("avif-orientation-6.avif", .avif, true),
      ("heic.heic", .heic, false),
      ("heic-orientation-6.heic", .heic, true), ("heic-10.heic", .heic, false),
    ].filter { Machine.reads($0.1) })
  func fields(name: String, format: ImageFormat, isTurned: Bool) throws {
    let bytes = try Fixtures.bytes("images/\(name)")
    // What the decoder does with its own transformations is not EXIF's to ignore.
    for orientation in DecodingOptions.Orientation.allCases {
      let image = try DecodingTests.decode(bytes, DecodingOptions(orientation: orientation))
      #expect(image.width == (isTurned ? 32 : 48) && image.height == (isTurned ? 48 : 32))
      let (red, green, blue, yellow) = ((200, 40, 30), (30, 160, 60), (20, 60, 190), (230, 220, 60))
      // Quadrants from the top left, row by row; turned clockwise, the lower left comes to the top left.
      let expected = isTurned ? [blue, red, yellow, green] : [red, green, blue, yellow]
      for (index, colour) in expected.enumerated() {
        let x = index % 2 == 0 ? image.width / 4 : image.width * 3 / 4
        let y = index < 2 ? image.height / 4 : image.height * 3 / 4
        let pixel = image[x, y]
        let difference = max(
          abs(Int(pixel.red) - colour.0), abs(Int(pixel.green) - colour.1), abs(Int(pixel.blue) - colour.2))
        #expect(difference <= 4, "\(name) at (\(x), \(y)): \(pixel)")
      }
    }
    let info = try bytes.withUnsafeBytes { try DecodingTests.decoder.probe($0) }
    #expect(info.format == format && info.orientation == 1)
  }

  @Test("all orientations agree with their definition on a picture larger than a tile")
  func orientations() throws {
    let (width, height) = (150, 71)
    let pixels = Synthetic.picture(width, height, seed: 8, mode: 0)
    let stored = try PixelBuffer(pixels, width, height)
    for orientation in 2...8 {
      let upright = PixelBuffer()
      try stored.writeUpright(orientation, into: upright)
      #expect(upright.width == (orientation >= 5 ? height : width))
      var mismatches = 0
      for y in 0..<upright.height {
        for x in 0..<upright.width {
          let (sx, sy) =
            switch orientation {
            case 2: (width - 1 - x, y)
            case 3: (width - 1 - x, height - 1 - y)
            case 4: (x, height - 1 - y)
            case 5: (y, x)
            case 6: (y, height - 1 - x)
            case 7: (width - 1 - y, height - 1 - x)
            default: (width - 1 - y, x)
            }
          if upright[x, y] != stored[sx, sy] { mismatches += 1 }
        }
      }
      #expect(mismatches == 0, "orientation \(orientation)")
    }
  }

  @Test("a decoder and its buffers serve many threads, and results do not depend on them")
  func threads() async throws {
    let goldens = DecodingTests.Golden.readable
    let decoder = ImageDecoder()
    let files = try goldens.map { try Fixtures.bytes("images/\($0.file)") }
    let damaged = Array(try Fixtures.bytes("images/png-interlaced.png").prefix(900))
    let expected = damaged.withUnsafeBytes { bytes in Self.message(decoder, bytes) }
    await withTaskGroup(of: [String].self) { group in
      for lane in 0..<4 {
        group.addTask {
          let image = PixelBuffer()
          var wrong: [String] = []
          for index in goldens.indices {
            let k = (index + lane * 23) % goldens.count
            let found = files[k].withUnsafeBytes { bytes -> UInt64? in
              (try? decoder.decode(bytes, into: image)).map { _ in Synthetic.fingerprint(image) }
            }
            if found != goldens[k].upright { wrong.append(goldens[k].file) }
            // libvips keeps one list of errors for all threads; each failure must still read as it does alone.
            if damaged.withUnsafeBytes({ bytes in Self.message(decoder, bytes) }) != expected {
              wrong.append("message")
            }
          }
          return wrong
        }
      }
      for await wrong in group { #expect(wrong.isEmpty, "\(wrong)") }
    }
  }

  private static func message(_ decoder: ImageDecoder, _ bytes: UnsafeRawBufferPointer) -> String {
    do {
      _ = try decoder.decode(bytes)
      return "a picture"
    } catch {
      return error.description
    }
  }

  @Test("probing reads the header of every format and decodes nothing")
  func probing() throws {
    for (name, format) in [
      ("jpeg-cmyk.jpg", ImageFormat.jpeg), ("png-16-rgba.png", .png), ("webp-animated.webp", .webp),
      ("gif-animated.gif", .gif), ("tiff-cmyk.tif", .tiff), ("bmp-rle8.bmp", .bmp), ("jp2.jp2", .jpeg2000),
      ("pnm-p4.pbm", .pnm),
    ] where Machine.reads(format) {
      let bytes = try Fixtures.bytes("images/\(name)")
      let info = try bytes.withUnsafeBytes { try DecodingTests.decoder.probe($0) }
      #expect(info == ImageInfo(width: 37, height: 29, format: format, orientation: 1), "\(name)")
    }
    let turned = try Fixtures.bytes("images/jpeg-orientation-8.jpg")
    let info = try turned.withUnsafeBytes { try DecodingTests.decoder.probe($0) }
    #expect(info.uprightSize == (29, 37))
    #expect(DecodingTests.Golden.all.count > 0)
  }

  @Test("every ending that a format lists belongs to that format alone")
  func endings() {
    let all = ImageFormat.allCases.flatMap(\.fileExtensions)
    #expect(Set(all).count == all.count)
    for ending in ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "avif"] {
      #expect(all.contains(ending))
    }
  }
}
