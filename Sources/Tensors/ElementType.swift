/// The type of one element of a tensor, as runtimes and model files name it.
///
/// An element type that this package does not compute with survives as ``unknown(_:)``, so that a model can still be
/// described and the error about it can name what was found.
public enum ElementType: Hashable, Sendable {
  case float32, float16, bfloat16, float64
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case boolean
  /// A type that has no case here; the associated value is the runtime's own name for it.
  case unknown(String)

  /// The size of one element in bits, or `nil` where it is not known.
  public var bitWidth: Int? {
    switch self {
    case .int8, .uint8, .boolean: 8
    case .float16, .bfloat16, .int16, .uint16: 16
    case .float32, .int32, .uint32: 32
    case .float64, .int64, .uint64: 64
    case .unknown: nil
    }
  }

  /// The size of one element in bytes, or `nil` for sub-byte and unknown types.
  public var byteCount: Int? { bitWidth.map { $0 / 8 } }
}

extension ElementType: CustomStringConvertible {
  /// The spelling used by ONNX tools and NumPy: `float32`, `int64`, `bool`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .float64: "float64"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .boolean: "bool"
    case .unknown(let name): name
    }
  }
}
