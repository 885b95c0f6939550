internal import Synchronization

/// Decodes pictures from bytes in memory into 8-bit RGB.
///
/// One decoder serves any number of threads: what each needs for itself is taken from a pool and put back. JPEG goes
/// through libjpeg-turbo, BMP, GIF and PNM are read here, every other format goes through libvips; both libraries are opened
/// when the first picture needs them.
///
/// Whatever the bytes are, the outcome is a picture or an ``ImageError``.
public final class ImageDecoder: Sendable {
  private let idle = Mutex<[Worker]>([])

  /// Opens nothing yet.
  public init() {}

  /// Decodes a picture.
  ///
  /// Grey is repeated in all channels, palettes are looked up, alpha is dropped and not composited, 16-bit samples are
  /// shifted right by 8, colour profiles are ignored, CMYK is multiplied out; the first picture of animations and
  /// multi-page files is taken. Missing data is an error, not a grey area.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; read during the call only.
  ///   - options: limits and orientation.
  /// - Returns: pixels [height, width, 3], upright unless orientation is ignored.
  /// - Throws: ``ImageError``. A file that decodes on one thread with one neighbour decodes alike with any other.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, options: DecodingOptions = DecodingOptions()
  ) throws(ImageError) -> PixelBuffer {
    let image = PixelBuffer()
    try decode(bytes, options: options, into: image)
    return image
  }

  /// Decodes a picture into a buffer that is used again and again, so that nothing is allocated once it is large enough.
  ///
  /// - Returns: what the header said; the buffer has the size after orientation.
  /// - Throws: ``ImageError``; the buffer's contents are then undefined.
  @discardableResult
  public func decode(
    _ bytes: UnsafeRawBufferPointer, options: DecodingOptions = DecodingOptions(), into image: PixelBuffer
  ) throws(ImageError) -> ImageInfo {
    let format = try ImageFormat.recognise(bytes)
    let worker = idle.withLock { $0.popLast() } ?? Worker()
    defer { idle.withLock { $0.append(worker) } }
    return try worker.decode(bytes, format, options, into: image)
  }

  /// Reads a picture's header: format, stored size, orientation. No pixels are decoded.
  ///
  /// - Throws: ``ImageError`` as decoding does, but for the limit of pixels.
  public func probe(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> ImageInfo {
    let format = try ImageFormat.recognise(bytes)
    let worker = idle.withLock { $0.popLast() } ?? Worker()
    defer { idle.withLock { $0.append(worker) } }
    return try worker.probe(bytes, format)
  }
}

/// What one thread needs to decode. Sendable because the pool gives it to one thread at a time.
private final class Worker: @unchecked Sendable {
  private var jpeg: JPEGDecoding?
  private let stored = PixelBuffer()

  func decode(
    _ bytes: UnsafeRawBufferPointer, _ format: ImageFormat, _ options: DecodingOptions,
    into image: PixelBuffer
  ) throws(ImageError) -> ImageInfo {
    let info =
      switch format {
      case .jpeg: try withJPEG { (jpeg) throws(ImageError) in try jpeg.decode(bytes, options, into: image) }
      case .bmp: try BMPDecoder(bytes).decode(options, into: image)
      case .gif: try GIFDecoder(bytes).decode(options, into: image)
      case .pnm: try PNMDecoder(bytes).decode(options, into: image)
      default: try VipsDecoding(format).decode(bytes, options, into: image)
      }
    if options.orientation == .apply && info.orientation > 1 {
      image.swap(with: stored)
      try stored.writeUpright(info.orientation, into: image)
    }
    return info
  }

  func probe(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat) throws(ImageError) -> ImageInfo {
    switch format {
    case .jpeg: try withJPEG { (jpeg) throws(ImageError) in try jpeg.probe(bytes).info }
    case .bmp: try BMPDecoder(bytes).info
    case .gif: try GIFDecoder(bytes).info
    case .pnm: try PNMDecoder(bytes).info
    default: try VipsDecoding(format).probe(bytes)
    }
  }

  // TurboJPEG's header call leaves its handle in the middle of the file when it fails (seen in 2.1.5), and the next, sound
  // file then fails too. So a handle that failed once is not used again.
  private func withJPEG(_ body: (JPEGDecoding) throws(ImageError) -> ImageInfo) throws(ImageError)
    -> ImageInfo
  {
    let decoding: JPEGDecoding
    if let jpeg {
      decoding = jpeg
    } else {
      decoding = try JPEGDecoding(library: TurboJPEG.shared.get())
    }
    jpeg = nil
    let info = try body(decoding)
    jpeg = decoding
    return info
  }
}
