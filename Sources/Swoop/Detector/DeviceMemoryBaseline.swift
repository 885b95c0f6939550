internal import CUDA
internal import Synchronization

/// How much memory of each GPU was free before this process first used it, so that a run can tell what it has taken.
enum DeviceMemoryBaseline {
  private static let values = Mutex<[Int: Int]>([:])

  /// Notes what is free on a device, once.
  static func note(_ context: CUDAContext) {
    guard let free = try? context.memory().free else { return }
    values.withLock { values in
      if values[context.device.index] == nil { values[context.device.index] = free }
    }
  }

  static func free(on index: Int) -> Int? { values.withLock { $0[index] } }
}
