internal import ONNXRuntime
internal import Synchronization
internal import Tensors

/// One execution of ONNX Runtime on the CPU, over memory of its own.
///
/// Unchecked because the protocol lets it move between threads but be used by one at a time. What the thread of an
/// execution in flight writes, ``failure``, is read after a semaphore says that it has ended.
final class ONNXRuntimeContext: ExecutionContext, @unchecked Sendable {
  private struct Input {
    var buffer: InputBuffer
    /// Whether the binding has a value of the current shape over the current memory.
    var isBound = false
  }

  private enum State { case idle, running, done }

  private let engine: ONNXRuntimeEngine
  private let binding: IOBinding
  private var inputs: [String: Input] = [:]
  // Outputs of the last execution; views point into them.
  private var outputs: [String: Value] = [:]
  private var state = State.idle
  private let ended = Semaphore()
  private var failure: ONNXRuntimeError?

  init(engine: ONNXRuntimeEngine, maximumInputShapes: [String: [Int]]) throws(InferenceError) {
    self.engine = engine
    binding = try during(.executionFailed, "ONNX Runtime cannot make another execution of the model.") {
      () throws(ONNXRuntimeError) in try IOBinding(engine.session)
    }
    for name in maximumInputShapes.keys where !engine.inputs.contains(where: { $0.name == name }) {
      throw InferenceError.unknown("input", name, engine.inputs)
    }
    for descriptor in engine.inputs {
      inputs[descriptor.name] = Input(
        buffer: try InputBuffer(descriptor, maximumShape: maximumInputShapes[descriptor.name]))
    }
  }

  func setInputShape(_ shape: [Int], named name: String) throws {
    try requireIdle("an input's shape cannot be set")
    guard var input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    guard shape != input.buffer.shape else { return }
    try input.buffer.setShape(shape)
    input.isBound = false
    inputs[name] = input
  }

  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer {
    guard let input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    return input.buffer.bytes
  }

  func execute() throws {
    try prepare()
    run()
    try finish()
  }

  func enqueue() throws {
    try prepare()
    // The job keeps the context, which may go away while it runs.
    try engine.queue.submit { [self] in
      run()
      ended.signal()
    }
    state = .running
  }

  func synchronize() throws {
    guard state == .running else {
      throw InferenceError(
        .executionFailed, "There is no execution to wait for: enqueue() comes before synchronize().")
    }
    ended.wait()
    try finish()
  }

  func output(named name: String) throws -> TensorView {
    guard state == .done else {
      guard engine.outputs.contains(where: { $0.name == name }) else {
        throw InferenceError.unknown("output", name, engine.outputs)
      }
      throw InferenceError(
        .executionFailed, "The output \(name) cannot be read: the last execution has not ended, or failed.")
    }
    guard let value = outputs[name] else { throw InferenceError.unknown("output", name, engine.outputs) }
    return try during(.executionFailed, "ONNX Runtime does not hand out the output \(name).") {
      () throws(ONNXRuntimeError) in
      TensorView(
        name: name, shape: value.shape, elementType: value.elementType,
        bytes: UnsafeRawBufferPointer(try value.bytes()))
    }
  }

  /// Binds inputs whose shape or memory is new, and forgets the outputs of the execution before.
  private func prepare() throws(InferenceError) {
    try requireIdle("another cannot start")
    state = .idle
    outputs.removeAll(keepingCapacity: true)
    for (name, input) in inputs where !input.isBound {
      let buffer = input.buffer
      try during(.tensorMismatch, "ONNX Runtime does not take \(buffer.shape) for the input \(buffer.descriptor).") {
        () throws(ONNXRuntimeError) in
        let value = try Value(
          over: buffer.bytes, shape: buffer.shape, elementType: buffer.descriptor.elementType, memory: engine.memory,
          owner: buffer.memory)
        try binding.bindInput(name, to: value)
      }
      inputs[name]?.isBound = true
    }
    // Anew each time: an output may be larger or smaller than the last one, and ONNX Runtime would write into that.
    try during(.executionFailed, "ONNX Runtime does not take the model's outputs.") { () throws(ONNXRuntimeError) in
      for output in engine.outputs { try binding.bindOutput(output.name, in: engine.memory) }
    }
  }

  /// Runs on whichever thread the execution has.
  private func run() {
    do throws(ONNXRuntimeError) {
      try engine.session.run(binding)
      failure = nil
    } catch {
      failure = error
    }
  }

  private func finish() throws(InferenceError) {
    state = .idle
    if let failure { throw failed(failure) }
    let values = try during(.executionFailed, "ONNX Runtime does not hand out the model's outputs.") {
      () throws(ONNXRuntimeError) in try binding.outputValues()
    }
    // In the order in which they were bound.
    outputs = Dictionary(zip(engine.outputs.map(\.name), values), uniquingKeysWith: { first, _ in first })
    state = .done
  }

  private func requireIdle(_ what: String) throws(InferenceError) {
    guard state != .running else {
      throw InferenceError(
        .executionFailed, "An execution is in flight, so \(what): synchronize() comes first.")
    }
  }

  private func failed(_ error: ONNXRuntimeError) -> InferenceError {
    let shapes = engine.inputs.compactMap { inputs[$0.name]?.buffer }.map { "\($0.descriptor.name) \($0.shape)" }
    let isMemory = ONNXRuntimeSettings.isOutOfMemory(error.message)
    let advice = isMemory ? " There is too little memory: try a smaller batch." : ""
    return InferenceError(
      isMemory ? .outOfMemory : .executionFailed,
      "The model failed to run with \(shapes.joined(separator: ", ")).\(advice)", cause: error.message)
  }
}

/// Runs a call into ONNX Runtime and says in whole sentences what failed.
func during<Result>(
  _ code: InferenceError.Code, _ message: @autoclosure () -> String,
  _ body: () throws(ONNXRuntimeError) -> Result
) throws(InferenceError) -> Result {
  do {
    return try body()
  } catch {
    throw InferenceError(code, message(), cause: error.description)
  }
}
