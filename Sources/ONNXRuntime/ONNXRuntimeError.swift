internal import CONNXRuntime

/// A call that ONNX Runtime refused, with its own words.
public struct ONNXRuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// ONNX Runtime's error codes.
  public enum Code: Sendable, Hashable {
    case failed, invalidArgument, noSuchFile, noModel, engineError, runtimeException, invalidProtobuf, modelLoaded
    case notImplemented, invalidGraph, executionProviderFailed, modelLoadCanceled, modelRequiresCompilation, notFound
    /// A code that has no case here.
    case unknown(Int32)

    init(_ code: Int32) {
      self =
        switch code {
        case 1: .failed
        case 2: .invalidArgument
        case 3: .noSuchFile
        case 4: .noModel
        case 5: .engineError
        case 6: .runtimeException
        case 7: .invalidProtobuf
        case 8: .modelLoaded
        case 9: .notImplemented
        case 10: .invalidGraph
        case 11: .executionProviderFailed
        case 12: .modelLoadCanceled
        case 13: .modelRequiresCompilation
        case 14: .notFound
        default: .unknown(code)
        }
    }
  }

  public var code: Code
  /// The function of the C API that failed: `CreateSession`.
  public var operation: String
  /// What ONNX Runtime said.
  public var message: String

  public init(_ code: Code, operation: String, message: String) {
    self.code = code
    self.operation = operation
    self.message = message
  }

  /// Reads a status and releases it.
  init(consuming status: OpaquePointer, operation: String, table: UnsafeRawPointer) {
    defer { ort_ReleaseStatus_from(table)(status) }
    code = Code(ort_GetErrorCode_from(table)(status))
    self.operation = operation
    message = ort_GetErrorMessage_from(table)(status).map { String(cString: $0) } ?? ""
  }

  public var description: String { "ONNX Runtime's \(operation) failed: \(message)" }
}
