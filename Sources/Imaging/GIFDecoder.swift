/// Reads the first picture of GIF files. libvips reads them too, but makes transparent pixels black and takes a picture
/// whose coded pixels stop early for whole; here the palette's colour is kept, as everywhere, and missing pixels are an
/// error.
///
/// The picture has the size of the canvas, grown where the first frame reaches beyond it; around the frame is the
/// background colour, as Pillow has it.
struct GIFDecoder {
  let info: ImageInfo

  private let bytes: UnsafeRawBufferPointer
  private let frame: Frame
  private let palette: [Colour]
  private let background: Colour

  private struct Frame {
    var left, top, width, height: Int
    var isInterlaced: Bool
    /// Where the code size and the coded pixels start.
    var dataStart: Int
  }

  /// Reads everything before the first frame's pixels.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    self.bytes = bytes
    func field(_ offset: Int, _ size: Int) throws(ImageError) -> Int {
      guard offset + size <= bytes.count else {
        throw ImageError(.truncated, "the GIF has \(bytes.count) bytes and ends before its first frame")
      }
      return size == 1 ? Int(bytes[offset]) : Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }
    func colours(_ flags: Int, at offset: Int) throws(ImageError) -> [Colour] {
      guard flags & 0x80 != 0 else { return [] }
      let count = 2 << (flags & 7)
      _ = try field(offset + 3 * count - 1, 1)
      return (0..<count).map { index in
        let at = offset + 3 * index
        return Colour(red: bytes[at], green: bytes[at + 1], blue: bytes[at + 2])
      }
    }
    let canvas = (try field(6, 2), try field(8, 2))
    let flags = try field(10, 1)
    let backgroundIndex = try field(11, 1)
    let shared = try colours(flags, at: 13)
    background = shared.indices.contains(backgroundIndex) ? shared[backgroundIndex] : .black

    var at = 13 + 3 * shared.count
    while true {
      switch try field(at, 1) {
      case 0x21:
        // An extension: a label, then blocks up to an empty one.
        at += 2
        while case let length = try field(at, 1), length > 0 { at += 1 + length }
        at += 1
      case 0x2C:
        let own = try field(at + 9, 1)
        let colours = try colours(own, at: at + 10)
        palette = colours.isEmpty ? shared : colours
        frame = Frame(
          left: try field(at + 1, 2), top: try field(at + 3, 2), width: try field(at + 5, 2),
          height: try field(at + 7, 2), isInterlaced: own & 0x40 != 0, dataStart: at + 10 + 3 * colours.count)
        info = ImageInfo(
          width: max(canvas.0, frame.left + frame.width), height: max(canvas.1, frame.top + frame.height),
          format: .gif, orientation: 1)
        return
      case 0x3B:
        throw ImageError(.damaged, "the GIF ends properly but has no picture")
      case 0:
        // Padding that some writers leave between blocks.
        at += 1
      case let other:
        throw ImageError(.damaged, "the GIF has byte \(other) at offset \(at), where a block should start")
      }
    }
  }

  func decode(_ options: DecodingOptions, into image: PixelBuffer) throws(ImageError) -> ImageInfo {
    try options.check(info.width, info.height, .gif)
    guard frame.width > 0, frame.height > 0 else {
      throw ImageError(.damaged, "the GIF's first frame has \(frame.width)x\(frame.height) pixels")
    }
    let indices = try codedIndices()
    try image.resize(width: info.width, height: info.height)
    if frame.width < info.width || frame.height < info.height {
      for i in 0..<info.width * info.height { put(background, at: image.base + 3 * i) }
    }
    // Without a palette, indices are shades of grey. An index beyond the palette is black.
    var table = palette
    if table.isEmpty { table = (0...255).map { Colour(red: UInt8($0), green: UInt8($0), blue: UInt8($0)) } }
    table += Array(repeating: .black, count: 256 - table.count)
    var source = 0
    for y in rowOrder() {
      let row = image.base + (frame.top + y) * image.bytesPerRow + 3 * frame.left
      for x in 0..<frame.width { put(table[Int(indices[source + x])], at: row + 3 * x) }
      source += frame.width
    }
    return info
  }

  private func put(_ colour: Colour, at pixel: UnsafeMutablePointer<UInt8>) {
    (pixel[0], pixel[1], pixel[2]) = (colour.red, colour.green, colour.blue)
  }

  private func rowOrder() -> [Int] {
    guard frame.isInterlaced else { return Array(0..<frame.height) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0, to: frame.height, by: $1)) }
  }

  // LZW with codes of growing length, least significant bit first, in blocks of up to 255 bytes.
  private func codedIndices() throws(ImageError) -> [UInt8] {
    let total = frame.width * frame.height
    guard frame.dataStart < bytes.count else { throw endsEarly(0, of: total) }
    let rootBits = Int(bytes[frame.dataStart])
    guard (1...8).contains(rootBits) else {
      throw ImageError(.damaged, "the GIF's code size is \(rootBits); 1 to 8 are possible")
    }
    let clear = 1 << rootBits
    var prefixes = [UInt16](repeating: 0, count: 4096)
    var suffixes = [UInt8](repeating: 0, count: 4096)
    for root in 0..<clear { suffixes[root] = UInt8(root) }
    var reversed: [UInt8] = []
    var out: [UInt8] = []
    var at = frame.dataStart + 1
    var blockLeft = 0
    var (buffer, bufferBits) = (0, 0)
    var (codeBits, next) = (rootBits + 1, clear + 2)
    var previous = -1
    var first: UInt8 = 0

    while out.count < total {
      while bufferBits < codeBits {
        if blockLeft == 0 {
          guard at < bytes.count else { throw endsEarly(out.count, of: total) }
          blockLeft = Int(bytes[at])
          at += 1
          if blockLeft == 0 { throw stops(out.count, of: total) }
        }
        guard at < bytes.count else { throw endsEarly(out.count, of: total) }
        buffer |= Int(bytes[at]) << bufferBits
        bufferBits += 8
        at += 1
        blockLeft -= 1
      }
      var code = buffer & (1 << codeBits - 1)
      buffer >>= codeBits
      bufferBits -= codeBits

      if code == clear {
        (codeBits, next, previous) = (rootBits + 1, clear + 2, -1)
        continue
      }
      if code == clear + 1 { throw stops(out.count, of: total) }
      let current = code
      if previous < 0 {
        guard code < clear else { throw broken(code, out.count) }
      } else if code >= next {
        // The one code that is used before it is known: the previous string and its own first index.
        guard code == next, next < 4096 else { throw broken(code, out.count) }
        reversed.append(first)
        code = previous
      }
      while code >= clear {
        reversed.append(suffixes[code])
        code = Int(prefixes[code])
      }
      first = suffixes[code]
      out.append(first)
      while let index = reversed.popLast() { out.append(index) }
      if previous >= 0, next < 4096 {
        prefixes[next] = UInt16(previous)
        suffixes[next] = first
        next += 1
        if next == 1 << codeBits, codeBits < 12 { codeBits += 1 }
      }
      previous = current
    }
    return out
  }

  private func endsEarly(_ count: Int, of total: Int) -> ImageError {
    ImageError(.truncated, "the GIF data ends early: \(count) of the first frame's \(total) pixels are there")
  }

  private func stops(_ count: Int, of total: Int) -> ImageError {
    ImageError(.damaged, "the GIF's coded pixels stop at \(count) of the first frame's \(total)")
  }

  private func broken(_ code: Int, _ count: Int) -> ImageError {
    ImageError(.damaged, "the GIF has code \(code) after \(count) pixels, which stands for nothing there")
  }
}
