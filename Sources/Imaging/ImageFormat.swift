/// A picture file format, told from the bytes and never from a name.
public enum ImageFormat: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  case jpeg, png, webp, gif, tiff, bmp, heic, avif, jpeg2000, jpegXL, pnm

  /// The name that people use.
  public var description: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .gif: "GIF"
    case .tiff: "TIFF"
    case .bmp: "BMP"
    case .heic: "HEIC"
    case .avif: "AVIF"
    case .jpeg2000: "JPEG 2000"
    case .jpegXL: "JPEG XL"
    case .pnm: "PNM"
    }
  }

  /// The usual endings of file names, in lower case.
  public var fileExtensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif", "mpo"]
    case .png: ["png"]
    case .webp: ["webp"]
    case .gif: ["gif"]
    case .tiff: ["tif", "tiff"]
    case .bmp: ["bmp", "dib"]
    case .heic: ["heic", "heif"]
    case .avif: ["avif"]
    case .jpeg2000: ["jp2", "j2k", "jpc", "j2c"]
    case .jpegXL: ["jxl"]
    case .pnm: ["pnm", "ppm", "pgm", "pbm"]
    }
  }

  /// The format that the first bytes announce.
  ///
  /// - Throws: ``ImageError`` with code `empty`, `unsupportedFormat` for pictures that are not read here, or `notAnImage`
  ///   with what the bytes look like instead.
  public static func recognise(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> ImageFormat {
    guard bytes.count > 0 else { throw ImageError(.empty, "the file has no bytes") }
    if let format = signature(bytes) { return format }
    if let other = otherImage(bytes) {
      throw ImageError(.unsupportedFormat, "this is \(other), which is not read; convert it to JPEG or PNG")
    }
    if let content = otherContent(bytes) {
      throw ImageError(.notAnImage, "this is \(content), not a picture")
    }
    let shown = bytes.prefix(8).map { hex($0) }.joined(separator: " ")
    throw ImageError(
      .notAnImage, "the \(bytes.count) bytes are of no known picture format; they start with \(shown)")
  }

  private static func signature(_ b: UnsafeRawBufferPointer) -> ImageFormat? {
    if b.has([0xFF, 0xD8, 0xFF]) { return .jpeg }
    if b.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if b.has("RIFF") && b.has("WEBP", at: 8) { return .webp }
    if b.has("GIF87a") || b.has("GIF89a") { return .gif }
    // Little- and big-endian TIFF, then BigTIFF.
    if b.has([0x49, 0x49, 42, 0]) || b.has([0x4D, 0x4D, 0, 42]) { return .tiff }
    if b.has([0x49, 0x49, 43, 0]) || b.has([0x4D, 0x4D, 0, 43]) { return .tiff }
    if b.has("BM") && BMPDecoder.isPlausible(b) { return .bmp }
    if b.has([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]) || b.has([0xFF, 0x4F, 0xFF, 0x51]) { return .jpeg2000 }
    if b.has([0xFF, 0x0A]) || b.has([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20]) { return .jpegXL }
    if b.count > 3, b[0] == UInt8(ascii: "P"), (0x31...0x36).contains(b[1]), b[2] == 0x23 || isBlank(b[2]) {
      return .pnm
    }
    if b.has("ftyp", at: 4) {
      let brands = brands(b)
      if brands.contains(where: { ["avif", "avis"].contains($0) }) { return .avif }
      if brands.contains(where: {
        ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"].contains($0)
      }) {
        return .heic
      }
    }
    return nil
  }

  // The brands of an ISO media file: AVIF files name mif1 too, and HEIC files may name it first.
  private static func brands(_ b: UnsafeRawBufferPointer) -> [String] {
    let size = b.count >= 8 ? (0..<4).reduce(0) { $0 << 8 | Int(b[$1]) } : 0
    let end = min(size, b.count, 256)
    var brands: [String] = []
    for at in stride(from: 8, to: end - 3, by: 4) where at != 12 {
      brands.append(String(decoding: b[at..<at + 4], as: UTF8.self))
    }
    return brands
  }

  private static func otherImage(_ b: UnsafeRawBufferPointer) -> String? {
    if b.has("8BPS") { return "a Photoshop document" }
    if b.has([0, 0, 1, 0]) { return "a Windows icon" }
    if b.has([0x76, 0x2F, 0x31, 0x01]) { return "an OpenEXR picture" }
    if b.has("#?RADIANCE") || b.has("#?RGBE") { return "a Radiance HDR picture" }
    if b.has("SIMPLE  =") { return "a FITS picture" }
    if b.has("DICM", at: 128) { return "a DICOM file" }
    if b.has("DDS ") { return "a DirectDraw surface" }
    if b.has("FUJIFILMCCD-RAW") { return "a camera's raw file" }
    if b.has("PF\n") || b.has("Pf\n") || b.has("P7\n") { return "a PFM or PAM picture" }
    if startsText(b, ["<svg"]) || (startsText(b, ["<?xml"]) && b.prefix(1024).contains("<svg")) {
      return "an SVG drawing"
    }
    return nil
  }

  private static func otherContent(_ b: UnsafeRawBufferPointer) -> String? {
    if startsText(b, ["<!doctype html", "<html", "<head", "<body"]) {
      return "a web page (an error page saved in place of a picture?)"
    }
    if startsText(b, ["<?xml"]) { return "an XML document" }
    if b.has("%PDF") { return "a PDF document" }
    if b.has("ftyp", at: 4) || b.has("moov", at: 4) || b.has("mdat", at: 4) {
      return "a video (MP4 or QuickTime)"
    }
    if b.has([0x1A, 0x45, 0xDF, 0xA3]) { return "a video (Matroska or WebM)" }
    if b.has("RIFF") { return b.has("AVI ", at: 8) ? "a video (AVI)" : "a RIFF file that is not WebP" }
    if b.has([0, 0, 1, 0xBA]) || b.has([0, 0, 1, 0xB3]) { return "a video (MPEG)" }
    if b.has("PK\u{3}\u{4}") { return "a ZIP archive" }
    if b.has([0x1F, 0x8B]) { return "a gzip file" }
    if b.has("ustar", at: 257) { return "a tar archive" }
    if b.has([0x7F]) && b.has("ELF", at: 1) { return "a program" }
    if b.has("version https://git-lfs") { return "a Git LFS pointer: the picture itself was not downloaded" }
    if b.prefix(64).allSatisfy({ $0 == 0 }) {
      return "a file that starts with zeros (lost in a crash or a bad copy?)"
    }
    let start = b.prefix(512)
    if start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || isBlank($0) }),
      String(validating: start.prefix(while: { $0 < 0x80 }), as: UTF8.self) != nil, start[0] < 0x80
    {
      return "text"
    }
    return nil
  }

  // Whether the text starts so, whatever the case of its letters, after a byte order mark and blanks.
  private static func startsText(_ b: UnsafeRawBufferPointer, _ starts: [String]) -> Bool {
    var at = b.has([0xEF, 0xBB, 0xBF]) ? 3 : 0
    while at < b.count, isBlank(b[at]) { at += 1 }
    let text = b[at..<min(at + 16, b.count)].map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    return starts.contains { text.starts(with: $0.utf8) }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these bytes are at an offset.
  func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
    offset + bytes.count <= count && bytes.indices.allSatisfy { self[offset + $0] == bytes[$0] }
  }

  func has(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate func contains(_ text: String) -> Bool {
    let text = Array(text.utf8)
    guard count >= text.count else { return false }
    return (startIndex...(endIndex - text.count)).contains { at in
      text.indices.allSatisfy { self[at + $0] == text[$0] }
    }
  }
}
