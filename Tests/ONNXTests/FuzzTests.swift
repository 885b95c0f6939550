import Glibc
import ONNX
import SeededNumbers
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
    let count = (Self.asked ?? 1000) / Fixture.allCases.count
    var noise = SplitMix64(seed: fixture.rawValue.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    // Once around, so that what is allocated once does not count.
    exercise(original, edit: 0)
    var loaded = 0
    var slowest = Duration.zero
    let grown = memoryGrowth {
      for number in 0..<count {
        let bytes = mutate(original, &noise)
        let start = ContinuousClock.now
        if exercise(bytes, edit: number % 9) { loaded += 1 }
        slowest = max(slowest, ContinuousClock.now - start)
      }
    }
    // Mutations that all fail to load would test nothing.
    #expect(loaded > count / 10)
    if Self.asked != nil {
      print("\(fixture): \(count) files, \(loaded) loaded, slowest \(slowest), memory grew by \(grown >> 10) KiB")
      // The edits may fold up to 16 MiB of constants; loading takes a few hundred KiB.
      #expect(grown < 96 << 20)
    }
  }

  /// A file that is nothing but one kind of small message.
  struct SmallMessages {
    let name: String
    /// Whether a megabyte of it is too much.
    let isRefused: Bool
    /// The file at about a size in bytes.
    let make: (Int) -> [UInt8]

    static var all: [SmallMessages] {
      var result: [SmallMessages] = []
      let op = message(4, [0x41])
      let named = message(1, [0x61])
      func node(_ content: [UInt8]) -> [UInt8] { message(1, op + content) }
      func attribute(_ content: [UInt8]) -> [UInt8] { node(message(5, named + content)) }
      func value(_ dimensions: [UInt8]) -> [UInt8] { message(13, message(2, message(1, message(2, dimensions)))) }
      func tensor(_ content: [UInt8]) -> [UInt8] { message(5, message(8, [0x61]) + [0x10, 1] + content) }
      func add(_ name: String, _ isRefused: Bool, _ graph: @escaping (Int) -> [UInt8]) {
        result.append(
          SmallMessages(name: name, isRefused: isRefused) {
            [0x08, 8] + message(7, graph($0)) + [0x42, 2, 0x10, 18]
          })
      }
      add("empty nodes", true) { many([0x0A, 0], $0) }
      add("nodes", true) { many(node(message(2, [])), $0) }
      add("nodes with one name", true) { many(node(message(1, [0x61]) + message(2, [0x62])), $0) }
      add("nodes with many names", false) { distinct($0) { node(message(1, $0) + message(2, $0)) } }
      add("attributes", true) { node(many(message(5, named + [0x18, 1]), $0)) }
      add("typed attributes", true) { node(many(message(5, named + [0x18, 1, 0xA0, 1, 2]), $0)) }
      add("empty attributes", true) { node(many([0x2A, 0], $0)) }
      add("lists of tensors", true) { attribute(many([0x52, 0], $0)) }
      add("lists of graphs", true) { attribute(many([0x5A, 0], $0)) }
      add("strings", false) { attribute(many([0x4A, 0], $0)) }
      add("integers", false) { attribute(message(8, many([1], $0)) + [0xA0, 1, 7]) }
      add("single integers", false) { attribute(many([0x40, 1], $0) + [0xA0, 1, 7]) }
      add("inputs", true) { node(many([0x0A, 0], $0)) }
      add("outputs", true) { node(many(message(2, [0x61]), $0)) }
      add("outputs with many names", false) { node(distinct($0) { message(2, $0) }) }
      add("empty tensors", true) { many([0x2A, 0], $0) }
      add("tensors", true) { many(tensor([]), $0) }
      add("tensors with many names", false) { distinct($0) { message(5, message(8, $0) + [0x10, 1]) } }
      add("lengths", true) { tensor(message(1, many([1], $0))) }
      add("single lengths", false) { tensor(many([0x08, 1], $0)) }
      add("typed data", false) { tensor(message(7, many([1], $0))) }
      add("external data", true) { tensor(many([0x6A, 0], $0)) }
      add("strings in a tensor", false) { tensor(many([0x32, 0], $0)) }
      add("values", true) { many([0x6A, 0], $0) }
      add("graph inputs", true) { many(message(11, named), $0) }
      add("axes", false) { value(many([0x0A, 0], $0)) }
      add("unknown fields", false) { many([0xA2, 0x38, 0], $0) }
      let graphless: [UInt8] = [0x08, 8, 0x3A, 0]
      result.append(SmallMessages(name: "metadata", isRefused: true) { graphless + many([0x72, 0], $0) })
      result.append(SmallMessages(name: "operator sets", isRefused: true) { graphless + many([0x42, 0], $0) })
      result.append(SmallMessages(name: "graphs", isRefused: true) { many([0x3A, 0], $0) })
      return result
    }

    private static func message(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
      var length = content.count
      var header = [field << 3 | 2]
      while length >= 0x80 {
        header.append(UInt8(length & 0x7F) | 0x80)
        length >>= 7
      }
      return header + [UInt8(length)] + content
    }

    /// `size` bytes or up to twice as many.
    private static func many(_ content: [UInt8], _ size: Int) -> [UInt8] {
      var result = content
      while result.count < size { result += result }
      return result
    }

    private static func distinct(_ size: Int, _ make: ([UInt8]) -> [UInt8]) -> [UInt8] {
      var result: [UInt8] = []
      var number = 0
      while result.count < size {
        result += make(Array(String(number, radix: 16).utf8))
        number += 1
      }
      return result
    }
  }

  @Test("Files of nothing but small messages are refused before they take memory")
  func manySmallMessages() throws {
    for file in SmallMessages.all {
      guard file.isRefused else {
        #expect(exercise(file.make(1 << 14), edit: 0), "\(file.name)")
        continue
      }
      do {
        _ = try Model(FileBytes(file.make(1 << 20)))
        Issue.record("\(file.name) were not refused")
      } catch let error as ModelError {
        #expect(error.code == .malformed && error.message.contains("MB of memory"), "\(file.name)")
      }
    }
  }

  @Test(
    "What the bound on memory allows takes no more than it says", .enabled(if: asked != nil, "SWOOP_FUZZ is not set"))
  func memoryOfSmallMessages() {
    for size in [1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20] {
      for file in SmallMessages.all {
        let bytes = file.make(size)
        var isModel = false
        let grown = memoryGrowth { isModel = exercise(bytes, edit: 0) }
        guard isModel else { continue }
        print("\(file.name): \(bytes.count >> 10) KiB, memory grew by \(grown >> 10) KiB")
        #expect(grown < 32 << 20 + 16 * bytes.count, "\(file.name)")
      }
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

  private func mutate(_ original: [UInt8], _ noise: inout SplitMix64) -> [UInt8] {
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
        for index in place..<min(bytes.count, place + run) {
          bytes[index] |= UInt8.random(in: 0...0x7F, using: &noise)
        }
      case 10:
        // Values in raw constants: shapes, axes, bounds.
        let values: [Int64] = [0, -1, 1, -2, .max, .min, 1 << 31, 1 << 40, 7, 1 << 62]
        let value = values.randomElement(using: &noise) ?? 0
        let places = Self.integerConstants(bytes)
        if let start = places.randomElement(using: &noise) {
          withUnsafeBytes(of: value.littleEndian) {
            for (index, byte) in $0.enumerated() { bytes[start + index] = byte }
          }
        }
      default:
        // One operator becomes another.
        let names = [
          "Reshape", "Concat", "Slice", "Gather", "Expand", "Resize", "Split", "TopK", "Tile", "Range",
          "Cast",
        ]
        let (from, to) = (names.randomElement(using: &noise) ?? "", names.randomElement(using: &noise) ?? "")
        let pattern = [0x22, UInt8(from.utf8.count)] + Array(from.utf8)
        if from.utf8.count == to.utf8.count,
          let start = bytes.indices.first(where: { bytes[$0...].starts(with: pattern) })
        {
          bytes.replaceSubrange(
            start..<(start + pattern.count), with: [0x22, UInt8(to.utf8.count)] + Array(to.utf8))
        }
      }
    }
    return bytes
  }

  /// Where eight bytes of a small int64 constant probably begin: after the header of `raw_data` of such a length.
  private static func integerConstants(_ bytes: [UInt8]) -> [Int] {
    bytes.indices.dropLast(10).filter {
      bytes[$0] == 0x4A && bytes[$0 + 1] % 8 == 0 && (8...32).contains(bytes[$0 + 1])
    }
    .map { $0 + 2 }
  }

  /// How much more memory the process had at any time during `body` than before it, in bytes.
  ///
  /// `getrusage` would count what the process that started this one had. Writing 5 resets the mark of the kernel.
  private func memoryGrowth(_ body: () throws -> Void) rethrows -> Int {
    // What earlier files left to the allocator would hide what this one takes.
    if let trim = dlsym(nil, "malloc_trim") { _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0) }
    if let file = fopen("/proc/self/clear_refs", "w") {
      fputs("5", file)
      fclose(file)
    }
    let before = resident("VmRSS:")
    try body()
    return resident("VmHWM:") - before
  }

  private func resident(_ field: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split {
        $0 == " " || $0 == "\t"
      }
      if words.count > 1, words[0] == field { return (Int(words[1]) ?? 0) * 1024 }
    }
    return 0
  }
}
