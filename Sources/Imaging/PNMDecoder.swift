/// Reads portable bitmaps, greymaps and pixmaps (P1 to P6), plain and raw, up to 16 bits a sample. libvips reads them
/// too, but takes missing samples of the plain ones for black.
///
/// Samples of a maximum other than 255 are scaled to it, rounded half to even, as Pillow does; those of 65535 are shifted
/// right by 8, as everywhere here.
struct PNMDecoder {
  let info: ImageInfo

  private let bytes: UnsafeRawBufferPointer
  private let kind: UInt8
  private let maximum: Int
  private let start: Int

  /// Reads the header.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    kind = bytes[1] - UInt8(ascii: "0")
    var reader = Reader(bytes: bytes, at: 2)
    let width = try reader.number("width")
    let height = try reader.number("height")
    maximum = kind == 1 || kind == 4 ? 1 : try reader.number("largest sample")
    guard width > 0, height > 0, maximum > 0, maximum <= 65535 else {
      throw ImageError(
        .damaged,
        "the PNM header says \(width)x\(height) pixels with samples up to \(maximum); 1 to 65535 are possible"
      )
    }
    info = ImageInfo(width: width, height: height, format: .pnm, orientation: 1)
    // One blank ends the header of the raw kinds.
    start = reader.at + 1
  }

  func decode(_ options: DecodingOptions, into image: PixelBuffer) throws(ImageError) -> ImageInfo {
    try options.check(info.width, info.height, .pnm)
    let channels = kind == 3 || kind == 6 ? 3 : 1
    let count = info.width * channels
    // The least that the pixels can take; checked before memory is.
    let rowBytes =
      switch kind {
      case 4: (info.width + 7) / 8
      case 5, 6: count * (maximum > 255 ? 2 : 1)
      default: count
      }
    guard bytes.count - start >= rowBytes * info.height else {
      throw ImageError(
        .truncated,
        "the PNM has \(max(bytes.count - start, 0)) bytes after its header; \(rowBytes * info.height) are needed"
      )
    }
    try image.resize(width: info.width, height: info.height)
    let levels = maximum <= 255 ? (0...maximum).map(level) : []
    var reader = Reader(bytes: bytes, at: start)
    for y in 0..<info.height {
      let out = image.base + y * image.bytesPerRow
      let row = start + y * rowBytes
      for i in 0..<count {
        let value: UInt8
        switch kind {
        case 1: value = try reader.bit() == 1 ? 0 : 255
        case 4: value = bytes[row + i / 8] >> UInt8(7 - i % 8) & 1 == 1 ? 0 : 255
        case 2, 3: value = level(min(try reader.number("sample"), maximum))
        default:
          if maximum > 255 {
            value = level(min(Int(bytes[row + 2 * i]) << 8 | Int(bytes[row + 2 * i + 1]), maximum))
          } else {
            value = levels[min(Int(bytes[row + i]), maximum)]
          }
        }
        if channels == 3 {
          out[i] = value
        } else {
          (out[3 * i], out[3 * i + 1], out[3 * i + 2]) = (value, value, value)
        }
      }
    }
    return info
  }

  private func level(_ sample: Int) -> UInt8 {
    switch maximum {
    case 255: UInt8(sample)
    case 65535: UInt8(sample >> 8)
    default: UInt8((Double(sample) / Double(maximum) * 255).rounded(.toNearestOrEven))
    }
  }

  /// Numbers in decimal between blanks and comments.
  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var at: Int

    mutating func number(_ what: String) throws(ImageError) -> Int {
      skipBlanks()
      var value = 0
      let first = at
      while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
        value = min(value * 10 + Int(bytes[at] - 0x30), 1_000_000_000_000)
        at += 1
      }
      if at == first { throw missing(what) }
      return value
    }

    // The samples of plain bitmaps need no blanks between them.
    mutating func bit() throws(ImageError) -> UInt8 {
      skipBlanks()
      guard at < bytes.count, bytes[at] == 0x30 || bytes[at] == 0x31 else { throw missing("sample") }
      defer { at += 1 }
      return bytes[at] - 0x30
    }

    private mutating func skipBlanks() {
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "#") {
          while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        } else if bytes[at] == 0x20 || (0x09...0x0D).contains(bytes[at]) {
          at += 1
        } else {
          return
        }
      }
    }

    private func missing(_ what: String) -> ImageError {
      at >= bytes.count
        ? ImageError(.truncated, "the PNM ends before its \(what)")
        : ImageError(.damaged, "the PNM has byte \(bytes[at]) at offset \(at) where its \(what) should be")
    }
  }
}
