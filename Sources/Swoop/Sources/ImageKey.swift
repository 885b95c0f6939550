/// How the key of an image is made from its path: text that is the same on every machine and different for every file.
///
/// - A key is the path of the image relative to its source: `a/b.jpg` for `photos/a/b.jpg` of the source `photos/`.
///   With several sources it is relative to the deepest folder that holds them all, so `train/images val/images` gives
///   `train/images/1.jpg` and `val/images/1.jpg`. A file's folder, an archive, the fixed part of a glob and the working
///   folder (for lists) count as what is held. See ``ImageSources``.
/// - Components are joined by `/`; none is empty, `.` or `..`. A `..` that cannot be avoided is written `\x2e\x2e`, and
///   the `/` at the start of a path that is outside the common folder is written `\x2f`.
/// - A key is valid UTF-8. Bytes of names that are not, and control characters (U+0000 to U+001F, U+007F to U+009F),
///   are written `\xNN`, a byte each, as Python's `backslashreplace` does. A backslash stays as it is unless it would
///   read as such an escape; then it is written `\x5c`. Hence two different names never give the same key.
public enum ImageKey {
  /// Bytes as text by the rules for keys, without looking at components.
  package static func escaped(_ bytes: some Collection<UInt8>) -> String {
    if let text = plain(bytes) { return text }
    let all = Array(bytes)
    var result = ByteBuffer(capacity: all.count * 2)
    var position = 0
    while position < all.count {
      var iterator = all[position...].makeIterator()
      var parser = Unicode.UTF8.ForwardParser()
      let length: Int
      var keeps = false
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        length = encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        keeps = !isControl(scalar) && !(scalar == "\\" && readsAsEscape(all[position...]))
      case .error(let count): length = max(1, count)
      case .emptyInput: length = 1
      }
      for byte in all[position..<min(position + length, all.count)] {
        if keeps {
          result.append(byte: byte)
        } else {
          result.append("\\x")
          result.append(hexadecimal: byte)
        }
      }
      position += length
    }
    return result.text
  }

  /// The text of bytes that need no escaping, which nearly all names are.
  private static func plain(_ bytes: some Collection<UInt8>) -> String? {
    for byte in bytes {
      // 0xC2 starts the control characters U+0080 to U+009F, and harmless ones; the slow way tells them apart.
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") || byte == 0xC2 { return nil }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  /// Whether the bytes begin with `\x` and two hexadecimal digits.
  private static func readsAsEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
    let next = bytes.dropFirst().prefix(3)
    return next.count == 3 && next.first == UInt8(ascii: "x")
      && next.dropFirst().allSatisfy { $0 < 0x80 && Character(UnicodeScalar($0)).isHexDigit }
  }

  /// The key of a path below a prefix.
  ///
  /// - Parameters:
  ///   - prefix: the key of the folder that the path is relative to; empty for the common folder itself.
  ///   - path: what is below it. Empty and `.` components are left out; `..` is escaped, and so is a `/` at the start.
  package static func make(prefix: String, path: some Collection<UInt8>) -> String {
    var result = prefix
    if path.first == UInt8(ascii: "/") {
      if !result.isEmpty { result += "/" }
      result += "\\x2f"
    } else if !result.isEmpty {
      result += "/"
    }
    if isNormal(path) { return result + escaped(path) }
    var isFirst = true
    for component in path.split(separator: UInt8(ascii: "/")) {
      if component.elementsEqual(".".utf8) { continue }
      if !isFirst { result += "/" }
      isFirst = false
      result += component.elementsEqual("..".utf8) ? "\\x2e\\x2e" : escaped(component)
    }
    return result
  }

  /// Whether no component is empty, `.` or `..`, which a walk's paths never have.
  private static func isNormal(_ path: some Collection<UInt8>) -> Bool {
    var length = 0
    var dots = 0
    for byte in path {
      if byte == UInt8(ascii: "/") {
        if length == dots, length <= 2 { return false }
        length = 0
        dots = 0
      } else {
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return !(length == dots && length <= 2)
  }
}
