/// The reverse of ``PayloadExtraction``: puts the tensors' bytes back in the place of their indices, as a list of
/// pieces to write one after another, so that the whole model is never in memory.
struct PayloadExpansion {
  enum Piece {
    /// Bytes of the skeleton.
    case skeleton(Range<Int>)
    /// A field header or length.
    case small([UInt8])
    /// All bytes of the payload with this index.
    case payload(Int)
  }

  private(set) var pieces: [Piece] = []
  /// The number of bytes of all pieces together.
  private(set) var byteCount = 0

  /// - Parameters:
  ///   - skeleton: a serialised model whose tensors hold 8-byte indices.
  ///   - payloadSizes: the byte count of each payload.
  init(skeleton: UnsafeRawBufferPointer, payloadSizes: [Int]) throws {
    byteCount = try expand(.model, skeleton, 0..<skeleton.count, payloadSizes)
  }

  private mutating func expand(
    _ kind: MessageKind, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ sizes: [Int]
  ) throws -> Int {
    var reader = WireReader(bytes, range)
    var total = 0
    var literalStart = range.lowerBound
    func flush(upTo end: Int, into pieces: inout [Piece], _ total: inout Int) {
      guard literalStart < end else { return }
      pieces.append(.skeleton(literalStart..<end))
      total += end - literalStart
    }
    while !reader.isAtEnd {
      let fieldStart = reader.position
      let (field, type) = try reader.tag()
      guard type == .lengthDelimited else {
        try reader.skip(type)
        continue
      }
      let content = try reader.delimited()
      if kind == .tensor, field == MessageKind.rawData {
        flush(upTo: fieldStart, into: &pieces, &total)
        var index: UInt64 = 0
        withUnsafeMutableBytes(of: &index) { $0.copyBytes(from: bytes[content].prefix(8)) }
        let size = sizes[Int(UInt64(littleEndian: index))]
        let header = Self.header(field, length: size)
        pieces.append(.small(header))
        pieces.append(.payload(Int(UInt64(littleEndian: index))))
        total += header.count + size
        literalStart = reader.position
      } else if let child = kind.child(field) {
        flush(upTo: fieldStart, into: &pieces, &total)
        let place = pieces.count
        pieces.append(.small([]))
        let size = try expand(child, bytes, content, sizes)
        let header = Self.header(field, length: size)
        pieces[place] = .small(header)
        total += header.count + size
        literalStart = reader.position
      }
    }
    flush(upTo: range.upperBound, into: &pieces, &total)
    return total
  }

  private static func header(_ field: Int, length: Int) -> [UInt8] {
    var bytes = [UInt8(field << 3 | 2)]
    var rest = length
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }
}
