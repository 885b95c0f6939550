import CUDA
import FakeRuntimes
import Testing

@Suite("images of modules") struct ImageTests {
  let device: FakeDevice

  init() throws { device = try FakeDevice() }

  /// A 64-bit ELF file of 64 + 56 + 128 bytes and 16 of content: one segment, two sections, all within it.
  static func cubin() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 264)
    func put(_ value: UInt64, _ count: Int, at offset: Int) {
      for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
    }
    bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    put(64, 8, at: 32)  // segments
    put(120, 8, at: 40)  // sections
    put(56, 2, at: 54)
    put(1, 2, at: 56)
    put(64, 2, at: 58)
    put(2, 2, at: 60)
    put(248, 8, at: 64 + 8)
    put(16, 8, at: 64 + 32)
    put(1, 4, at: 120 + 4)
    put(248, 8, at: 120 + 24)
    put(16, 8, at: 120 + 32)
    put(8, 4, at: 184 + 4)  // without bytes in the file, wherever it says they are
    put(1 << 40, 8, at: 184 + 24)
    put(1 << 40, 8, at: 184 + 32)
    return bytes
  }

  func problem(_ image: [UInt8]) -> String? {
    do {
      _ = try CUDAModule(image: image, name: "image", in: device.context)
      return nil
    } catch {
      #expect(error.isUnusableImage)
      return error.reason
    }
  }

  @Test("text and whole cubins go to the driver")
  func good() {
    #expect(problem(Self.cubin()) == nil)
    #expect(problem(Array(".version 8.0".utf8)) == nil)
    #expect(device.fake.liveCount("module") == 0)
  }

  @Test("what is neither does not")
  func neither() {
    #expect(problem([])?.contains("empty") == true)
    #expect(problem([1, 0, 2])?.contains("neither a cubin") == true)
    #expect(problem([0x7F, 0x45, 0x4C, 0x46])?.contains("only the beginning") == true)
    var other = Self.cubin()
    other[4] = 1
    #expect(problem(other)?.contains("64-bit") == true)
    #expect(device.fake.callCount("cuModuleLoadDataEx") == 0)
  }

  @Test("a cubin cut off anywhere does not")
  func cut() {
    let whole = Self.cubin()
    for count in 4..<whole.count { #expect(problem(Array(whole[..<count])) != nil, "\(count)") }
    #expect(device.fake.callCount("cuModuleLoadDataEx") == 0)
  }

  @Test(
    "nor one whose parts lie beyond its end",
    arguments: [(32, 8), (40, 8), (56, 2), (60, 2), (54, 2), (58, 2), (72, 8), (96, 8), (144, 8), (152, 8)])
  func beyond(offset: Int, count: Int) {
    var bytes = Self.cubin()
    for index in 0..<count { bytes[offset + index] = 0xFF }
    #expect(problem(bytes)?.contains("beyond") == true)
    // An entry size of nothing would have all entries in one place.
    if offset == 54 || offset == 58 {
      bytes[offset] = 0
      bytes[offset + 1] = 0
      #expect(problem(bytes)?.contains("beyond") == true)
    }
  }
}
