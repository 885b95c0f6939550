/// Reads Windows and OS/2 bitmaps: 1, 2, 4, 8, 16, 24 and 32 bits a pixel, palettes, bit fields, run-length coding, rows
/// from either end. Alpha is dropped. libvips would hand these files to ImageMagick; they are simple enough not to.
struct BMPDecoder {
  let info: ImageInfo

  private let bytes: UnsafeRawBufferPointer
  private let bitsPerPixel: Int
  private let isTopDown: Bool
  private let compression: Compression
  private let pixelOffset: Int
  private let palette: [(UInt8, UInt8, UInt8)]
  private let masks: [UInt32]

  private enum Compression {
    case none, runLength8, runLength4
  }

  /// Whether the bytes after `BM` can be a bitmap's: a known header size.
  static func isPlausible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let size = number(bytes, 14, 4) else { return bytes.count < 18 }
    return size == 12 || size == 16 || (40...256).contains(size)
  }

  /// Reads the headers.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    func field(_ offset: Int, _ size: Int) throws(ImageError) -> Int {
      guard let value = Self.number(bytes, offset, size) else {
        throw ImageError(.truncated, "the BMP has \(bytes.count) bytes and ends within its header")
      }
      return value
    }
    let headerSize = try field(14, 4)
    let width: Int
    var height: Int
    var paletteCount = 0
    var method = 0
    if headerSize == 12 {
      width = try field(18, 2)
      height = try field(20, 2)
      bitsPerPixel = try field(24, 2)
    } else {
      width = Int(Int32(truncatingIfNeeded: try field(18, 4)))
      height = Int(Int32(truncatingIfNeeded: try field(22, 4)))
      bitsPerPixel = try field(28, 2)
      if headerSize >= 40 {
        method = try field(30, 4)
        paletteCount = try field(46, 4)
      }
    }
    isTopDown = height < 0
    height = abs(height)
    guard width > 0, height > 0 else {
      throw ImageError(.damaged, "the BMP header says \(width)x\(height) pixels")
    }
    info = ImageInfo(width: width, height: height, format: .bmp, orientation: 1)

    // Bit fields follow a 40-byte header and are part of longer ones.
    var fieldBytes = 0
    switch (method, bitsPerPixel) {
    case (0, 1), (0, 2), (0, 4), (0, 8), (0, 24):
      compression = .none
      masks = []
    case (0, 16):
      compression = .none
      masks = [0x7C00, 0x03E0, 0x001F]
    case (0, 32):
      compression = .none
      masks = [0x00FF_0000, 0x0000_FF00, 0x0000_00FF]
    case (3, 16), (3, 32), (6, 16), (6, 32):
      compression = .none
      if headerSize == 40 { fieldBytes = method == 6 ? 16 : 12 }
      var read: [UInt32] = []
      for index in 0..<3 { read.append(UInt32(try field(54 + 4 * index, 4))) }
      masks = read
    case (1, 8):
      compression = .runLength8
      masks = []
    case (2, 4):
      compression = .runLength4
      masks = []
    default:
      throw ImageError(
        .unsupportedFormat, "BMP with \(bitsPerPixel) bits a pixel and compression \(method) is not read")
    }

    let paletteStart = 14 + headerSize + fieldBytes
    let entrySize = headerSize == 12 ? 3 : 4
    pixelOffset = try field(10, 4)
    var palette: [(UInt8, UInt8, UInt8)] = []
    if bitsPerPixel <= 8 {
      let most = 1 << bitsPerPixel
      var count = paletteCount == 0 || paletteCount > most ? most : paletteCount
      // Old writers count wrongly; what lies before the pixels is the palette.
      if pixelOffset > paletteStart { count = min(count, (pixelOffset - paletteStart) / entrySize) }
      for index in 0..<count {
        let at = paletteStart + entrySize * index
        guard at + 3 <= bytes.count else {
          throw ImageError(.truncated, "the BMP has \(bytes.count) bytes and ends within its palette")
        }
        palette.append((bytes[at + 2], bytes[at + 1], bytes[at]))
      }
      // A pixel may name a colour that is not there: black.
      while palette.count < most { palette.append((0, 0, 0)) }
    }
    self.palette = palette
  }

  func decode(_ options: DecodingOptions, into image: PixelBuffer) throws(ImageError) -> ImageInfo {
    try options.check(info.width, info.height, .bmp)
    if compression == .none {
      // Checked before memory is taken: a tiny file must not cost half a gigabyte.
      let rowBytes = (info.width * bitsPerPixel + 31) / 32 * 4
      let needed = pixelOffset + rowBytes * (info.height - 1) + (info.width * bitsPerPixel + 7) / 8
      guard bytes.count >= needed else {
        throw ImageError(.truncated, "the BMP has \(bytes.count) bytes; its header and pixels need \(needed)")
      }
      try image.resize(width: info.width, height: info.height)
      for y in 0..<info.height { readRow(y, rowBytes, into: image) }
    } else {
      try image.resize(width: info.width, height: info.height)
      try readRuns(into: image)
    }
    return info
  }

  private func row(_ y: Int, of image: PixelBuffer) -> UnsafeMutablePointer<UInt8> {
    image.base + (isTopDown ? y : info.height - 1 - y) * image.bytesPerRow
  }

  private func put(_ colour: (UInt8, UInt8, UInt8), _ x: Int, _ row: UnsafeMutablePointer<UInt8>) {
    row[3 * x] = colour.0
    row[3 * x + 1] = colour.1
    row[3 * x + 2] = colour.2
  }

  private func readRow(_ y: Int, _ rowBytes: Int, into image: PixelBuffer) {
    let out = row(y, of: image)
    let start = pixelOffset + y * rowBytes
    switch bitsPerPixel {
    case 24:
      for x in 0..<info.width {
        let at = start + 3 * x
        put((bytes[at + 2], bytes[at + 1], bytes[at]), x, out)
      }
    case 16, 32:
      let size = bitsPerPixel / 8
      let scales = masks.map(Channel.init)
      for x in 0..<info.width {
        var pixel: UInt32 = 0
        for i in 0..<size { pixel |= UInt32(bytes[start + size * x + i]) << UInt32(8 * i) }
        put((scales[0].value(pixel), scales[1].value(pixel), scales[2].value(pixel)), x, out)
      }
    default:
      let perByte = 8 / bitsPerPixel
      for x in 0..<info.width {
        let shift = 8 - bitsPerPixel * (x % perByte + 1)
        put(palette[Int(bytes[start + x / perByte]) >> shift & ((1 << bitsPerPixel) - 1)], x, out)
      }
    }
  }

  /// One channel of a bit field, widened to 8 bits: value * 255 / maximum, rounded down, as Pillow does.
  private struct Channel {
    let mask: UInt32
    let shift: UInt32
    let maximum: UInt64

    init(_ mask: UInt32) {
      self.mask = mask
      shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount)
      maximum = UInt64(mask >> shift)
    }

    func value(_ pixel: UInt32) -> UInt8 {
      maximum == 0 ? 0 : UInt8(truncatingIfNeeded: UInt64((pixel & mask) >> shift) * 255 / maximum)
    }
  }

  // Pixels that no run reaches take the first colour of the palette, as Pillow and OpenCV have it.
  private func readRuns(into image: PixelBuffer) throws(ImageError) {
    for y in 0..<info.height {
      let out = row(y, of: image)
      for x in 0..<info.width { put(palette[0], x, out) }
    }
    var at = pixelOffset
    var (x, y) = (0, 0)
    func next() throws(ImageError) -> Int {
      guard at < bytes.count else {
        throw ImageError(.truncated, "the BMP's run-length coded pixels end early")
      }
      defer { at += 1 }
      return Int(bytes[at])
    }
    func paint(_ index: Int) {
      if x < info.width { put(palette[index], x, row(y, of: image)) }
      x += 1
    }
    let isNibbles = compression == .runLength4
    while y < info.height {
      let count = try next()
      let value = try next()
      if count > 0 {
        for i in 0..<count { paint(isNibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value) }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return
      case 2:
        x += try next()
        y += try next()
      default:
        var last = 0
        for i in 0..<value {
          if !isNibbles || i % 2 == 0 { last = try next() }
          paint(isNibbles ? (i % 2 == 0 ? last >> 4 : last & 15) : last)
        }
        let used = isNibbles ? (value + 1) / 2 : value
        if used % 2 == 1 { _ = try next() }
      }
    }
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ size: Int) -> Int? {
    guard offset >= 0, offset + size <= bytes.count else { return nil }
    return (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
