internal import Imaging

/// What the preprocessing kernel reads about one picture: `preprocess::Picture` in preprocess.cu, field by field.
struct PictureRecord: BitwiseCopyable {
  static let byteCount = 128

  var begin: UInt64
  var byteCount: Int64
  var first, stepX, stepY: Int64
  var scaleX, scaleY: Double
  var across, down: UInt64
  var width, height: Int32
  var left, top, targetWidth, targetHeight: Int32
  var method: Int32
  var acrossGroups, downGroups: Int32
  var innerOutputs, outerOutputs, innerSteps, outerSteps: Int32
  var stageLines: Int32

  /// `preprocess::Method`.
  enum Method: Int32 {
    case copies, isLinear, acrossFirst, downFirst
    // By preprocess_products.cu.
    case byProducts, copiesByProducts
    // By preprocess_enlarged.cu.
    case isEnlarged
  }
}

/// What the kernel is told about a launch: `preprocess::Launch`.
package struct PreprocessLaunch: BitwiseCopyable {
  var tensor: UInt64
  var rowByteCount: Int64
  var width, height, tilesAcross: Int32
  var high, low: Float
  var fill, element, isReversed, isAligned: Int32
  var tileHeight, partHeight, stageByteCount: Int32
}

extension PictureRecord {
  /// - Parameters:
  ///   - picture: one that was checked.
  ///   - bicubic: the tables of the axes and what a block makes at once, where the method needs them.
  ///   - arena: the device address that the tables' offsets count from.
  init(_ picture: DevicePicture, _ method: Method, _ bicubic: BicubicPlan?, _ products: BicubicProducts?, arena: UInt64)
  {
    let (strides, upright, placement) = (picture.strides, picture.uprightSize, picture.placement)
    begin = picture.address
    byteCount = Int64(picture.byteCount)
    (first, stepX, stepY) = (Int64(strides.first), Int64(strides.stepX), Int64(strides.stepY))
    // As OpenCV computes it: not the same number as inputs / outputs.
    scaleX = 1 / (Double(placement.width) / Double(upright.width))
    scaleY = 1 / (Double(placement.height) / Double(upright.height))
    if let bicubic {
      (across, down) = (arena + UInt64(bicubic.across.offset), arena + UInt64(bicubic.down.offset))
      (acrossGroups, downGroups) = (Int32(bicubic.across.groups), Int32(bicubic.down.groups))
      (innerOutputs, outerOutputs) = (Int32(bicubic.innerOutputs), Int32(bicubic.outerOutputs))
      (innerSteps, outerSteps) = (Int32(bicubic.innerSteps), Int32(bicubic.outerSteps))
      stageLines = Int32(bicubic.stageLines)
      if let products {
        (innerOutputs, outerOutputs) = (0, Int32(products.pitch))
        (innerSteps, outerSteps) = (Int32(products.steps), Int32(products.downSteps))
      }
    } else {
      (across, down) = (0, 0)
      (acrossGroups, downGroups, innerOutputs, outerOutputs, innerSteps, outerSteps) = (0, 0, 0, 0, 0, 0)
      stageLines = 0
    }
    // Sides are at most PixelBuffer.maximumSide.
    (width, height) = (Int32(upright.width), Int32(upright.height))
    (left, top) = (Int32(placement.left), Int32(placement.top))
    (targetWidth, targetHeight) = (Int32(placement.width), Int32(placement.height))
    self.method = method.rawValue
  }

  /// How a picture gets its size.
  static func method(_ picture: DevicePicture, by resampling: Resampling) -> Method {
    let (upright, placement) = (picture.uprightSize, picture.placement)
    if upright == (placement.width, placement.height) { return .copies }
    if resampling == .openCVLinear { return .isLinear }
    return resampling.resizesDownFirst(upright.width, upright.height, placement.width, placement.height)
      ? .downFirst : .acrossFirst
  }
}
