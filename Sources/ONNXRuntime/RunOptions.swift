internal import CONNXRuntime

/// What one execution, or several, are run with; also the handle by which another thread ends them.
public final class RunOptions: Sendable {
  public let library: ONNXRuntimeLibrary
  /// Whether an execution waits on the host until the device has finished. Off, with the caller's stream, an execution
  /// only puts its work into the stream.
  public let synchronizesDevice: Bool
  // ONNX Runtime allows its termination flag to be set while executions read it; nothing else changes after init.
  nonisolated(unsafe) let pointer: OpaquePointer

  /// - Parameters:
  ///   - tag: names the executions in ONNX Runtime's messages.
  ///   - synchronizesDevice: see ``synchronizesDevice``.
  ///   - configuration: further entries by ONNX Runtime's own keys: `["gpu_graph_id": "1"]`.
  public init(
    library: ONNXRuntimeLibrary, tag: String? = nil, synchronizesDevice: Bool = true,
    configuration: [String: String] = [:]
  ) throws(ONNXRuntimeError) {
    self.library = library
    self.synchronizesDevice = synchronizesDevice
    pointer = try library.make("CreateRunOptions") { ort_CreateRunOptions_from($0)(&$1) }
    if let tag {
      try library.check(ort_RunOptionsSetRunTag_from(library.table)(pointer, tag), "RunOptionsSetRunTag")
    }
    var entries = configuration
    if !synchronizesDevice { entries["disable_synchronize_execution_providers"] = "1" }
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      try library.check(
        ort_AddRunConfigEntry_from(library.table)(pointer, key, value), "AddRunConfigEntry(\(key))")
    }
  }

  deinit { ort_ReleaseRunOptions_from(library.table)(pointer) }

  /// Ends the executions that run with these options, as soon as the operator at work is done, and refuses new ones.
  /// They throw.
  public func terminate() throws(ONNXRuntimeError) {
    try library.check(ort_RunOptionsSetTerminate_from(library.table)(pointer), "RunOptionsSetTerminate")
  }

  /// Allows executions again after ``terminate()``.
  public func allow() throws(ONNXRuntimeError) {
    try library.check(ort_RunOptionsUnsetTerminate_from(library.table)(pointer), "RunOptionsUnsetTerminate")
  }
}
