internal import CUDA
internal import Synchronization
internal import TensorRT

/// Device memory for an output whose size only the execution finds out; it grows and is kept.
final class GrowingOutput: OutputAllocator {
  private struct State {
    var memory: DeviceMemory?
    var shape: [Int]?
  }

  private let context: CUDAContext
  private let state = Mutex(State())

  init(in context: CUDAContext) { self.context = context }

  /// The shape of the last execution.
  var shape: [Int]? { state.withLock { $0.shape } }
  var address: UInt64? { state.withLock { $0.memory?.address } }

  /// Before another execution, whose shape is not known yet.
  func forgetShape() { state.withLock { $0.shape = nil } }

  func memory(
    forOutput name: String, current: UnsafeMutableRawPointer?, byteCount: Int, alignment: Int,
    stream: TensorRT.ExecutionContext.Stream?
  ) -> UnsafeMutableRawPointer? {
    // Device memory is aligned to 256 bytes, which is what TensorRT asks for; more cannot be promised.
    guard alignment <= 256 else { return nil }
    if let memory = state.withLock({ $0.memory }), memory.byteCount >= byteCount { return memory.pointer }
    // The old memory goes first: the device may not have room for both.
    state.withLock { $0.memory = nil }
    // A quarter more, so that slightly larger results need no new memory each time.
    let (roomy, overflow) = byteCount.addingReportingOverflow(byteCount / 4)
    guard byteCount >= 0, let memory = try? DeviceMemory(byteCount: overflow ? byteCount : roomy, in: context) else {
      return nil
    }
    state.withLock { $0.memory = memory }
    return memory.pointer
  }

  func outputShape(_ shape: [Int], of name: String) { state.withLock { $0.shape = shape } }
}
