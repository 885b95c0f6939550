internal import CUDA
internal import ONNXRuntime
internal import Synchronization

/// The GPU of an ``ONNXRuntimeEngine``: its context, and the one stream that all executions of the session compute on.
final class ONNXRuntimeDevice: Sendable {
  let cuda: CUDAContext
  /// The session's stream. Contexts have streams of their own beside it and wait for one another by events. It comes last
  /// on the device, for what feeds the next network is short and must not wait for the whole of this one.
  let compute: CUDAStream
  private let submitted = Mutex<[CUDAEvent]>([])
  private let graphs = Atomic<Int>(1)

  /// - Throws: ``InferenceError`` of code `runtimeUnavailable` where there is no driver or no such device.
  init(index: Int) throws(InferenceError) {
    (cuda, compute) = try onDevice("The device cuda:\(index) cannot be used.") {
      let driver = try CUDADriver.open()
      let cuda = try driver.primaryContext(of: driver.device(index))
      return (cuda, try Self.computeStream(of: cuda))
    }
  }

  /// Puts an execution into ``compute``, one thread at a time, as ONNX Runtime wants it, and not before all but one of the
  /// earlier ones have ended.
  ///
  /// An execution is some hundred launches, and where a thousand wait, the driver holds the next one back, and with it
  /// every other thread's call. One execution that waits behind another keeps the device busy all the same.
  ///
  /// - Parameters:
  ///   - ended: recorded by `body` behind the execution.
  ///   - body: puts it in.
  func submit<Result>(_ ended: CUDAEvent, _ body: () throws -> Result) throws -> Result {
    try submitted.withLock { events in
      while events.count >= 2 { try events.removeFirst().synchronize() }
      let result = try body()
      events.append(ended)
      return result
    }
  }

  /// A number that no other context's graph has.
  func nextGraph() -> Int { graphs.wrappingAdd(1, ordering: .relaxed).oldValue }

  // One stream a device, never destroyed: a session uses its stream until the last of its bindings and values has gone,
  // in whatever order they go.
  private static let streams = Mutex<[Int: CUDAStream]>([:])

  private static func computeStream(of cuda: CUDAContext) throws(CUDAError) -> CUDAStream {
    if let stream = streams.withLock({ $0[cuda.device.index] }), stream.context === cuda { return stream }
    let made = try CUDAStream(in: cuda, priority: .low)
    return streams.withLock { streams in
      if let stream = streams[cuda.device.index], stream.context === cuda { return stream }
      streams[cuda.device.index] = made
      return made
    }
  }
}
