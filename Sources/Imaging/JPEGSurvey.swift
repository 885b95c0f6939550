internal import CImaging
internal import Glibc

/// What a JPEG file is made of, read marker by marker to its end marker, without decoding.
///
/// It decides whether a file may go to a decoder that is not libjpeg: one that takes fewer kinds, that says less of what
/// is wrong, or that must not be given damaged data at all. It is stricter than the standard and than libjpeg: whatever
/// is not exactly as encoders write it is a ``flaw``.
///
/// Takes a few microseconds and the time to look for FF bytes, at gigabytes a second. Damage within the coded data that
/// leaves the markers whole is found only where the codes are read too, which takes a small part of the time of decoding.
package struct JPEGSurvey: Sendable {
  /// The coding process.
  package enum Process: Sendable, Hashable {
    case baseline
    /// Sequential with more than baseline allows.
    case extended
    case progressive
    /// Lossless, hierarchical, arithmetic: by the frame's marker.
    case other(UInt8)
  }

  /// What the components mean, by libjpeg's rules.
  package enum Colour: Sendable, Hashable {
    case grey
    case yCbCr
    case rgb
    /// Four components.
    case inks
    /// Decoders differ in what they make of it.
    case unclear
  }

  /// The size in pixels, before any orientation; 0 where there is no frame header.
  package private(set) var width = 0, height = 0
  /// The EXIF orientation, 1...8, read as the CPU path reads it.
  package private(set) var orientation = 1
  package private(set) var process = Process.baseline
  /// Bits a sample.
  package private(set) var precision = 0
  package private(set) var componentCount = 0
  /// The sampling factors of up to four components as the file has them: horizontal * 16 + vertical.
  package private(set) var samplingFactors: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
  package private(set) var colour = Colour.unclear
  package private(set) var scanCount = 0
  /// Whether the first scan has all components.
  package private(set) var isInterleaved = false
  /// MCUs between restart markers; 0 where there are none.
  package private(set) var restartInterval = 0
  /// Whether a quantization table has 16-bit values.
  package private(set) var hasWideQuantization = false
  /// The bytes up to the end marker, inclusive; what follows is no part of the picture. 0 where there is no end marker.
  package private(set) var byteCount = 0
  /// The first thing that is not as it should be, as a clause; `nil` where everything is.
  package private(set) var flaw: String?

  // MARK: Reading

  /// Reads a file. Any bytes may be given.
  ///
  /// - Parameter readsCodes: whether the Huffman codes of sequential files are read: a file without a flaw then has
  ///   exactly the codes that its blocks need, and libjpeg has nothing to say of it.
  package init(_ bytes: UnsafeRawBufferPointer, readsCodes: Bool = false) {
    var reader = Reader(bytes, readsCodes: readsCodes)
    do throws(Flaw) {
      try read(&reader)
    } catch {
      flaw = error.text
    }
    let structure = JPEGStructure(bytes)
    orientation = structure.orientation
    if flaw == nil {
      // Both readings must be of the same picture.
      if structure.width != width || structure.height != height || structure.componentCount != componentCount {
        flaw = "has several frame headers"
      }
    } else {
      width = structure.width
      height = structure.height
    }
  }

  /// Whether the CPU path would go on to decode a picture of this size.
  package func isAllowed(by options: DecodingOptions) -> Bool {
    guard width <= 65500, height <= 65500 else { return false }
    return (try? options.check(width, height, .jpeg)) != nil
  }

  fileprivate struct Flaw: Error {
    var text: String

    init(_ text: String) { self.text = text }
  }

  fileprivate struct Component {
    var identifier: UInt8 = 0
    var horizontal = 1, vertical = 1
    var quantization: UInt8 = 0
  }

  fileprivate struct Reader {
    let bytes: UnsafeRawBufferPointer
    let readsCodes: Bool
    var at = 0
    var components = (Component(), Component(), Component(), Component())
    // Bit n: table n is there.
    var quantization: UInt8 = 0, dc: UInt8 = 0, ac: UInt8 = 0
    var hasFrame = false
    var hasJFIF = false
    var adobeTransform: UInt8?
    // Where the Huffman tables are, DC before AC.
    var definitions: [UnsafePointer<UInt8>?] = []

    init(_ bytes: UnsafeRawBufferPointer, readsCodes: Bool) {
      self.bytes = bytes
      self.readsCodes = readsCodes
      if readsCodes { definitions = [UnsafePointer<UInt8>?](repeating: nil, count: 8) }
    }

    func component(_ index: Int) -> Component {
      switch index {
      case 0: components.0
      case 1: components.1
      case 2: components.2
      default: components.3
      }
    }
  }

  private mutating func read(_ reader: inout Reader) throws(Flaw) {
    let bytes = reader.bytes
    guard bytes.has([0xFF, 0xD8]) else { throw Flaw("does not start as JPEG") }
    reader.at = 2
    while true {
      guard reader.at + 2 <= bytes.count else { throw Flaw("ends without an end marker") }
      guard bytes[reader.at] == 0xFF else { throw Flaw("has bytes between its segments") }
      let marker = bytes[reader.at + 1]
      reader.at += 2
      if marker == 0xD9 { break }
      guard marker >= 0xC0, !(0xD0...0xD8).contains(marker) else {
        throw Flaw("has marker FF\(hex(marker)) outside its coded data")
      }
      guard reader.at + 2 <= bytes.count else { throw Flaw("ends within a segment") }
      let length = Int(bytes[reader.at]) << 8 | Int(bytes[reader.at + 1])
      guard length >= 2, reader.at + length <= bytes.count else { throw Flaw("ends within a segment") }
      let body = UnsafeRawBufferPointer(rebasing: bytes[reader.at + 2..<reader.at + length])
      reader.at += length
      try segment(marker, body, &reader)
      if case .other = process { return }
    }
    guard scanCount > 0 else { throw Flaw("has no scan") }
    byteCount = reader.at
    colour = Self.colour(reader, componentCount)
  }

  private mutating func segment(
    _ marker: UInt8, _ body: UnsafeRawBufferPointer, _ reader: inout Reader
  ) throws(Flaw) {
    switch marker {
    case 0xE0:
      guard body.has("JFIF\0") else { return }
      // libjpeg warns of other versions.
      guard body.count >= 14, body[5] == 1 else { throw Flaw("has an odd JFIF segment") }
      reader.hasJFIF = true
    case 0xEE:
      if body.has("Adobe"), body.count >= 12 { reader.adobeTransform = body[11] }
    case 0xDB: try quantizationTables(body, &reader)
    case 0xC4: try huffmanTables(body, &reader)
    case 0xDD:
      guard body.count == 2 else { throw Flaw("has an odd restart interval") }
      restartInterval = Int(body[0]) << 8 | Int(body[1])
    case 0xDA: try scan(body, &reader)
    case 0xCC: process = .other(marker)
    case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: try frame(marker, body, &reader)
    case 0xE1...0xEF, 0xFE: break
    default: throw Flaw("has marker FF\(hex(marker))")
    }
  }

  // MARK: Tables

  private mutating func quantizationTables(_ body: UnsafeRawBufferPointer, _ reader: inout Reader) throws(Flaw) {
    var at = 0
    while at < body.count {
      let (size, table) = (Int(body[at] >> 4) + 1, body[at] & 15)
      guard size <= 2, table <= 3, at + 1 + 64 * size <= body.count else {
        throw Flaw("has an odd quantization table")
      }
      for value in 0..<64 {
        let start = at + 1 + value * size
        guard body[start] != 0 || (size == 2 && body[start + 1] != 0) else {
          throw Flaw("has a zero in a quantization table")
        }
      }
      if size == 2 { hasWideQuantization = true }
      reader.quantization |= 1 << table
      at += 1 + 64 * size
    }
  }

  private mutating func huffmanTables(_ body: UnsafeRawBufferPointer, _ reader: inout Reader) throws(Flaw) {
    var at = 0
    while at < body.count {
      let (kind, table) = (body[at] >> 4, body[at] & 15)
      guard kind <= 1, table <= 3, at + 17 <= body.count else { throw Flaw("has an odd Huffman table") }
      var (count, code) = (0, 0)
      for length in 1...16 {
        let codes = Int(body[at + length])
        count += codes
        code += codes
        // The code of all ones is not used, so the last place stays free.
        guard code < 1 << length else { throw Flaw("has an impossible Huffman table") }
        code <<= 1
      }
      guard count > 0, count <= 256, at + 17 + count <= body.count else { throw Flaw("has an odd Huffman table") }
      if kind == 0 {
        // 8-bit samples have differences of up to 11 bits.
        for symbol in 0..<count where body[at + 17 + symbol] > 11 { throw Flaw("has an impossible Huffman table") }
        reader.dc |= 1 << table
      } else {
        reader.ac |= 1 << table
      }
      if reader.readsCodes {
        reader.definitions[Int(kind) * 4 + Int(table)] =
          UnsafeRawBufferPointer(rebasing: body[(at + 1)...])
          .bindMemory(to: UInt8.self).baseAddress
      }
      at += 17 + count
    }
  }

  // MARK: Frame and scans

  private mutating func frame(_ marker: UInt8, _ body: UnsafeRawBufferPointer, _ reader: inout Reader) throws(Flaw) {
    guard !reader.hasFrame else { throw Flaw("has several frame headers") }
    guard body.count >= 6 else { throw Flaw("has an odd frame header") }
    reader.hasFrame = true
    precision = Int(body[0])
    height = Int(body[1]) << 8 | Int(body[2])
    width = Int(body[3]) << 8 | Int(body[4])
    componentCount = Int(body[5])
    switch marker {
    case 0xC0: process = .baseline
    case 0xC1: process = .extended
    case 0xC2: process = .progressive
    default:
      process = .other(marker)
      return
    }
    guard width > 0, height > 0 else { throw Flaw("has no size in its frame header") }
    guard (1...4).contains(componentCount), body.count == 6 + 3 * componentCount else {
      throw Flaw("has an odd frame header")
    }
    var components: [Component] = []
    for index in 0..<componentCount {
      let start = 6 + 3 * index
      let component = Component(
        identifier: body[start], horizontal: Int(body[start + 1] >> 4), vertical: Int(body[start + 1] & 15),
        quantization: body[start + 2])
      guard (1...4).contains(component.horizontal), (1...4).contains(component.vertical), component.quantization <= 3
      else { throw Flaw("has odd sampling factors") }
      guard !components.contains(where: { $0.identifier == component.identifier }) else {
        throw Flaw("names a component twice")
      }
      components.append(component)
    }
    func factors(_ index: Int) -> UInt8 { index < componentCount ? body[6 + 3 * index + 1] : 0 }
    samplingFactors = (factors(0), factors(1), factors(2), factors(3))
    components += [Component](repeating: Component(), count: 4 - componentCount)
    reader.components = (components[0], components[1], components[2], components[3])
  }

  // Files have a dozen; a file of thousands is an attack.
  private static let mostScans = 100

  private mutating func scan(_ body: UnsafeRawBufferPointer, _ reader: inout Reader) throws(Flaw) {
    guard reader.hasFrame else { throw Flaw("has a scan before its frame header") }
    guard body.count >= 1, (1...4).contains(Int(body[0])), body.count == 4 + 2 * Int(body[0]) else {
      throw Flaw("has an odd scan header")
    }
    let count = Int(body[0])
    let (first, last, approximation) = (body[body.count - 3], body[body.count - 2], body[body.count - 1])
    let isProgressive = process == .progressive
    if isProgressive {
      guard first <= last, last <= 63, first > 0 || last == 0, first == 0 || count == 1 else {
        throw Flaw("has an odd scan header")
      }
    } else {
      guard first == 0, last == 63, approximation == 0 else { throw Flaw("has an odd scan header") }
    }
    var (blocks, previous) = (0, -1)
    var blockTables: [UInt8] = []
    for entry in 0..<count {
      let (identifier, tables) = (body[1 + 2 * entry], body[2 + 2 * entry])
      let index = (0..<componentCount).first { reader.component($0).identifier == identifier }
      guard let index, index > previous else { throw Flaw("has an odd scan header") }
      previous = index
      let component = reader.component(index)
      guard reader.quantization >> component.quantization & 1 == 1 else { throw Flaw("lacks a quantization table") }
      let (dc, ac) = (tables >> 4, tables & 15)
      // Refinements of DC need no table; progressive scans are either DC or AC.
      let needsDC = first == 0 && (!isProgressive || approximation >> 4 == 0)
      let needsAC = last > 0
      guard dc <= 3, ac <= 3, !needsDC || reader.dc >> dc & 1 == 1, !needsAC || reader.ac >> ac & 1 == 1 else {
        throw Flaw("lacks a Huffman table")
      }
      let componentBlocks = count == 1 ? 1 : component.horizontal * component.vertical
      blocks += componentBlocks
      if reader.readsCodes { blockTables += [UInt8](repeating: tables, count: componentBlocks) }
    }
    guard blocks <= 10 else { throw Flaw("has more blocks in a unit than allowed") }
    scanCount += 1
    guard scanCount <= Self.mostScans else { throw Flaw("has more than \(Self.mostScans) scans") }
    if scanCount == 1 { isInterleaved = count == componentCount }
    let units = unitCount(reader, isSingle: count == 1, component: previous)
    // Every block of a sequential scan has a code for its DC and one for the end of its AC.
    let start = reader.at
    try codedData(&reader, units: units, leastBits: isProgressive ? 0 : units * blocks * 2)
    guard reader.readsCodes, !isProgressive, let base = reader.bytes.baseAddress else { return }
    let result = swoop_jpeg_check(
      base.advanced(by: start).assumingMemoryBound(to: UInt8.self), reader.at - start, units, restartInterval,
      Int32(blocks), blockTables, reader.definitions)
    guard result == 1 else { throw Flaw("has damaged coded data") }
  }

  /// The MCUs of a scan.
  private func unitCount(_ reader: Reader, isSingle: Bool, component index: Int) -> Int {
    var (horizontal, vertical) = (1, 1)
    for index in 0..<componentCount {
      horizontal = max(horizontal, reader.component(index).horizontal)
      vertical = max(vertical, reader.component(index).vertical)
    }
    func divide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
    if isSingle {
      let component = reader.component(index)
      return divide(divide(width * component.horizontal, horizontal), 8)
        * divide(divide(height * component.vertical, vertical), 8)
    }
    return divide(width, 8 * horizontal) * divide(height, 8 * vertical)
  }

  // From the first coded byte to the marker behind the last.
  private mutating func codedData(_ reader: inout Reader, units: Int, leastBits: Int) throws(Flaw) {
    let bytes = reader.bytes
    let start = reader.at
    var restarts = 0
    guard let base = bytes.baseAddress else { return }
    while true {
      let rest = bytes.count - reader.at
      guard rest > 0, let found = memchr(base + reader.at, 0xFF, rest) else {
        throw Flaw("ends within its coded data")
      }
      reader.at = UnsafeRawPointer(found) - base
      guard reader.at + 1 < bytes.count else { throw Flaw("ends within its coded data") }
      let next = bytes[reader.at + 1]
      if next == 0 {
        reader.at += 2
      } else if (0xD0...0xD7).contains(next) {
        guard restartInterval > 0, Int(next & 7) == restarts & 7 else {
          throw Flaw("has an unexpected restart marker")
        }
        restarts += 1
        reader.at += 2
      } else {
        break
      }
    }
    if restartInterval > 0 {
      let expected = (units + restartInterval - 1) / restartInterval - 1
      guard restarts == expected else { throw Flaw("has \(restarts) restart markers instead of \(expected)") }
    }
    guard (reader.at - start) * 8 >= leastBits else { throw Flaw("has too little coded data for its size") }
    guard reader.at > start else { throw Flaw("has a scan without coded data") }
  }

  // MARK: Colour

  // jdapimin.c decides by JFIF first, then by Adobe's segment, then by the components' names. Where a decoder that
  // looks at these in another order could come to another answer, the colour is unclear.
  private static func colour(_ reader: Reader, _ count: Int) -> Colour {
    switch count {
    case 1: return .grey
    case 3: break
    case 4: return .inks
    default: return .unclear
    }
    let names = (reader.component(0).identifier, reader.component(1).identifier, reader.component(2).identifier)
    let isNamedRGB = names == (0x52, 0x47, 0x42)
    switch (reader.hasJFIF, reader.adobeTransform) {
    case (_, 1?): return isNamedRGB ? .unclear : .yCbCr
    case (false, 0?): return .rgb
    case (true, nil): return isNamedRGB ? .unclear : .yCbCr
    case (false, nil):
      if names == (1, 2, 3) { return .yCbCr }
      return isNamedRGB ? .rgb : .unclear
    default: return .unclear
    }
  }

  private func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}
