internal import COpenVINO

/// A model compiled for a device: immutable, and shared by the requests that run it.
///
/// Safe to use from several threads at once.
public final class CompiledModel: Sendable {
  /// The core that compiled it; kept alive.
  public let core: OpenVINOCore
  nonisolated(unsafe) let handle: OpaquePointer
  // Keeps the bytes of an imported model alive; never used otherwise, so that its own thread safety does not matter.
  nonisolated(unsafe) private let owner: AnyObject?

  init(core: OpenVINOCore, handle: OpaquePointer, owner: AnyObject? = nil) {
    self.core = core
    self.handle = handle
    self.owner = owner
  }

  deinit { core.library.functions.compiledFree(handle) }

  /// The inputs, in the model's order.
  public func inputs() throws(OpenVINOError) -> [Port] {
    let functions = core.library.functions
    let count = try core.library.number("ov_compiled_model_inputs_size") {
      functions.compiledInputCount(handle, $0)
    }
    return try core.library.ports(count, "ov_compiled_model_input_by_index") {
      functions.compiledInput(handle, $0, $1)
    }
  }

  /// The outputs, in the model's order.
  public func outputs() throws(OpenVINOError) -> [Port] {
    let functions = core.library.functions
    let count = try core.library.number("ov_compiled_model_outputs_size") {
      functions.compiledOutputCount(handle, $0)
    }
    return try core.library.ports(count, "ov_compiled_model_output_by_index") {
      functions.compiledOutput(handle, $0, $1)
    }
  }

  /// A property as it is in force, in OpenVINO's textual form.
  public func property(_ key: PropertyKey) throws(OpenVINOError) -> String {
    try core.library.string("ov_compiled_model_get_property") {
      core.library.functions.compiledGetProperty(handle, key.rawValue, $0)
    }
  }

  /// Writes the compiled model to a file, for ``OpenVINOCore/importModel(_:owner:for:)`` of the same OpenVINO version on the
  /// same kind of device.
  public func export(to path: String) throws(OpenVINOError) {
    try core.library.check(
      "ov_compiled_model_export_model", core.library.functions.compiledExport(handle, path))
  }

  /// Makes a request, which runs the model once at a time with tensors of its own.
  public func makeRequest() throws(OpenVINOError) -> InferRequest {
    let request = try core.library.make("ov_compiled_model_create_infer_request") {
      core.library.functions.compiledRequest(handle, $0)
    }
    return InferRequest(model: self, handle: request)
  }
}
