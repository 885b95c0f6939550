import Imaging
import Testing

@Suite(
  "Drawings as pictures",
  .enabled(if: Machine.support.canRenderDrawings && Machine.reads(.png), "libvips with its loader for SVG is needed"))
struct DrawingRendererTests {
  private static func svg(_ content: String, width: Int = 400, height: Int = 120) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 100 30\">\(content)</svg>"
  }

  private static func drawn(_ svg: String) throws -> PixelBuffer {
    let png = try DrawingRenderer.png(svg: svg)
    return try png.withUnsafeBytes { try ImageDecoder().decode($0) }
  }

  @Test("a drawing has the size that it asks for and white where nothing is drawn")
  func shapes() throws {
    let image = try Self.drawn(Self.svg("<rect x=\"25\" y=\"10\" width=\"50\" height=\"10\" fill=\"#2b5bc7\"/>"))
    #expect((image.width, image.height) == (400, 120))
    #expect(image[0, 0] == (255, 255, 255) && image[399, 119] == (255, 255, 255))
    #expect(image[200, 60] == (0x2b, 0x5b, 0xc7))
  }

  @Test("text appears, whatever it holds")
  func text() throws {
    for words in ["precision", "Größe &amp; Zahl", "&lt;svg&gt;"] {
      let image = try Self.drawn(
        Self.svg("<text x=\"5\" y=\"20\" font-size=\"12\" font-family=\"DejaVu Sans,sans-serif\">\(words)</text>"))
      let dark = (0..<image.height).reduce(0) { count, y in
        count + (0..<image.width).count { image[$0, y].0 < 64 }
      }
      #expect(dark > 300, "\(words)")
    }
  }

  @Test("the file says a size on paper: a drawing of 1600 pixels is 20 cm wide")
  func resolution() throws {
    let png = try DrawingRenderer.png(svg: Self.svg(""))
    // pHYs: pixels a metre across and up, then the unit, which is the metre.
    let place = try #require(png.indices.first { png[$0...].starts(with: Array("pHYs".utf8)) })
    #expect(Array(png[(place + 4)..<(place + 13)]) == [0, 0, 0x1f, 0x40, 0, 0, 0x1f, 0x40, 1])
  }

  @Test("what is no drawing is an error with a reason", arguments: ["", "no svg", "<svg", "<svg><rect></svg>"])
  func errors(text: String) {
    let error = #expect(throws: ImageError.self) { try DrawingRenderer.png(svg: text) }
    #expect(error?.code == .encodingFailed)
    #expect(error?.message.isEmpty == false)
  }
}
