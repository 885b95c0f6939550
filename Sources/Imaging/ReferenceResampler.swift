/// The two resizers as plainly as their arithmetic can be written: the oracle for the fast ones. Not for production: no
/// vector code, no reuse, formulas evaluated where they are used.
package enum ReferenceResampler {
  /// Resizes interleaved RGB bytes [height, width, 3] to [outHeight, outWidth, 3].
  package static func resize(
    _ pixels: [UInt8], width: Int, height: Int, toWidth outWidth: Int, toHeight outHeight: Int,
    by method: Resampling
  ) -> [UInt8] {
    switch method {
    case .openCVLinear: linear(pixels, width, height, outWidth, outHeight)
    case .pillowBicubic, .pillow13Bicubic:
      if method.resizesDownFirst(width, height, outWidth, outHeight) {
        bicubic(bicubic(pixels, width, height, width, outHeight), width, outHeight, outWidth, outHeight)
      } else {
        bicubic(pixels, width, height, outWidth, outHeight)
      }
    }
  }

  // MARK: OpenCV, INTER_LINEAR

  private static func linear(_ pixels: [UInt8], _ w: Int, _ h: Int, _ outW: Int, _ outH: Int) -> [UInt8] {
    func position(_ d: Int, _ inputs: Int, _ outputs: Int) -> (tap: Int, fraction: Float) {
      let f = Float((Double(d) + 0.5) * (1 / (Double(outputs) / Double(inputs))) - 0.5)
      return (Int(f.rounded(.down)), f - f.rounded(.down))
    }
    func weight(_ share: Float) -> Int { Int((share * 2048).rounded(.toNearestOrEven)) }

    var out = [UInt8](repeating: 0, count: outW * outH * 3)
    for y in 0..<outH {
      let (row, fy) = position(y, h, outH)
      let rows = (min(max(row, 0), h - 1), min(max(row + 1, 0), h - 1))
      for x in 0..<outW {
        var (column, fx) = position(x, w, outW)
        if column < 0 { (column, fx) = (0, 0) }
        if column >= w - 1 { (column, fx) = (w - 1, 0) }
        let next = min(column + 1, w - 1)
        for c in 0..<3 {
          func across(_ row: Int) -> Int {
            Int(pixels[(row * w + column) * 3 + c]) * weight(1 - fx) + Int(pixels[(row * w + next) * 3 + c])
              * weight(fx)
          }
          let upper = (weight(1 - fy) * (across(rows.0) >> 4)) >> 16
          let lower = (weight(fy) * (across(rows.1) >> 4)) >> 16
          out[(y * outW + x) * 3 + c] = UInt8(min(max((upper + lower + 2) >> 2, 0), 255))
        }
      }
    }
    return out
  }

  // MARK: Pillow, BICUBIC

  private static func bicubic(_ pixels: [UInt8], _ w: Int, _ h: Int, _ outW: Int, _ outH: Int) -> [UInt8] {
    func taps(_ d: Int, _ inputs: Int, _ outputs: Int) -> (first: Int, coefficients: [Int]) {
      let scale = Double(inputs) / Double(outputs)
      let widened = max(scale, 1)
      let centre = (Double(d) + 0.5) * scale
      let first = max(Int(centre - 2 * widened + 0.5), 0)
      let end = min(Int(centre + 2 * widened + 0.5), inputs)
      let weights = (first..<end).map { BicubicTable.cubic((Double($0) - centre + 0.5) * (1 / widened)) }
      let sum = weights.reduce(0, +)
      return (
        first, weights.map { weight in Int((weight / sum * 4_194_304).rounded(.toNearestOrAwayFromZero)) }
      )
    }
    func byte(_ sum: Int) -> UInt8 { UInt8(min(max((sum + 2_097_152) >> 22, 0), 255)) }

    var across = pixels
    if outW != w {
      across = [UInt8](repeating: 0, count: outW * h * 3)
      for x in 0..<outW {
        let (first, coefficients) = taps(x, w, outW)
        for y in 0..<h {
          for c in 0..<3 {
            var sum = 0
            for (tap, k) in coefficients.enumerated() {
              sum += Int(pixels[(y * w + first + tap) * 3 + c]) * k
            }
            across[(y * outW + x) * 3 + c] = byte(sum)
          }
        }
      }
    }
    guard outH != h else { return across }
    var out = [UInt8](repeating: 0, count: outW * outH * 3)
    for y in 0..<outH {
      let (first, coefficients) = taps(y, h, outH)
      for x in 0..<outW * 3 {
        var sum = 0
        for (tap, k) in coefficients.enumerated() { sum += Int(across[(first + tap) * outW * 3 + x]) * k }
        out[y * outW * 3 + x] = byte(sum)
      }
    }
    return out
  }
}
