internal import CONNXRuntime
internal import Synchronization

/// A kind of memory: which device it belongs to.
public final class MemoryInfo: Sendable {
  public let library: ONNXRuntimeLibrary
  /// ONNX Runtime's name for the memory: `Cpu`, `Cuda`, `CudaPinned`.
  public let name: String
  /// Which device of its kind.
  public let device: Int
  // Immutable after it is made.
  nonisolated(unsafe) let pointer: OpaquePointer

  /// Ordinary host memory.
  public static func host(_ library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) -> MemoryInfo {
    try MemoryInfo(library: library, name: "Cpu", device: 0)
  }

  /// The memory of a CUDA device, in CUDA's numbering.
  public static func cuda(_ device: Int, _ library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) -> MemoryInfo {
    try MemoryInfo(library: library, name: "Cuda", device: device)
  }

  /// Memory by ONNX Runtime's own name for it.
  public init(library: ONNXRuntimeLibrary, name: String, device: Int) throws(ONNXRuntimeError) {
    self.library = library
    self.name = name
    self.device = device
    let permanent = Self.permanent(name)
    pointer = try library.make("CreateMemoryInfo") { table, info in
      // 0 and 0: the device's own allocator, its default kind of memory.
      ort_CreateMemoryInfo_from(table)(permanent, 0, Int32(clamping: device), 0, &info)
    }
  }

  deinit { ort_ReleaseMemoryInfo_from(library.table)(pointer) }

  // ONNX Runtime up to 1.20 at least keeps the pointer it is given for the name, and copies it into every tensor of that
  // memory. So the characters are never freed; there are only a few names.
  private static func permanent(_ name: String) -> UnsafePointer<CChar> {
    let address = names.withLock { names in
      if let known = names[name] { return known }
      let count = name.utf8CString.count
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: count)
      name.utf8CString.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { copy.initialize(from: start, count: count) }
      }
      names[name] = UInt(bitPattern: copy)
      return UInt(bitPattern: copy)
    }
    guard let pointer = UnsafePointer<CChar>(bitPattern: address) else {
      preconditionFailure("allocated memory has an address")
    }
    return pointer
  }

  private static let names = Mutex<[String: UInt]>([:])
}
