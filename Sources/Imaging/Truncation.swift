/// Tells a picture that ends early from a damaged one by the sizes that its parts announce. Consulted only after a
/// decoder has failed, for the right word; decoders do not say it reliably.
enum Truncation {
  static func isCutShort(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat) -> Bool {
    switch format {
    case .png: chunksRunOut(bytes)
    case .webp: number(bytes, 4, 4, bigEndian: false).map { bytes.count < $0 + 8 } ?? true
    case .heic, .avif, .jpeg2000, .jpegXL: boxesRunOut(bytes)
    default: false
    }
  }

  // Length, name, body, checksum; the last is IEND.
  private static func chunksRunOut(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = 8
    while let length = number(bytes, at, 4, bigEndian: true) {
      if bytes.has("IEND", at: at + 4) { return false }
      at += 12 + length
    }
    return true
  }

  // Boxes of ISO media files: length with itself, name, body; length 0 reaches to the end, length 1 is not told apart.
  // The coded pixels are in one of the named boxes; a cut at the end of another leaves them out.
  private static func boxesRunOut(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    var hasPixels = false
    while at < bytes.count {
      guard let length = number(bytes, at, 4, bigEndian: true) else { return true }
      if length < 8 { return false }
      hasPixels =
        hasPixels || ["mdat", "idat", "jp2c", "jxlc", "jxlp"].contains { bytes.has($0, at: at + 4) }
      at += length
    }
    return at > bytes.count || !hasPixels
  }

  private static func number(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ size: Int, bigEndian: Bool
  ) -> Int? {
    guard offset + size <= bytes.count else { return nil }
    return (0..<size).reduce(0) { $0 << 8 | Int(bytes[offset + (bigEndian ? $1 : size - 1 - $1)]) }
  }
}
