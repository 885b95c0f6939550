/// How one source image lies on the network's input, the *canvas*, and the way back for boxes.
///
/// Both frames count pixel edges from the top left corner: source pixels after EXIF orientation, and canvas pixels.
/// The preprocessing side resizes the image to ``contentWidth`` x ``contentHeight``, puts it at ``contentLeft``,
/// ``contentTop`` and fills the rest with ``paddingValue``. The geometry is exact: it follows the integers that a named
/// recipe computes, not the real numbers behind them.
public struct LetterboxGeometry: Hashable, Sendable {
  /// A recipe for placing an image.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Ultralytics' letterbox: keep the aspect, round the sides half to even, centre, pad with 114.
    case ultralytics
    /// The Pillow recipe: keep the aspect, cut the sides to whole pixels, centre, pad with black.
    case pillow
    /// Fill the canvas; the aspect is lost.
    case stretch
    /// As ``ultralytics``, but the canvas is the least one around the image whose sides are multiples of the stride.
    case rectangle
  }

  /// The recipe.
  public let mode: Mode
  /// The source image, in pixels.
  public let imageWidth, imageHeight: Int
  /// The network's input, in pixels.
  public let canvasWidth, canvasHeight: Int
  /// Where the resized image starts on the canvas, in pixels.
  public let contentLeft, contentTop: Int
  /// The size of the resized image, in pixels; each side is at least 1.
  public let contentWidth, contentHeight: Int
  /// Canvas pixels per source pixel, as the way back uses them.
  public let scaleX, scaleY: Double

  /// The grey level (all channels, 0…255) around the content.
  public var paddingValue: UInt8 { mode.paddingValue }

  /// Whether every canvas pixel comes from the image.
  public var isFilled: Bool { contentWidth == canvasWidth && contentHeight == canvasHeight }

  /// The largest side that is computed with; every integer up to it is exact in float32.
  public static let maximumSide = 1 << 24

  /// Places an image on a canvas of a given size.
  ///
  /// For ``Mode/rectangle``, width and height of the canvas are upper bounds (both are the long side of a square
  /// `imgsz`), are first rounded up to multiples of the stride, and the canvas then shrinks around the content. Other
  /// modes do not look at the stride.
  ///
  /// - Parameters:
  ///   - imageWidth, imageHeight: the source's size in pixels, after EXIF orientation.
  ///   - canvasWidth, canvasHeight: the network's input size in pixels.
  ///   - stride: the model's largest stride in pixels.
  /// - Throws: ``DetectionError`` of code `invalidGeometry` if a side is not within 1…``maximumSide``.
  public init(
    _ mode: Mode, imageWidth: Int, imageHeight: Int, canvasWidth: Int, canvasHeight: Int, stride: Int = 32
  ) throws(DetectionError) {
    let sides = 1...LetterboxGeometry.maximumSide
    guard sides.contains(imageWidth), sides.contains(imageHeight) else {
      throw DetectionError(
        .invalidGeometry,
        "An image of \(imageWidth)x\(imageHeight) pixels cannot be placed: sides go from 1 to \(sides.upperBound)."
      )
    }
    guard sides.contains(canvasWidth), sides.contains(canvasHeight), sides.contains(stride) else {
      throw DetectionError(
        .invalidGeometry,
        "A network input of \(canvasWidth)x\(canvasHeight) pixels with stride \(stride) is not possible: "
          + "each goes from 1 to \(sides.upperBound).")
    }
    self.mode = mode
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    let width = Double(imageWidth)
    let height = Double(imageHeight)
    switch mode {
    case .ultralytics, .rectangle:
      let isRectangle = mode == .rectangle
      let boundWidth = isRectangle ? LetterboxGeometry.roundUp(canvasWidth, to: stride) : canvasWidth
      let boundHeight = isRectangle ? LetterboxGeometry.roundUp(canvasHeight, to: stride) : canvasHeight
      let ratio = min(Double(boundHeight) / height, Double(boundWidth) / width)
      // Python's round: half to even, in double.
      contentWidth = max(Int((width * ratio).rounded(.toNearestOrEven)), 1)
      contentHeight = max(Int((height * ratio).rounded(.toNearestOrEven)), 1)
      self.canvasWidth = isRectangle ? LetterboxGeometry.roundUp(contentWidth, to: stride) : canvasWidth
      self.canvasHeight = isRectangle ? LetterboxGeometry.roundUp(contentHeight, to: stride) : canvasHeight
      // round(padding/2 - 0.1) of a whole number is the floor of the half.
      contentLeft = (self.canvasWidth - contentWidth) / 2
      contentTop = (self.canvasHeight - contentHeight) / 2
      // Ultralytics 8.4: a gain per axis, from the rounded size. (8.3 and before used one gain for both.)
      scaleX = Double(contentWidth) / width
      scaleY = Double(contentHeight) / height
    case .pillow:
      let ratio = min(Double(canvasWidth) / width, Double(canvasHeight) / height)
      contentWidth = min(max(Int(width * ratio), 1), canvasWidth)
      contentHeight = min(max(Int(height * ratio), 1), canvasHeight)
      self.canvasWidth = canvasWidth
      self.canvasHeight = canvasHeight
      contentLeft = (canvasWidth - contentWidth) / 2
      contentTop = (canvasHeight - contentHeight) / 2
      // The recipe divides by the ratio itself, not by what the cut sides make of it.
      scaleX = ratio
      scaleY = ratio
    case .stretch:
      contentWidth = canvasWidth
      contentHeight = canvasHeight
      self.canvasWidth = canvasWidth
      self.canvasHeight = canvasHeight
      contentLeft = 0
      contentTop = 0
      scaleX = Double(canvasWidth) / width
      scaleY = Double(canvasHeight) / height
    }
  }

  /// The least multiple of `step` that is not less than `length`.
  static func roundUp(_ length: Int, to step: Int) -> Int { (length + step - 1) / step * step }

  /// A box from canvas pixels to source pixels, clipped to the image: xyxy in, xyxy out.
  ///
  /// In float32 and in the order that Ultralytics 8.4 computes: subtract the offset, divide by the scale, clip to
  /// [0, width] x [0, height]. NaN does not survive: it becomes 0.
  public func sourceBox(_ box: Box) -> Box {
    let left = Float(contentLeft)
    let top = Float(contentTop)
    let scaleX = Float(self.scaleX)
    let scaleY = Float(self.scaleY)
    let width = Float(imageWidth)
    let height = Float(imageHeight)
    func clip(_ value: Float, _ limit: Float) -> Float { value > 0 ? (value < limit ? value : limit) : 0 }
    return Box(
      x1: clip((box.x1 - left) / scaleX, width), y1: clip((box.y1 - top) / scaleY, height),
      x2: clip((box.x2 - left) / scaleX, width), y2: clip((box.y2 - top) / scaleY, height))
  }

  /// A box from source pixels to canvas pixels, not clipped: the inverse of ``sourceBox(_:)`` inside the image.
  public func canvasBox(_ box: Box) -> Box {
    let left = Float(contentLeft)
    let top = Float(contentTop)
    let scaleX = Float(self.scaleX)
    let scaleY = Float(self.scaleY)
    return Box(
      x1: box.x1 * scaleX + left, y1: box.y1 * scaleY + top, x2: box.x2 * scaleX + left,
      y2: box.y2 * scaleY + top)
  }
}

extension LetterboxGeometry.Mode {
  /// The grey level (all channels, 0…255) around the content.
  public var paddingValue: UInt8 {
    switch self {
    case .ultralytics, .rectangle: 114
    case .pillow, .stretch: 0
    }
  }
}
