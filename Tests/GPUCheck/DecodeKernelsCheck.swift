import CUDA
import DeviceDetection
import SeededNumbers

/// The kernels that find pictures which nothing was written to: every mark is found whole where nothing was written, and
/// broken where one of its bytes was; nothing before or behind a picture changes.
enum DecodeKernelsCheck {
  static func run(_ driver: CUDADriver, isTiny: Bool, check: (String, Bool) -> Void) throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil))
    let stream = try CUDAStream(in: context)
    var random = SplitMix64(seed: 4)
    var (pictures, wrong, touched) = (0, 0, 0)
    for round in 0..<(isTiny ? 6 : 60) {
      // One, a whole block, one more than that; else any number.
      let count = round < 3 ? [1, 64, 65][round] : random.int(1...(isTiny ? 100 : 300))
      let (a, b) = try differing(count, kernels, stream, &random)
      pictures += count
      wrong += a
      touched += b
    }
    check("decode: \(wrong) of \(pictures) marks of random pictures are not found as they are", wrong == 0)
    check("decode: \(touched) bytes beside the marks have changed", touched == 0)
  }

  /// How many pictures are taken for what they are not, and how many bytes changed that should not have.
  private static func differing(
    _ count: Int, _ kernels: DeviceKernels, _ stream: CUDAStream, _ random: inout SplitMix64
  ) throws -> (wrong: Int, touched: Int) {
    var placed: [PlacedPicture] = []
    var byteCount = 64
    for index in 0..<count {
      // Narrower than a mark, too.
      let (width, height) = (random.int(1...(index % 3 == 0 ? 20 : 200)), random.int(1...40))
      placed.append(
        PlacedPicture(
          address: UInt64(byteCount), bytesPerRow: width * 3, width: width, height: height,
          missing: random.chance(0.1) ? "is decoded elsewhere" : nil))
      byteCount += width * 3 * height + random.int(0...70)
    }
    let memory = try DeviceMemory(byteCount: byteCount + 64, in: kernels.context)
    for index in placed.indices { placed[index].address += memory.address }
    let before = (0..<memory.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    try before.withUnsafeBytes { try stream.copy($0, to: memory.address) }

    let marks = try WriteMarks(capacity: count, kernels: kernels)
    try marks.mark(placed, on: stream)
    // One byte of some marks is overwritten by another.
    let host = try PinnedMemory(byteCount: memory.byteCount, in: kernels.context)
    try stream.copy(memory.address, to: host.bytes)
    try stream.synchronize()
    var expected: [Int] = []
    var untouched = [Bool](repeating: true, count: memory.byteCount)
    for (index, picture) in placed.enumerated() where picture.missing == nil {
      let end = Int(picture.address - memory.address) + picture.height * picture.bytesPerRow
      let length = min(48, picture.bytesPerRow)
      for byte in end - length..<end { untouched[byte] = false }
      guard random.chance(0.5) else {
        expected.append(index)
        continue
      }
      let place = end - 1 - random.int(0...length - 1)
      try stream.fill(
        memory.address + UInt64(place), with: host.bytes[place] ^ UInt8(random.int(1...255)), byteCount: 1)
    }
    let touched = before.indices.count { untouched[$0] && host.bytes[$0] != before[$0] }
    try marks.collect(on: stream)
    try stream.synchronize()
    return (Set(expected).symmetricDifference(marks.intact()).count, touched)
  }
}
