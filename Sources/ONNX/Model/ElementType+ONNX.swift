public import Tensors

/// The format's numbers for element types, as `TensorProto.DataType` lists them.
extension ElementType {
  private static let known: [(code: Int, type: ElementType, bits: Int?)] = [
    (1, .float32, 32), (2, .uint8, 8), (3, .int8, 8), (4, .uint16, 16), (5, .int16, 16), (6, .int32, 32),
    (7, .int64, 64), (8, .unknown("string"), nil), (9, .boolean, 8), (10, .float16, 16), (11, .float64, 64),
    (12, .uint32, 32), (13, .uint64, 64), (14, .unknown("complex64"), 64), (15, .unknown("complex128"), 128),
    (16, .bfloat16, 16), (17, .unknown("float8e4m3fn"), 8), (18, .unknown("float8e4m3fnuz"), 8),
    (19, .unknown("float8e5m2"), 8), (20, .unknown("float8e5m2fnuz"), 8), (21, .unknown("uint4"), 4),
    (22, .unknown("int4"), 4), (23, .unknown("float4e2m1"), 4), (24, .unknown("float8e8m0"), 8),
    (25, .unknown("uint2"), 2), (26, .unknown("int2"), 2),
  ]

  /// The type with the format's number `code`; a number that has no meaning here becomes `unknown("type N")`.
  public init(onnxCode code: Int) {
    if code >= 1, code <= Self.known.count {
      self = Self.known[code - 1].type
    } else {
      self = .unknown("type \(code)")
    }
  }

  /// The format's number for this type, or 0 (undefined) where it has none.
  public var onnxCode: Int {
    if let entry = Self.known.first(where: { $0.type == self }) { return entry.code }
    if case .unknown(let name) = self, name.hasPrefix("type ") { return Int(name.dropFirst(5)) ?? 0 }
    return 0
  }

  /// The size of one element in bits, also for the types that only the format knows; `nil` for strings.
  public var storedBitWidth: Int? {
    Self.known.first { $0.type == self }?.bits
  }

  /// Whether this is one of the floating-point types that networks compute in.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    default: false
    }
  }

  /// Whether this is an integer type of 8 to 64 bits.
  public var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }
}
