/// A borrowed look at a tensor in host memory: row-major, densely packed, owned by whoever handed it out.
///
/// The bytes are valid only as long as the owner says (for an engine's output: until its execution context is
/// executed again or goes away), so a view is not `Sendable` and must not be stored.
public struct TensorView {
  public let name: String
  /// The length of each axis, outermost first.
  public let shape: [Int]
  public let elementType: ElementType
  /// The tensor's bytes; at least `elementCount` elements.
  public let bytes: UnsafeRawBufferPointer

  public init(name: String, shape: [Int], elementType: ElementType, bytes: UnsafeRawBufferPointer) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// The number of elements: the product of ``shape``.
  public var elementCount: Int { shape.reduce(1, *) }
}
