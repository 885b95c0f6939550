internal import FakeRuntimes
internal import Glibc

/// The kernels of this package on the CPU, without a driver: the launches are calls.
struct Emulator {
  /// A launch that the emulator refused, by its result.
  struct Refusal: Error {
    var result: Int32
  }

  private typealias Launch =
    @convention(c) (
      UnsafePointer<CChar>, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, Int,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int32

  private let library: FakeLibrary

  static let shared = Result { try Emulator() }

  private init() throws { library = try FakeLibrary("KernelEmulator") }

  /// Runs a kernel of one-dimensional blocks.
  func launch<each Argument: BitwiseCopyable>(
    _ kernel: String, grid: (Int, Int), block: Int, shared: Int = 0, _ arguments: repeat each Argument
  ) throws {
    var pointers: [UnsafeMutableRawPointer?] = []
    func append<Value: BitwiseCopyable>(_ value: Value) {
      let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, MemoryLayout<Value>.size), alignment: 16)
      copy.storeBytes(of: value, as: Value.self)
      pointers.append(copy)
    }
    repeat append(each arguments)
    defer { for pointer in pointers { pointer?.deallocate() } }
    // A list has an end, so that a kernel without arguments has a list too.
    pointers.append(nil)
    let function = library.function("emulated_kernel_launch", as: Launch.self)
    let result = function(kernel, UInt32(grid.0), UInt32(grid.1), 1, UInt32(block), 1, 1, shared, &pointers)
    if result != 0 { throw Refusal(result: result) }
  }
}

/// Memory that faults when touched one byte before its start or one byte behind its end.
final class GuardedMemory {
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  /// - Parameter isFlushAtEnd: whether the page behind the last byte faults, or the one before the first.
  init?(byteCount: Int, isFlushAtEnd: Bool) {
    let page = 4096
    let whole = (byteCount + page - 1) / page * page
    length = whole + 2 * page
    guard let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mapping != MAP_FAILED
    else { return nil }
    mprotect(mapping, page, PROT_NONE)
    mprotect(mapping + page + whole, page, PROT_NONE)
    self.mapping = mapping
    let start = mapping + page + (isFlushAtEnd ? whole - byteCount : 0)
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { munmap(mapping, length) }

  var address: UInt64 { UInt64(UInt(bitPattern: bytes.baseAddress)) }
}
