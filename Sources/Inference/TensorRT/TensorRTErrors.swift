internal import CUDA
internal import TensorRT

/// Runs calls of TensorRT and CUDA and turns their errors into the one that all engines throw.
///
/// - Parameter what: what was done, as the start of a sentence: `The engine m.engine could not be loaded.`
func tensorRT<Result>(_ what: @autoclosure () -> String, _ body: () throws -> Result) throws(InferenceError) -> Result {
  do {
    return try body()
  } catch let error as InferenceError {
    throw error
  } catch let error as TensorRTError {
    throw InferenceError(error, what())
  } catch let error as CUDAError {
    throw InferenceError(error, what())
  } catch let error as CUDAUnavailable {
    throw InferenceError(.runtimeUnavailable, error.description)
  } catch {
    throw InferenceError(.executionFailed, "\(what()) \(error)")
  }
}

extension InferenceError {
  init(_ error: TensorRTError, _ what: String) {
    let code: Code =
      switch error.code {
      case .libraryMissing, .versionUnsupported, .layoutMismatch, .creationFailed: .runtimeUnavailable
      case .featureUnsupported: .optionUnsupported
      case .argumentInvalid: .tensorMismatch
      case .modelInvalid, .planRefused: .modelInvalid
      case .modelUnsupported: .modelUnsupported
      case .buildFailed, .buildCancelled, .executionFailed: .executionFailed
      case .outOfMemory: .outOfMemory
      }
    self.init(code, what.isEmpty ? error.message : "\(what) \(error.message)", cause: error.cause)
  }

  init(_ error: CUDAError, _ what: String) {
    let advice =
      error.isSticky
      ? " The device's context is broken: nothing can run on it in this process any more. Start again, and look at the system log for the GPU's own report."
      : error.isOutOfMemory ? " Use a smaller batch, or free memory on the device." : ""
    self.init(error.isOutOfMemory ? .outOfMemory : .executionFailed, "\(what)\(advice)", cause: error.description)
  }
}
