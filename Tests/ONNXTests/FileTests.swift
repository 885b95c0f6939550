import Glibc
import ONNX
import Tensors
import Testing

@Suite("Reading and writing files")
struct FileTests {
  @Test("A model that is not edited is written as it was, byte for byte", arguments: Fixture.allCases)
  func roundTrip(fixture: Fixture) throws {
    let bytes = try readFile(fixture.path)
    #expect(try fixture.load().serialized() == bytes)
    let folder = try TemporaryFolder()
    try fixture.load().save(to: "\(folder.path)/copy.onnx")
    #expect(try folder.read("copy.onnx") == bytes)
  }

  @Test("Fields that this package does not know survive, on every level")
  func unknownFields() throws {
    // Field 900, length-delimited and varint, and field 901 as a group, in canonical order after the known ones.
    let unknown: [UInt8] = [0xA2, 0x38, 3, 1, 2, 3, 0xA0, 0x38, 5, 0xAB, 0x38, 0x08, 1, 0xAC, 0x38]
    func message(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
      [field << 3 | 2, UInt8(content.count)] + content
    }
    func text(_ field: UInt8, _ value: String) -> [UInt8] { message(field, Array(value.utf8)) }
    let tensor = [0x08, 1, 0x10, 1] + text(8, "w") + message(9, [0, 0, 128, 63]) + unknown
    let attribute = text(1, "a") + message(5, tensor) + [0xA0, 1, 4] + unknown
    let node =
      text(1, "w") + text(2, "y") + text(4, "Custom") + message(5, attribute) + text(7, "mine") + unknown
    let type = message(1, [0x08, 1] + message(2, unknown)) + unknown
    let value = text(1, "y") + message(2, type) + unknown
    let graph =
      message(1, node) + text(2, "g") + message(5, tensor) + [12 << 3 | 2, UInt8(value.count | 0x80), 1]
      + value
    let set = text(1, "mine") + [0x10, 1]
    var bytes: [UInt8] = [0x08, 8, 7 << 3 | 2]
    bytes += [UInt8(graph.count & 0x7F | 0x80), UInt8(graph.count >> 7)] + graph + message(8, set) + unknown
    // The length of `value` needs the form that it really has.
    if value.count < 128 {
      let short = message(1, node) + text(2, "g") + message(5, tensor) + message(12, value)
      bytes =
        [0x08, 8, 7 << 3 | 2, UInt8(short.count & 0x7F | 0x80), UInt8(short.count >> 7)] + short
        + message(8, set)
      bytes += unknown
    }
    var model = try Model(FileBytes(bytes))
    #expect(try model.serialized() == bytes)
    // Edits around them leave them alone.
    model.graph.nodes[0].name = "n"
    let edited = try model.serialized()
    #expect(edited.indices.filter { edited[$0...].starts(with: unknown) }.count == 8)
  }

  @Test("Weights in typed fields are read, and stay there when written")
  func typedFields() throws {
    // dims 2, data_type, then the packed field.
    func tensor(_ type: UInt8, _ field: UInt8, _ content: [UInt8]) -> [UInt8] {
      let name: [UInt8] = [0x42, 1, 0x77]
      let data = [field << 3 | 2, UInt8(content.count)] + content
      return [0x08, 2, 0x10, type] + (field < 8 ? data + name : name + data)
    }
    let cases: [([UInt8], [Float]?, [Int64]?)] = [
      (tensor(1, 4, [0, 0, 128, 63, 0, 0, 0, 64]), [1, 2], nil),
      (tensor(10, 5, [0x80, 0x78, 0x80, 0x80, 1]), [1, 2], nil),
      (tensor(6, 5, [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]), nil, [1, -1]),
      (tensor(7, 7, [1, 0x80, 1]), nil, [1, 128]), (tensor(9, 5, [1, 0]), nil, [1, 0]),
      (tensor(12, 11, [1, 2]), nil, [1, 2]),
    ]
    for (content, floats, integers) in cases {
      let graph = [0x2A, UInt8(content.count)] + content
      let bytes = [0x08, 8, 0x3A, UInt8(graph.count)] + graph
      let model = try Model(FileBytes(bytes))
      if let floats { #expect(try model.graph.initializers[0].floats() == floats) }
      if let integers { #expect(try model.graph.initializers[0].integers() == integers) }
      #expect(try model.serialized() == bytes)
    }
  }

  @Test("Weights can lie beside the model, and come back")
  func externalData() throws {
    let folder = try TemporaryFolder()
    var model = try Fixture.head.load()
    let large = (0..<5000).map { Float($0) }
    model.graph.initializers.append(Tensor(name: "large", shape: [50, 100], floats: large))
    try model.save(to: "\(folder.path)/m.onnx", weights: .beside(name: "m.data"))
    #expect(try folder.read("m.data").count >= 20_000)
    #expect(try folder.read("m.onnx").count < 20_000)
    let again = try Model(path: "\(folder.path)/m.onnx")
    try again.check()
    #expect(try again.graph.initializers.last?.floats() == large)
    // Written back inside, over the file that it is read from.
    try again.save(to: "\(folder.path)/m.onnx", weights: .inModelFile)
    let inside = try Model(FileBytes(folder.read("m.onnx")))
    #expect(try inside.graph.initializers.last?.floats() == large)
    #expect(try inside.serialized() == model.serialized())
  }

  @Test("Weights cannot take the model's own name", arguments: ["m.onnx", "", ".", "..", "a/b"])
  func weightsName(name: String) throws {
    let folder = try TemporaryFolder()
    let model = try Fixture.head.load()
    #expect(throws: ModelError.self) { try model.save(to: "\(folder.path)/m.onnx", weights: .beside(name: name)) }
    #expect(throws: (any Error).self) { try folder.read("m.onnx") }
  }

  @Test(
    "External data outside the model's folder, missing, or too short is refused",
    arguments: ["../secret", "/etc/hostname", "link", "missing", "", "a/../../secret", "short"])
  func hostileExternalData(location: String) throws {
    let folder = try TemporaryFolder()
    _ = mkdir("\(folder.path)/models", 0o755)
    try folder.write("secret", [UInt8](repeating: 1, count: 4096))
    try folder.write("models/short", [1, 2, 3])
    _ = symlink("../secret", "\(folder.path)/models/link")
    func entry(_ key: String, _ value: String) -> [UInt8] {
      let content =
        [0x0A, UInt8(key.utf8.count)] + Array(key.utf8) + [0x12, UInt8(value.utf8.count)] + Array(value.utf8)
      return [0x6A, UInt8(content.count)] + content
    }
    let tensor = [0x08, 4, 0x10, 1, 0x42, 1, 0x77] + entry("location", location) + [0x70, 1]
    let graph = [0x2A, UInt8(tensor.count)] + tensor
    try folder.write("models/m.onnx", [0x08, 8, 0x3A, UInt8(graph.count)] + graph)
    let error = #expect(throws: ModelError.self) { try Model(path: "\(folder.path)/models/m.onnx") }
    #expect(error?.message.contains("'w'") ?? false || error?.message.contains("external data") ?? false)
  }

  @Test("What is no model is an error that says so")
  func malformed() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ModelError.self) { try Model(path: "\(folder.path)/none.onnx") }
    #expect(throws: ModelError.self) { try Model(path: folder.path) }
    try folder.write("empty.onnx", [])
    #expect(throws: ModelError.self) { try Model(path: "\(folder.path)/empty.onnx") }
    for bytes: [UInt8] in [
      [1, 2, 3], [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], Array("<html></html>".utf8), [0x08, 8],
    ] {
      let error = #expect(throws: ModelError.self) { try Model(FileBytes(bytes, name: "m.onnx")) }
      #expect(error?.code == .malformed && error?.message.hasPrefix("m.onnx: ") ?? false)
    }
  }

  @Test("Graphs nested beyond reason are refused")
  func nesting() {
    var graph: [UInt8] = []
    func message(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
      var length = content.count
      var header = [field << 3 | 2]
      while length >= 0x80 {
        header.append(UInt8(length & 0x7F) | 0x80)
        length >>= 7
      }
      return header + [UInt8(length)] + content
    }
    for _ in 0..<2000 {
      let attribute = message(1, [0x61]) + message(6, graph) + [0xA0, 1, 5]
      graph = message(1, message(4, [0x61]) + message(5, attribute))
    }
    let bytes = message(7, graph)
    let error = #expect(throws: ModelError.self) { try Model(FileBytes(bytes)) }
    #expect(error?.message.contains("nested deeper") ?? false)
  }
}
