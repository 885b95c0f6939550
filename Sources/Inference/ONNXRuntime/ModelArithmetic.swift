/// Which arithmetic a model asks for, told by its weights and operators: ONNX Runtime does not say in what it computes.
///
/// Field numbers from onnx.proto3 of the ONNX project.
struct ModelArithmetic: Hashable, Sendable {
  var hasFloat32 = false
  var hasFloat16 = false
  var hasBFloat16 = false
  var hasQuantization = false

  /// Complexity: proportional to the number of nodes and initializers; their bytes are skipped.
  init(_ file: ModelFile) throws(InferenceError) {
    do {
      try read(ProtobufReader(file.bytes.bytes))
    } catch {
      throw InferenceError(
        .modelInvalid, "The model \(file.path) is damaged: at byte \(error.offset), \(error.reason).")
    }
  }

  init() {}

  private mutating func read(_ model: ProtobufReader) throws(ProtobufReader.Malformed) {
    var reader = model
    while let field = try reader.next() {
      guard field.number == 7, case .bytes(let bytes) = field.value else { continue }
      var graph = reader.nested(bytes)
      while let field = try graph.next() {
        guard case .bytes(let bytes) = field.value else { continue }
        if field.number == 1 { try read(node: graph.nested(bytes)) }
        if field.number == 5 { try read(initializer: graph.nested(bytes)) }
      }
    }
  }

  // NodeProto: op_type 4.
  private mutating func read(node: ProtobufReader) throws(ProtobufReader.Malformed) {
    var reader = node
    while let field = try reader.next() {
      guard field.number == 4, case .bytes(let bytes) = field.value else { continue }
      let name = String(decoding: bytes, as: UTF8.self)
      if name.contains("Quantize") || name.hasPrefix("QLinear") || name.hasSuffix("Integer") { hasQuantization = true }
    }
  }

  // TensorProto: dims 1, data_type 2. A single number is a constant of the graph, not a weight.
  private mutating func read(initializer: ProtobufReader) throws(ProtobufReader.Malformed) {
    var reader = initializer
    var type: UInt64 = 0
    var hasAxes = false
    while let field = try reader.next() {
      if field.number == 1 { hasAxes = true }
      if field.number == 2, case .integer(let value) = field.value { type = value }
    }
    guard hasAxes else { return }
    switch type {
    case 1: hasFloat32 = true
    case 10: hasFloat16 = true
    case 16: hasBFloat16 = true
    default: break
    }
  }

  /// ONNX Runtime has few kernels for half precision on processors: it casts to float32 around most operators.
  var precisionOnCPU: String {
    hasQuantization || hasFloat16 || hasBFloat16 ? "mixed" : "fp32"
  }

  func precisionOnGPU(withTF32: Bool) -> String {
    switch (hasQuantization, hasFloat16, hasBFloat16, hasFloat32) {
    case (false, true, false, false): "fp16"
    case (false, false, true, false): "bf16"
    case (false, false, false, _): withTF32 ? "mixed" : "fp32"
    default: "mixed"
    }
  }
}
