internal import CUDA
internal import ONNXRuntime
internal import Tensors

/// One execution of ONNX Runtime on a GPU: a stream, device memory for the inputs, and the outputs where ONNX Runtime or
/// this context put them, all on the device.
///
/// The session computes on one stream for all contexts (``ONNXRuntimeDevice``). An execution waits there for what this
/// context's own stream has done to the inputs, and this context's stream then waits for it, so that the copies and
/// kernels of several contexts go on beside one another's networks.
///
/// Each new shape costs a search for the fastest convolutions, half a second and more, and these may round differently. So
/// every batch runs as the largest that the context was made for, with rows that nobody reads.
///
/// Where the engine uses CUDA graphs, ``prepareToExecute()`` captures the execution, with inputs and outputs in memory that
/// stays, and it is replayed from then on; other shapes run without a graph.
final class ONNXRuntimeDeviceContext: DeviceExecutionContext, @unchecked Sendable {
  // Unchecked because the protocol lets it move between threads but be used by one at a time.

  private struct Input {
    let descriptor: TensorDescriptor
    var memory: DeviceMemory
    /// The shape that was asked for, and the one that runs, with more rows perhaps.
    var shape: [Int]
    var runShape: [Int]
    var byteCount: Int
    /// The largest batch that the context was made for.
    var maximumBatch: Int
    var isBound = false
    /// Only contexts whose inputs are written by the host have it.
    var host: PinnedMemory?
  }

  private struct Output {
    var value: Value
    var host: PinnedMemory?
  }

  /// The graph of the execution at the largest shape, and the memory that it writes to.
  private struct Graph {
    let options: RunOptions
    let shapes: [String: [Int]]
    let outputs: [String: Value]
  }

  private enum State { case idle, running, done }

  private static let runsUntilCaptured = 4

  let stream: CUDAStream
  private let engine: ONNXRuntimeEngine
  private let device: ONNXRuntimeDevice
  private let memory: MemoryInfo
  private let binding: IOBinding
  private let options: RunOptions
  private let ready: CUDAEvent
  private let started: CUDAEvent
  private let ended: CUDAEvent
  private var inputs: [String: Input] = [:]
  private var outputs: [String: Output] = [:]
  private var graph: Graph?
  private var isCaptured = false
  private var state = State.idle
  private var isOnHost = false

  init(
    engine: ONNXRuntimeEngine, device: ONNXRuntimeDevice, maximumInputShapes: [String: [Int]]
  ) throws(InferenceError) {
    self.engine = engine
    self.device = device
    let library = engine.session.library
    (stream, ready, started, ended) = try onDevice("\(device.cuda.device) has no room for another stream.") {
      (
        try CUDAStream(in: device.cuda, priority: .high), try CUDAEvent(in: device.cuda),
        try CUDAEvent(in: device.cuda, isTiming: true), try CUDAEvent(in: device.cuda, isTiming: true)
      )
    }
    let usesGraphs = engine.usesGraphs
    (memory, binding, options) = try during(
      .executionFailed, "ONNX Runtime cannot make another execution of the model."
    ) { () throws(ONNXRuntimeError) in
      (
        try MemoryInfo.cuda(device.cuda.device.index, library), try IOBinding(engine.session),
        try RunOptions(
          library: library, synchronizesDevice: false, configuration: usesGraphs ? ["gpu_graph_id": "-1"] : [:])
      )
    }
    for name in maximumInputShapes.keys where !engine.inputs.contains(where: { $0.name == name }) {
      throw InferenceError.unknown("input", name, engine.inputs)
    }
    for descriptor in engine.inputs {
      let (shape, byteCount) = try InputBuffer.size(of: descriptor, maximumShape: maximumInputShapes[descriptor.name])
      let memory = try deviceMemory(byteCount, descriptor)
      inputs[descriptor.name] = Input(
        descriptor: descriptor, memory: memory, shape: shape, runShape: shape, byteCount: byteCount,
        maximumBatch: shape.first ?? 1)
      // Rows that fill up a batch are numbers from the start.
      let stream = stream
      try onDevice("The input \(descriptor) cannot be cleared.") {
        try stream.fill(memory.address, with: 0, byteCount: byteCount)
      }
    }
  }

  deinit {
    // Memory must not go while the device still works on it.
    if state == .running { try? stream.synchronize() }
  }

  // MARK: Shapes and memory

  func setInputShape(_ shape: [Int], named name: String) throws {
    try requireIdle("an input's shape cannot be set")
    guard var input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    guard shape != input.shape else { return }
    let byteCount = try InputBuffer.size(of: input.descriptor, maximumShape: shape).byteCount
    input.maximumBatch = max(input.maximumBatch, shape.first ?? 1)
    let runShape = Self.filledUp(
      shape, to: input.maximumBatch, isFixed: input.descriptor.shape.dimensions.first?.length != nil)
    let runByteCount = try InputBuffer.size(of: input.descriptor, maximumShape: runShape).byteCount
    if runByteCount > input.memory.byteCount {
      input.memory = try deviceMemory(runByteCount, input.descriptor)
      // The graph reads the memory that it was captured with.
      graph = nil
    }
    if let host = input.host, byteCount > host.bytes.count { input.host = try pinned(byteCount, input.descriptor) }
    input.shape = shape
    input.runShape = runShape
    input.byteCount = byteCount
    input.isBound = false
    inputs[name] = input
  }

  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer {
    guard var input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    let host = try input.host ?? pinned(input.memory.byteCount, input.descriptor)
    input.host = host
    inputs[name] = input
    return UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<input.byteCount])
  }

  func inputAddress(named name: String) throws -> UInt64 {
    guard let input = inputs[name] else { throw InferenceError.unknown("input", name, engine.inputs) }
    return input.memory.address
  }

  /// A shape with as many rows as the largest batch.
  private static func filledUp(_ shape: [Int], to maximum: Int, isFixed: Bool) -> [Int] {
    isFixed || shape.isEmpty ? shape : [max(shape[0], maximum)] + shape.dropFirst()
  }

  /// An output's shape without the rows that nobody asked for.
  private func asked(_ shape: [Int]) -> [Int] {
    guard let first = engine.inputs.first.flatMap({ inputs[$0.name] }), let rows = first.shape.first,
      let runRows = first.runShape.first, rows < runRows, shape.first == runRows
    else { return shape }
    return [rows] + shape.dropFirst()
  }

  private func deviceMemory(_ byteCount: Int, _ descriptor: TensorDescriptor) throws(InferenceError) -> DeviceMemory {
    let cuda = device.cuda
    return try onDevice("There is no device memory for \(descriptor).") {
      try DeviceMemory(byteCount: byteCount, in: cuda)
    }
  }

  private func pinned(_ byteCount: Int, _ descriptor: TensorDescriptor) throws(InferenceError) -> PinnedMemory {
    let cuda = device.cuda
    return try onDevice("There is no pinned memory for \(descriptor).") {
      try PinnedMemory(byteCount: byteCount, in: cuda)
    }
  }

  // MARK: Execution

  func execute() throws {
    try enqueue()
    try synchronize()
  }

  func enqueue() throws {
    try requireIdle("another cannot start")
    try running("The model failed to start\(shapeList).") {
      for descriptor in engine.inputs {
        guard let input = inputs[descriptor.name], let host = input.host else { continue }
        try stream.copy(
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(host.bytes)[..<input.byteCount]),
          to: input.memory.address)
      }
      try submit()
      for descriptor in engine.outputs { try copyToHost(descriptor) }
    }
    state = .running
    isOnHost = true
  }

  func enqueueOnDevice() throws {
    try requireIdle("another cannot start")
    try running("The model failed to start\(shapeList).") { try submit() }
    state = .running
    isOnHost = false
  }

  func synchronize() throws {
    guard state == .running else {
      throw InferenceError(.executionFailed, "There is no execution to wait for: enqueue() comes before synchronize().")
    }
    try running("The model failed\(shapeList).") { try stream.synchronize() }
    state = .done
  }

  func output(named name: String) throws -> TensorView {
    guard let output = outputs[name] else {
      guard engine.outputs.contains(where: { $0.name == name }) else {
        throw InferenceError.unknown("output", name, engine.outputs)
      }
      throw InferenceError(.executionFailed, "The output \(name) cannot be read: nothing was executed, or it failed.")
    }
    guard state == .done, isOnHost, let host = output.host, let byteCount = Self.byteCount(output.value) else {
      throw InferenceError(
        .executionFailed,
        "The output \(name) cannot be read: the last execution has not ended, failed, or stayed on the device.")
    }
    let shape = asked(output.value.shape)
    let askedByteCount = shape.reduce(output.value.elementType.byteCount ?? 0, *)
    return TensorView(
      name: name, shape: shape, elementType: output.value.elementType,
      bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(host.bytes)[..<min(askedByteCount, byteCount)]))
  }

  func outputOnDevice(named name: String) throws -> (address: UInt64, shape: [Int]) {
    guard state != .idle, let output = outputs[name] else {
      guard engine.outputs.contains(where: { $0.name == name }) else {
        throw InferenceError.unknown("output", name, engine.outputs)
      }
      throw InferenceError(
        .executionFailed, "The output \(name) is not on the device: nothing was executed, or it failed.")
    }
    let value = output.value
    let address = try during(.executionFailed, "ONNX Runtime does not hand out the output \(name).") {
      () throws(ONNXRuntimeError) in try value.address()
    }
    return (UInt64(address), asked(value.shape))
  }

  func networkMilliseconds() throws -> Double? {
    guard state == .done else { return nil }
    return try ended.milliseconds(since: started)
  }

  /// Puts an execution into the session's stream, between what this context's stream did before and does next.
  private func submit() throws {
    state = .idle
    var run = options
    var outputValues: [String: Value]?
    if let graph, inputs.allSatisfy({ graph.shapes[$0.key] == $0.value.runShape }) {
      run = graph.options
      outputValues = graph.outputs
    }
    try bindInputs()
    try ready.record(on: stream)
    outputs = try device.submit(ended, isGraph: outputValues != nil && isCaptured) {
      try device.compute.wait(for: ready)
      try started.record(on: device.compute)
      let values = try self.run(run, outputs: outputValues)
      try ended.record(on: device.compute)
      return values
    }
    try stream.wait(for: ended)
  }

  private func bindInputs() throws {
    for (name, input) in inputs where !input.isBound {
      let value = try Value(
        address: UInt(input.memory.address), byteCount: input.memory.byteCount, shape: input.runShape,
        elementType: input.descriptor.elementType, memory: memory, owner: input.memory)
      try binding.bindInput(name, to: value)
      inputs[name]?.isBound = true
    }
  }

  /// - Parameter outputs: where the outputs go; `nil` lets ONNX Runtime take memory for them.
  private func run(_ options: RunOptions, outputs fixed: [String: Value]?) throws -> [String: Output] {
    for descriptor in engine.outputs {
      if let value = fixed?[descriptor.name] {
        try binding.bindOutput(descriptor.name, to: value)
      } else {
        try binding.bindOutput(descriptor.name, in: memory)
      }
    }
    try device.cuda.withCurrent { try engine.session.run(binding, options: options) }
    // In the order in which they were bound.
    let values = try fixed.map { fixed in engine.outputs.compactMap { fixed[$0.name] } } ?? binding.outputValues()
    var results: [String: Output] = [:]
    for (descriptor, value) in zip(engine.outputs, values) {
      results[descriptor.name] = Output(value: value, host: outputs[descriptor.name]?.host)
    }
    return results
  }

  /// ONNX Runtime keeps a graph for each thread, so the one that captures is the one that can replay it.
  func prepareToExecute() throws {
    try requireIdle("it cannot be prepared")
    if engine.usesGraphs { try capture() }
  }

  /// Captures the execution at the current shapes as a graph.
  private func capture() throws(InferenceError) {
    graph = nil
    isCaptured = false
    let library = engine.session.library
    try running("The model could not be captured as a CUDA graph\(shapeList). Run it without: --graphs off.") {
      // Once without, which says how large the outputs are.
      try submit()
      try stream.synchronize()
      var fixed: [String: Value] = [:]
      for descriptor in engine.outputs {
        guard let value = outputs[descriptor.name]?.value, let byteCount = Self.byteCount(value) else { continue }
        let place = try DeviceMemory(byteCount: byteCount, in: device.cuda)
        fixed[descriptor.name] = try Value(
          address: UInt(place.address), byteCount: byteCount, shape: value.shape, elementType: value.elementType,
          memory: memory, owner: place)
      }
      graph = Graph(
        options: try RunOptions(
          library: library, synchronizesDevice: false, configuration: ["gpu_graph_id": "\(device.nextGraph())"]),
        shapes: inputs.mapValues(\.runShape), outputs: fixed)
      // ONNX Runtime runs a graph's number some times before it captures, and must be alone on the device while it does.
      for _ in 0..<Self.runsUntilCaptured {
        try submit()
        try stream.synchronize()
      }
    }
    isCaptured = true
    state = .idle
  }

  private func copyToHost(_ descriptor: TensorDescriptor) throws {
    guard var output = outputs[descriptor.name], let byteCount = Self.byteCount(output.value) else { return }
    if byteCount > output.host?.bytes.count ?? -1 { output.host = try pinned(byteCount, descriptor) }
    outputs[descriptor.name] = output
    guard let host = output.host else { return }
    try stream.copy(
      UInt64(try output.value.address()), to: UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<byteCount]))
  }

  private static func byteCount(_ value: Value) -> Int? {
    value.elementType.byteCount.map { value.shape.reduce($0, *) }
  }

  /// Does a step of an execution; where it fails, waits for what was queued before, since the memory may go next.
  private func running(_ what: @autoclosure () -> String, _ body: () throws -> Void) throws(InferenceError) {
    do {
      try onDevice(what()) {
        do {
          try body()
        } catch let error as ONNXRuntimeError {
          let isMemory = ONNXRuntimeSettings.isOutOfMemory(error.message)
          throw InferenceError(
            isMemory ? .outOfMemory : .executionFailed,
            isMemory ? "\(what()) There is too little memory on the device: use a smaller batch." : what(),
            cause: error.message)
        }
      }
    } catch {
      state = .idle
      throw error.orLoss(on: stream, what())
    }
  }

  private func requireIdle(_ what: String) throws(InferenceError) {
    guard state != .running else {
      throw InferenceError(.executionFailed, "An execution is in flight, so \(what): synchronize() comes first.")
    }
  }

  private var shapeList: String {
    let shapes = engine.inputs.compactMap { inputs[$0.name] }.map { "\($0.descriptor.name) \($0.shape)" }
    return " with " + shapes.joined(separator: ", ")
  }
}
