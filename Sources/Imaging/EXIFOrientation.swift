/// Reads the orientation out of EXIF data: a small TIFF file whose first directory may have tag 0x0112.
enum EXIFOrientation {
  /// The orientation in the TIFF structure that `bytes` starts with; 1 where there is none or it makes no sense.
  static func read(_ bytes: UnsafeRawBufferPointer) -> Int {
    let littleEndian: Bool
    if bytes.has([0x49, 0x49, 42, 0]) {
      littleEndian = true
    } else if bytes.has([0x4D, 0x4D, 0, 42]) {
      littleEndian = false
    } else {
      return 1
    }
    func number(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - size else { return nil }
      let digits = (0..<size).map { Int(bytes[offset + (littleEndian ? size - 1 - $0 : $0)]) }
      return digits.reduce(0) { $0 << 8 | $1 }
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return 1 }
    for entry in 0..<entries {
      let at = directory + 2 + 12 * entry
      guard let tag = number(at, 2), let type = number(at + 2, 2) else { return 1 }
      guard tag == 0x0112 else { continue }
      // The standard says SHORT; some writers use BYTE or LONG.
      let value =
        switch type {
        case 1: number(at + 8, 1)
        case 3: number(at + 8, 2)
        case 4: number(at + 8, 4)
        default: Optional(1)
        }
      return value.flatMap { (1...8).contains($0) ? $0 : nil } ?? 1
    }
    return 1
  }
}
