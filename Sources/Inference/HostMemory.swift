internal import Glibc

/// Page-aligned host memory with one owner, for tensors that runtimes read and write in place.
final class HostMemory {
  let bytes: UnsafeMutableRawBufferPointer

  /// Takes `byteCount` bytes (at least one) and clears them, or returns `nil` where the system has not that many.
  ///
  /// Cleared memory comes from the system untouched, so that pages that are never written cost nothing.
  init?(byteCount: Int) {
    guard byteCount >= 0 else { return nil }
    let (rounded, overflow) = max(byteCount, 1).addingReportingOverflow(Self.alignment - 1)
    guard !overflow else { return nil }
    let start = mmap(nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return nil }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    mappedByteCount = rounded
  }

  deinit { munmap(bytes.baseAddress, mappedByteCount) }

  private let mappedByteCount: Int
  private static let alignment = 4096
}
