internal import OpenVINO
internal import Tensors

/// One request of OpenVINO over memory of its own.
///
/// Unchecked because the protocol lets it move between threads but be used by one at a time.
final class OpenVINOContext: ExecutionContext, @unchecked Sendable {
  private struct Input {
    var index: Int
    var port: Port
    var buffer: InputBuffer
    /// Whether the request has a tensor of the current shape over the current memory.
    var isSet = false
  }

  private enum State { case idle, running, done }

  private let engine: OpenVINOEngine
  private let request: InferRequest
  private var inputs: [String: Input] = [:]
  private var outputIndices: [String: Int] = [:]
  // Output tensors that were handed out since the last execution; views point into them.
  private var lent: [Int: HostTensor] = [:]
  private var state = State.idle

  init(engine: OpenVINOEngine, maximumInputShapes: [String: [Int]]) throws(InferenceError) {
    self.engine = engine
    request = try during(.executionFailed, "OpenVINO cannot make another request for the model.") {
      () throws(OpenVINOError) in try engine.compiled.makeRequest()
    }
    for name in maximumInputShapes.keys where !engine.inputs.contains(where: { $0.name == name }) {
      throw InferenceError.unknown("input", name, engine.inputs)
    }
    for (index, descriptor) in engine.inputs.enumerated() {
      let port = engine.inputPorts[index]
      if let shape = maximumInputShapes[descriptor.name] { try Self.check(shape, descriptor, port) }
      inputs[descriptor.name] = Input(
        index: index, port: port,
        buffer: try InputBuffer(descriptor, maximumShape: maximumInputShapes[descriptor.name]))
    }
    outputIndices = Dictionary(
      engine.outputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func setInputShape(_ shape: [Int], named name: String) throws {
    try requireIdle("an input's shape cannot be set")
    guard var input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    guard shape != input.buffer.shape else { return }
    try Self.check(shape, input.buffer.descriptor, input.port)
    try input.buffer.setShape(shape)
    input.isSet = false
    inputs[name] = input
  }

  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer {
    guard let input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    return input.buffer.bytes
  }

  func execute() throws {
    try prepare()
    do {
      try request.infer()
    } catch {
      throw failed(error)
    }
    state = .done
  }

  func enqueue() throws {
    try prepare()
    do {
      try request.start()
    } catch {
      throw failed(error)
    }
    state = .running
  }

  func synchronize() throws {
    guard state == .running else {
      throw InferenceError(
        .executionFailed, "There is no execution to wait for: enqueue() comes before synchronize().")
    }
    state = .idle
    do {
      try request.wait()
    } catch {
      throw failed(error)
    }
    state = .done
  }

  func output(named name: String) throws -> TensorView {
    guard let index = outputIndices[name] else { throw InferenceError.unknown("output", name, engine.outputs) }
    guard state == .done else {
      throw InferenceError(
        .executionFailed, "The output \(name) cannot be read: the last execution has not ended, or failed.")
    }
    return try during(.executionFailed, "OpenVINO does not hand out the output \(name).") {
      () throws(OpenVINOError) in
      let tensor = if let known = lent[index] { known } else { try request.output(at: index) }
      lent[index] = tensor
      return TensorView(
        name: name, shape: try tensor.shape(), elementType: try tensor.elementType(),
        bytes: UnsafeRawBufferPointer(try tensor.bytes()))
    }
  }

  /// Gives the request its inputs and forgets the outputs of the execution before.
  private func prepare() throws(InferenceError) {
    try requireIdle("another cannot start")
    state = .idle
    lent.removeAll(keepingCapacity: true)
    for (name, input) in inputs where !input.isSet {
      let buffer = input.buffer
      try during(
        .tensorMismatch, "OpenVINO does not take \(buffer.shape) for the input \(buffer.descriptor)."
      ) { () throws(OpenVINOError) in
        let tensor = try HostTensor(
          library: engine.compiled.core.library, elementType: buffer.descriptor.elementType,
          shape: buffer.shape, bytes: buffer.bytes, owner: buffer.memory)
        try request.setInput(tensor, at: input.index)
      }
      inputs[name]?.isSet = true
    }
  }

  private func requireIdle(_ what: String) throws(InferenceError) {
    guard state != .running else {
      throw InferenceError(
        .executionFailed, "An execution is in flight, so \(what): synchronize() comes first.")
    }
  }

  private func failed(_ error: OpenVINOError) -> InferenceError {
    let shapes = inputs.values.sorted { $0.index < $1.index }.map { "\($0.buffer.descriptor.name) \($0.buffer.shape)" }
    // OpenVINO has no words for exceptions that are not its own; they are nearly always std::bad_alloc.
    let isMemory = error.status == .unknownException || error.message.contains("bad_alloc")
    let advice = isMemory ? " There may be too little memory: try a smaller batch." : ""
    return InferenceError(
      isMemory ? .outOfMemory : .executionFailed,
      "The model failed to run with \(shapes.joined(separator: ", ")).\(advice)", cause: error.description)
  }

  /// Refuses shapes outside of the bounds that OpenVINO alone knows; all others are for the buffer to judge.
  private static func check(_ shape: [Int], _ descriptor: TensorDescriptor, _ port: Port) throws(InferenceError) {
    guard descriptor.shape.admits(shape), !port.shape.admits(shape), shape.allSatisfy({ $0 > 0 }) else { return }
    throw InferenceError(
      .tensorMismatch, "The input \(descriptor) cannot take the shape \(shape)\(limits(descriptor, port)).")
  }

  // Bounds of dynamic axes are known to OpenVINO alone.
  private static func limits(_ descriptor: TensorDescriptor, _ port: Port) -> String {
    let bounded =
      port.shape.dimensions?.contains { $0.length == nil && ($0.minimum > 1 || $0.maximum != nil) } ?? false
    return bounded ? "; the model's own limits are \(port.shape)" : ""
  }
}
