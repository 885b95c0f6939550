/// How much room text takes in a drawing, estimated: fonts are known only where a drawing is shown.
///
/// The estimate is for DejaVu Sans, which is wider than what browsers usually take, so text that fits here fits there.
package enum TextWidth {
  /// Units for a text of a size, both in units of the drawing.
  package static func of(_ text: String, size: Double = 12) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * size
  }

  /// The two ends of a text, with an ellipsis between them, where the whole does not fit: names that begin alike often
  /// differ at their ends.
  package static func shortened(_ text: String, to width: Double, size: Double = 12) -> String {
    guard of(text, size: size) > width else { return text }
    let room = width - of("…", size: size)
    var head = ""
    var tail: [Character] = []
    var used = 0.0
    for character in text {
      used += of(String(character), size: size)
      if used > room * 0.6 { break }
      head.append(character)
    }
    used = of(head, size: size)
    for character in text.dropFirst(head.count).reversed() {
      used += of(String(character), size: size)
      if used > room { break }
      tail.append(character)
    }
    return head + "…" + String(tail.reversed())
  }

  // Parts of the font's size.
  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", " ", "!": 0.34
    case "f", "t", "r", "(", ")", "[", "]", "/", "-", "J": 0.42
    case "m", "w", "M", "W", "…", "@", "%": 0.99
    case "A"..."Z", "&", "#", "+", "=", "<", ">": 0.84
    case "0"..."9", "a"..."z": 0.635
    case "\u{1100}"..."\u{115F}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}", "\u{F900}"..."\u{FAFF}",
      "\u{FE30}"..."\u{FE6F}", "\u{FF00}"..."\u{FF60}", "\u{1F000}"..."\u{3FFFD}":
      1.05
    // Marks are drawn over the letter before them.
    case "\u{300}"..."\u{36F}", "\u{200B}"..."\u{200D}", "\u{FE00}"..."\u{FE0F}": 0
    default: 0.7
    }
  }
}
