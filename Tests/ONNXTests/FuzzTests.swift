import Glibc
import ONNX
import Tensors
import Testing

/// Damaged files give a model or an error: they never end the process, hang, or take memory out of proportion.
///
/// The ordinary run is short. `SWOOP_FUZZ=100000` makes that many mutations and then also checks the memory; run it
/// alone and optimised: `SWOOP_FUZZ=100000 swift test -c release --filter FuzzTests`.
@Suite("Damaged files", .serialized)
struct FuzzTests {
  static let asked = getenv("SWOOP_FUZZ").flatMap { Int(String(cString: $0)) }

  @Test("Mutations of the fixtures", arguments: Fixture.allCases)
  func mutations(fixture: Fixture) throws {
    let original = try readFile(fixture.path)
    let count = (Self.asked ?? 1200) / Fixture.allCases.count
    var noise = Noise(seed: fixture.rawValue.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    // Once around, so that what is allocated once does not count.
    exercise(original, edit: 0)
    let before = residentPeak()
    var loaded = 0
    var slowest = Duration.zero
    for number in 0..<count {
      let bytes = mutate(original, &noise)
      let start = ContinuousClock.now
      if exercise(bytes, edit: number % 9) { loaded += 1 }
      slowest = max(slowest, ContinuousClock.now - start)
    }
    // Mutations that all fail to load would test nothing.
    #expect(loaded > count / 10)
    if Self.asked != nil {
      let grown = residentPeak() - before
      print("\(fixture): \(count) files, \(loaded) loaded, slowest \(slowest), memory grew by \(grown >> 10) KiB")
      // The edits may fold up to 16 MiB of constants; loading takes a few hundred KiB.
      #expect(grown < 96 << 20)
    }
  }

  @Test("Files of nothing but small messages take memory in proportion")
  func manySmallMessages() {
    func message(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
      var length = content.count
      var header = [field << 3 | 2]
      while length >= 0x80 {
        header.append(UInt8(length & 0x7F) | 0x80)
        length >>= 7
      }
      return header + [UInt8(length)] + content
    }
    let node = message(1, message(4, [0x41]))
    let attributes = message(1, message(4, [0x41]) + Array(repeatElement(message(5, message(1, [0x61])), count: 20_000).joined()))
    let inputs = message(1, message(4, [0x41]) + [UInt8](repeatElement([0x0A, 0], count: 50_000).joined()))
    let tensors: [UInt8] = Array(repeatElement([0x2A, 0], count: 50_000).joined())
    let values: [UInt8] = Array(repeatElement([0x6A, 0], count: 50_000).joined())
    for graph in [Array(repeatElement(node, count: 20_000).joined()), attributes, inputs, tensors, values] {
      #expect(exercise([0x08, 8] + message(7, graph) + [0x42, 2, 0x10, 18], edit: 0))
    }
  }

  /// Loads, checks, and makes one edit; `true` where the bytes are a model.
  @discardableResult
  private func exercise(_ bytes: [UInt8], edit: Int) -> Bool {
    guard let model = try? Model(FileBytes(bytes)) else { return false }
    _ = model.issues()
    var copy = model
    switch edit {
    case 0: _ = try? copy.serialized()
    case 1: _ = try? copy.simplify()
    case 2: try? copy.setBatch(.dynamic)
    case 3: try? copy.setSize(height: .fixed(96), width: .fixed(64))
    case 4: try? copy.setSize(height: .dynamic, width: .dynamic)
    case 5: try? copy.splitOutputs()
    case 6: _ = try? copy.convertPrecision(to: .float16)
    case 7: try? copy.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5)
    default:
      _ = try? model.summary()
      try? copy.takeRawImages()
    }
    // What an edit returns can be written, whatever it was made from.
    _ = try? copy.serialized()
    return true
  }

  private func mutate(_ original: [UInt8], _ noise: inout Noise) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &noise) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &noise)
      switch Int.random(in: 0..<12, using: &noise) {
      case 0..<4: bytes[place] = UInt8.random(in: 0...255, using: &noise)
      case 4: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &noise)
      case 5: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &noise) ?? 0
      case 6: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &noise)))
      case 7: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 64)], at: place)
      case 8: bytes.removeSubrange((bytes.count - place % 64)...)
      case 9:
        // A number grows, in a message whose length stays right because the number's bytes do.
        let run = bytes[place...].prefix { $0 & 0x80 != 0 }.count
        for index in place..<min(bytes.count, place + run) { bytes[index] |= UInt8.random(in: 0...0x7F, using: &noise) }
      case 10:
        // Values in raw constants: shapes, axes, bounds.
        let values: [Int64] = [0, -1, 1, -2, .max, .min, 1 << 31, 1 << 40, 7, 1 << 62]
        let value = values.randomElement(using: &noise) ?? 0
        let places = Self.integerConstants(bytes)
        if let start = places.randomElement(using: &noise) {
          withUnsafeBytes(of: value.littleEndian) { for (index, byte) in $0.enumerated() { bytes[start + index] = byte } }
        }
      default:
        // One operator becomes another.
        let names = ["Reshape", "Concat", "Slice", "Gather", "Expand", "Resize", "Split", "TopK", "Tile", "Range", "Cast"]
        let (from, to) = (names.randomElement(using: &noise) ?? "", names.randomElement(using: &noise) ?? "")
        let pattern = [0x22, UInt8(from.utf8.count)] + Array(from.utf8)
        if from.utf8.count == to.utf8.count, let start = bytes.indices.first(where: { bytes[$0...].starts(with: pattern) }) {
          bytes.replaceSubrange(start..<(start + pattern.count), with: [0x22, UInt8(to.utf8.count)] + Array(to.utf8))
        }
      }
    }
    return bytes
  }

  /// Where eight bytes of a small int64 constant probably begin: after the header of `raw_data` of such a length.
  private static func integerConstants(_ bytes: [UInt8]) -> [Int] {
    bytes.indices.dropLast(10).filter { bytes[$0] == 0x4A && bytes[$0 + 1] % 8 == 0 && (8...32).contains(bytes[$0 + 1]) }
      .map { $0 + 2 }
  }

  /// The most memory that the process has had so far, in bytes.
  private func residentPeak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
