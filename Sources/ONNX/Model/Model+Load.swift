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
      try StructureCost.check(file.bytes)
      let extraction = try PayloadExtraction(file.bytes)
      var message: ProtoModel
      do {
        message = try ProtoModel(serializedBytes: extraction.skeleton)
      } catch {
        throw ModelError(.malformed, "not an ONNX model, or a damaged one: \(error)")
      }
      guard message.hasGraph else { throw ModelError(.malformed, "not an ONNX model: it has no graph") }
      var reader = MessageReader(file: file, payloads: extraction.payloads, folder: externalDataFolder)
      try self.init(&message, &reader)
    } catch let error as ModelError {
      throw ModelError(error.code, "\(file.name): \(error.message)")
    }
  }

  private init(_ message: inout ProtoModel, _ reader: inout MessageReader) throws {
    irVersion = Int(message.irVersion)
    producerName = message.producerName
    producerVersion = message.producerVersion
    operatorSets = message.opsetImport.map { OperatorSet(domain: $0.domain, version: Int($0.version)) }
    metadata = message.metadataProps.map { ($0.key, $0.value) }
    // Taken out of the message, so that each part is freed as soon as it is read.
    var structure = message.graph
    message.graph = ProtoGraph()
    graph = try reader.graph(&structure)
    rest = message
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

  /// Empties `message` as it goes.
  mutating func graph(_ message: inout ProtoGraph) throws -> Graph {
    var graph = Graph(name: message.name)
    graph.nodes = try Self.take(&message.node) { try node(&$0) }
    graph.initializers = try Self.take(&message.initializer) { try tensor($0) }
    graph.inputs = Self.take(&message.input) { Value($0) }
    graph.outputs = Self.take(&message.output) { Value($0) }
    graph.values = Self.take(&message.valueInfo) { Value($0) }
    graph.rest = message
    return graph
  }

  /// What `transform` makes of each message, in order; every message is freed as soon as it is read.
  private static func take<Message, Result>(
    _ messages: inout [Message], _ transform: (inout Message) throws -> Result
  ) rethrows -> [Result] {
    var waiting: [Message] = []
    swap(&waiting, &messages)
    waiting.reverse()
    var result: [Result] = []
    result.reserveCapacity(waiting.count)
    while var message = waiting.popLast() { result.append(try transform(&message)) }
    return result
  }

  private mutating func node(_ message: inout ProtoNode) throws -> Node {
    var node = Node(
      message.opType, name: message.name, domain: message.domain, inputs: message.input, outputs: message.output)
    message.input = []
    message.output = []
    node.attributes = try Self.take(&message.attribute) { try attribute(&$0) }
    node.rest = message
    return node
  }

  private mutating func attribute(_ message: inout ProtoAttribute) throws -> Attribute {
    var attribute = Attribute(message.name, .other)
    switch Attribute.kind(of: message) {
    case 1: attribute.value = .float(message.f)
    case 2: attribute.value = .int(message.i)
    case 3: attribute.value = .string(Array(message.s))
    case 4 where message.hasT:
      attribute.value = .tensor(try tensor(message.t))
      message.clearT()
    case 5 where message.hasG:
      var inner = message.g
      message.clearG()
      attribute.value = .graph(try graph(&inner))
    case 6: attribute.value = .floats(message.floats)
    case 7: attribute.value = .ints(message.ints)
    case 8: attribute.value = .strings(message.strings.map { Array($0) })
    case 9: attribute.value = .tensors(try Self.take(&message.tensors) { try tensor($0) })
    case 10: attribute.value = .graphs(try Self.take(&message.graphs) { try graph(&$0) })
    default: break
    }
    // A tensor left behind in a field that the type does not announce would be written back with an index into a
    // table that is gone.
    if message.hasT || message.hasG || !message.tensors.isEmpty || !message.graphs.isEmpty {
      throw ModelError(
        .malformed, "attribute '\(message.name)' holds a tensor or graph that its type does not announce")
    }
    attribute.rest = message
    attribute.forgetWhatIsRead()
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
    tensor.forgetWhatIsRead()
    return tensor
  }

  private mutating func resolveExternalData(of tensor: inout Tensor) throws {
    let location = try ExternalLocation(of: tensor)
    guard let folder else {
      throw ModelError(
        .file,
        "tensor '\(tensor.name)' is stored in '\(location.path)', and a model in memory has no folder for it")
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

extension Tensor {
  /// Drops a rest that says nothing beyond what the tensor holds; most do.
  fileprivate mutating func forgetWhatIsRead() {
    var left = rest
    if !left.name.isEmpty { left.clearName() }
    if left.dataType != 0 { left.clearDataType() }
    if left == ProtoTensor() { rest = ProtoTensor() }
  }
}

extension Attribute {
  /// Drops from the rest what the value holds.
  fileprivate mutating func forgetWhatIsRead() {
    isUntyped = rest.type == 0
    switch value {
    case .float: rest.clearF()
    case .int: rest.clearI()
    case .string: rest.clearS()
    case .floats: rest.floats = []
    case .ints: rest.ints = []
    case .strings: rest.strings = []
    case .tensor, .graph, .tensors, .graphs: break
    case .other: return
    }
    var left = rest
    if !left.name.isEmpty { left.clearName() }
    if !isUntyped { left.clearType() }
    if left == ProtoAttribute() { rest = ProtoAttribute() }
  }

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
