/// How pictures are decoded.
public struct DecodingOptions: Hashable, Sendable {
  /// What becomes of the orientation that a camera wrote into the file's EXIF data.
  public enum Orientation: String, CaseIterable, Hashable, Sendable {
    /// The picture is turned and mirrored upright, once.
    case apply
    /// The picture stays as its pixels are stored. HEIC and AVIF files also carry transformations that are part of the
    /// picture itself; those are applied all the same.
    case ignore
  }

  /// The most pixels that a picture may have, by its header, before anything is decoded. The default, 178,956,970, is
  /// the limit at which Pillow raises its decompression-bomb error: half a gibibyte of RGB.
  public var maximumPixels: Int
  /// What becomes of EXIF orientation.
  public var orientation: Orientation

  /// The defaults suit pictures of people's own; set a lower limit for strangers'.
  public init(maximumPixels: Int = 178_956_970, orientation: Orientation = .apply) {
    self.maximumPixels = maximumPixels
    self.orientation = orientation
  }
}

/// What a picture's header says.
public struct ImageInfo: Hashable, Sendable {
  /// The size of the stored picture in pixels, before any orientation.
  public var width, height: Int
  /// The format that the bytes announce.
  public var format: ImageFormat
  /// The EXIF orientation, 1...8; 1 where there is none or it makes no sense.
  public var orientation: Int

  /// A header of these values.
  public init(width: Int, height: Int, format: ImageFormat, orientation: Int) {
    self.width = width
    self.height = height
    self.format = format
    self.orientation = orientation
  }

  /// The size once upright: orientations 5...8 exchange the sides.
  public var uprightSize: (width: Int, height: Int) {
    orientation >= 5 ? (height, width) : (width, height)
  }
}

extension DecodingOptions {
  /// Refuses a picture of more pixels than allowed.
  func check(_ width: Int, _ height: Int, _ format: ImageFormat) throws(ImageError) {
    guard width > 0, height > 0 else {
      throw ImageError(.damaged, "the \(format) header says \(width)x\(height) pixels")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels, width <= PixelBuffer.maximumSide,
      height <= PixelBuffer.maximumSide
    else {
      throw ImageError(
        .tooLarge,
        "the \(format) header says \(width)x\(height) pixels; at most \(maximumPixels) pixels are allowed")
    }
  }
}
