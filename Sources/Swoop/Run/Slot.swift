internal import Detection
internal import Inference
internal import Tensors

/// One execution context with the memory that its batches are written into.
///
/// Workers write disjoint rows at once; after that one lane has the slot alone until it is given back.
// @unchecked: the pipeline sees to what the line above says.
final class Slot: @unchecked Sendable {
  private let context: any ExecutionContext
  private let input: InputPlan
  private let postprocessor: Postprocessor
  private let capacity: Int
  /// The input memory at its largest shape; it stays where it is.
  private let memory: UnsafeMutableRawBufferPointer
  private var scratch = Postprocessor.Scratch()

  /// - Throws: `InferenceError`, `outOfMemory` among them.
  init(detector: Detector, capacity: Int) throws {
    self.capacity = capacity
    input = detector.input
    postprocessor = detector.postprocessor
    let largest = input.shape(batch: capacity, canvas: input.size)
    context = try detector.engine.makeContext(maximumInputShapes: [input.name: largest])
    try context.setInputShape(largest, named: input.name)
    memory = try context.inputBytes(named: input.name)
    guard memory.count >= capacity * input.byteCount(canvas: input.size) else {
      throw InferenceError(
        .tensorMismatch,
        "The input \(input.name) has \(memory.count) bytes where \(capacity * input.byteCount(canvas: input.size)) are "
          + "needed for \(largest) elements of \(input.elementType).")
    }
  }

  /// The memory of one image's row in a batch of pictures on a canvas.
  func row(_ row: Int, canvas: InputSize) -> UnsafeMutableRawBufferPointer {
    let byteCount = input.byteCount(canvas: canvas)
    return UnsafeMutableRawBufferPointer(rebasing: memory[row * byteCount..<(row + 1) * byteCount])
  }

  /// Runs the first `count` rows and returns when the outputs can be read.
  ///
  /// A model with a fixed batch gets the rest filled with zeros; nobody reads the rows that come of it.
  func execute(count: Int, canvas: InputSize, isAsynchronous: Bool) throws {
    if let fixed = input.fixedBatch {
      for row in count..<fixed { self.row(row, canvas: canvas).initializeMemory(as: UInt8.self, repeating: 0) }
    }
    try context.setInputShape(input.shape(batch: input.fixedBatch ?? count, canvas: canvas), named: input.name)
    if isAsynchronous {
      try context.enqueue()
      try context.synchronize()
    } else {
      try context.execute()
    }
  }

  /// What was found in a row of the last execution.
  func detections(row: Int, geometry: LetterboxGeometry) throws -> ImageDetections {
    try postprocessor.process(row: row, geometry: geometry, scratch: &scratch) { name in
      try context.output(named: name)
    }
  }
}
