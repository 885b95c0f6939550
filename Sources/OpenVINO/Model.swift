internal import COpenVINO

/// A model that was read and not yet compiled. It can be given other input shapes.
///
/// Not `Sendable`: reshaping changes it in place.
public final class Model {
  /// The core that read it; kept alive.
  public let core: OpenVINOCore
  let handle: OpaquePointer

  init(core: OpenVINOCore, handle: OpaquePointer) {
    self.core = core
    self.handle = handle
  }

  deinit { core.library.functions.modelFree(handle) }

  /// The model's name for people.
  public func name() throws(OpenVINOError) -> String {
    try core.library.string("ov_model_get_friendly_name") { core.library.functions.modelName(handle, $0) }
  }

  /// The inputs, in the model's order.
  public func inputs() throws(OpenVINOError) -> [Port] {
    let functions = core.library.functions
    let count = try core.library.number("ov_model_inputs_size") { functions.modelInputCount(handle, $0) }
    return try core.library.ports(count, "ov_model_const_input_by_index") {
      functions.modelInput(handle, $0, $1)
    }
  }

  /// The outputs, in the model's order.
  public func outputs() throws(OpenVINOError) -> [Port] {
    let functions = core.library.functions
    let count = try core.library.number("ov_model_outputs_size") { functions.modelOutputCount(handle, $0) }
    return try core.library.ports(count, "ov_model_const_output_by_index") {
      functions.modelOutput(handle, $0, $1)
    }
  }

  /// Gives inputs new shapes and infers all others anew.
  ///
  /// - Parameter shapes: by the input's index; inputs that are not named keep theirs. The rank must be known.
  public func reshape(_ shapes: [Int: PartialShape]) throws(OpenVINOError) {
    let shapes = shapes.sorted { $0.key < $1.key }
    let ports = shapes.map(\.key)
    try core.library.withPartialShapes(shapes.map(\.value)) { (made) throws(OpenVINOError) in
      let status = ports.withUnsafeBufferPointer { ports in
        made.withUnsafeBufferPointer { made in
          guard let ports = ports.baseAddress, let start = made.baseAddress else { return ov_status(0) }
          return core.library.functions.modelReshape(handle, ports, start, made.count)
        }
      }
      try core.library.check("ov_model_reshape_by_port_indexes", status)
    }
  }
}
