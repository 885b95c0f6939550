internal import Synchronization

/// Text as coverage: one byte a pixel, 0 outside the letters, 255 inside.
struct TextMask: Sendable {
  var width = 0
  var height = 0
  var coverage: [UInt8] = []
}

/// Renders single lines of text through libvips (Pango, FreeType) and keeps what it rendered: labels repeat.
///
/// All lines of one size have one height, from the top of a bar to the bottom of its descent, so their baselines agree.
final class TextRenderer: Sendable {
  private struct Key: Hashable {
    var text: String
    var size: Int
  }

  // About 16 MB; then everything is forgotten. A model has few classes and a hundred confidences.
  private static let mostPixels = 16_000_000
  private let cache = Mutex<(masks: [Key: TextMask], pixels: Int)>(([:], 0))
  private let font: String

  init(font: String) { self.font = font }

  /// The mask of a line at a size in pixels.
  ///
  /// - Throws: ``ImageError`` with code `decoderUnavailable` where libvips or its text renderer is missing, or
  ///   `encodingFailed` where it fails.
  func mask(_ text: String, size: Int) throws(ImageError) -> TextMask {
    let key = Key(text: text, size: size)
    if let known = cache.withLock({ $0.masks[key] }) { return known }
    let mask = try render(text, size)
    cache.withLock { cache in
      if cache.pixels > Self.mostPixels { cache = ([:], 0) }
      if cache.masks.updateValue(mask, forKey: key) == nil { cache.pixels += mask.coverage.count }
    }
    return mask
  }

  private func render(_ text: String, _ size: Int) throws(ImageError) -> TextMask {
    let vips = try Vips.shared.get()
    guard vips.hasOperation("text") else {
      throw ImageError(
        .decoderUnavailable,
        "labels need libvips' text renderer, which this libvips was built without; install "
          + "Debian's or Ubuntu's, or draw without labels")
    }
    // An invisible bar before the text gives every line the same height; its columns are empty and trimmed.
    let markup = "<span alpha=\"1\">|</span>" + Self.escaped(text)
    return try vips.withErrors { () throws(ImageError) -> TextMask? in
      guard let image = vips.rendered(markup: markup, font: "\(font) \(size)px", dotsPerInch: 72) else {
        return nil
      }
      defer { vips.unreference(image) }
      let (width, height) = (Int(vips.width(image)), Int(vips.height(image)))
      guard vips.bands(image) == 1, vips.bandFormat(image) == 0, let region = vips.makeRegion(image) else {
        return nil
      }
      defer { vips.unreference(region) }
      var count = 0
      guard let bytes = vips.fetch(region, 0, 0, Int32(width), Int32(height), &count) else { return nil }
      defer { vips.release(bytes) }
      guard count >= width * height else { return nil }
      return Self.trimmed(UnsafeRawBufferPointer(start: bytes, count: width * height), width, height)
    } orThrow: { reason in
      ImageError(.encodingFailed, "the label \"\(text)\" could not be rendered (libvips: \(reason))")
    }
  }

  private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ width: Int, _ height: Int) -> TextMask {
    func isEmpty(_ column: Int) -> Bool { (0..<height).allSatisfy { bytes[$0 * width + column] < 8 } }
    guard let first = (0..<width).first(where: { !isEmpty($0) }),
      let last = (0..<width).last(where: { !isEmpty($0) })
    else { return TextMask(width: 0, height: height) }
    var mask = TextMask(width: last - first + 1, height: height)
    mask.coverage.reserveCapacity(mask.width * height)
    for row in 0..<height { mask.coverage += bytes[row * width + first...row * width + last] }
    return mask
  }

  // Pango's markup, on one line.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default:
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        let breaksLine = [0x2028, 0x2029, 0xFFFE, 0xFFFF].contains(scalar.value)
        result.unicodeScalars.append(isControl || breaksLine ? " " : scalar)
      }
    }
    return result
  }
}
