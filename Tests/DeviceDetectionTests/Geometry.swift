import DeviceDetection
import Imaging
import SeededNumbers

/// A picture's stored size, orientation and place, for tests.
struct Geometry {
  var width, height, orientation: Int
  /// Bytes between rows beside the pixels.
  var gap = 0
  var placement: Placement

  /// The picture letterboxed, stretched, or anywhere on the canvas.
  static func random(_ canvasWidth: Int, _ canvasHeight: Int, using random: inout SplitMix64) -> Geometry {
    let (width, height) =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: (1, Int.random(in: 1...40, using: &random))
      case 1: (Int.random(in: 1...40, using: &random), 1)
      case 2: (Int.random(in: 1...9, using: &random), Int.random(in: 1...9, using: &random))
      case 3: (canvasWidth, canvasHeight)
      default: (Int.random(in: 1...300, using: &random), Int.random(in: 1...300, using: &random))
      }
    let orientation = Int.random(in: 1...8, using: &random)
    let upright = orientation >= 5 ? (height, width) : (width, height)
    var target = (canvasWidth, canvasHeight)
    var place = (0, 0)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: break
    case 1 where upright.0 <= canvasWidth && upright.1 <= canvasHeight: target = upright
    case 2 where upright.0 <= canvasWidth:
      target = (upright.0, Int.random(in: 1...canvasHeight, using: &random))
    case 3 where upright.1 <= canvasHeight:
      target = (Int.random(in: 1...canvasWidth, using: &random), upright.1)
    default:
      target = (Int.random(in: 1...canvasWidth, using: &random), Int.random(in: 1...canvasHeight, using: &random))
    }
    place = (
      Int.random(in: 0...canvasWidth - target.0, using: &random),
      Int.random(in: 0...canvasHeight - target.1, using: &random)
    )
    return Geometry(
      width: width, height: height, orientation: orientation, gap: [0, 0, 1, 5].randomElement(using: &random) ?? 0,
      placement: Placement(
        canvasWidth: canvasWidth, canvasHeight: canvasHeight, left: place.0, top: place.1, width: target.0,
        height: target.1))
  }

  var bytesPerRow: Int { width * 3 + gap }
  /// Bytes from the first pixel up to the end of the last.
  var byteCount: Int { (height - 1) * bytesPerRow + width * 3 }

  /// A picture of noise in a part of whose range nothing saturates, and of edges that do.
  func stored(using random: inout SplitMix64) throws -> PixelBuffer {
    let picture = try PixelBuffer(width: width, height: height)
    picture.withUnsafeMutableBytes { bytes in
      var bits: UInt64 = 0
      for i in bytes.indices {
        if i % 8 == 0 { bits = random.next() }
        let byte = UInt8(truncatingIfNeeded: bits >> (i % 8 * 8))
        bytes[i] = i / 96 % 3 == 0 ? (byte & 1 == 0 ? 0 : 255) : byte
      }
    }
    return picture
  }

  /// What the CPU writes for it: the slot of the tensor.
  func expected(_ stored: PixelBuffer, _ writer: TensorWriter) throws -> [UInt8] {
    var upright = stored
    if orientation > 1 {
      upright = PixelBuffer()
      try stored.writeUpright(orientation, into: upright)
    }
    // Elements of at most four bytes.
    var slot = [UInt32](repeating: 0, count: (writer.byteCount(for: placement) + 3) / 4)
    let count = writer.byteCount(for: placement)
    return try slot.withUnsafeMutableBytes { bytes in
      try writer.write(upright, at: placement, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
      return Array(bytes[..<count])
    }
  }

  func picture(at address: UInt64) -> DevicePicture {
    DevicePicture(
      address: address, bytesPerRow: bytesPerRow, width: width, height: height, orientation: orientation,
      placement: placement)
  }

  /// Copies the stored picture with the gaps between its rows.
  func copy(_ stored: PixelBuffer, to target: UnsafeMutableRawBufferPointer) {
    stored.withUnsafeBytes { bytes in
      for y in 0..<height {
        UnsafeMutableRawBufferPointer(rebasing: target[(y * bytesPerRow)...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[y * width * 3..<(y + 1) * width * 3]))
      }
    }
  }
}
