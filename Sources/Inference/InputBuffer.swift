package import Tensors

/// The memory of one input of a context: taken once for the largest shape, used for every smaller one.
struct InputBuffer {
  let descriptor: TensorDescriptor
  private(set) var memory: HostMemory
  private(set) var shape: [Int]
  private var byteCount: Int

  /// The memory at the current shape, dense and row-major.
  var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<byteCount]) }

  /// - Parameter maximumShape: the largest shape that will be asked for; `nil` is the model's own where it is fixed.
  init(_ descriptor: TensorDescriptor, maximumShape: [Int]?) throws(InferenceError) {
    self.descriptor = descriptor
    (shape, byteCount) = try Self.size(of: descriptor, maximumShape: maximumShape)
    memory = try Self.memory(byteCount, descriptor, shape)
  }

  /// The largest shape of an input, and its bytes.
  ///
  /// - Parameter maximumShape: the shape that was asked for; `nil` is the model's own where it is fixed.
  static func size(
    of descriptor: TensorDescriptor, maximumShape: [Int]?
  ) throws(InferenceError) -> (shape: [Int], byteCount: Int) {
    let fixed = descriptor.shape.dimensions.compactMap(\.length)
    guard let shape = maximumShape ?? (fixed.count == descriptor.shape.rank ? fixed : nil) else {
      throw InferenceError(
        .tensorMismatch, "The input \(descriptor) has dynamic axes; say the largest shape that it will be given.")
    }
    return (shape, try byteCount(of: shape, descriptor))
  }

  /// Chooses the shape. The memory keeps its address and content unless the shape is larger than all before.
  mutating func setShape(_ shape: [Int]) throws(InferenceError) {
    let byteCount = try Self.byteCount(of: shape, descriptor)
    if byteCount > memory.bytes.count { memory = try Self.memory(byteCount, descriptor, shape) }
    self.shape = shape
    self.byteCount = byteCount
  }

  private static func memory(
    _ byteCount: Int, _ descriptor: TensorDescriptor, _ shape: [Int]
  ) throws(InferenceError) -> HostMemory {
    if let memory = HostMemory(byteCount: byteCount) { return memory }
    throw InferenceError(
      .outOfMemory,
      "There are no \(byteCount) bytes of memory for the input \(descriptor) at \(shape): use a smaller batch.")
  }

  /// The bytes of an input at a shape that the model admits.
  private static func byteCount(of shape: [Int], _ descriptor: TensorDescriptor) throws(InferenceError) -> Int {
    guard descriptor.shape.admits(shape), shape.allSatisfy({ $0 > 0 }) else {
      throw InferenceError(.tensorMismatch, "The input \(descriptor) cannot take the shape \(shape).")
    }
    guard var count = descriptor.elementType.byteCount else {
      throw InferenceError(
        .tensorMismatch,
        "The input \(descriptor) has elements of a type that is not supported; float32, float16 and the integers are.")
    }
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw InferenceError(.outOfMemory, "The input \(descriptor) at \(shape) is larger than any memory.")
      }
      count = product
    }
    return count
  }
}

extension InferenceError {
  /// A tensor was asked for by a name that the model does not have.
  package static func unknown(_ role: String, _ name: String, _ known: [TensorDescriptor]) -> InferenceError {
    InferenceError(
      .tensorMismatch,
      "The model has no \(role) \(name); its \(role)s are: \(known.map(\.description).joined(separator: ", ")).")
  }
}
