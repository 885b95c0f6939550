/// What an ONNX file says of itself, read without its weights: OpenVINO's C interface gives neither the exporter's
/// metadata nor the names of dynamic axes.
///
/// Field numbers from onnx.proto3 of the ONNX project.
package struct ONNXSummary: Sendable {
  package struct Tensor: Sendable {
    package var name: String
    /// The names of the axes, `nil` where an axis is fixed or unnamed; `nil` altogether where no shape is given.
    package var axisNames: [String?]?
  }

  package var producer = ""
  package var metadata: [String: String] = [:]
  /// The graph's inputs without those that only give an initializer a name (as files of IR version 3 do).
  package var inputs: [Tensor] = []
  package var outputs: [Tensor] = []

  /// Reads a whole file.
  ///
  /// Complexity: proportional to the number of nodes and initializers; their bytes are skipped.
  ///
  /// - Throws: `ProtobufReader.Malformed` if the bytes are no ONNX model.
  package init(_ file: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
    var reader = ProtobufReader(file)
    var hasGraph = false
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (2, .bytes(let text)): producer = String(decoding: text, as: UTF8.self)
      case (7, .bytes(let graph)):
        hasGraph = true
        try read(graph: reader.nested(graph))
      case (14, .bytes(let entry)):
        let (key, value) = try Self.entry(reader.nested(entry))
        metadata[key] = value
      case (2, _), (7, _), (14, _):
        throw ProtobufReader.Malformed(
          offset: reader.offset, reason: "field \(field.number) of the model is a number")
      default: break
      }
    }
    guard hasGraph else {
      throw ProtobufReader.Malformed(offset: file.count, reason: "there is no graph in it")
    }
  }

  private mutating func read(graph: ProtobufReader) throws(ProtobufReader.Malformed) {
    var reader = graph
    var initializers = Set<String>()
    while let field = try reader.next() {
      guard case .bytes(let bytes) = field.value else { continue }
      switch field.number {
      case 5: initializers.insert(try Self.initializerName(reader.nested(bytes)))
      case 11: inputs.append(try Self.tensor(reader.nested(bytes)))
      case 12: outputs.append(try Self.tensor(reader.nested(bytes)))
      default: break
      }
    }
    inputs.removeAll { initializers.contains($0.name) }
  }

  // StringStringEntryProto: key 1, value 2.
  private static func entry(_ message: ProtobufReader) throws(ProtobufReader.Malformed) -> (String, String) {
    var reader = message
    var key = ""
    var value = ""
    while let field = try reader.next() {
      guard case .bytes(let text) = field.value else { continue }
      if field.number == 1 { key = String(decoding: text, as: UTF8.self) }
      if field.number == 2 { value = String(decoding: text, as: UTF8.self) }
    }
    return (key, value)
  }

  // TensorProto: name 8.
  private static func initializerName(_ message: ProtobufReader) throws(ProtobufReader.Malformed) -> String {
    var reader = message
    var name = ""
    while let field = try reader.next() {
      if field.number == 8, case .bytes(let text) = field.value {
        name = String(decoding: text, as: UTF8.self)
      }
    }
    return name
  }

  // ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; TypeProto.Tensor: shape 2.
  private static func tensor(_ message: ProtobufReader) throws(ProtobufReader.Malformed) -> Tensor {
    var reader = message
    var tensor = Tensor(name: "", axisNames: nil)
    while let field = try reader.next() {
      guard case .bytes(let bytes) = field.value else { continue }
      if field.number == 1 { tensor.name = String(decoding: bytes, as: UTF8.self) }
      if field.number == 2,
        let (type, inType) = try member(1, of: reader.nested(bytes)),
        let (shape, inShape) = try member(2, of: inType.nested(type))
      {
        tensor.axisNames = try axisNames(inShape.nested(shape))
      }
    }
    return tensor
  }

  // TensorShapeProto: dim 1; Dimension: dim_value 1, dim_param 2.
  private static func axisNames(_ shape: ProtobufReader) throws(ProtobufReader.Malformed) -> [String?] {
    var reader = shape
    var names: [String?] = []
    while let field = try reader.next() {
      guard field.number == 1, case .bytes(let dimension) = field.value else { continue }
      names.append(try member(2, of: reader.nested(dimension)).map { String(decoding: $0.0, as: UTF8.self) })
    }
    return names
  }

  /// The last submessage of a number, with the reader that it came from.
  private static func member(
    _ number: Int, of message: ProtobufReader
  ) throws(ProtobufReader.Malformed) -> (UnsafeRawBufferPointer, ProtobufReader)? {
    var reader = message
    var found: UnsafeRawBufferPointer?
    while let field = try reader.next() {
      if field.number == number, case .bytes(let bytes) = field.value { found = bytes }
    }
    return found.map { ($0, reader) }
  }
}
