internal import CImaging
internal import CVips
internal import DynamicLibrary

/// Decodes one picture through libvips: strips of rows are fetched by the calling thread and become 8-bit RGB.
///
/// Alpha is dropped, not composited, as OpenCV's `IMREAD_COLOR` does; 16-bit samples are shifted right by 8, as there;
/// grey is repeated; of animations and multi-page files the first picture is taken; colour profiles are ignored, as
/// Pillow and OpenCV ignore them.
struct VipsDecoding {
  let vips: Vips
  let format: ImageFormat

  init(_ format: ImageFormat) throws(ImageError) {
    vips = try Vips.shared.get()
    self.format = format
  }

  /// The loader of each format that libvips reads for us.
  static func loader(_ format: ImageFormat) -> String? {
    switch format {
    case .jpeg, .bmp, .gif, .pnm: nil
    case .png: "pngload_buffer"
    case .webp: "webpload_buffer"
    case .tiff: "tiffload_buffer"
    case .heic, .avif: "heifload_buffer"
    case .jpeg2000: "jp2kload_buffer"
    case .jpegXL: "jxlload_buffer"
    }
  }

  func probe(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> ImageInfo {
    try opened(bytes, DecodingOptions(maximumPixels: .max)) { (_, info) throws(ImageError) in info }
  }

  /// The stored picture, not yet upright, into `image`.
  func decode(
    _ bytes: UnsafeRawBufferPointer, _ options: DecodingOptions, into image: PixelBuffer
  ) throws(ImageError) -> ImageInfo {
    try opened(bytes, options) { (source, info) throws(ImageError) in
      try image.resize(width: info.width, height: info.height)
      return try copyPixels(of: source, to: image) ? info : nil
    }
  }

  // Opening reads the header only. `body` returns nil where libvips failed.
  private func opened<Value>(
    _ bytes: UnsafeRawBufferPointer, _ options: DecodingOptions,
    _ body: (Vips.Object, ImageInfo) throws(ImageError) -> Value?
  ) throws(ImageError) -> Value {
    guard let name = Self.loader(format), let load = vips.address("vips_" + name), vips.hasOperation(name)
    else {
      throw ImageError(
        .decoderUnavailable,
        "this libvips (\(vips.library.path)) was built without its \(format) loader; install one that has "
          + "\(Self.loader(format) ?? "it") or convert the picture")
    }
    return try vips.withErrors { () throws(ImageError) -> Value? in
      var image: Vips.Object?
      guard let start = bytes.baseAddress else { return nil }
      let status = swoop_vips_load_buffer(load, start, bytes.count, &image)
      defer { if let image { vips.unreference(image) } }
      guard status == 0, let image else { return nil }
      // The transformations of these formats are part of the picture, and decoders have applied them; EXIF data that
      // says it again would turn the picture twice.
      let isUpright = [.heic, .avif, .jpegXL, .jpeg2000].contains(format)
      let info = ImageInfo(
        width: Int(vips.width(image)), height: Int(vips.height(image)), format: format,
        orientation: isUpright ? 1 : Int(vips.orientation(image)))
      try options.check(info.width, info.height, format)
      return try body(image, info)
    } orThrow: { reason in
      failure(reason, isCutShort: Truncation.isCutShort(bytes, format))
    }
  }

  // False where libvips failed.
  private func copyPixels(of stored: Vips.Object, to image: PixelBuffer) throws(ImageError) -> Bool {
    var source = stored
    var converted: Vips.Object?
    defer { if let converted { vips.unreference(converted) } }
    if Interpretation.needsConversion(vips.interpretation(stored)) {
      converted = vips.converted(stored, toSpace: Interpretation.sRGB)
      guard let converted else { return false }
      source = converted
    }
    let bands = Int(vips.bands(source))
    let isCMYK = vips.interpretation(source) == Interpretation.cmyk && bands >= 4
    let sampleBytes: Int
    switch vips.bandFormat(source) {
    case 0: sampleBytes = 1
    case 2 where !isCMYK: sampleBytes = 2
    case let other:
      throw ImageError(
        .unsupportedFormat,
        "\(format) with \(bands) bands of \(Self.sampleName(other)) is not read; convert it to 8 or 16 bits a sample"
      )
    }
    guard bands >= 1, let region = vips.makeRegion(source) else { return false }
    defer { vips.unreference(region) }

    let width = image.width
    let rowBytes = width * bands * sampleBytes
    // As many rows as the tiles and strips that files are cut into usually have. No more where rows are short: libvips
    // keeps a list of the lines of one request, and the time grows with its length squared.
    let rows = min(max(16, (32 << 20) / rowBytes), 256)
    for top in stride(from: 0, to: image.height, by: rows) {
      let count = min(rows, image.height - top)
      var size = 0
      let strip = vips.fetch(region, 0, Int32(top), Int32(width), Int32(count), &size)
      guard let strip, size >= rowBytes * count else { return false }
      defer { vips.release(strip) }
      let out = image.base + top * image.bytesPerRow
      if isCMYK {
        swoop_rgb_from_cmyk(strip.assumingMemoryBound(to: UInt8.self), bands, 0, width * count, out)
      } else if sampleBytes == 1 {
        swoop_rgb_from_bytes(strip.assumingMemoryBound(to: UInt8.self), bands, width * count, out)
      } else {
        swoop_rgb_from_words(strip.assumingMemoryBound(to: UInt16.self), bands, width * count, out)
      }
    }
    return true
  }

  private func failure(_ reason: String, isCutShort: Bool) -> ImageError {
    let lowered = reason.lowercased()
    let signsOfTruncation = [
      "truncated", "premature", "unexpected end", "end of file", "too short", "seek error",
      "can not read tiff directory",
      "got 0 bytes, expected", "read error at",
    ]
    if lowered.contains("out of memory") {
      return ImageError(.outOfMemory, "no memory to decode the \(format) (libvips: \(reason))")
    }
    if isCutShort || signsOfTruncation.contains(where: { lowered.contains($0) }) {
      return ImageError(.truncated, "the \(format) data ends early (libvips: \(reason))")
    }
    if lowered.contains("unsupported") || lowered.contains("not supported")
      || lowered.contains("no decoding plugin")
    {
      return ImageError(.unsupportedFormat, "this kind of \(format) is not read (libvips: \(reason))")
    }
    return ImageError(.damaged, "the \(format) data is damaged (libvips: \(reason))")
  }

  private static func sampleName(_ format: Int32) -> String {
    let names = [
      1: "signed 8-bit integers", 2: "16-bit integers", 3: "signed 16-bit integers", 4: "32-bit integers",
      5: "signed 32-bit integers", 6: "32-bit floats", 7: "complex numbers", 8: "64-bit floats",
      9: "double complex numbers",
    ]
    return names[Int(format)] ?? "an unknown type (\(format))"
  }

  // libvips' VipsInterpretation: what the bands mean.
  private enum Interpretation {
    static let cmyk: Int32 = 15
    static let sRGB: Int32 = 22

    // Spaces whose bands are not red, green and blue, nor grey: XYZ, LAB and their relatives, HSV, scRGB.
    static func needsConversion(_ interpretation: Int32) -> Bool {
      [12, 13, 16, 18, 19, 20, 21, 23, 27, 28, 29].contains(interpretation)
    }
  }
}
