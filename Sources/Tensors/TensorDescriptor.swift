/// What a model says of one of its inputs or outputs.
public struct TensorDescriptor: Hashable, Sendable {
  /// The tensor's name; unique among a model's tensors of the same role.
  public var name: String
  public var shape: TensorShape
  public var elementType: ElementType

  public init(name: String, shape: TensorShape, elementType: ElementType) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
  }
}

extension TensorDescriptor: CustomStringConvertible {
  /// `images (batch, 3, 640, 640) float32`.
  public var description: String { "\(name) \(shape) \(elementType)" }
}
