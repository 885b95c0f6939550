internal import CImaging
internal import Glibc

/// Decodes JPEG with one handle and its own working memory. One thread at a time uses it.
///
/// Pixels are those of Pillow and OpenCV, bit for bit: the accurate integer transform and the smooth upsampling of
/// colour. Four-component pictures (CMYK, and YCCK after its conversion to CMYK) are taken as Adobe stores them,
/// inverted, whether or not the file says so, as Pillow and OpenCV do; the conversion to RGB rounds as Pillow's.
final class JPEGDecoding {
  private let library: TurboJPEG
  private var handle: TurboJPEG.Handle
  private var hasFailed = false
  private var inks = ScratchMemory()

  init(library: TurboJPEG) throws(ImageError) {
    self.library = library
    handle = try Self.makeHandle(library)
  }

  deinit { _ = library.destroy(handle) }

  private static func makeHandle(_ library: TurboJPEG) throws(ImageError) -> TurboJPEG.Handle {
    guard let handle = library.initDecompress() else {
      throw ImageError(.outOfMemory, "libjpeg-turbo could not make a decoder")
    }
    return handle
  }

  /// Size and orientation, for which no library is needed.
  static func probe(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> ImageInfo {
    try header(JPEGStructure(bytes))
  }

  /// The stored picture, not yet upright, into `image`.
  func decode(
    _ bytes: UnsafeRawBufferPointer, _ options: DecodingOptions, into image: PixelBuffer
  ) throws(ImageError) -> ImageInfo {
    let structure = JPEGStructure(bytes)
    let info = try Self.header(structure)
    try options.check(info.width, info.height, .jpeg)
    if structure.endsWithinHeader { throw error("Premature end of JPEG file") }
    try image.resize(width: info.width, height: info.height)

    let isCMYK = structure.componentCount == 4
    let pixels: UnsafeMutableRawPointer
    if isCMYK {
      pixels = try inks.reserve(info.width * info.height * 4)
    } else {
      pixels = UnsafeMutableRawPointer(image.base)
    }
    try decodeWithoutLoss(bytes, structure, Target(info, isCMYK, pixels))
    if isCMYK {
      let count = info.width * info.height
      swoop_rgb_from_cmyk(pixels.assumingMemoryBound(to: UInt8.self), 4, 1, count, image.base)
    }
    return info
  }

  // TurboJPEG has a call for this, but a handle whose header call failed is left in the middle of the file by 2.1, and
  // answers with the former picture's size in 3.x.
  private static func header(_ structure: JPEGStructure) throws(ImageError) -> ImageInfo {
    if let process = structure.unsupportedProcess {
      throw ImageError(
        .unsupportedFormat, "\(process) is not read; convert the picture to baseline JPEG or PNG")
    }
    guard structure.width > 0, structure.height > 0 else {
      if structure.endsWithinHeader {
        throw ImageError(.truncated, "the JPEG data ends early, before its frame header")
      }
      throw ImageError(.damaged, "the JPEG has no frame header with a size")
    }
    guard structure.width <= 65500, structure.height <= 65500 else {
      throw ImageError(
        .tooLarge,
        "the JPEG header says \(structure.width)x\(structure.height) pixels; libjpeg reads sides of up to 65500"
      )
    }
    return ImageInfo(
      width: structure.width, height: structure.height, format: .jpeg, orientation: structure.orientation)
  }

  private struct Target {
    var width, height, bytesPerPixel, format: Int32
    var pixels: UnsafeMutableRawPointer

    init(_ info: ImageInfo, _ isCMYK: Bool, _ pixels: UnsafeMutableRawPointer) {
      width = Int32(info.width)
      height = Int32(info.height)
      bytesPerPixel = isCMYK ? 4 : 3
      format = isCMYK ? TurboJPEG.pixelFormatCMYK : TurboJPEG.pixelFormatRGB
      self.pixels = pixels
    }
  }

  // libjpeg warns of lost data and of mere untidiness alike and goes on; only the first warning's text can be had. So
  // the decoder stops at the first, and what cannot have cost pixels is then decoded once more.
  private func decodeWithoutLoss(
    _ bytes: UnsafeRawBufferPointer, _ structure: JPEGStructure, _ target: Target
  ) throws(ImageError) {
    guard var warning = try decompress(bytes, target, stopping: true) else { return }

    if Self.isHarmless(warning), !structure.strayBytes.isEmpty || structure.strangeJFIFVersion != nil {
      // The header's irregularities come first; without them the decoder can speak of the rest.
      guard let next = try decompressTidied(bytes, structure, appending: [], target) else { return }
      warning = next
    }
    if warning.contains("Premature end of JPEG file"), structure.isSingleScan {
      // Perhaps only the end marker is missing: then nothing else is, once it is there.
      if try decompressTidied(bytes, structure, appending: [0xFF, 0xD9], target) == nil { return }
    }
    guard Self.isHarmless(warning) else { throw error(warning) }
    // A later warning would go unheard, so at least the end must be there.
    guard structure.endsWithMarker else { throw error("Premature end of JPEG file, and: \(warning)") }
    _ = try decompress(bytes, target, stopping: false)
  }

  /// Decodes all. Returns the first warning, after which the rest is missing if `stopping`.
  private func decompress(
    _ bytes: UnsafeRawBufferPointer, _ target: Target, stopping: Bool
  ) throws(ImageError) -> String? {
    if hasFailed {
      // What a failure leaves in a handle differs from version to version and would tell in the next picture.
      let fresh = try Self.makeHandle(library)
      _ = library.destroy(handle)
      handle = fresh
      hasFailed = false
    }
    _ = library.setParameter?(handle, TurboJPEG.parameterStopOnWarning, stopping ? 1 : 0)
    let flags = TurboJPEG.accurateDCT | TurboJPEG.limitScans | (stopping ? TurboJPEG.stopOnWarning : 0)
    let status = library.decompress(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), target.pixels, target.width,
      target.width * target.bytesPerPixel, target.height, target.format, flags)
    if status == 0 { return nil }
    hasFailed = true
    let (text, isWarning) = library.lastError(handle)
    guard isWarning else { throw error(text) }
    return text
  }

  // A copy without bytes between segments and with a JFIF version that libjpeg knows.
  private func decompressTidied(
    _ bytes: UnsafeRawBufferPointer, _ structure: JPEGStructure, appending tail: [UInt8], _ target: Target
  ) throws(ImageError) -> String? {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count + tail.count)
    var at = 0
    for range in structure.strayBytes {
      copy += bytes[at..<range.lowerBound]
      at = range.upperBound
    }
    copy += bytes[at...]
    copy += tail
    if let offset = structure.strangeJFIFVersion {
      let removed = structure.strayBytes.reduce(0) { $1.upperBound <= offset ? $0 + $1.count : $0 }
      copy[offset - removed] = 1
    }
    let result: Result<String?, ImageError> = copy.withUnsafeBytes { copy in
      do throws(ImageError) {
        return .success(try decompress(copy, target, stopping: true))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func isHarmless(_ warning: String) -> Bool {
    if let range = warning.firstRange(of: "extraneous bytes") {
      // A handful are padding. Many are coded data that the decoder no longer understood.
      let count = warning[..<range.lowerBound].split(separator: " ").last.flatMap { Int($0) } ?? Int.max
      return count <= 64
    }
    return ["JFIF revision number", "Adobe color transform", "Invalid SOS parameters", "bad ICC marker"]
      .contains { warning.contains($0) }
  }

  private func error(_ text: String) -> ImageError {
    let lowered = text.lowercased()
    for sign in ["premature end", "no image", "empty input", "bogus buffer length"]
    where lowered.contains(sign) {
      return ImageError(.truncated, "the JPEG data ends early (libjpeg: \(text))")
    }
    if lowered.contains("more than") && lowered.contains("scans") {
      return ImageError(
        .damaged, "the JPEG is split into more scans than any picture needs (libjpeg: \(text))")
    }
    if lowered.contains("unsupported") || lowered.contains("arithmetic coding") {
      return ImageError(.unsupportedFormat, "this kind of JPEG is not read (libjpeg: \(text))")
    }
    if lowered.contains("memory allocation") || lowered.contains("insufficient memory") {
      return ImageError(.outOfMemory, "no memory to decode the JPEG (libjpeg: \(text))")
    }
    return ImageError(.damaged, "the JPEG data is damaged (libjpeg: \(text))")
  }
}
