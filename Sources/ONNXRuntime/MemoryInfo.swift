internal import CONNXRuntime

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
    pointer = try library.make("CreateMemoryInfo") { table, info in
      // 0 and 0: the device's own allocator, its default kind of memory.
      ort_CreateMemoryInfo_from(table)(name, 0, Int32(clamping: device), 0, &info)
    }
  }

  deinit { ort_ReleaseMemoryInfo_from(library.table)(pointer) }
}
