internal import CUDA
internal import TensorRT

/// Runs calls of TensorRT and CUDA and turns their errors into the one that all engines throw.
///
/// - Parameter what: what was done, as the start of a sentence: `The engine m.engine could not be loaded.`
func tensorRT<Result>(_ what: @autoclosure () -> String, _ body: () throws -> Result) throws(InferenceError) -> Result {
  do {
    return try body()
  } catch let error as TensorRTError {
    throw InferenceError(error, what())
  } catch {
    return try onDevice(what()) { throw error }
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
}
