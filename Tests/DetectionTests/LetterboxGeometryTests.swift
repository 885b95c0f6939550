import Detection
import SeededNumbers
import Testing

@Suite("Letterbox geometry")
struct LetterboxGeometryTests {
  typealias Mode = LetterboxGeometry.Mode

  @Test(
    "Each mode places the image where its recipe does",
    arguments: [
      // mode, image, canvas, content left/top/width/height
      (Mode.ultralytics, [640, 480, 640, 640], [0, 80, 640, 480]),
      (.ultralytics, [810, 1080, 640, 640], [80, 0, 480, 640]),
      (.ultralytics, [1280, 721, 640, 640], [0, 140, 640, 360]),  // 360.5 rounds half to even
      (.ultralytics, [256, 1, 640, 640], [0, 319, 640, 2]),  // 2.5 rounds half to even
      (.ultralytics, [10000, 1, 640, 640], [0, 319, 640, 1]),  // 0.064 is still one row
      (.ultralytics, [1, 1, 640, 640], [0, 0, 640, 640]),
      (.ultralytics, [3, 5, 64, 32], [22, 0, 19, 32]),
      (.pillow, [640, 480, 640, 640], [0, 80, 640, 480]),
      (.pillow, [1280, 723, 640, 640], [0, 139, 640, 361]),  // 361.5 is cut
      (.pillow, [500, 333, 640, 640], [0, 107, 640, 426]),
      (.pillow, [10000, 1, 640, 640], [0, 319, 640, 1]),
      (.stretch, [123, 45, 640, 320], [0, 0, 640, 320]),
      (.rectangle, [640, 480, 640, 640], [0, 0, 640, 480]),
      (.rectangle, [810, 1080, 640, 640], [0, 0, 480, 640]),
      (.rectangle, [1000, 333, 640, 640], [0, 5, 640, 213]),
    ])
  func placement(mode: Mode, sizes: [Int], content: [Int]) throws {
    let geometry = try LetterboxGeometry(
      mode, imageWidth: sizes[0], imageHeight: sizes[1], canvasWidth: sizes[2], canvasHeight: sizes[3])
    #expect(
      [geometry.contentLeft, geometry.contentTop, geometry.contentWidth, geometry.contentHeight] == content)
  }

  @Test("The rectangle's canvas is the least multiple of the stride around the content")
  func rectangle() throws {
    let wide = try LetterboxGeometry(
      .rectangle, imageWidth: 1000, imageHeight: 333, canvasWidth: 640, canvasHeight: 640, stride: 32)
    #expect((wide.canvasWidth, wide.canvasHeight) == (640, 224))
    // An imgsz that is no multiple of the stride is rounded up first.
    let odd = try LetterboxGeometry(
      .rectangle, imageWidth: 100, imageHeight: 50, canvasWidth: 600, canvasHeight: 600, stride: 32)
    #expect((odd.canvasWidth, odd.canvasHeight) == (608, 320))
    #expect((odd.contentWidth, odd.contentHeight) == (608, 304))
  }

  @Test("The content lies on the canvas, touches two sides, and is centred", arguments: Mode.allCases)
  func containment(mode: Mode) throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<2000 {
      let geometry = try LetterboxGeometry(
        mode, imageWidth: random.int(1...5000), imageHeight: random.int(1...5000),
        canvasWidth: 32 * random.int(1...40),
        canvasHeight: 32 * random.int(1...40))
      let right = geometry.canvasWidth - geometry.contentLeft - geometry.contentWidth
      let bottom = geometry.canvasHeight - geometry.contentTop - geometry.contentHeight
      #expect(geometry.contentWidth >= 1 && geometry.contentHeight >= 1)
      #expect((0...1).contains(right - geometry.contentLeft))
      #expect((0...1).contains(bottom - geometry.contentTop))
      switch mode {
      case .ultralytics: #expect(geometry.contentLeft == 0 || geometry.contentTop == 0)
      case .rectangle: #expect(geometry.contentLeft + right < 32 && geometry.contentTop + bottom < 32)
      case .pillow: #expect(min(geometry.contentLeft + right, geometry.contentTop + bottom) <= 1)
      case .stretch: #expect(geometry.isFilled)
      }
    }
  }

  @Test("A box goes to the canvas and back to where it was", arguments: Mode.allCases)
  func inverse(mode: Mode) throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let width = random.int(8...6000)
      let height = random.int(8...6000)
      let geometry = try LetterboxGeometry(
        mode, imageWidth: width, imageHeight: height, canvasWidth: 640, canvasHeight: 32 * random.int(10...40)
      )
      let left = random.unit() * Float(width)
      let top = random.unit() * Float(height)
      let box = Box(
        x1: left, y1: top, x2: left + random.unit() * (Float(width) - left),
        y2: top + random.unit() * (Float(height) - top))
      let back = geometry.sourceBox(geometry.canvasBox(box))
      // float32 holds canvas coordinates to some 1e-4 pixels; the way back divides that by the scale.
      let tolerance = Float(2e-4 / min(geometry.scaleX, geometry.scaleY, 1))
      #expect(abs(back.x1 - box.x1) <= tolerance && abs(back.x2 - box.x2) <= tolerance)
      #expect(abs(back.y1 - box.y1) <= tolerance && abs(back.y2 - box.y2) <= tolerance)
    }
  }

  @Test("Boxes are clipped to the image, and nothing but finite numbers comes out", arguments: Mode.allCases)
  func clipping(mode: Mode) throws {
    let geometry = try LetterboxGeometry(
      mode, imageWidth: 640, imageHeight: 480, canvasWidth: 640, canvasHeight: 640)
    let whole = Box(x1: 0, y1: 0, x2: 640, y2: 480)
    let numbers: [Float] = [-1e30, -5, 0, 3, 1e9, 3e38, .infinity, -.infinity, .nan]
    for a in numbers {
      for b in numbers {
        let box = geometry.sourceBox(Box(x1: a, y1: b, x2: b, y2: a))
        for (value, limit) in [
          (box.x1, whole.x2), (box.x2, whole.x2), (box.y1, whole.y2), (box.y2, whole.y2),
        ] {
          #expect(value >= 0 && value <= limit)
        }
      }
    }
    #expect(geometry.sourceBox(Box(x1: -50, y1: -50, x2: 900, y2: 900)) == whole)
  }

  @Test("The way back has each recipe's own scale")
  func scales() throws {
    let sizes = (width: 1280, height: 723)
    func scaleY(_ mode: Mode) throws -> Double {
      try LetterboxGeometry(
        mode, imageWidth: sizes.width, imageHeight: sizes.height, canvasWidth: 640, canvasHeight: 640
      ).scaleY
    }
    #expect(try scaleY(.ultralytics) == 362.0 / 723)
    #expect(try scaleY(.pillow) == 0.5)
    #expect(try scaleY(.stretch) == 640.0 / 723)
    #expect(try scaleY(.rectangle) == 362.0 / 723)
  }

  @Test("Impossible sizes are errors", arguments: [0, -1, Int.min, Int.max, (1 << 24) + 1])
  func impossible(side: Int) {
    for mode in Mode.allCases {
      let error = #expect(throws: DetectionError.self) {
        try LetterboxGeometry(mode, imageWidth: side, imageHeight: 10, canvasWidth: 640, canvasHeight: 640)
      }
      #expect(error?.code == .invalidGeometry)
      #expect(throws: DetectionError.self) {
        try LetterboxGeometry(mode, imageWidth: 10, imageHeight: 10, canvasWidth: 640, canvasHeight: side)
      }
      #expect(throws: DetectionError.self) {
        try LetterboxGeometry(
          mode, imageWidth: 10, imageHeight: 10, canvasWidth: 64, canvasHeight: 64, stride: side)
      }
    }
  }

  @Test("The largest sides are placed without overflow", arguments: Mode.allCases)
  func extremes(mode: Mode) throws {
    let largest = LetterboxGeometry.maximumSide
    for (width, height) in [(largest, 1), (1, largest), (largest, largest)] {
      let geometry = try LetterboxGeometry(
        mode, imageWidth: width, imageHeight: height, canvasWidth: largest, canvasHeight: 1)
      #expect(geometry.contentWidth >= 1 && geometry.contentHeight >= 1)
    }
  }
}
