public import Tensors

/// What a graph says of one of its tensors: an input, an output, or a value in between.
public struct Value: Sendable {
  public var name: String
  /// The element type, or `nil` where nothing is said or the value is not a tensor.
  public var elementType: ElementType?
  /// The shape, or `nil` where not even the rank is said.
  public var shape: TensorShape?
  var rest = ProtoValueInfo()

  public init(name: String, elementType: ElementType?, shape: TensorShape?) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }

  init(_ message: ProtoValueInfo) {
    name = message.name
    (elementType, shape) = Self.decode(message)
    rest = message
  }

  /// The message; the one that was read wherever it still says the same.
  var message: ProtoValueInfo {
    var message = rest
    if message.name != name { message.name = name }
    guard let elementType, Self.decode(rest) != (elementType, shape) else { return message }
    message.type.tensorType.elemType = Int32(elementType.onnxCode)
    guard let shape else {
      message.type.tensorType.clearShape()
      return message
    }
    message.type.tensorType.shape.dim = shape.dimensions.map { dimension in
      var result = ProtoDimension()
      switch dimension {
      case .fixed(let length): result.dimValue = Int64(length)
      case .dynamic(let name): if let name { result.dimParam = name }
      }
      return result
    }
    return message
  }

  private static func decode(_ message: ProtoValueInfo) -> (ElementType?, TensorShape?) {
    guard message.type.hasTensorType else { return (nil, nil) }
    let tensor = message.type.tensorType
    let elementType = tensor.elemType == 0 ? nil : ElementType(onnxCode: Int(tensor.elemType))
    guard tensor.hasShape else { return (elementType, nil) }
    return (
      elementType,
      TensorShape(
        tensor.shape.dim.map { dimension in
          switch dimension.value {
          // Some exporters write -1 for a dynamic axis.
          case .dimValue(let length): length >= 0 ? .fixed(Int(length)) : .dynamic(name: nil)
          case .dimParam(let name): .dynamic(name: name.isEmpty ? nil : name)
          case nil: .dynamic(name: nil)
          }
        })
    )
  }
}

extension Value: CustomStringConvertible {
  /// `images (batch, 3, 640, 640) float32`.
  public var description: String {
    "\(name) \(shape.map { "\($0)" } ?? "(shape unknown)") \(elementType.map { "\($0)" } ?? "(type unknown)")"
  }
}
