internal import Glibc
internal import Inference
internal import Synchronization
internal import Tensors

/// One context that executes over and over, on a thread of its own.
///
/// Unchecked because ``result`` is written by that thread alone, and read after it has ended.
package final class EngineStream: @unchecked Sendable {
  /// What all streams of a measurement look at. Times are nanoseconds of the monotonic clock.
  final class Shared: Sendable {
    /// From when on executions count.
    let start = Atomic<UInt64>(.max)
    /// Until when they do; set when the measurement is over.
    let end = Atomic<UInt64>(.max)
    let isStopped = Atomic(false)
    let hasFailed = Atomic(false)
  }

  struct Result {
    var latency = LatencyHistogram()
    var enqueue = LatencyHistogram()
    /// The network alone by the device's own clock; empty for engines of the host.
    var compute = LatencyHistogram()
    var executions = 0.0
    /// Executions that ended in each tenth of a second.
    var slices: [Double] = []
    var firstExecution = 0.0
    var failure: (any Error)?
  }

  let counted = Atomic(0)
  /// Bytes of all inputs of an execution.
  private(set) var inputByteCount = 0
  private let outputs: [TensorDescriptor]
  private(set) var result = Result()
  private let context: any ExecutionContext
  /// The same where it is on a device: then inputs stay there, and outputs too.
  private let deviceContext: (any DeviceExecutionContext)?
  private let shared: Shared

  /// Makes the context and runs it once.
  init(engine: any Engine, shapes: [String: [Int]], seed: UInt64, shared: Shared) throws {
    self.shared = shared
    outputs = engine.outputs
    context = try engine.makeContext(maximumInputShapes: shapes)
    deviceContext = engine.cuda == nil ? nil : context as? any DeviceExecutionContext
    for input in engine.inputs {
      guard let shape = shapes[input.name] else { continue }
      try context.setInputShape(shape, named: input.name)
      let bytes = try context.inputBytes(named: input.name)
      Self.fill(bytes, input.elementType, seed: seed)
      inputByteCount += bytes.count
    }
    let start = now(CLOCK_MONOTONIC)
    try context.execute()
    result.firstExecution = Double(now(CLOCK_MONOTONIC) &- start) / 1e6
  }

  /// Bytes of all outputs of the last execution.
  func outputByteCount() throws -> Int {
    guard let deviceContext else { return 0 }
    return try outputs.reduce(0) { sum, output in
      let shape = try deviceContext.outputOnDevice(named: output.name).shape
      return sum + shape.reduce(output.elementType.byteCount ?? 0, *)
    }
  }

  /// Executes until told to stop.
  func run() {
    do {
      while !shared.isStopped.load(ordering: .acquiring) { try execute() }
    } catch {
      result.failure = error
      shared.hasFailed.store(true, ordering: .releasing)
    }
  }

  private func execute() throws {
    let start = now(CLOCK_MONOTONIC)
    if let deviceContext { try deviceContext.enqueueOnDevice() } else { try context.enqueue() }
    let enqueued = now(CLOCK_MONOTONIC)
    try context.synchronize()
    let end = now(CLOCK_MONOTONIC)
    let window = (start: shared.start.load(ordering: .acquiring), end: shared.end.load(ordering: .acquiring))
    result.executions += Self.share(start: start, end: end, window: window)
    guard end > window.start, end <= window.end else { return }
    result.latency.record(nanoseconds: end &- start)
    result.enqueue.record(nanoseconds: enqueued &- start)
    if let milliseconds = try deviceContext?.networkMilliseconds() {
      result.compute.record(nanoseconds: UInt64(max(0, milliseconds) * 1e6))
    }
    let slice = Int((end &- window.start) / 100_000_000)
    while result.slices.count <= slice { result.slices.append(0) }
    result.slices[slice] += 1
    counted.wrappingAdd(1, ordering: .relaxed)
  }

  /// The part 0…1 of an execution that lies in the window. In a steady state the sum of the parts is what was done in it,
  /// however long an execution is.
  package static func share(start: UInt64, end: UInt64, window: (start: UInt64, end: UInt64)) -> Double {
    let from = max(start, window.start)
    let to = min(end, window.end)
    guard to > from else { return 0 }
    return end > start ? Double(to - from) / Double(end - start) : 1
  }

  /// Numbers in 0…1 for floating point, small ones for integers: some networks are slower on denormal or infinite values.
  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ type: ElementType, seed: UInt64) {
    var random = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func next() -> UInt32 {
      // xorshift64*: quick, and good enough to fill a picture.
      random ^= random >> 12
      random ^= random << 25
      random ^= random >> 27
      return UInt32(truncatingIfNeeded: (random &* 0x2545_f491_4f6c_dd1d) >> 40)
    }
    switch type {
    case .float32:
      for index in 0..<bytes.count / 4 {
        bytes.storeBytes(of: Float(next()) / 16_777_216, toByteOffset: index * 4, as: Float.self)
      }
    case .float16:
      // 0x3C00 is 1; every pattern below it is a number in 0…1. The lowest exponents are left out.
      for index in 0..<bytes.count / 2 {
        bytes.storeBytes(of: UInt16(0x1400 + next() % 0x2800), toByteOffset: index * 2, as: UInt16.self)
      }
    case .uint8, .int8:
      for index in bytes.indices { bytes[index] = UInt8(next() % 128) }
    default:
      // Sizes and the like: all elements 1.
      let size = type.byteCount ?? 1
      for index in bytes.indices { bytes[index] = index % size == 0 ? 1 : 0 }
    }
  }
}
