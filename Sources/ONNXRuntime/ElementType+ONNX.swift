public import Tensors

extension ElementType {
  /// The type of ONNX's `TensorProto.DataType` numbers, which ONNX Runtime's C API shares.
  public init(onnxCode code: Int32) {
    self = Self.byCode[code] ?? .unknown(Self.otherNames[code] ?? "type \(code)")
  }

  /// The number of ONNX's `TensorProto.DataType`, or `nil` for a type that has no case.
  public var onnxCode: Int32? {
    Self.byCode.first { $0.value == self }?.key
  }

  private static let byCode: [Int32: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .boolean, 10: .float16,
    11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
  ]

  private static let otherNames: [Int32: String] = [
    0: "undefined", 8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
  ]
}
