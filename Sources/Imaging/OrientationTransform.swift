internal import CImaging

extension PixelBuffer {
  /// Writes this picture upright into `target`, which takes its size; `orientation` is EXIF's, 2...8.
  ///
  /// Reading the stored picture's first row and first column: 2 mirrored across, 3 turned by 180 degrees, 4 mirrored
  /// down, 5 mirrored along the main diagonal, 6 to be turned by 90 degrees clockwise, 7 mirrored along the other
  /// diagonal, 8 to be turned by 90 degrees counterclockwise.
  package func writeUpright(_ orientation: Int, into target: PixelBuffer) throws(ImageError) {
    let exchanges = orientation >= 5
    try target.resize(width: exchanges ? height : width, height: exchanges ? width : height)
    let row = target.bytesPerRow
    // Where the first stored pixel goes, and the steps in bytes for one stored column and one stored row.
    let right = (target.width - 1) * 3
    let bottom = (target.height - 1) * row
    let (first, column, line) =
      switch orientation {
      case 2: (right, -3, row)
      case 3: (right + bottom, -3, -row)
      case 4: (bottom, 3, -row)
      case 5: (0, row, 3)
      case 6: (right, row, -3)
      case 7: (right + bottom, -row, -3)
      case 8: (bottom, -row, 3)
      default: (0, 3, row)
      }
    // In tiles, so that writing down columns stays within the cache.
    let tile = exchanges ? 64 : width
    for top in stride(from: 0, to: height, by: 64) {
      for left in stride(from: 0, to: width, by: tile) {
        let columns = min(tile, width - left)
        for y in top..<min(top + 64, height) {
          swoop_copy_pixels(
            base + y * bytesPerRow + left * 3, columns, target.base + first + left * column + y * line, column
          )
        }
      }
    }
  }
}
