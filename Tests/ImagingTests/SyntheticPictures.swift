import Imaging

/// The pictures and the fingerprint of Fixtures/synthetic.py: only numbers are kept in the repository.
enum Synthetic {
  static func splitmix(_ word: UInt64) -> UInt64 {
    var n = word
    n = (n ^ (n >> 30)) &* 0xBF58_476D_1CE4_E5B9
    n = (n ^ (n >> 27)) &* 0x94D0_49BB_1331_11EB
    return n ^ (n >> 31)
  }

  /// Word `index` of the stream of a seed.
  static func word(_ seed: UInt64, _ index: Int) -> UInt64 {
    splitmix((seed &+ UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  static func picture(_ width: Int, _ height: Int, seed: UInt64, mode: Int) -> [UInt8] {
    let count = width * height * 3
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialised in
      initialised = count
      if mode == 2 {
        var i = 0
        for y in 0..<height {
          for x in 0..<width {
            for c in 0..<3 {
              bytes[i] = UInt8(
                truncatingIfNeeded: (x * Int(seed % 61 + 1) + y * Int(seed % 47 + 1) + c * 85) / 16)
              i += 1
            }
          }
        }
        return
      }
      for index in 0..<(count + 7) / 8 {
        let word = word(seed, index)
        for i in 0..<min(8, count - index * 8) {
          let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * i))
          bytes[index * 8 + i] = mode == 1 ? (byte < 128 ? 0 : 255) : byte
        }
      }
    }
  }

  static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum = UInt64(bytes.count)
    for index in 0..<(bytes.count + 7) / 8 {
      var word: UInt64 = 0
      if index * 8 + 8 <= bytes.count {
        word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      } else {
        for i in 0..<bytes.count - index * 8 { word |= UInt64(bytes[index * 8 + i]) << UInt64(8 * i) }
      }
      sum &+= splitmix(word ^ self.word(0, index))
    }
    return sum
  }

  static func fingerprint(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { fingerprint($0) } }

  static func fingerprint(_ image: PixelBuffer) -> UInt64 { image.withUnsafeBytes { fingerprint($0) } }
}

extension PixelBuffer {
  /// A buffer with these RGB bytes.
  convenience init(_ pixels: [UInt8], _ width: Int, _ height: Int) throws {
    try self.init(width: width, height: height)
    withUnsafeMutableBytes { $0.copyBytes(from: pixels) }
  }

  var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}

/// A generator for sizes and choices, deterministic by seed.
struct SeededGenerator: RandomNumberGenerator {
  private let seed: UInt64
  private var index = 0

  init(seed: UInt64) { self.seed = seed }

  mutating func next() -> UInt64 {
    defer { index += 1 }
    return Synthetic.word(seed, index)
  }
}
