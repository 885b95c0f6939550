internal import Synchronization

/// Encodes pictures as baseline JPEG through libjpeg-turbo.
///
/// One encoder serves any number of threads. The same pixels give the same bytes.
public final class JPEGEncoder: Sendable {
  /// How the colour channels are stored.
  public enum Subsampling: String, CaseIterable, Hashable, Sendable {
    /// 4:4:4: at full size. Coloured lines and small text stay crisp.
    case none
    /// 4:2:0: at half the width and height. About a third smaller.
    case half
  }

  /// 1...100.
  public let quality: Int
  /// How colour is stored.
  public let subsampling: Subsampling

  private let idle = Mutex<[Encoding]>([])

  /// The defaults suit pictures with coloured lines: quality 90, 4:4:4.
  ///
  /// - Parameter quality: moved into 1...100.
  public init(quality: Int = 90, subsampling: Subsampling = .none) {
    self.quality = min(max(quality, 1), 100)
    self.subsampling = subsampling
  }

  /// The picture as the bytes of a JPEG file.
  ///
  /// - Throws: ``ImageError`` with code `decoderUnavailable` where libjpeg-turbo is missing, `tooLarge` for sides over
  ///   65,500 pixels, `outOfMemory`, or `encodingFailed`.
  public func encode(_ image: PixelBuffer) throws(ImageError) -> [UInt8] {
    guard image.width > 0 else { throw ImageError(.invalidArgument, "the picture has no pixels") }
    guard image.width <= 65500, image.height <= 65500 else {
      throw ImageError(
        .tooLarge, "JPEG holds sides of up to 65500 pixels; the picture has \(image.width)x\(image.height)")
    }
    let encoding: Encoding
    if let ready = idle.withLock({ $0.popLast() }) {
      encoding = ready
    } else {
      encoding = try Encoding(library: TurboJPEG.shared.get())
    }
    let bytes = try encoding.encode(
      image, quality: quality, sampling: subsampling == .none ? TurboJPEG.sampling444 : TurboJPEG.sampling420)
    // Only a handle that succeeded is used again.
    idle.withLock { $0.append(encoding) }
    return bytes
  }
}

/// One handle and its output buffer. Sendable because the pool gives it to one thread at a time.
private final class Encoding: @unchecked Sendable {
  private let library: TurboJPEG
  private let handle: TurboJPEG.Handle
  private var output = ScratchMemory()

  init(library: TurboJPEG) throws(ImageError) {
    self.library = library
    guard let handle = library.initCompress() else {
      throw ImageError(.outOfMemory, "libjpeg-turbo could not make an encoder")
    }
    self.handle = handle
  }

  deinit { _ = library.destroy(handle) }

  func encode(_ image: PixelBuffer, quality: Int, sampling: Int32) throws(ImageError) -> [UInt8] {
    // The largest that the file can be; so libjpeg-turbo needs no memory of its own for it.
    let most = library.bufferSize(Int32(image.width), Int32(image.height), sampling)
    guard most != UInt.max, most < UInt(Int.max) else {
      throw ImageError(
        .encodingFailed, "libjpeg-turbo cannot tell the size of a \(image.width)x\(image.height) JPEG")
    }
    let memory = try output.reserve(Int(most))
    var start: UnsafeMutablePointer<UInt8>? = memory.assumingMemoryBound(to: UInt8.self)
    var count = most
    let status = library.compress(
      handle, image.base, Int32(image.width), Int32(image.bytesPerRow), Int32(image.height),
      TurboJPEG.pixelFormatRGB, &start, &count, sampling, Int32(quality),
      TurboJPEG.noReallocation | TurboJPEG.accurateDCT)
    guard status == 0 else {
      throw ImageError(
        .encodingFailed, "the JPEG could not be made (libjpeg: \(library.lastError(handle).text))")
    }
    return Array(UnsafeRawBufferPointer(start: memory, count: Int(count)))
  }
}
