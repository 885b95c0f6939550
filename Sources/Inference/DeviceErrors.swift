package import CUDA

/// Runs calls of the CUDA driver and says in whole sentences what failed.
func onDevice<Result>(_ what: @autoclosure () -> String, _ body: () throws -> Result) throws(InferenceError) -> Result {
  do {
    return try body()
  } catch let error as InferenceError {
    throw error
  } catch let error as CUDAError {
    throw InferenceError(error, what())
  } catch let error as CUDAUnavailable {
    throw InferenceError(.runtimeUnavailable, error.description)
  } catch {
    throw InferenceError(.executionFailed, "\(what()) \(error)")
  }
}

extension InferenceError {
  /// - Parameter what: what failed, in a sentence.
  package init(_ error: CUDAError, _ what: String) {
    let advice =
      error.isSticky
      ? " The device's context is broken: nothing can run on it in this process any more. Start again, and look at the system log for the GPU's own report."
      : error.isOutOfMemory ? " Use a smaller batch, or free memory on the device." : ""
    let code: Code = error.isSticky ? .deviceLost : error.isOutOfMemory ? .outOfMemory : .executionFailed
    self.init(code, "\(what)\(advice)", cause: error.description)
  }
}
