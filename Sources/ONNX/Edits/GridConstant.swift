/// A constant that an export computed from the image's size: anchor points, strides, grids of cells.
///
/// Along the anchors such a constant runs through the cells of one level after another, row by row, and is an affine
/// function of the cell on each level: `a + b·column + c·row`. Where the constant equals such functions exactly, it
/// can be computed for another size; where not, it is left to the caller to refuse.
struct GridConstant {
  /// One level of the pyramid: its stride in pixels and the function of one line of the constant.
  struct Level: Hashable {
    let stride: Int
    let constant: Float
    let perColumn: Float
    let perRow: Float

    func value(row: Int, column: Int) -> Float {
      constant + perColumn * Float(column) + perRow * Float(row)
    }
  }

  /// For each line of the constant (each index of the other axes, row-major), its levels in order.
  let lines: [[Level]]

  /// The pyramids that detectors use; the strides of their levels.
  private static let pyramids: [[Int]] = [
    [8, 16, 32], [4, 8, 16, 32], [8, 16, 32, 64], [4, 8, 16, 32, 64], [16, 32], [8, 16], [8, 16, 32, 64, 128],
    [4], [8], [16], [32], [64],
  ]

  /// Recognises a constant.
  ///
  /// - Parameters:
  ///   - lines: the values along the anchors, one array for each index of the other axes.
  ///   - height: the image's height in pixels, as is `width`, at which the constant was made.
  init?(lines: [[Float]], height: Int, width: Int) {
    guard let count = lines.first?.count, height > 0, width > 0 else { return nil }
    for strides in Self.pyramids {
      guard strides.allSatisfy({ height % $0 == 0 && width % $0 == 0 }),
        strides.reduce(0, { $0 + (height / $1) * (width / $1) }) == count
      else { continue }
      let fitted = lines.compactMap { Self.fit($0, strides, height, width) }
      if fitted.count == lines.count {
        self.lines = fitted
        return
      }
    }
    return nil
  }

  private static func fit(_ line: [Float], _ strides: [Int], _ height: Int, _ width: Int) -> [Level]? {
    var start = 0
    var levels: [Level] = []
    for stride in strides {
      let (rows, columns) = (height / stride, width / stride)
      let first = line[start]
      let level = Level(
        stride: stride, constant: first, perColumn: columns > 1 ? line[start + 1] - first : 0,
        perRow: rows > 1 ? line[start + columns] - first : 0)
      for row in 0..<rows {
        for column in 0..<columns where level.value(row: row, column: column) != line[start + row * columns + column] {
          return nil
        }
      }
      levels.append(level)
      start += rows * columns
    }
    return levels
  }

  /// The lines for an image of another size, in pixels.
  func lines(height: Int, width: Int) -> [[Float]] {
    lines.map { levels in
      levels.flatMap { level in
        (0..<(height / level.stride)).flatMap { row in
          (0..<(width / level.stride)).map { level.value(row: row, column: $0) }
        }
      }
    }
  }
}
