internal import CUDA
internal import Glibc

/// Host memory that the device copies from or to: page-locked, or ordinary memory of the process where the system has
/// none of the other kind left. The driver takes copies of that through memory of its own, so they only take longer.
final class StagingMemory: @unchecked Sendable {
  // Sendable: immutable itself; who writes the bytes when is the owner's business.

  let bytes: UnsafeMutableRawBufferPointer
  private let pinned: PinnedMemory?

  /// Takes memory; its content is undefined.
  ///
  /// - Parameter onShortage: told that it is not page-locked.
  /// - Throws: `CUDAError`; out of memory where there is none of either kind.
  init(byteCount: Int, in context: CUDAContext, onShortage: (any Error) -> Void) throws(CUDAError) {
    do throws(CUDAError) {
      let pinned = try PinnedMemory(byteCount: byteCount, in: context)
      self.pinned = pinned
      bytes = pinned.bytes
    } catch {
      guard error.isOutOfMemory, let start = malloc(max(1, byteCount)) else { throw error }
      pinned = nil
      bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
      onShortage(error)
    }
  }

  deinit { if pinned == nil { free(bytes.baseAddress) } }
}
