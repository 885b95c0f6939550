extension PythonLiteralParser {
  private struct Prefix {
    var length = 0
    var isRaw = false
    var isBytes = false
    var isFormatted = false
  }

  /// Whether a string, with or without prefix letters, starts here.
  func startsString() -> Bool { stringPrefix() != nil }

  private func stringPrefix() -> Prefix? {
    var prefix = Prefix()
    while let letter = byte(at: prefix.length) {
      switch letter | 0x20 {
      case _ where letter == UInt8(ascii: "'") && dialect == .python || letter == UInt8(ascii: "\""):
        return dialect == .python || prefix.length == 0 ? prefix : nil
      case UInt8(ascii: "r"): prefix.isRaw = true
      case UInt8(ascii: "b"): prefix.isBytes = true
      case UInt8(ascii: "f"), UInt8(ascii: "t"): prefix.isFormatted = true
      case UInt8(ascii: "u"): break
      default: return nil
      }
      prefix.length += 1
      if prefix.length > 2 { return nil }
    }
    return nil
  }

  /// One string, or several side by side, which Python joins.
  mutating func parseStrings() throws(PythonLiteralError) -> PythonLiteral {
    var text: [UInt8] = []
    var isBytes: Bool?
    while let prefix = stringPrefix() {
      let start = index
      if prefix.isFormatted { throw failure("a formatted string is not a literal") }
      if let isBytes, isBytes != prefix.isBytes { throw failure("bytes and str do not join") }
      isBytes = prefix.isBytes
      index += prefix.length
      try parseString(isRaw: prefix.isRaw, isBytes: prefix.isBytes, start: start, into: &text)
      if dialect == .json { break }
      let end = index
      skipSpace()
      if stringPrefix() == nil {
        index = end
        break
      }
    }
    guard let isBytes else { throw failure("expected a string, found \(found)") }
    return isBytes ? .bytes(text) : .string(String(decoding: text, as: UTF8.self))
  }

  private mutating func parseString(
    isRaw: Bool, isBytes: Bool, start: Int, into text: inout [UInt8]
  ) throws(PythonLiteralError) {
    guard let quote = current else { throw failure("expected a quote, found the end of the text") }
    let isTriple = dialect == .python && byte(at: 1) == quote && byte(at: 2) == quote
    index += isTriple ? 3 : 1
    while let byte = current {
      if byte == quote, !isTriple || (self.byte(at: 1) == quote && self.byte(at: 2) == quote) {
        index += isTriple ? 3 : 1
        return
      }
      switch byte {
      case UInt8(ascii: "\n") where !isTriple, UInt8(ascii: "\r") where !isTriple:
        throw failure("a line ends inside the string", at: index)
      case 0..<0x20 where dialect == .json:
        throw failure("a JSON string holds no control characters")
      case 0x80... where isBytes:
        throw failure("bytes hold ASCII only")
      case UInt8(ascii: "\\"):
        if isRaw {
          text.append(byte)
          index += 1
          if let next = current {
            text.append(next)
            index += 1
          }
        } else {
          try parseEscape(isBytes: isBytes, into: &text)
        }
      default:
        text.append(byte)
        index += 1
      }
    }
    throw failure("this string is never closed", at: start)
  }

  private mutating func parseEscape(isBytes: Bool, into text: inout [UInt8]) throws(PythonLiteralError) {
    let start = index
    index += 1
    guard let letter = current else { throw failure("the text ends inside an escape", at: start) }
    index += 1
    if dialect == .json {
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"): try appendCodePoint(digitCount: 4, start: start, into: &text)
      default: throw failure("this is not an escape of JSON", at: start)
      }
      return
    }
    switch letter {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "\r"): if current == UInt8(ascii: "\n") { index += 1 }
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(letter)
    case UInt8(ascii: "a"): text.append(0x07)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "v"): text.append(0x0B)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = Int(letter) - 0x30
      var count = 1
      while count < 3, let digit = current?.digitValue, digit < 8 {
        value = value * 8 + digit
        index += 1
        count += 1
      }
      if isBytes {
        text.append(UInt8(truncatingIfNeeded: value))
      } else {
        try append(UInt32(value), start: start, into: &text)
      }
    case UInt8(ascii: "x"):
      let value = try hexadecimal(digitCount: 2, start: start)
      if isBytes { text.append(UInt8(value)) } else { try append(value, start: start, into: &text) }
    case UInt8(ascii: "u") where !isBytes: try appendCodePoint(digitCount: 4, start: start, into: &text)
    case UInt8(ascii: "U") where !isBytes: try appendCodePoint(digitCount: 8, start: start, into: &text)
    case UInt8(ascii: "N") where !isBytes: try appendNamed(start: start, into: &text)
    default:
      // An unknown escape stays as written.
      text.append(UInt8(ascii: "\\"))
      index -= 1
    }
  }

  private mutating func hexadecimal(digitCount: Int, start: Int) throws(PythonLiteralError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digitCount {
      guard let digit = current?.digitValue else {
        throw failure("this escape needs \(digitCount) hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  /// A code point by number. Two escapes that are the halves of a UTF-16 pair become the one they mean.
  private mutating func appendCodePoint(
    digitCount: Int, start: Int, into text: inout [UInt8]
  ) throws(PythonLiteralError) {
    let value = try hexadecimal(digitCount: digitCount, start: start)
    if (0xD800..<0xDC00).contains(value), current == UInt8(ascii: "\\"), byte(at: 1) == UInt8(ascii: "u") {
      let second = index
      index += 2
      let low = try hexadecimal(digitCount: 4, start: second)
      if (0xDC00..<0xE000).contains(low) {
        return try append(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), start: start, into: &text)
      }
      index = second
    }
    try append(value, start: start, into: &text)
  }

  private func append(_ value: UInt32, start: Int, into text: inout [UInt8]) throws(PythonLiteralError) {
    guard let scalar = Unicode.Scalar(value) else {
      let number = String(value, radix: 16, uppercase: true)
      throw failure("U+\(number) is no character by itself", at: start)
    }
    text += UTF8.encode(scalar).map(Array.init) ?? []
  }

  private mutating func appendNamed(start: Int, into text: inout [UInt8]) throws(PythonLiteralError) {
    namedEscapeCount += 1
    guard namedEscapeCount <= 16 else { throw failure("more than 16 characters by name", at: start) }
    guard current == UInt8(ascii: "{"),
      let close = bytes[index..<min(index + 128, bytes.count)].firstIndex(of: UInt8(ascii: "}"))
    else { throw failure("expected a character's name in braces", at: start) }
    let name = String(decoding: bytes[(index + 1)..<close], as: UTF8.self).uppercased()
    index = close + 1
    // Ideographs are named after their code points; without them few enough characters are left to walk over.
    let ideograph = "CJK UNIFIED IDEOGRAPH-"
    if name.hasPrefix(ideograph), let value = UInt32(name.dropFirst(ideograph.count), radix: 16),
      Unicode.Scalar(value)?.properties.name == name
    {
      return try append(value, start: start, into: &text)
    }
    for range in [0x20...0x33FF, 0xA000...0x1FFFF, 0xE0000...0xE01EF] as [ClosedRange<UInt32>] {
      for value in range {
        guard let properties = Unicode.Scalar(value)?.properties else { continue }
        if properties.name == name || properties.nameAlias == name {
          return try append(value, start: start, into: &text)
        }
      }
    }
    throw failure("there is no character named \"\(name)\"", at: start)
  }
}
