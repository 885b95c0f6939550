internal import CONNXRuntime
public import Tensors

/// A model that is loaded and made ready to execute. Executions may run on several threads at the same time.
public final class Session: Sendable {
  public let environment: Environment
  /// The inputs, in the model's order. One that is not a tensor has rank 0 and an unknown element type that says what it
  /// is.
  public let inputs: [TensorDescriptor]
  /// The outputs, in the model's order.
  public let outputs: [TensorDescriptor]
  /// What the exporter wrote into the model.
  public let metadata: ModelMetadata
  // Thread-safe for executions by ONNX Runtime's documentation.
  nonisolated(unsafe) let pointer: OpaquePointer

  public var library: ONNXRuntimeLibrary { environment.library }

  /// Loads a model from a file. Tensors that the model keeps in files beside it are found there.
  public convenience init(environment: Environment, path: String, options: SessionOptions = SessionOptions()) throws {
    let native = try NativeSessionOptions(library: environment.library)
    try native.apply(options)
    let session = try environment.library.make("CreateSession") { table, session in
      ort_CreateSession_from(table)(environment.pointer, path, native.pointer, &session)
    }
    try self.init(taking: session, environment)
  }

  /// Loads a model from memory, which is not needed afterwards.
  public convenience init(
    environment: Environment, model: UnsafeRawBufferPointer, options: SessionOptions = SessionOptions()
  ) throws {
    let native = try NativeSessionOptions(library: environment.library)
    try native.apply(options)
    let session = try environment.library.make("CreateSessionFromArray") { table, session in
      ort_CreateSessionFromArray_from(table)(
        environment.pointer, model.baseAddress, model.count, native.pointer, &session)
    }
    try self.init(taking: session, environment)
  }

  private init(taking session: OpaquePointer, _ environment: Environment) throws(ONNXRuntimeError) {
    do {
      let reader = SessionReader(session: session, library: environment.library)
      inputs = try reader.inputs()
      outputs = try reader.outputs()
      metadata = try reader.metadata()
    } catch {
      ort_ReleaseSession_from(environment.library.table)(session)
      throw error
    }
    self.environment = environment
    pointer = session
  }

  deinit { ort_ReleaseSession_from(library.table)(pointer) }

  /// Executes with the inputs and outputs of a binding, and returns when the outputs are readable (or, on a device and
  /// with ``RunOptions/synchronizesDevice`` off, when the work is in the stream).
  public func run(_ binding: IOBinding, options: RunOptions? = nil) throws(ONNXRuntimeError) {
    try library.check(
      ort_RunWithBinding_from(library.table)(pointer, options?.pointer, binding.pointer), "RunWithBinding")
  }

  /// Executes with the given inputs and returns the outputs asked for, in host memory, in that order.
  ///
  /// - Parameter outputs: names of outputs; `nil` is all, in the model's order.
  public func run(
    _ inputs: [String: Value], outputs: [String]? = nil, options: RunOptions? = nil
  ) throws(ONNXRuntimeError) -> [Value] {
    let sorted = inputs.sorted { $0.key < $1.key }
    let outputNames = outputs ?? self.outputs.map(\.name)
    let values = sorted.map { Optional($0.value.pointer) }
    var results = [OpaquePointer?](repeating: nil, count: outputNames.count)
    let status = withCStrings(sorted.map(\.key)) { names in
      withCStrings(outputNames) { wanted in
        ort_Run_from(library.table)(
          pointer, options?.pointer, names, values, values.count, wanted, outputNames.count, &results)
      }
    }
    // The inputs' memory must outlive the call, not only their pointers.
    withExtendedLifetime(inputs) {}
    try library.check(status, "Run")
    return try adopt(results, library)
  }
}

/// Takes over values that ONNX Runtime made: all of them, or where one cannot be described none.
func adopt(_ pointers: [OpaquePointer?], _ library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) -> [Value] {
  var values: [Value] = []
  var failure: ONNXRuntimeError?
  for pointer in pointers {
    guard let pointer else { continue }
    do throws(ONNXRuntimeError) {
      values.append(try Value(taking: pointer, library: library))
    } catch {
      failure = failure ?? error
    }
  }
  if let failure { throw failure }
  return values
}
