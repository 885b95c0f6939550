import Imaging
import Testing

@Suite("Decoding", .enabled(if: Machine.hasLibraries, Machine.reason))
struct DecodingTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    var file: String
    var width, height, orientation: Int
    var stored, upright: UInt64

    var testDescription: String { file }

    /// Those of formats that this machine's libvips was built to read.
    static let readable = all.filter { golden in Machine.reads(fileNamed: golden.file) }

    static let all: [Golden] = {
      let table = (try? Fixtures.table("images.tsv")) ?? []
      return table.compactMap { f in
        guard let width = Int(f[1]), let height = Int(f[2]), let orientation = Int(f[3]),
          let stored = UInt64(f[4], radix: 16), let upright = UInt64(f[5], radix: 16)
        else { return nil }
        return Golden(
          file: f[0], width: width, height: height, orientation: orientation, stored: stored, upright: upright
        )
      }
    }()
  }

  static let decoder = ImageDecoder()

  static func decode(_ bytes: [UInt8], _ options: DecodingOptions = DecodingOptions()) throws -> PixelBuffer {
    try bytes.withUnsafeBytes { try decoder.decode($0, options: options) }
  }

  static func error(of bytes: [UInt8], _ options: DecodingOptions = DecodingOptions()) -> ImageError? {
    do {
      _ = try decode(bytes, options)
      return nil
    } catch {
      return error as? ImageError
    }
  }

  @Test("the table of pictures is there")
  func table() { #expect(Golden.all.count >= 90) }

  @Test("pixels equal Pillow's or OpenCV's, bit for bit, upright and as stored", arguments: Golden.readable)
  func goldens(golden: Golden) throws {
    let bytes = try Fixtures.bytes("images/\(golden.file)")
    let upright = try Self.decode(bytes)
    #expect(upright.width == (golden.orientation >= 5 ? golden.height : golden.width))
    #expect(upright.height == (golden.orientation >= 5 ? golden.width : golden.height))
    #expect(Synthetic.fingerprint(upright) == golden.upright)
    let stored = try Self.decode(bytes, DecodingOptions(orientation: .ignore))
    #expect(stored.width == golden.width && stored.height == golden.height)
    #expect(Synthetic.fingerprint(stored) == golden.stored)
    let info = try bytes.withUnsafeBytes { try Self.decoder.probe($0) }
    #expect(
      info.width == golden.width && info.height == golden.height && info.orientation == golden.orientation)
  }
}
