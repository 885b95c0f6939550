import SeededNumbers

/// A picture of uniform 8x8 cells, the kind of input whose outputs the fixture models' README gives.
struct CellImage: Sendable {
  let rows: Int
  let columns: Int
  /// 64ths of full brightness by channel, row and column, so that every sum in the models is exact.
  var values: [Int]

  init(rows: Int = 8, columns: Int = 8) {
    self.rows = rows
    self.columns = columns
    values = [Int](repeating: 0, count: 3 * rows * columns)
  }

  /// A picture in which about half the cells are black and the others random.
  init(seed: UInt64, rows: Int = 8, columns: Int = 8) {
    self.init(rows: rows, columns: columns)
    var generator = SplitMix64(seed: seed)
    for index in values.indices where Bool.random(using: &generator) {
      values[index] = Int.random(in: 0...64, using: &generator)
    }
  }

  subscript(channel: Int, row: Int, column: Int) -> Int {
    get { values[(channel * rows + row) * columns + column] }
    set { values[(channel * rows + row) * columns + column] = newValue }
  }

  /// The score of a class in a cell, by cell number.
  func score(_ channel: Int, _ cell: Int) -> Float {
    max(0, 2 * Float(values[channel * rows * columns + cell]) / 64 - 1)
  }

  /// The brightness 0…1 of each pixel, channel by channel and row by row.
  func pixels() -> [Float] {
    var pixels: [Float] = []
    pixels.reserveCapacity(3 * 64 * rows * columns)
    for channel in 0..<3 {
      for y in 0..<rows * 8 {
        for x in 0..<columns * 8 { pixels.append(Float(self[channel, y / 8, x / 8]) / 64) }
      }
    }
    return pixels
  }

  /// What the `v8` models give for this picture: (7, N) row-major.
  func expectedV8() -> [Float] {
    let cells = rows * columns
    var output: [Float] = []
    let anchors = (0..<2 * cells).map { ($0 % cells, $0 / cells) }
    output += anchors.map { cell, copy in Float(cell % columns * 8 + 4 + copy) }
    output += anchors.map { cell, _ in Float(cell / columns * 8 + 4) }
    output += anchors.map { _ in 8 }
    output += anchors.map { _ in 8 }
    for channel in 0..<3 {
      output += anchors.map { cell, copy in score(channel, cell) * (copy == 0 ? 1 : 0.75) }
    }
    return output
  }
}
