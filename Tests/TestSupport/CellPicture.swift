package import SeededNumbers

/// A picture of 64x64 pixels for the small models of Tests/Fixtures: black, with some of its 8x8 cells painted.
///
/// The models find a box at every painted cell: class 0 for red, 1 for green, 2 for blue.
package struct CellPicture: Sendable {
  package enum Colour: Int, Sendable, CaseIterable {
    case red, green, blue
  }

  /// Cells by number, row by row from 0 to 63.
  package var cells: [Int: Colour]

  package init(_ cells: [Int: Colour]) { self.cells = cells }

  /// Some painted cells of a seeded generator.
  package static func random(_ random: inout SplitMix64) -> CellPicture {
    var cells: [Int: Colour] = [:]
    for _ in 0..<Int(random.next() % 9) {
      cells[Int(random.next() % 64)] = Colour(rawValue: Int(random.next() % 3))
    }
    return CellPicture(cells)
  }

  /// The picture as a binary PPM file, each pixel `scale` times as wide and high.
  package func ppm(scale: Int = 1) -> [UInt8] {
    let side = 64 * scale
    var pixels = [UInt8](repeating: 0, count: 3 * side * side)
    for (cell, colour) in cells {
      let (row, column) = (cell / 8, cell % 8)
      for y in row * 8 * scale..<(row + 1) * 8 * scale {
        for x in column * 8 * scale..<(column + 1) * 8 * scale { pixels[3 * (y * side + x) + colour.rawValue] = 255 }
      }
    }
    return Array("P6\n\(side) \(side)\n255\n".utf8) + pixels
  }
}
