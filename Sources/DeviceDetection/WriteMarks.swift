internal import CUDA

/// Finds pictures that were reported as decoded and were not: the last pixels of each are overwritten before, and looked
/// at after.
///
/// A picture that really ends in the mark's grey is taken for unwritten, which costs a second decoding and nothing else.
final class WriteMarks {
  // An uncommon grey, 16 pixels of it.
  private static let mark: UInt8 = 0xA5
  private static let byteCount = 48

  private let host: PinnedMemory
  // The pictures looked at, and how many bytes of each.
  private var collected: [(index: Int, byteCount: Int)] = []

  init(capacity: Int, in context: CUDAContext) throws(CUDAError) {
    host = try PinnedMemory(byteCount: capacity * Self.byteCount, in: context)
    collected.reserveCapacity(capacity)
  }

  func begin() { collected.removeAll(keepingCapacity: true) }

  private static func end(of picture: PlacedPicture) -> (address: UInt64, byteCount: Int) {
    let count = min(byteCount, picture.bytesPerRow)
    return (picture.address + UInt64(picture.height * picture.bytesPerRow - count), count)
  }

  func mark(_ picture: PlacedPicture, on stream: CUDAStream) throws(CUDAError) {
    let end = Self.end(of: picture)
    try stream.fill(end.address, with: Self.mark, byteCount: end.byteCount)
  }

  func collect(_ picture: PlacedPicture, index: Int, on stream: CUDAStream) throws(CUDAError) {
    let end = Self.end(of: picture)
    let start = collected.count * Self.byteCount
    let target = UnsafeMutableRawBufferPointer(rebasing: host.bytes[start..<start + end.byteCount])
    try stream.copy(end.address, to: target)
    collected.append((index, end.byteCount))
  }

  func intact() -> [Int] {
    var found: [Int] = []
    for (place, entry) in collected.enumerated() {
      let start = place * Self.byteCount
      if host.bytes[start..<start + entry.byteCount].allSatisfy({ $0 == Self.mark }) { found.append(entry.index) }
    }
    return found
  }
}
