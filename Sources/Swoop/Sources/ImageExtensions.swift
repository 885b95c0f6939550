/// The file name extensions of images: the one place where they are listed.
public enum ImageExtensions {
  /// In lower case, without the dot. A name's extension is compared in any case of letters.
  ///
  /// Formats that the decoders read on every machine come first; the others depend on how libvips was built, and
  /// images that it cannot read become failed records.
  public static let all: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "mpo", "png", "webp", "bmp", "dib", "tif", "tiff", "gif",
    "heic", "heif", "hif", "avif", "jp2", "j2k", "jpx", "jxl", "pnm", "ppm", "pgm", "pbm", "pam", "pfm",
  ]

  /// The extensions as an error shows them.
  public static let shown =
    ".jpg .jpeg .png .webp .bmp .tif .tiff .gif .heic .heif .avif .jp2 .ppm and others"

  /// A name without its image extension, and that extension as it is written; the whole name and `nil` where it has
  /// none, or nothing before it.
  static func split(_ name: String) -> (stem: String, ending: String?) {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return (name, nil)
    }
    let ending = name[name.utf8.index(after: dot)...]
    guard all.contains(ending.lowercased()) else { return (name, nil) }
    return (String(name[..<dot]), String(ending))
  }

  /// Whether a file name, as bytes, has an image extension with something before it.
  package static func contains(nameBytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var packedEnding: UInt64 = 0
    var position = nameBytes.count - 1
    // Eight bytes fit the packed form, and no extension is longer.
    while position > 0, nameBytes.count - position <= 9 {
      let byte = nameBytes[position]
      if byte == UInt8(ascii: ".") { return packed.contains(packedEnding) }
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      packedEnding = packedEnding << 8 | UInt64(isUpper ? byte | 0x20 : byte)
      position -= 1
    }
    return false
  }

  // Each extension as a number, its last letter highest, so that no string is made for every name in a folder.
  private static let packed: Set<UInt64> = Set(
    all.map { ending in ending.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) } })
}
