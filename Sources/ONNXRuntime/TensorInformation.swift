internal import CONNXRuntime
internal import Tensors

/// What the runtime tells of a tensor: its element type, and lengths that are -1 where they are dynamic.
struct TensorInformation {
  var elementType: ElementType
  var lengths: [Int64]
  /// The model's names for dynamic axes; empty where it has none.
  var names: [String]

  /// - Parameter info: borrowed.
  init(reading info: OpaquePointer, _ library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) {
    let code = try library.read("GetTensorElementType", initial: 0) { ort_GetTensorElementType_from($0)(info, &$1) }
    elementType = ElementType(onnxCode: code)
    let rank = try library.read("GetDimensionsCount", initial: 0) { ort_GetDimensionsCount_from($0)(info, &$1) }
    lengths = try library.read("GetDimensions", initial: [Int64](repeating: 0, count: rank)) {
      ort_GetDimensions_from($0)(info, &$1, rank)
    }
    let symbols = try library.read(
      "GetSymbolicDimensions", initial: [UnsafePointer<CChar>?](repeating: nil, count: rank)
    ) { ort_GetSymbolicDimensions_from($0)(info, &$1, rank) }
    // The characters belong to `info`.
    names = symbols.map { $0.map { String(cString: $0) } ?? "" }
  }

  var shape: TensorShape {
    TensorShape(
      zip(lengths, names).map { length, name in
        length >= 0 ? .fixed(Int(length)) : .dynamic(name: name.isEmpty ? nil : name)
      })
  }
}
