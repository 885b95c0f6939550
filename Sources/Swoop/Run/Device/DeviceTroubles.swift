internal import CUDA
internal import Inference
internal import Synchronization

/// The devices that a run has lost, and those that are short of memory. Each is said once, whoever finds out first.
final class DeviceTroubles: Sendable {
  private struct State {
    var lost: Set<Int> = []
    var short: Set<Int> = []
    var lastReason: InferenceError?
  }

  private let state = Mutex(State())
  private let onNotice: @Sendable (String) -> Void

  init(onNotice: @escaping @Sendable (String) -> Void) { self.onNotice = onNotice }

  func hasLost(_ device: CUDADevice) -> Bool { state.withLock { $0.lost.contains(device.index) } }

  /// Why the last of them was lost.
  var lastReason: InferenceError? { state.withLock { $0.lastReason } }

  func noteLoss(of device: CUDADevice, _ reason: InferenceError) {
    let isNew = state.withLock { state in
      state.lastReason = reason
      return state.lost.insert(device.index).inserted
    }
    if isNew { onNotice("\(device) is lost; what it had goes to the other devices, if there are any. \(reason)") }
  }

  func noteShortage(of device: CUDADevice, _ reason: any Error) {
    guard state.withLock({ $0.short.insert(device.index).inserted }) else { return }
    onNotice(
      "\(device) has no memory for all pictures of a batch: the processor decodes and prepares those that find no room. \(reason)"
    )
  }

  /// Runs what sets a device up; where it is lost, or was before, that is noted and the result is `nil`.
  func leavingOut<Result>(_ device: CUDADevice, _ body: () throws -> Result) throws -> Result? {
    guard !hasLost(device) else { return nil }
    do {
      return try body()
    } catch let error as InferenceError where error.code == .deviceLost {
      noteLoss(of: device, error)
      return nil
    }
  }
}
