internal import CImaging
internal import Glibc

/// Memory that grows to the largest need and is then reused: no allocation per image once warm.
struct ScratchMemory: ~Copyable {
  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0

  init() {}

  deinit { free(memory) }

  /// At least `byteCount` bytes, aligned to 64, with the kernels' slack behind them. The contents are arbitrary, but
  /// never uninitialised; what an earlier call returned is void.
  mutating func reserve(_ byteCount: Int) throws(ImageError) -> UnsafeMutableRawPointer {
    if let memory, byteCount <= capacity { return memory }
    var fresh: UnsafeMutableRawPointer?
    let size = byteCount + Int(SWOOP_ROW_SLACK)
    guard posix_memalign(&fresh, 64, size) == 0, let fresh else {
      throw ImageError(.outOfMemory, "no memory for \(byteCount) bytes of working space")
    }
    memset(fresh, 0, size)
    free(memory)
    memory = fresh
    capacity = byteCount
    return fresh
  }
}
