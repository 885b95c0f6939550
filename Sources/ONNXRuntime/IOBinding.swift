internal import CONNXRuntime

/// The inputs and outputs of executions, bound once and used again: no copies, and no allocation where outputs are bound
/// to memory of the caller's.
///
/// A binding belongs to one thread at a time, and must not be changed during an execution. It keeps the values bound to
/// it.
public final class IOBinding {
  public let session: Session
  let pointer: OpaquePointer
  // ONNX Runtime keeps its own reference to a bound value, but knows nothing of who owns the memory under it.
  private var inputs: [String: Value] = [:]
  private var outputs: [String: Value] = [:]

  private var library: ONNXRuntimeLibrary { session.library }

  public init(_ session: Session) throws(ONNXRuntimeError) {
    self.session = session
    pointer = try session.library.make("CreateIoBinding") { ort_CreateIoBinding_from($0)(session.pointer, &$1) }
  }

  deinit { ort_ReleaseIoBinding_from(library.table)(pointer) }

  /// Binds an input. A value that is not in the memory where the model needs it is copied there now.
  public func bindInput(_ name: String, to value: Value) throws(ONNXRuntimeError) {
    try library.check(ort_BindInput_from(library.table)(pointer, name, value.pointer), "BindInput(\(name))")
    inputs[name] = value
  }

  /// Binds an output to memory of its exact shape.
  public func bindOutput(_ name: String, to value: Value) throws(ONNXRuntimeError) {
    try library.check(ort_BindOutput_from(library.table)(pointer, name, value.pointer), "BindOutput(\(name))")
    outputs[name] = value
  }

  /// Lets each execution take memory for an output where `memory` says: for outputs whose shape is not known before.
  ///
  /// An execution keeps what it took, and the next writes to it again if the shape is the same. Bind anew before an
  /// execution whose shape may differ.
  public func bindOutput(_ name: String, in memory: MemoryInfo) throws(ONNXRuntimeError) {
    try library.check(
      ort_BindOutputToDevice_from(library.table)(pointer, name, memory.pointer), "BindOutputToDevice(\(name))")
    outputs[name] = nil
  }

  public func unbindInputs() {
    ort_ClearBoundInputs_from(library.table)(pointer)
    inputs = [:]
  }

  public func unbindOutputs() {
    ort_ClearBoundOutputs_from(library.table)(pointer)
    outputs = [:]
  }

  /// Waits until copies of inputs to a device are done.
  public func synchronizeInputs() throws(ONNXRuntimeError) {
    try library.check(ort_SynchronizeBoundInputs_from(library.table)(pointer), "SynchronizeBoundInputs")
  }

  /// Waits until copies of outputs from a device are done.
  public func synchronizeOutputs() throws(ONNXRuntimeError) {
    try library.check(ort_SynchronizeBoundOutputs_from(library.table)(pointer), "SynchronizeBoundOutputs")
  }

  /// The names of the bound outputs, in the order of ``outputValues()``.
  public func outputNames() throws(ONNXRuntimeError) -> [String] {
    var characters: UnsafeMutablePointer<CChar>?
    var lengths: UnsafeMutablePointer<Int>?
    var count = 0
    try library.check(
      ort_GetBoundOutputNames_from(library.table)(pointer, library.allocator, &characters, &lengths, &count),
      "GetBoundOutputNames")
    // One block of characters without separators, and the length of each name.
    guard let characters, let lengths else { return [] }
    defer {
      library.free(characters)
      library.free(lengths)
    }
    var offset = 0
    return (0..<count).map { index in
      defer { offset += lengths[index] }
      let name = UnsafeRawBufferPointer(start: characters + offset, count: lengths[index])
      return String(decoding: name, as: UTF8.self)
    }
  }

  /// The outputs of the last execution, in the order of ``outputNames()``. Each shares its memory with the binding.
  public func outputValues() throws(ONNXRuntimeError) -> [Value] {
    var values: UnsafeMutablePointer<OpaquePointer?>?
    var count = 0
    try library.check(
      ort_GetBoundOutputValues_from(library.table)(pointer, library.allocator, &values, &count),
      "GetBoundOutputValues")
    guard let values else { return [] }
    defer { library.free(values) }
    return try adopt(Array(UnsafeBufferPointer(start: values, count: count)), library)
  }
}
