import Testing

import Imaging

/// What a library made of a synthetic picture.
struct ResizeGolden: Sendable {
  var width, height, toWidth, toHeight: Int
  var seed: UInt64
  var mode: Int
  var fingerprint: UInt64

  static func read(_ file: String) throws -> [ResizeGolden] {
    try Fixtures.table(file).map { f in
      ResizeGolden(
        width: try #require(Int(f[0])), height: try #require(Int(f[1])), toWidth: try #require(Int(f[2])),
        toHeight: try #require(Int(f[3])), seed: try #require(UInt64(f[4])), mode: try #require(Int(f[5])),
        fingerprint: try #require(UInt64(f[6], radix: 16)))
    }
  }
}

@Suite("Resampling")
struct ResamplingTests {
  static let libraries: [(Resampling, String)] = [
    (.openCVLinear, "opencv-linear.tsv"), (.pillowBicubic, "pillow-12-bicubic.tsv"),
    (.pillow13Bicubic, "pillow-13-bicubic.tsv"),
  ]

  @Test("equals the library it names on 360 geometries, bit for bit", arguments: libraries)
  func goldens(method: Resampling, file: String) throws {
    let goldens = try ResizeGolden.read(file)
    #expect(goldens.count == 360)
    let resampler = Resampler()
    for g in goldens {
      let pixels = Synthetic.picture(g.width, g.height, seed: g.seed, mode: g.mode)
      let image = try PixelBuffer(pixels, g.width, g.height)
      let resized = try image.resized(width: g.toWidth, height: g.toHeight, by: method, using: resampler)
      #expect(Synthetic.fingerprint(resized) == g.fingerprint, "\(g)")
    }
  }

  @Test("fast code of every instruction set equals the plain oracle", arguments: Resampling.allCases)
  func oracle(method: Resampling) throws {
    var random = SeededGenerator(seed: 41)
    func side() -> Int {
      // Half of the sides are small, where tails of vector loops are.
      Bool.random(using: &random)
        ? Int.random(in: 1...40, using: &random) : Int.random(in: 1...300, using: &random)
    }
    var sizes = [(1, 1, 1, 1), (1, 1, 7, 5), (1, 9, 3, 4), (9, 1, 4, 3), (64, 64, 64, 64), (65, 3, 129, 3)]
    for _ in 0..<60 { sizes.append((side(), side(), side(), side())) }
    sizes += [(3000, 2, 7, 3), (2, 3000, 3, 7), (5, 2, 3000, 2), (2, 5, 2, 3000)]
    let resamplers = Kernels.available.map { Resampler(kernels: $0) }
    for (number, (w, h, toW, toH)) in sizes.enumerated() {
      let pixels = Synthetic.picture(w, h, seed: UInt64(number), mode: number % 3)
      let expected = ReferenceResampler.resize(
        pixels, width: w, height: h, toWidth: toW, toHeight: toH, by: method)
      let image = try PixelBuffer(pixels, w, h)
      for (resampler, kernels) in zip(resamplers, Kernels.available) {
        let found = try image.resized(width: toW, height: toH, by: method, using: resampler)
        #expect(found.bytes == expected, "\(kernels.name): \(w)x\(h) to \(toW)x\(toH)")
      }
    }
  }

  @Test("a side beyond the bicubic's limit is an error that says so")
  func tooLong() throws {
    let image = try PixelBuffer(width: 1_000_001, height: 1)
    let error = #expect(throws: ImageError.self) {
      _ = try image.resized(width: 2, height: 1, by: .pillowBicubic)
    }
    #expect(error?.code == .tooLarge)
    #expect(try image.resized(width: 2, height: 1, by: .openCVLinear).width == 2)
  }

  @Test(
    "sizes that cannot be are refused",
    arguments: [(0, 5), (5, 0), (-1, 5), (Int.max, Int.max), (600_000_000, 1)])
  func badSizes(width: Int, height: Int) throws {
    let error = #expect(throws: ImageError.self) { _ = try PixelBuffer(width: width, height: height) }
    #expect(error?.code == .invalidArgument)
  }
}
