public import CUDA

/// An execution context whose inputs and outputs lie in device memory, for callers that make the inputs and read the
/// outputs on the device: nothing is copied to or from the host.
///
/// Life of an execution: set the input shapes, queue what writes the inputs on ``stream``, then ``enqueueOnDevice()``,
/// then queue what reads the outputs on the same stream. The rules of ``ExecutionContext`` hold besides: one execution in
/// flight, one lane at a time; ``ExecutionContext/synchronize()`` ends it.
public protocol DeviceExecutionContext: ExecutionContext {
  /// The stream that everything of this context runs on.
  var stream: CUDAStream { get }

  /// The device address of an input at its current shape, dense and row-major. Valid as its host memory is.
  func inputAddress(named name: String) throws -> UInt64

  /// Does at the current shapes what executions need once: takes memory, loads kernels. To be called on the thread that
  /// executes later, while nothing else is done on the device: a runtime may capture the execution as a CUDA graph.
  func prepareToExecute() throws

  /// Starts an execution on what the device has in the inputs' memory, and returns at once.
  func enqueueOnDevice() throws

  /// The device address of an output and its shape. For outputs whose size depends on the data only after
  /// ``ExecutionContext/synchronize()``; for all others as soon as the execution is queued.
  func outputOnDevice(named name: String) throws -> (address: UInt64, shape: [Int])

  /// How long the device took for the network of the last execution, in milliseconds; `nil` where that was not measured.
  /// To be asked after ``ExecutionContext/synchronize()``.
  func networkMilliseconds() throws -> Double?
}

extension DeviceExecutionContext {
  public func prepareToExecute() throws {
    try enqueueOnDevice()
    try synchronize()
  }

  public func networkMilliseconds() throws -> Double? { nil }
}
