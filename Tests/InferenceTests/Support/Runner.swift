import Inference
import SeededNumbers
import Tensors

enum ExecutionMode: CaseIterable, Sendable { case synchronous, asynchronous }

extension ExecutionContext {
  /// Writes elements into an input from its start.
  func fill<Element>(_ name: String, _ elements: [Element]) throws {
    let bytes = try inputBytes(named: name)
    guard bytes.count == elements.count * MemoryLayout<Element>.stride else {
      throw Fixtures.Failure("\(name) has \(bytes.count) bytes, not \(elements.count) of \(Element.self)")
    }
    elements.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  func run(_ mode: ExecutionMode) throws {
    switch mode {
    case .synchronous: try execute()
    case .asynchronous:
      try enqueue()
      try synchronize()
    }
  }
}

/// An output that outlives the next execution.
struct CopiedOutput {
  var shape: [Int]
  var elementType: ElementType
  var bytes: [UInt8]

  init(_ view: TensorView) {
    shape = view.shape
    elementType = view.elementType
    bytes = Array(view.bytes.prefix(view.elementCount * (view.elementType.byteCount ?? 0)))
  }

  func elements<Element>(_ type: Element.Type) -> [Element] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Element>.stride).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: type)
      }
    }
  }

  var floats: [Float] { elements(Float.self) }
}

/// One context of a model with the one input `images` and the output `output0`.
struct Runner {
  let context: any ExecutionContext

  init(_ engine: any Engine, maximumBatch: Int) throws {
    context = try engine.makeContext(maximumInputShapes: ["images": [maximumBatch, 3, 64, 64]])
  }

  func run(_ images: [CellImage], mode: ExecutionMode) throws -> CopiedOutput {
    try prepare(images)
    try context.run(mode)
    return CopiedOutput(try context.output(named: "output0"))
  }

  func start(_ images: [CellImage]) throws {
    try prepare(images)
    try context.enqueue()
  }

  func finish() throws -> CopiedOutput {
    try context.synchronize()
    return CopiedOutput(try context.output(named: "output0"))
  }

  private func prepare(_ images: [CellImage]) throws {
    try context.setInputShape([images.count, 3, images[0].rows * 8, images[0].columns * 8], named: "images")
    try context.fill("images", images.flatMap { $0.pixels() })
  }
}

extension Array {
  func shuffled(seed: UInt64) -> [Element] {
    var generator = SplitMix64(seed: seed)
    return shuffled(using: &generator)
  }
}
