package import Imaging

/// A picture in device memory, and where it goes on the canvas.
package struct DevicePicture: Hashable, Sendable {
  /// The device address of the stored picture's first pixel; interleaved R, G, B bytes, rows from the top.
  package var address: UInt64
  /// Bytes from one stored row to the next; at least 3 * width. What lies between rows is not looked at.
  package var bytesPerRow: Int
  /// The stored picture's size in pixels, before it is turned upright.
  package var width, height: Int
  /// EXIF's orientation, 1...8, which the kernel applies; 1 for pixels that are upright already.
  package var orientation: Int
  /// The canvas and the picture's rectangle on it, which it is resized to after it is turned upright.
  package var placement: Placement

  package init(
    address: UInt64, bytesPerRow: Int, width: Int, height: Int, orientation: Int = 1, placement: Placement
  ) {
    self.address = address
    self.bytesPerRow = bytesPerRow
    self.width = width
    self.height = height
    self.orientation = orientation
    self.placement = placement
  }

  /// The size in pixels when upright.
  var uprightSize: (width: Int, height: Int) { orientation >= 5 ? (height, width) : (width, height) }

  /// Bytes from the first stored pixel up to the end of the last; at most 2^60 for pictures that are valid.
  var byteCount: Int { (height - 1) * bytesPerRow + 3 * width }

  /// Where pixel (x, y) of the upright picture is: at first + x * stepX + y * stepY bytes behind the address. The cases
  /// are those of `PixelBuffer.writeUpright`, read the other way round.
  var strides: (first: Int, stepX: Int, stepY: Int) {
    let right = (width - 1) * 3
    let bottom = (height - 1) * bytesPerRow
    return switch orientation {
    case 2: (right, -3, bytesPerRow)
    case 3: (right + bottom, -3, -bytesPerRow)
    case 4: (bottom, 3, -bytesPerRow)
    case 5: (0, bytesPerRow, 3)
    case 6: (bottom, -bytesPerRow, 3)
    case 7: (right + bottom, -bytesPerRow, -3)
    case 8: (right, bytesPerRow, -3)
    default: (0, 3, bytesPerRow)
    }
  }

  /// Throws unless kernels can read the picture and place it.
  ///
  /// - Parameter index: the picture's place in its batch, for the message.
  func check(_ index: Int, by resampling: Resampling) throws(ImageError) {
    func invalid(_ text: String) -> ImageError {
      ImageError(.invalidArgument, "picture \(index) of the batch: \(text)")
    }
    let sides = 1...PixelBuffer.maximumSide
    guard sides.contains(width), sides.contains(height) else {
      throw invalid("\(width)x\(height) pixels are no picture; a side has 1 to \(PixelBuffer.maximumSide)")
    }
    guard address != 0 else { throw invalid("its device address is 0") }
    // Rows further apart than that are a mistake, and with them offsets could leave 64 bits.
    guard bytesPerRow >= 3 * width, bytesPerRow <= 4 * PixelBuffer.maximumSide else {
      throw invalid("rows \(bytesPerRow) bytes apart do not hold \(width) pixels of 3 bytes")
    }
    guard (1...8).contains(orientation) else {
      throw invalid("orientation \(orientation) is not one of EXIF's, 1 to 8")
    }
    guard placement.isValid else {
      throw invalid("the rectangle of \(placement) is empty or not within its canvas")
    }
    let (upright, target) = (uprightSize, (placement.width, placement.height))
    let longest = max(max(width, height), max(placement.width, placement.height))
    if resampling != .openCVLinear, upright != target, longest > BicubicTable.maximumSide {
      throw ImageError(
        .tooLarge,
        "picture \(index) of the batch: a side of \(longest) pixels is not resized with Pillow's bicubic; the limit is"
          + " \(BicubicTable.maximumSide)")
    }
  }
}
