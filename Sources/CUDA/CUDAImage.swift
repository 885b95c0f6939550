/// What can be told of a module's image before the driver gets it.
enum CUDAImage {
  /// Why an image is none that the driver may be given; `nil` for a whole cubin or for text.
  ///
  /// The driver takes no length: a cut-off ELF file would have it read beyond the end. ELF: the 64-bit header of the
  /// System V ABI, little-endian as all of NVIDIA's.
  static func problem(of image: [UInt8]) -> String? {
    guard !image.isEmpty else { return "the image is empty" }
    guard image.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      return image.contains(0) ? "the image is neither a cubin (an ELF file) nor the text of PTX" : nil
    }
    guard image.count >= 64, image[4] == 2, image[5] == 1 else {
      return "the image is no 64-bit little-endian ELF file, or only the beginning of one (\(image.count) bytes)"
    }
    let segments = Table(image, offset: 32, size: 54, count: 56)
    let sections = Table(image, offset: 40, size: 58, count: 60)
    for (table, entry) in [(segments, 56), (sections, 64)] where table.count > 0 {
      guard table.entrySize >= entry, table.fits(in: image) else { return cut(image, "a header table") }
    }
    for base in segments.offsets where !part(image, offset: base + 8, size: base + 32) {
      return cut(image, "a segment")
    }
    for base in sections.offsets {
      let type = read(image, base + 4, 4)
      // 8 is SHT_NOBITS, without bytes in the file; what NVIDIA's own types mean is not published.
      if type != 8, type < 0x6000_0000, !part(image, offset: base + 24, size: base + 32) {
        return cut(image, "a section")
      }
    }
    return nil
  }

  private static func cut(_ image: [UInt8], _ what: String) -> String {
    "the cubin is cut off or damaged: \(what) lies beyond its \(image.count) bytes"
  }

  /// A table of the header: where it begins, and the size and number of its entries.
  private struct Table {
    let start: UInt64
    let entrySize: UInt64
    let count: UInt64

    init(_ image: [UInt8], offset: Int, size: Int, count: Int) {
      start = read(image, offset, 8)
      entrySize = read(image, size, 2)
      self.count = read(image, count, 2)
    }

    func fits(in image: [UInt8]) -> Bool {
      // Two 16-bit factors: no overflow.
      start <= image.count && entrySize * count <= UInt64(image.count) - start
    }

    var offsets: [Int] { (0..<count).map { Int(start + $0 * entrySize) } }
  }

  /// Whether a part lies within the image; the arguments are where its offset and size are written.
  private static func part(_ image: [UInt8], offset: Int, size: Int) -> Bool {
    let (start, count) = (read(image, offset, 8), read(image, size, 8))
    return start <= image.count && count <= UInt64(image.count) - start
  }

  private static func read(_ image: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(image[offset + $1]) << (8 * UInt64($1)) }
  }
}
