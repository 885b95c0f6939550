extension ByteBuffer {
  /// Text as the content of an HTML element or of a quoted attribute. Controls that change the direction of what follows
  /// are shown as a replacement character, since names of files come from anywhere.
  package mutating func append(html text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append("&amp;")
      case "<": append("&lt;")
      case ">": append("&gt;")
      case "\"": append("&quot;")
      case "'": append("&#39;")
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}", "\u{200F}", "\u{0}"..."\u{8}",
        "\u{E}"..."\u{1F}",
        "\u{7F}"..."\u{9F}":
        append("\u{FFFD}")
      default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// Bytes as base64, for a `data:` address.
  package mutating func append(base64 data: [UInt8]) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var position = 0
    while position < data.count {
      let left = data.count - position
      let first = data[position]
      let second = left > 1 ? data[position + 1] : 0
      let third = left > 2 ? data[position + 2] : 0
      append(byte: alphabet[Int(first >> 2)])
      append(byte: alphabet[Int(first & 3) << 4 | Int(second >> 4)])
      append(byte: left > 1 ? alphabet[Int(second & 15) << 2 | Int(third >> 6)] : UInt8(ascii: "="))
      append(byte: left > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
      position += 3
    }
  }
}
