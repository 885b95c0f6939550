package import CUDA

/// A GPU of several that failed by itself: it is lost, has no memory left, or lets nobody use it. The others can do
/// without it, while a model or an option that is at fault is so on each of them.
package struct DeviceFailure: Error {
  /// `cuda:0 (NVIDIA H100)`, or its number alone where the driver says no more.
  package let device: String
  package let reason: InferenceError

  package init(device: String, reason: InferenceError) {
    self.device = device
    self.reason = reason
  }

  /// Sorts out whether an error is one of the GPU that it came up on; `nil` where it is not.
  ///
  /// Runtimes often say no more than that a call failed, or take what comes of a broken GPU for a damaged model. So the
  /// driver is asked how the GPU is.
  package init?(of index: Int, _ error: any Error) {
    if let failure = error as? DeviceFailure {
      self = failure
      return
    }
    guard let error = error as? InferenceError else { return nil }
    let driver = try? CUDADriver.open()
    device = (try? driver?.device(index))?.description ?? "cuda:\(index)"
    if error.code == .deviceLost || Self.isLackOfMemory(error) {
      reason = error
      return
    }
    guard let driver, (0..<driver.deviceCount).contains(index) else { return nil }
    do throws(DeviceFailure) {
      let context = try Self.context(of: index, driver)
      do throws(CUDAError) {
        try context.synchronize()
        return nil
      } catch let fault {
        guard fault.isSticky else { return nil }
        reason = InferenceError(fault, "\(context.device) failed.").following(error)
      }
    } catch let failure {
      reason = failure.reason.following(error)
    }
  }

  /// The context of a GPU that there is.
  package static func context(of index: Int, _ driver: CUDADriver) throws(DeviceFailure) -> CUDAContext {
    let device: CUDADevice
    do throws(CUDAUnavailable) {
      device = try driver.device(index)
    } catch {
      let what = "The driver does not describe the GPU."
      let reason =
        if case .notInitialized(let fault) = error {
          InferenceError(fault, what)
        } else {
          InferenceError(.runtimeUnavailable, "\(what) \(error)")
        }
      throw DeviceFailure(device: "cuda:\(index)", reason: reason)
    }
    do throws(CUDAError) {
      return try driver.primaryContext(of: device)
    } catch {
      throw DeviceFailure(
        device: device.description,
        reason: InferenceError(error, "\(device) cannot be used: the driver makes no context on it."))
    }
  }

  /// Why nothing can go on, where every GPU has failed: each with its reason; `nil` where none has.
  package static func error(of failures: [DeviceFailure]) -> InferenceError? {
    guard let first = failures.first else { return nil }
    guard failures.count > 1 else { return first.reason }
    // Where memory is what one of them lacks, something else may need less.
    let code = (failures.first { $0.reason.code == .outOfMemory } ?? first).reason.code
    let list = failures.map { "\n\($0.device): \($0.reason)" }.joined()
    return InferenceError(code, "None of the \(failures.count) GPUs can be used.\(list)")
  }

  private static func isLackOfMemory(_ error: InferenceError) -> Bool {
    switch error.code {
    case .outOfMemory: true
    // What ONNX Runtime has from CUDA, it hands on as text.
    case .runtimeUnavailable: ONNXRuntimeSettings.isOutOfMemory(error.cause ?? "")
    default: false
    }
  }
}

extension InferenceError {
  /// The same error with the words of one that it is behind.
  func following(_ earlier: InferenceError) -> InferenceError {
    var error = self
    error.cause = [cause, earlier.cause ?? earlier.message].compactMap { $0 }.joined(separator: "\n")
    return error
  }

  /// This error of an execution, or the loss of the device where that is behind it: of a fault on the device, runtimes say
  /// only that a call failed, and the driver knows more. Waits for what the stream has been given.
  ///
  /// - Parameter what: what failed, in a sentence.
  func orLoss(on stream: CUDAStream, _ what: @autoclosure () -> String) -> InferenceError {
    do throws(CUDAError) {
      try stream.synchronize()
      return self
    } catch {
      guard error.isSticky, code != .deviceLost else { return self }
      return InferenceError(error, what()).following(self)
    }
  }
}
