import Imaging
import Testing

@Suite("Drawing and encoding", .enabled(if: Machine.hasLibraries, Machine.reason))
struct AnnotatorTests {
  private func grey(_ width: Int, _ height: Int) throws -> PixelBuffer {
    try PixelBuffer([UInt8](repeating: 128, count: width * height * 3), width, height)
  }

  private func isColour(_ image: PixelBuffer, _ x: Int, _ y: Int, _ colour: Colour) -> Bool {
    image[x, y] == (colour.red, colour.green, colour.blue)
  }

  private func count(_ image: PixelBuffer, _ colour: Colour) -> Int {
    var count = 0
    for y in 0..<image.height {
      for x in 0..<image.width where isColour(image, x, y, colour) { count += 1 }
    }
    return count
  }

  @Test("a box has its class's colour on its edge and leaves its inside alone")
  func box() throws {
    let image = try grey(640, 480)
    try Annotator().draw(
      [Annotation(x1: 100, y1: 120, x2: 300, y2: 260, classIndex: 1, label: nil)], on: image)
    let colour = ClassPalette.colour(forClass: 1)
    for (x, y) in [(100, 120), (299, 120), (100, 259), (299, 259), (200, 121), (101, 200)] {
      #expect(isColour(image, x, y, colour), "(\(x), \(y))")
    }
    for (x, y) in [(200, 190), (105, 125), (50, 50), (310, 270)] {
      #expect(image[x, y] == (128, 128, 128), "(\(x), \(y))")
    }
  }

  @Test("a tag lies above its box, filled, with text that stands out")
  func tag() throws {
    let image = try grey(640, 480)
    try Annotator().draw(
      [Annotation(x1: 100, y1: 120, x2: 300, y2: 260, classIndex: 0, label: "person", confidence: 0.874)],
      on: image)
    let colour = ClassPalette.colour(forClass: 0)
    #expect(isColour(image, 101, 115, colour))
    #expect(count(image, colour.contrasting) > 20)
    // Another confidence is another text.
    let other = try grey(640, 480)
    try Annotator().draw(
      [Annotation(x1: 100, y1: 120, x2: 300, y2: 260, classIndex: 0, label: "person", confidence: 0.876)],
      on: other)
    #expect(image.bytes != other.bytes)
    // The same is the same, with another annotator or on another thread.
    let again = try grey(640, 480)
    try Annotator().draw(
      [Annotation(x1: 100, y1: 120, x2: 300, y2: 260, classIndex: 0, label: "person", confidence: 0.874)],
      on: again)
    #expect(image.bytes == again.bytes)
  }

  @Test("anything may be asked of it: boxes outside, reversed, not numbers; strange labels; tiny pictures")
  func robustness() throws {
    let annotator = Annotator()
    let labels: [String?] = [
      nil, "", " ", "a", "<b>&\"'>", "line\nbreak\u{0}\u{1B}[0m", String(repeating: "wide ", count: 100),
      "Füße", "猫", "\u{202E}reversed", "&amp;", "</span>", "\u{FFFF}",
    ]
    let numbers: [Float] = [-.infinity, -1e30, -5, 0, 3.5, 40, 1e30, .infinity, .nan]
    for (width, height) in [(1, 1), (2, 300), (300, 2), (13, 11), (90, 70)] {
      let image = try grey(width, height)
      var annotations: [Annotation] = []
      for (i, label) in labels.enumerated() {
        for (j, number) in numbers.enumerated() {
          annotations.append(
            Annotation(
              x1: number, y1: numbers[(i + j) % numbers.count], x2: numbers[(i * 3 + j) % numbers.count],
              y2: numbers[(i + j * 2) % numbers.count], classIndex: i * 50 - 100, label: label,
              confidence: number))
        }
      }
      try annotator.draw(annotations, on: image)
    }
  }

  @Test("tags of boxes on one spot do not cover one another while there is room")
  func crowding() throws {
    let image = try grey(640, 480)
    let boxes = (0..<4).map {
      Annotation(
        x1: 200, y1: 200, x2: 400, y2: 300, classIndex: $0, label: "class", confidence: 0.9 - Float($0) * 0.1)
    }
    try Annotator().draw(boxes, on: image)
    for index in 0..<4 {
      #expect(count(image, ClassPalette.colour(forClass: index)) > 300, "class \(index)")
    }
  }

  @Test("a JPEG comes back as nearly the same picture, with either subsampling")
  func encoding() throws {
    let image = try PixelBuffer(Synthetic.picture(123, 77, seed: 30, mode: 2), 123, 77)
    for subsampling in JPEGEncoder.Subsampling.allCases {
      let encoder = JPEGEncoder(quality: 95, subsampling: subsampling)
      let bytes = try encoder.encode(image)
      #expect(try encoder.encode(image) == bytes)
      let decoded = try DecodingTests.decode(bytes)
      #expect(decoded.width == 123 && decoded.height == 77)
      let total = zip(decoded.bytes, image.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(total) / Double(image.byteCount) < 4)
    }
    #expect(try JPEGEncoder(quality: 90).encode(image).count > JPEGEncoder(quality: 20).encode(image).count)
    #expect(
      try JPEGEncoder(quality: 90).encode(image).count
        > JPEGEncoder(quality: 90, subsampling: .half).encode(image).count)
  }

  @Test("what JPEG cannot hold is refused, and the encoder goes on")
  func encodingLimits() throws {
    let encoder = JPEGEncoder()
    let error = #expect(throws: ImageError.self) {
      _ = try encoder.encode(PixelBuffer(width: 65501, height: 1))
    }
    #expect(error?.code == .tooLarge)
    #expect(throws: ImageError.self) { _ = try encoder.encode(PixelBuffer()) }
    #expect(try encoder.encode(PixelBuffer(width: 65500, height: 1)).count > 0)
  }

  @Test("thumbnails keep proportions and never enlarge")
  func thumbnails() throws {
    let image = try grey(640, 480)
    let small = try image.thumbnail(side: 200)
    #expect(small.width == 200 && small.height == 150)
    #expect(small.bytes.allSatisfy { $0 == 128 })
    let same = try image.thumbnail(side: 1000)
    #expect(same.width == 640 && same.height == 480 && same.bytes == image.bytes)
    let thin = try grey(3000, 2).thumbnail(side: 64)
    #expect(thin.width == 64 && thin.height == 1)
  }
}

@Suite("Class colours")
struct ClassPaletteTests {
  @Test("colours are stable, distinct and come round again")
  func palette() {
    #expect(ClassPalette.count == 96)
    let all = (0..<ClassPalette.count).map { ClassPalette.colour(forClass: $0) }
    #expect(Set(all).count == all.count)
    #expect(ClassPalette.colour(forClass: 0).hexadecimal == "#d55e00")
    #expect(ClassPalette.colour(forClass: 96) == all[0])
    #expect(ClassPalette.colour(forClass: -1) == all[95])
    #expect(ClassPalette.colour(forClass: .min).hexadecimal.count == 7)
  }

  @Test("text on every colour has at least a contrast of 4.5 to 1")
  func contrast() {
    for index in 0..<ClassPalette.count {
      let colour = ClassPalette.colour(forClass: index)
      let (a, b) = (colour.relativeLuminance, colour.contrasting.relativeLuminance)
      #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(colour.hexadecimal)")
    }
    #expect(Colour.white.contrasting == .black && Colour.black.contrasting == .white)
    #expect(Colour(0x0000FF).contrasting == .white && Colour(0xFFFF00).contrasting == .black)
    #expect(Colour(0x00000A).hexadecimal == "#00000a")
  }
}

@Suite("What the machine has")
struct ImagingSupportTests {
  @Test("every library is either there with path and version, or missing with the command that adds it")
  func libraries() {
    let support = Machine.support
    #expect(support.libraries.map(\.name) == ["libjpeg-turbo", "libvips"])
    for library in support.libraries {
      if let problem = library.problem {
        #expect(library.path == nil && problem.contains("apt-get install"))
      } else {
        #expect(library.path?.hasPrefix("/") == true)
        #expect(library.version?.contains(".") == true)
      }
    }
    #expect(["plain", "avx2", "avx512"].contains(support.kernels))
  }

  @Test("every format is listed with its decoder, and with what is missing where it is not readable")
  func formats() {
    #expect(Machine.support.formats.map(\.format) == ImageFormat.allCases)
    for format in Machine.support.formats {
      #expect(format.isReadable == (format.problem == nil), "\(format)")
    }
    #expect(Machine.reads(.bmp) && Machine.reads(.pnm))
  }
}
