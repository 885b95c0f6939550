internal import CUDA
internal import Inference
internal import Synchronization

/// The devices that a run has lost or left out, and those that are short of memory. Each is said once, whoever finds out
/// first.
final class DeviceTroubles: Sendable {
  private struct State {
    var out: Set<Int> = []
    /// Of those, in the order in which they failed.
    var failures: [DeviceFailure] = []
    var shortages: Set<Shortage> = []
    /// Left out while it is found out whether others have more room.
    var aside: Set<Int> = []
  }

  private enum Shortage: Hashable {
    case pictures(Int)
    case network(Int)
    case pageLocked
  }

  private let state = Mutex(State())
  private let onNotice: @Sendable (String) -> Void

  init(onNotice: @escaping @Sendable (String) -> Void) { self.onNotice = onNotice }

  /// Whether the run does without a device from now on.
  func hasLost(_ device: CUDADevice) -> Bool {
    state.withLock { $0.out.contains(device.index) || $0.aside.contains(device.index) }
  }

  /// Does without a device until it is taken back, of which nobody is told.
  func setAside(_ device: CUDADevice) { state.withLock { _ = $0.aside.insert(device.index) } }
  func takeBack() { state.withLock { $0.aside = [] } }

  /// Why the devices that the run does without are out: of several, each is named. `nil` where there are none.
  var reason: InferenceError? { DeviceFailure.error(of: state.withLock { $0.failures }) }

  /// The same with one more, of which nobody is told.
  func reason(adding device: CUDADevice, _ reason: InferenceError) -> InferenceError {
    let failures = state.withLock { $0.failures } + [DeviceFailure(device: device.description, reason: reason)]
    return DeviceFailure.error(of: failures) ?? reason
  }

  func noteLoss(of device: CUDADevice, _ reason: InferenceError) {
    leaveOut(device, reason, "\(device) is lost; what it had goes to the other devices, if there are any.")
  }

  /// A device that has no memory for the run's batch, which others have.
  func noteLackOfRoom(on device: CUDADevice, batch: Int, _ reason: InferenceError) {
    leaveOut(
      device, reason,
      "\(device) is left out: it has no memory for "
        + "\(batch == 1 ? "a single picture" : "batches of \(batch)"). What it would have had goes to the other devices, if "
        + "there are any.")
  }

  private func leaveOut(_ device: CUDADevice, _ reason: InferenceError, _ words: String) {
    let isNew = state.withLock { state in
      guard state.out.insert(device.index).inserted else { return false }
      state.failures.append(DeviceFailure(device: device.description, reason: reason))
      return true
    }
    if isNew { onNotice("\(words) \(reason)") }
  }

  func noteShortage(of device: CUDADevice, _ reason: any Error) {
    say(
      .pictures(device.index),
      "\(device) has no memory for all pictures of a batch: the processor decodes and prepares those that find no room. \(reason)"
    )
  }

  /// A batch that the network has no memory for, whatever else of it is on the device.
  func noteNetworkShortage(of device: CUDADevice, _ reason: InferenceError) {
    say(
      .network(device.index),
      "\(device) has no memory for as many batches at once: one of those in flight is given up, and its pictures go to the "
        + "others. \(reason)")
  }

  func notePageLockedShortage(_ reason: any Error) {
    say(
      .pageLocked,
      "The system has no page-locked memory left: larger pictures go to the GPU through ordinary memory, which takes longer. \(reason)"
    )
  }

  private func say(_ shortage: Shortage, _ words: String) {
    if state.withLock({ $0.shortages.insert(shortage).inserted }) { onNotice(words) }
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

/// A device has no memory for its slots at the batch that was tried.
struct DeviceShortage: Error {
  var device: CUDADevice
  var reason: InferenceError
}
