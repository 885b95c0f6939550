internal import CUDA
internal import TensorRT
internal import Tensors

/// One execution in flight over a ``TensorRTEngine``: a stream, and for each tensor pinned host memory and device memory
/// at its largest shape, made once and reused.
///
/// Asynchronous execution (``enqueue()``, ``synchronize()``) puts the copies of the inputs, the execution and the copies of
/// the outputs on the stream and waits for it once, at the end. Synchronous execution (``execute()``) copies, runs the
/// engine's own synchronous call, and copies back.
///
/// A batch below what the engine can run, because it was built for a fixed one or with a larger minimum, is filled up on
/// the device with zeros, and the outputs are cut to the rows that were asked for.
final class TensorRTContext: DeviceExecutionContext, @unchecked Sendable {
  // Unchecked because the protocol lets it move between threads but be used by one at a time.

  private struct Input {
    let descriptor: TensorDescriptor
    let tensor: EngineTensor
    var host: PinnedMemory
    var device: DeviceMemory
    /// The shape that was asked for, and the one that runs: more rows where the engine needs them.
    var shape: [Int]
    var runShape: [Int]
    var byteCount: Int
    var runByteCount: Int
  }

  private struct Output {
    let descriptor: TensorDescriptor
    let tensor: EngineTensor
    var host: PinnedMemory?
    var device: DeviceMemory?
    /// For an output whose size depends on the data; otherwise `nil`.
    var growing: GrowingOutput?
    /// The shape of the execution that is queued or done; `nil` where the data decides it and it has not ended.
    var shape: [Int]?
  }

  private enum State { case idle, running, done }

  let stream: CUDAStream
  private let engine: TensorRTEngine
  // Optional only so that it can be freed while its device is current.
  private var native: TensorRT.ExecutionContext?
  private let bindings: [String?]
  private let profile: Int
  private var inputs: [String: Input] = [:]
  private var inputNames: [String] = []
  private var outputs: [String: Output] = [:]
  private var outputNames: [String] = []
  private var areShapesSet = false
  private var state = State.idle
  // Whether host memory has the outputs: not after an execution that stayed on the device.
  private var isOnHost = false

  init(engine: TensorRTEngine, maximumInputShapes: [String: [Int]]) throws(InferenceError) {
    self.engine = engine
    let cuda = engine.device.cuda
    for name in maximumInputShapes.keys where !engine.inputs.contains(where: { $0.name == name }) {
      throw Self.unknown("input", name, engine.inputs)
    }
    var shapes: [String: [Int]] = [:]
    for descriptor in engine.inputs {
      guard let shape = maximumInputShapes[descriptor.name] ?? Self.fixedLengths(descriptor) else {
        throw InferenceError(
          .tensorMismatch,
          "The input \(descriptor) has dynamic axes; say the largest shape that it will be given.")
      }
      shapes[descriptor.name] = shape
    }
    let profiles = Self.profiles(of: engine, for: shapes)
    (profile, (stream, native, bindings)) = try tensorRT(
      "TensorRT cannot make an execution context for these shapes: \(shapes)."
    ) {
      let stream = try CUDAStream(in: cuda)
      let taken = try engine.profiles.take(profiles) { profile in
        let native = try cuda.withCurrent {
          let native = try engine.native.makeContext()
          if native.optimizationProfile != profile {
            try native.setOptimizationProfile(profile, on: stream.handle)
            try stream.synchronize()
          }
          return native
        }
        return (stream, Optional(native), native.bindingNames())
      }
      guard let taken else { throw Self.profilesTaken(profiles.count, engine) }
      return taken
    }
    for descriptor in engine.inputs {
      guard let tensor = engine.tensor(descriptor.name), let shape = shapes[descriptor.name] else { continue }
      let (runShape, byteCount, runByteCount) = try sizes(shape, descriptor, tensor)
      inputs[descriptor.name] = Input(
        descriptor: descriptor, tensor: tensor,
        host: try pinned(byteCount, descriptor), device: try onDevice(runByteCount, descriptor), shape: shape,
        runShape: runShape, byteCount: byteCount, runByteCount: runByteCount)
      inputNames.append(descriptor.name)
    }
    for descriptor in engine.outputs {
      guard let tensor = engine.tensor(descriptor.name) else { continue }
      outputs[descriptor.name] = Output(descriptor: descriptor, tensor: tensor)
      outputNames.append(descriptor.name)
    }
    try prepareShapes()
  }

  deinit {
    // Host memory must not go while the device still copies to or from it.
    if state == .running { try? stream.synchronize() }
    try? engine.device.cuda.withCurrent { native = nil }
    engine.profiles.giveBack(profile)
  }

  // MARK: Shapes and memory

  func setInputShape(_ shape: [Int], named name: String) throws {
    try requireIdle("an input's shape cannot be set")
    guard var input = inputs[name] else { throw Self.unknown("input", name, engine.inputs) }
    guard shape != input.shape else { return }
    let (runShape, byteCount, runByteCount) = try sizes(shape, input.descriptor, input.tensor)
    if byteCount > input.host.bytes.count { input.host = try pinned(byteCount, input.descriptor) }
    if runByteCount > input.device.byteCount { input.device = try onDevice(runByteCount, input.descriptor) }
    input.shape = shape
    input.byteCount = byteCount
    input.runByteCount = runByteCount
    input.runShape = runShape
    inputs[name] = input
    areShapesSet = false
  }

  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer {
    guard let input = inputs[name] else { throw Self.unknown("input", name, engine.inputs) }
    return UnsafeMutableRawBufferPointer(rebasing: input.host.bytes[..<input.byteCount])
  }

  func inputAddress(named name: String) throws -> UInt64 {
    guard let input = inputs[name] else { throw Self.unknown("input", name, engine.inputs) }
    // Whoever writes on the device needs the memory of the shape now, not when the execution is queued.
    return input.device.address
  }

  /// Tells TensorRT the input shapes and all addresses, and takes memory for outputs that need more.
  private func prepareShapes() throws(InferenceError) {
    guard !areShapesSet, let native else { return }
    let cuda = engine.device.cuda
    let list = inputNames.compactMap { inputs[$0].map { "\($0.descriptor.name) \($0.runShape)" } }.joined(
      separator: ", ")
    try tensorRT("TensorRT does not take these input shapes: \(list).") {
      try cuda.withCurrent {
        for name in inputNames {
          guard let input = inputs[name] else { continue }
          try native.setInputShape(input.runShape, for: name)
          if let pointer = input.device.pointer { try native.setAddress(pointer, for: name) }
        }
        let missing = try native.inferShapes()
        guard missing.isEmpty else {
          throw InferenceError(
            .tensorMismatch, "TensorRT misses the shapes of the inputs \(missing.joined(separator: ", ")).")
        }
        for name in outputNames { try prepareOutput(name, native) }
      }
    }
    areShapesSet = true
  }

  private func prepareOutput(_ name: String, _ native: TensorRT.ExecutionContext) throws {
    guard var output = outputs[name] else { return }
    let shape = try native.shape(of: name)
    if shape.contains(where: { $0 < 0 }) {
      output.shape = nil
      if output.growing == nil {
        let growing = GrowingOutput(in: engine.device.cuda)
        try native.setOutputAllocator(growing, for: name)
        output.growing = growing
      }
      outputs[name] = output
      return
    }
    guard let byteCount = output.tensor.byteCount(shape: shape) else {
      throw InferenceError(.outOfMemory, "The output \(output.descriptor) at \(shape) is larger than any memory.")
    }
    if byteCount > output.host?.bytes.count ?? -1 { output.host = try pinned(byteCount, output.descriptor) }
    if output.tensor.isOnHost {
      if let pointer = output.host?.bytes.baseAddress { try native.setAddress(pointer, for: name) }
    } else {
      if byteCount > output.device?.byteCount ?? -1 { output.device = try onDevice(byteCount, output.descriptor) }
      if let pointer = output.device?.pointer { try native.setAddress(pointer, for: name) }
    }
    output.shape = shape
    outputs[name] = output
  }

  private func pinned(_ byteCount: Int, _ descriptor: TensorDescriptor) throws(InferenceError) -> PinnedMemory {
    let cuda = engine.device.cuda
    return try tensorRT("There is no pinned memory for \(descriptor).") {
      try PinnedMemory(byteCount: byteCount, in: cuda)
    }
  }

  private func onDevice(_ byteCount: Int, _ descriptor: TensorDescriptor) throws(InferenceError) -> DeviceMemory {
    let cuda = engine.device.cuda
    return try tensorRT("There is no device memory for \(descriptor).") {
      try DeviceMemory(byteCount: byteCount, in: cuda)
    }
  }

  // MARK: Execution

  func execute() throws {
    try prepare()
    guard let native else { return }
    guard outputs.values.allSatisfy({ $0.growing == nil }) else {
      // TensorRT's synchronous call has no outputs whose size the data decides; the stream has.
      try enqueue()
      try synchronize()
      return
    }
    try running("The engine failed to run\(shapeList).") {
      try copyInputs()
      // The call runs on a stream of TensorRT's own choice, so the inputs must have arrived.
      try stream.synchronize()
      let addresses = bindings.map { name in name.flatMap { address(of: $0) } }
      try engine.device.cuda.withCurrent { try native.execute(bindings: addresses) }
      try copyOutputs()
      try stream.synchronize()
    }
    state = .done
    isOnHost = true
  }

  func enqueue() throws {
    try prepare()
    guard let native else { return }
    try running("The engine failed to start\(shapeList).") {
      try copyInputs()
      try engine.device.cuda.withCurrent { try native.enqueue(on: stream.handle) }
      try copyOutputs()
    }
    state = .running
    isOnHost = true
  }

  func enqueueOnDevice() throws {
    try prepare()
    guard let native else { return }
    try running("The engine failed to start\(shapeList).") {
      try fillRows()
      try engine.device.cuda.withCurrent { try native.enqueue(on: stream.handle) }
    }
    state = .running
    isOnHost = false
  }

  func synchronize() throws {
    guard state == .running else {
      throw InferenceError(.executionFailed, "There is no execution to wait for: enqueue() comes before synchronize().")
    }
    try running("The engine failed\(shapeList).") {
      try stream.synchronize()
      if try copyGrownOutputs() { try stream.synchronize() }
    }
    state = .done
  }

  func output(named name: String) throws -> TensorView {
    guard let output = outputs[name] else { throw Self.unknown("output", name, engine.outputs) }
    guard state == .done, isOnHost, let shape = output.shape, let host = output.host,
      let byteCount = output.tensor.byteCount(shape: asked(shape))
    else {
      throw InferenceError(
        .executionFailed,
        "The output \(name) cannot be read: the last execution has not ended, failed, or stayed on the device.")
    }
    return TensorView(
      name: name, shape: asked(shape), elementType: output.tensor.elementType,
      bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(host.bytes)[..<byteCount]))
  }

  func outputOnDevice(named name: String) throws -> (address: UInt64, shape: [Int]) {
    guard let output = outputs[name] else { throw Self.unknown("output", name, engine.outputs) }
    guard state != .idle, let shape = output.growing?.shape ?? output.shape,
      let address = output.growing?.address ?? output.device?.address
    else {
      throw InferenceError(
        .executionFailed, "The output \(name) is not on the device: nothing was executed, or its size is not known yet."
      )
    }
    return (address, asked(shape))
  }

  private func prepare() throws(InferenceError) {
    try requireIdle("another cannot start")
    state = .idle
    isOnHost = false
    for output in outputs.values { output.growing?.forgetShape() }
    try prepareShapes()
  }

  /// Does a step of an execution; where it fails, waits for what was queued before, since the memory may go next.
  private func running(_ what: @autoclosure () -> String, _ body: () throws -> Void) throws(InferenceError) {
    do {
      try tensorRT(what(), body)
    } catch {
      state = .idle
      throw error.orLoss(on: stream, what())
    }
  }

  private func copyInputs() throws {
    for name in inputNames {
      guard let input = inputs[name] else { continue }
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input.host.bytes)[..<input.byteCount])
      try stream.copy(bytes, to: input.device.address)
    }
    try fillRows()
  }

  /// Zeros in the rows that only the engine wants.
  private func fillRows() throws {
    for name in inputNames {
      guard let input = inputs[name], input.runByteCount > input.byteCount else { continue }
      try stream.fill(
        input.device.address + UInt64(input.byteCount), with: 0, byteCount: input.runByteCount - input.byteCount)
    }
  }

  private func copyOutputs() throws {
    for name in outputNames {
      guard let output = outputs[name], let shape = output.shape, let device = output.device, let host = output.host,
        let byteCount = output.tensor.byteCount(shape: asked(shape))
      else { continue }
      try stream.copy(device.address, to: UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<byteCount]))
    }
  }

  /// Copies outputs whose shape came with the execution. Returns whether there were any to wait for.
  private func copyGrownOutputs() throws -> Bool {
    var isCopying = false
    for name in outputNames {
      guard var output = outputs[name], let growing = output.growing else { continue }
      guard let shape = growing.shape, let byteCount = output.tensor.byteCount(shape: shape) else {
        throw InferenceError(.executionFailed, "TensorRT did not tell the shape of the output \(name).")
      }
      if isOnHost {
        if byteCount > output.host?.bytes.count ?? -1 { output.host = try pinned(byteCount, output.descriptor) }
        if byteCount > 0, let host = output.host, let address = growing.address {
          try stream.copy(address, to: UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<byteCount]))
          isCopying = true
        }
      }
      output.shape = shape
      outputs[name] = output
    }
    return isCopying
  }

  private func address(of name: String) -> UnsafeMutableRawPointer? {
    if let input = inputs[name] { return input.device.pointer }
    guard let output = outputs[name] else { return nil }
    return output.tensor.isOnHost ? output.host?.bytes.baseAddress : output.device?.pointer
  }

  /// An output's shape without the rows that nobody asked for.
  private func asked(_ shape: [Int]) -> [Int] {
    guard let first = inputNames.first.flatMap({ inputs[$0] }), let rows = first.shape.first,
      let runRows = first.runShape.first, rows < runRows, shape.first == runRows
    else { return shape }
    return [rows] + shape.dropFirst()
  }

  private func requireIdle(_ what: String) throws(InferenceError) {
    guard state != .running else {
      throw InferenceError(.executionFailed, "An execution is in flight, so \(what): synchronize() comes first.")
    }
  }

  private var shapeList: String {
    " with "
      + inputNames.compactMap { inputs[$0].map { "\($0.descriptor.name) \($0.runShape)" } }.joined(separator: ", ")
  }
}

// MARK: What an engine admits

extension TensorRTContext {
  /// The shape that runs when one is asked for, and the bytes of both.
  private func sizes(_ shape: [Int], _ descriptor: TensorDescriptor, _ tensor: EngineTensor) throws(InferenceError) -> (
    runShape: [Int], byteCount: Int, runByteCount: Int
  ) {
    let profile = profile
    let native = engine.native
    func refusal(_ why: String) -> InferenceError {
      InferenceError(.tensorMismatch, "The input \(descriptor) cannot take the shape \(shape)\(why).")
    }
    guard shape.count == tensor.shape.count, shape.allSatisfy({ $0 > 0 }) else { throw refusal("") }
    guard let byteCount = tensor.byteCount(shape: shape), byteCount <= engine.device.device.memoryByteCount else {
      throw InferenceError(
        .outOfMemory, "The input \(descriptor) at \(shape) is larger than the memory of \(engine.device.device).")
    }
    let (low, high) = try tensorRT("The bounds of the input \(descriptor) cannot be read.") {
      guard tensor.shape.contains(where: { $0 < 0 }) else { return (tensor.shape, tensor.shape) }
      return (
        try native.profileShape(of: tensor.name, profile: profile, .minimum),
        try native.profileShape(of: tensor.name, profile: profile, .maximum)
      )
    }
    guard low.count == shape.count, high.count == shape.count else { throw refusal("") }
    var runShape = shape
    for axis in shape.indices {
      let isDynamic = tensor.shape[axis] < 0
      let (minimum, maximum) = isDynamic ? (low[axis], high[axis]) : (tensor.shape[axis], tensor.shape[axis])
      if shape[axis] > maximum || (axis > 0 && shape[axis] < minimum) {
        throw refusal(isDynamic ? "; the engine was built for \(low) to \(high)" : "")
      }
      // Fewer rows than the engine can run are filled up.
      if axis == 0 { runShape[0] = max(shape[0], minimum) }
    }
    guard let runByteCount = tensor.byteCount(shape: runShape) else { throw refusal("") }
    return (runShape, byteCount, runByteCount)
  }

  /// The optimization profiles that admit the shapes, best first: at least one.
  private static func profiles(of engine: TensorRTEngine, for shapes: [String: [Int]]) -> [Int] {
    let native = engine.native
    let admitting = (0..<max(1, native.optimizationProfileCount)).filter { profile in
      shapes.allSatisfy { name, shape in
        guard engine.tensor(name)?.shape.contains(where: { $0 < 0 }) == true else { return true }
        guard let high = try? native.profileShape(of: name, profile: profile, .maximum) else { return false }
        return high.count == shape.count && zip(shape, high).allSatisfy { $0 <= $1 }
      }
    }
    // The first profile's bounds make the clearest refusal.
    return admitting.isEmpty ? [0] : admitting
  }

  private static func profilesTaken(_ count: Int, _ engine: TensorRTEngine) -> InferenceError {
    InferenceError(
      .optionUnsupported,
      """
      The engine has \(count == 1 ? "one optimization profile" : "\(count) optimization profiles") for these shapes, and \
      other contexts have \(count == 1 ? "it" : "them"): with \(engine.device.library.version) every context needs one of \
      its own, unless the engine was built to share them. Use fewer contexts (--requests \(count)), or build the engine \
      with swoop build.
      """)
  }

  private static func fixedLengths(_ descriptor: TensorDescriptor) -> [Int]? {
    let lengths = descriptor.shape.dimensions.compactMap(\.length)
    return lengths.count == descriptor.shape.rank ? lengths : nil
  }

  private static func unknown(_ role: String, _ name: String, _ known: [TensorDescriptor]) -> InferenceError {
    InferenceError(
      .tensorMismatch,
      "The engine has no \(role) \(name); its \(role)s are: \(known.map(\.description).joined(separator: ", ")).")
  }
}
