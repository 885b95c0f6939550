internal import COpenVINO

/// One execution of a compiled model at a time, with its input and output tensors.
///
/// A request is owned by one task or thread at a time and may move between them; it is not `Sendable`, because nothing
/// here orders concurrent use.
public final class InferRequest {
  /// The model it runs; kept alive.
  public let model: CompiledModel
  private let handle: OpaquePointer
  // What OpenVINO reads and writes is kept until the request is freed.
  private var inputs: [Int: HostTensor] = [:]
  private var outputs: [Int: HostTensor] = [:]
  private var completion: Completion?
  private var isRunning = false

  private var functions: Functions { model.core.library.functions }

  init(model: CompiledModel, handle: OpaquePointer) {
    self.model = model
    self.handle = handle
  }

  deinit {
    // An execution in flight uses the tensors and the callback below, which go away after this.
    if isRunning { _ = functions.requestWait(handle) }
    functions.requestFree(handle)
  }

  /// Uses a tensor as an input of the executions that follow. No bytes are copied where the device is the CPU.
  public func setInput(_ tensor: HostTensor, at index: Int) throws(OpenVINOError) {
    try model.core.library.check(
      "ov_infer_request_set_input_tensor_by_index", functions.requestSetInput(handle, index, tensor.handle))
    inputs[index] = tensor
  }

  /// Makes the executions that follow write an output into a tensor of the caller's.
  public func setOutput(_ tensor: HostTensor, at index: Int) throws(OpenVINOError) {
    try model.core.library.check(
      "ov_infer_request_set_output_tensor_by_index", functions.requestSetOutput(handle, index, tensor.handle))
    outputs[index] = tensor
  }

  /// The tensor that an input is read from: the one that was set, or OpenVINO's own.
  public func input(at index: Int) throws(OpenVINOError) -> HostTensor {
    let tensor = try model.core.library.make("ov_infer_request_get_input_tensor_by_index") {
      functions.requestGetInput(handle, index, $0)
    }
    return HostTensor(library: model.core.library, handle: tensor, owner: self)
  }

  /// The tensor that an output was written to, not copied. The next execution overwrites it.
  public func output(at index: Int) throws(OpenVINOError) -> HostTensor {
    let tensor = try model.core.library.make("ov_infer_request_get_output_tensor_by_index") {
      functions.requestGetOutput(handle, index, $0)
    }
    return HostTensor(library: model.core.library, handle: tensor, owner: self)
  }

  /// Runs the model and returns when the outputs are there.
  public func infer() throws(OpenVINOError) {
    try model.core.library.check("ov_infer_request_infer", functions.requestInfer(handle))
  }

  /// Starts an execution on OpenVINO's threads and returns. ``wait()`` must follow.
  public func start() throws(OpenVINOError) {
    try model.core.library.check("ov_infer_request_start_async", functions.requestStart(handle))
    isRunning = true
  }

  /// Blocks until the execution that ``start()`` began has ended.
  ///
  /// - Throws: the error that it ended with.
  public func wait() throws(OpenVINOError) {
    defer { isRunning = false }
    try model.core.library.check("ov_infer_request_wait", functions.requestWait(handle))
  }

  /// Asks a running execution to stop; ``wait()`` then throws ``OpenVINOError/Status/inferenceCancelled`` unless it
  /// ended before.
  public func cancel() throws(OpenVINOError) {
    try model.core.library.check("ov_infer_request_cancel", functions.requestCancel(handle))
  }

  /// Sets what is called on a thread of OpenVINO's whenever an execution begun with ``start()`` ends, well or not;
  /// ``wait()`` tells which. It must not block, and must not use the request.
  public func setCompletion(_ body: @escaping @Sendable () -> Void) throws(OpenVINOError) {
    let completion = Completion(body)
    try model.core.library.check(
      "ov_infer_request_set_callback", functions.requestSetCallback(handle, completion.callback))
    self.completion = completion
  }

  /// The times that each operation took in the last execution, in the order they ran. Needs a model compiled with
  /// ``PropertyKey/profiling`` `YES`.
  public func profile() throws(OpenVINOError) -> [OperationProfile] {
    var list = ov_profiling_info_list()
    try model.core.library.check(
      "ov_infer_request_get_profiling_info", functions.requestProfiling(handle, &list))
    defer { functions.profilingFree(&list) }
    return UnsafeBufferPointer(start: list.infos, count: list.infos == nil ? 0 : list.size).map { info in
      OperationProfile(
        name: info.node_name.map { String(cString: $0) } ?? "",
        type: info.node_type.map { String(cString: $0) } ?? "",
        implementation: info.exec_type.map { String(cString: $0) } ?? "",
        wasExecuted: info.status == 2,
        duration: .microseconds(info.real_time))
    }
  }
}

/// One operation's share of an execution.
public struct OperationProfile: Hashable, Sendable {
  public var name: String
  /// OpenVINO's name for the operation: `Convolution`.
  public var type: String
  /// The kernel that ran it and its precision: `brgconv_avx512_f32`.
  public var implementation: String
  /// Whether it ran at all; fused and folded operations do not.
  public var wasExecuted: Bool
  /// The time from its start to its end.
  public var duration: Duration
}

/// A Swift closure in the form of a C callback. OpenVINO keeps the address of the structure, not a copy.
private final class Completion {
  let callback: UnsafeMutablePointer<ov_callback>
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    callback = .allocate(capacity: 1)
    callback.initialize(
      to: ov_callback(
        function: { argument in
          guard let argument else { return }
          Unmanaged<Completion>.fromOpaque(argument).takeUnretainedValue().body()
        }, argument: nil))
    callback.pointee.argument = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { callback.deallocate() }
}
