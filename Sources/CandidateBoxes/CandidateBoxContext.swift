internal import Inference
internal import Tensors

/// An execution of the network without its box branch, and what is missing computed after it, on the thread that waits for
/// it.
///
/// Unchecked because the protocol lets it move between threads but be used by one at a time.
final class CandidateBoxContext: ExecutionContext, @unchecked Sendable {
  private let engine: CandidateBoxEngine
  private let base: any ExecutionContext
  private var scratch = BoxComputer.Scratch()
  /// (B, 4 + classes, anchors); zeros but for ``written``.
  private var values: UnsafeMutableBufferPointer<Float>
  private var written: [[Int32]] = []
  private var batch = 0
  private var isDone = false

  init(_ engine: CandidateBoxEngine, _ base: any ExecutionContext) {
    self.engine = engine
    self.base = base
    values = .init(start: nil, count: 0)
  }

  deinit { values.deallocate() }

  func setInputShape(_ shape: [Int], named name: String) throws { try base.setInputShape(shape, named: name) }

  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer { try base.inputBytes(named: name) }

  func execute() throws {
    isDone = false
    try base.execute()
    try complete()
  }

  func enqueue() throws {
    isDone = false
    try base.enqueue()
  }

  func synchronize() throws {
    try base.synchronize()
    try complete()
  }

  func output(named name: String) throws -> TensorView {
    let descriptor = engine.outputs[0]
    guard name == descriptor.name else { throw InferenceError.unknown("output", name, engine.outputs) }
    guard isDone else {
      throw InferenceError(
        .executionFailed, "The output \(name) cannot be read: the last execution has not ended, or failed.")
    }
    let channels = 4 + engine.computer.classCount
    return TensorView(
      name: name, shape: [batch, channels, engine.computer.anchorCount], elementType: .float32,
      bytes: UnsafeRawBufferPointer(
        UnsafeBufferPointer(rebasing: values[..<(batch * channels * engine.computer.anchorCount)])))
  }

  private func complete() throws {
    let computer = engine.computer
    let imageCount = (4 + computer.classCount) * computer.anchorCount
    for (index, level) in computer.levels.enumerated() {
      let logits = try base.output(named: engine.levels[index].logits)
      let features = try base.output(named: engine.levels[index].features)
      if index == 0 { prepare(batch: logits.shape.first ?? 0) }
      let (logitCount, featureCount) = (computer.classCount * level.anchorCount, level.channels * level.anchorCount)
      guard logits.elementCount == batch * logitCount, features.elementCount == batch * featureCount,
        let logitStart = logits.bytes.baseAddress?.assumingMemoryBound(to: Float.self),
        let featureStart = features.bytes.baseAddress?.assumingMemoryBound(to: Float.self),
        let start = values.baseAddress
      else {
        throw InferenceError(
          .executionFailed,
          "The network answered with \(logits.name) \(logits.shape) and \(features.name) \(features.shape) for a batch of "
            + "\(batch), which does not fit the model.")
      }
      for image in 0..<batch {
        computer.compute(
          level: index, logits: logitStart + image * logitCount, features: featureStart + image * featureCount,
          limit: engine.logitLimit, into: start + image * imageCount, candidates: &written[image], scratch: &scratch)
      }
    }
    isDone = true
  }

  /// Makes room for a batch and puts zeros where the last one wrote.
  private func prepare(batch: Int) {
    let (classes, anchors) = (engine.computer.classCount, engine.computer.anchorCount)
    let imageCount = (4 + classes) * anchors
    if values.count < batch * imageCount {
      values.deallocate()
      values = .allocate(capacity: batch * imageCount)
      values.initialize(repeating: 0)
      written = Array(repeating: [], count: batch)
    }
    for image in written.indices where !written[image].isEmpty {
      for channel in 0..<4 + classes {
        let start = image * imageCount + channel * anchors
        for anchor in written[image] { values[start + Int(anchor)] = 0 }
      }
      written[image].removeAll(keepingCapacity: true)
    }
    self.batch = batch
  }
}
