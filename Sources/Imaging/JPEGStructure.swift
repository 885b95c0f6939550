/// What a JPEG file's segments say, read without decoding, by libjpeg's own rules for finding them. Offsets are from the
/// start of the file.
struct JPEGStructure {
  /// The size in pixels; 0 where there is no frame header.
  private(set) var width = 0, height = 0
  /// Colour components: 1 for grey, 3 for colour, 4 for inks.
  private(set) var componentCount = 0
  /// The EXIF orientation, 1...8.
  private(set) var orientation = 1
  /// Whether pictures of this process lack nothing once every coefficient of one scan is there: baseline and extended
  /// sequential, one scan for all components.
  private(set) var isSingleScan = false
  /// Whether the coding process is one that libjpeg-turbo does not decode to 8-bit pixels, in words.
  private(set) var unsupportedProcess: String?
  /// Ranges of bytes that belong to no segment, before the first scan.
  private(set) var strayBytes: [Range<Int>] = []
  /// Where the JFIF segment has a major version that libjpeg does not know, which it warns of.
  private(set) var strangeJFIFVersion: Int?
  /// Whether the file ends before its first scan starts.
  private(set) var endsWithinHeader = true
  /// Whether there is an end marker at the very end, save for zeros.
  private(set) var endsWithMarker = false

  init(_ bytes: UnsafeRawBufferPointer) {
    var at = 2
    var isSequential = false
    var sawEXIF = false
    while at + 1 < bytes.count {
      // Segments start with FF; more FF may stand before the marker's code.
      let start = at
      while at < bytes.count, bytes[at] != 0xFF { at += 1 }
      if at > start { strayBytes.append(start..<at) }
      while at < bytes.count, bytes[at] == 0xFF { at += 1 }
      guard at < bytes.count else { break }
      let marker = bytes[at]
      at += 1
      switch marker {
      case 0x00, 0x01, 0xD0...0xD8: continue
      case 0xD9: endsWithinHeader = false
      default: break
      }
      guard marker != 0xD9, at + 2 <= bytes.count else { break }
      let length = Int(bytes[at]) << 8 | Int(bytes[at + 1])
      guard length >= 2 else {
        // Not a segment; the decoder will say so.
        endsWithinHeader = false
        break
      }
      let end = min(at + length, bytes.count)
      let body = UnsafeRawBufferPointer(rebasing: bytes[at + 2..<max(end, at + 2)])
      switch marker {
      case 0xE0 where body.count > 5 && body.has("JFIF\0") && body[5] != 1 && body[5] != 2:
        strangeJFIFVersion = at + 2 + 5
      case 0xE1 where !sawEXIF && body.has("Exif\0\0"):
        sawEXIF = true
        orientation = EXIFOrientation.read(UnsafeRawBufferPointer(rebasing: body[6...]))
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        isSequential = marker <= 0xC1
        if body.count >= 6 {
          height = Int(body[1]) << 8 | Int(body[2])
          width = Int(body[3]) << 8 | Int(body[4])
          componentCount = Int(body[5])
          unsupportedProcess = Self.unsupported(marker, precision: body[0])
        }
      case 0xDA:
        endsWithinHeader = end < at + length
        isSingleScan = isSequential && body.count >= 1 && Int(body[0]) == componentCount
        at = bytes.count
        continue
      default: break
      }
      at = end
    }
    var last = bytes.count
    while last > 2, bytes[last - 1] == 0 { last -= 1 }
    endsWithMarker = last >= 2 && bytes[last - 2] == 0xFF && bytes[last - 1] == 0xD9
  }

  private static func unsupported(_ marker: UInt8, precision: UInt8) -> String? {
    switch marker {
    case 0xC3, 0xC7, 0xCB, 0xCF: "lossless JPEG"
    case 0xC5, 0xC6, 0xCD, 0xCE: "hierarchical JPEG"
    default: precision == 8 ? nil : "JPEG with \(precision) bits a sample"
    }
  }
}
