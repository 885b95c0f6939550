internal import SwiftProtobuf
internal import Tensors

extension Model {
  /// Opens the model at `path`, and the files beside it that hold external data.
  ///
  /// Only the structure is decoded; weights stay in the mapped files until they are used. Time and memory depend on
  /// the structure, not on the size of the weights. The result may break rules of the format: see ``check()``.
  ///
  /// - Throws: ``ModelError``: `file` where a file cannot be read, `malformed` where the bytes are not a model.
  public init(path: String) throws {
    let file = try FileBytes(path: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    try self.init(file, externalDataFolder: folder)
  }

  /// Reads a model from bytes in memory or in a mapped file.
  ///
  /// - Parameter externalDataFolder: the folder that holds external data; `nil` where the model must have none.
  public init(_ file: FileBytes, externalDataFolder: String? = nil) throws {
    guard file.count > 0 else { throw ModelError(.malformed, "\(file.name) is empty") }
    do {
      let extraction = try PayloadExtraction(file.bytes)
      let message: ProtoModel
      do {
        message = try ProtoModel(serializedBytes: extraction.skeleton)
      } catch {
        throw ModelError(.malformed, "not an ONNX model, or a damaged one: \(error)")
      }
      guard message.hasGraph else { throw ModelError(.malformed, "not an ONNX model: it has no graph") }
      var reader = MessageReader(file: file, payloads: extraction.payloads, folder: externalDataFolder)
      try self.init(message, &reader)
    } catch let error as ModelError {
      throw ModelError(error.code, "\(file.name): \(error.message)")
    }
  }

  private init(_ message: ProtoModel, _ reader: inout MessageReader) throws {
    irVersion = Int(message.irVersion)
    producerName = message.producerName
    producerVersion = message.producerVersion
    operatorSets = message.opsetImport.map { OperatorSet(domain: $0.domain, version: Int($0.version)) }
    metadata = message.metadataProps.map { ($0.key, $0.value) }
    graph = try reader.graph(message.graph)
    rest = message
    rest.graph = ProtoGraph()
  }
}

/// Turns decoded messages into the package's types, with tensors pointing at their bytes.
private struct MessageReader {
  let file: FileBytes
  let payloads: [Range<Int>]
  let folder: String?
  var externalFiles: [String: FileBytes] = [:]

  init(file: FileBytes, payloads: [Range<Int>], folder: String?) {
    self.file = file
    self.payloads = payloads
    self.folder = folder
  }

  mutating func graph(_ message: ProtoGraph) throws -> Graph {
    var graph = Graph(name: message.name)
    graph.rest = message
    graph.rest.node = []
    graph.rest.initializer = []
    graph.rest.input = []
    graph.rest.output = []
    graph.rest.valueInfo = []
    graph.nodes.reserveCapacity(message.node.count)
    for node in message.node { graph.nodes.append(try self.node(node)) }
    graph.initializers.reserveCapacity(message.initializer.count)
    for tensor in message.initializer { graph.initializers.append(try self.tensor(tensor)) }
    graph.inputs = message.input.map { Value($0) }
    graph.outputs = message.output.map { Value($0) }
    graph.values = message.valueInfo.map { Value($0) }
    return graph
  }

  private mutating func node(_ message: ProtoNode) throws -> Node {
    var node = Node(
      message.opType, name: message.name, domain: message.domain, inputs: message.input, outputs: message.output)
    node.rest = message
    node.rest.input = []
    node.rest.output = []
    node.rest.attribute = []
    node.attributes.reserveCapacity(message.attribute.count)
    for attribute in message.attribute { node.attributes.append(try self.attribute(attribute)) }
    return node
  }

  private mutating func attribute(_ message: ProtoAttribute) throws -> Attribute {
    var attribute = Attribute(message.name, .other)
    attribute.rest = message
    switch Attribute.kind(of: message) {
    case 1: attribute.value = .float(message.f)
    case 2: attribute.value = .int(message.i)
    case 3: attribute.value = .string(Array(message.s))
    case 4 where message.hasT:
      attribute.value = .tensor(try tensor(message.t))
      attribute.rest.clearT()
    case 5 where message.hasG:
      attribute.value = .graph(try graph(message.g))
      attribute.rest.clearG()
    case 6: attribute.value = .floats(message.floats)
    case 7: attribute.value = .ints(message.ints)
    case 8: attribute.value = .strings(message.strings.map { Array($0) })
    case 9:
      var tensors: [Tensor] = []
      for element in message.tensors { tensors.append(try tensor(element)) }
      attribute.value = .tensors(tensors)
      attribute.rest.tensors = []
    case 10:
      var graphs: [Graph] = []
      for element in message.graphs { graphs.append(try graph(element)) }
      attribute.value = .graphs(graphs)
      attribute.rest.graphs = []
    default: break
    }
    // A tensor left behind in a field that the type does not announce would be written back with an index into a
    // table that is gone.
    let left = attribute.rest
    if left.hasT || left.hasG || !left.tensors.isEmpty || !left.graphs.isEmpty {
      throw ModelError(.malformed, "attribute '\(message.name)' holds a tensor or graph that its type does not announce")
    }
    return attribute
  }

  private mutating func tensor(_ message: ProtoTensor) throws -> Tensor {
    var tensor = Tensor(
      name: message.name, shape: message.dims.map { Int($0) },
      elementType: ElementType(onnxCode: Int(message.dataType)), bytes: [])
    tensor.rest = message
    tensor.rest.dims = []
    if message.dataLocation == 1 {
      try resolveExternalData(of: &tensor)
    } else if message.hasRawData {
      var index: UInt64 = 0
      withUnsafeMutableBytes(of: &index) { $0.copyBytes(from: message.rawData.prefix(8)) }
      tensor.storage = .file(file, payloads[Int(UInt64(littleEndian: index))])
      tensor.rest.clearRawData()
    } else {
      tensor.storage = .fields
    }
    return tensor
  }

  private mutating func resolveExternalData(of tensor: inout Tensor) throws {
    let location = try ExternalLocation(of: tensor)
    guard let folder else {
      throw ModelError(
        .file, "tensor '\(tensor.name)' is stored in '\(location.path)', and a model in memory has no folder for it")
    }
    let external: FileBytes
    if let known = externalFiles[location.path] {
      external = known
    } else {
      external = try location.open(in: folder)
      externalFiles[location.path] = external
    }
    tensor.storage = .file(external, try location.range(in: external, for: tensor))
    tensor.rest.clearRawData()
    tensor.rest.clearDataLocation()
    tensor.rest.externalData = []
  }
}

extension Attribute {
  /// The format's number for the type of an attribute. Files of the first versions do not state it.
  static func kind(of message: ProtoAttribute) -> Int32 {
    if message.type != 0 { return message.type }
    if message.hasF { return 1 }
    if message.hasI { return 2 }
    if message.hasS { return 3 }
    if message.hasT { return 4 }
    if message.hasG { return 5 }
    if !message.floats.isEmpty { return 6 }
    if !message.ints.isEmpty { return 7 }
    if !message.strings.isEmpty { return 8 }
    if !message.tensors.isEmpty { return 9 }
    if !message.graphs.isEmpty { return 10 }
    return 0
  }
}
