internal import DynamicLibrary

/// A span of time with a name, shown by NVIDIA's profilers (Nsight Systems) beside what the GPU does.
///
/// It goes through `libnvToolsExt.so.1` or `libnvtx3interop.so.1`, where the machine has one of them; where not, a range
/// costs a comparison, and its name is not even made.
public struct NVTXRange: ~Copyable {
  private let library: NVTXLibrary?
  private let identifier: UInt64

  /// Begins the range. It ends with ``end()`` or when the value goes; on any thread.
  public init(_ name: @autoclosure () -> String) {
    self.init(name(), library: .shared)
  }

  package init(_ name: @autoclosure () -> String, library: NVTXLibrary?) {
    self.library = library
    identifier = library.map { $0.start(name()) } ?? 0
  }

  /// Ends the range.
  public consuming func end() {}

  deinit { library?.end(identifier) }

  /// Whether ranges go anywhere.
  public static var isAvailable: Bool { NVTXLibrary.shared != nil }
}

/// The library that hands ranges to a profiler.
package final class NVTXLibrary: Sendable {
  private let startCall: @convention(c) (UnsafePointer<CChar>) -> UInt64
  private let endCall: @convention(c) (UInt64) -> Void

  /// The one on this machine, looked for once; `nil` where there is none. `SWOOP_NVTX` names its file or folder.
  static let shared: NVTXLibrary? = {
    var search = LibrarySearch(
      title: "NVTX", names: ["libnvToolsExt.so.1", "libnvtx3interop.so.1"], environmentVariable: "SWOOP_NVTX",
      advice: "Install the pip package nvidia-nvtx.")
    search.pythonFolders = ["nvidia/cu13/lib", "nvidia/nvtx/lib"]
    search.wellKnownFolders = ["/usr/local/cuda/lib64", "/usr/local/cuda*/lib64"]
    // Its absence is the ordinary case: profilers alone need it.
    return try? DynamicLibrary.open(search) { try NVTXLibrary($0) }
  }()

  package convenience init(path: String) throws {
    try self.init(DynamicLibrary(path: path))
  }

  private init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    startCall = try library.require("nvtxRangeStartA")
    endCall = try library.require("nvtxRangeEnd")
  }

  func start(_ name: String) -> UInt64 { startCall(name) }
  func end(_ identifier: UInt64) { endCall(identifier) }
}
