internal import FoundationEssentials
internal import SwiftProtobuf

/// Where a saved model keeps its weights.
public enum WeightStorage: Hashable, Sendable {
  /// In the model file where that stays under the format's limit of 2 GB, else in `FILE.data` beside it.
  case automatic
  /// In the model file; more than 2 GB is an error.
  case inModelFile
  /// In a file of this name beside the model, except for tensors of less than 1 KB.
  case beside(name: String)
}

extension Model {
  /// Writes the model to `path`. The file appears complete or not at all, and may replace the one that the model was
  /// loaded from.
  ///
  /// Fields that were loaded and not understood are written back byte for byte. Bytes of weights go from the mapped
  /// source to the new file without passing through memory as a whole.
  ///
  /// - Throws: ``ModelError``: `file` where writing fails, `request` where the weights do not fit as asked.
  public func save(to path: String, weights: WeightStorage = .automatic) throws {
    switch weights {
    case .inModelFile: try write(to: path, externalName: nil)
    case .beside(let name):
      guard !name.isEmpty, !name.contains("/"), !name.utf8.contains(0), name != ".", name != ".." else {
        throw ModelError(
          .request, "weights go to a file beside the model; '\(name)' is not a plain file name")
      }
      guard path.split(separator: "/").last.map(String.init) != name else {
        throw ModelError(
          .request, "weights go to a file beside the model; '\(name)' is the model itself, so choose another name")
      }
      try write(to: path, externalName: name)
    case .automatic:
      let stored = graph.initializers.reduce(0) { $0 + $1.storedByteCount }
      let fileName = path.split(separator: "/").last.map(String.init) ?? path
      // Leaves 100 MB for the structure, which is a thousand times what a large network needs.
      try write(to: path, externalName: stored < 1_900_000_000 ? nil : fileName + ".data")
    }
  }

  /// The model as bytes in memory, with all weights inside.
  public func serialized() throws -> [UInt8] {
    var writer = MessageWriter(externalName: nil)
    let skeleton: [UInt8] = try writer.model(self).serializedBytes()
    return try skeleton.withUnsafeBytes { skeleton in
      let expansion = try writer.expansion(of: skeleton)
      var result: [UInt8] = []
      result.reserveCapacity(expansion.byteCount)
      try writer.emit(expansion, skeleton) { result.append(contentsOf: $0) }
      return result
    }
  }

  private func write(to path: String, externalName: String?) throws {
    var writer = MessageWriter(externalName: externalName)
    let skeleton: [UInt8] = try writer.model(self).serializedBytes()
    try skeleton.withUnsafeBytes { skeleton in
      let expansion = try writer.expansion(of: skeleton)
      guard expansion.byteCount < 1 << 31 else {
        throw ModelError(
          .request,
          "the model takes \(expansion.byteCount) bytes, more than the 2 GB of one file; keep the weights beside it"
        )
      }
      let file = try OutputFile(path: path)
      try writer.emit(expansion, skeleton) { try file.write($0) }
      if let externalName {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let external = try OutputFile(path: folder + externalName)
        try writer.emitExternal { try external.write($0) }
        try external.commit()
      }
      try file.commit()
    }
  }
}

/// Turns the package's types into messages, with tensors' bytes set aside for ``PayloadExpansion``.
private struct MessageWriter {
  let externalName: String?
  private var payloads: [Tensor] = []
  private var external: [(tensor: Tensor, padding: Int)] = []
  private var externalSize = 0

  init(externalName: String?) { self.externalName = externalName }

  mutating func model(_ model: Model) -> ProtoModel {
    var message = model.rest
    if message.irVersion != Int64(model.irVersion) { message.irVersion = Int64(model.irVersion) }
    if message.producerName != model.producerName { message.producerName = model.producerName }
    if message.producerVersion != model.producerVersion { message.producerVersion = model.producerVersion }
    if message.opsetImport.map({ Model.OperatorSet(domain: $0.domain, version: Int($0.version)) })
      != model.operatorSets
    {
      message.opsetImport = model.operatorSets.map { set in
        ProtoOperatorSet.with {
          $0.domain = set.domain
          $0.version = Int64(set.version)
        }
      }
    }
    if !message.metadataProps.elementsEqual(model.metadata, by: { $0.key == $1.key && $0.value == $1.value }) {
      message.metadataProps = model.metadata.map { entry in
        ProtoEntry.with {
          $0.key = entry.key
          $0.value = entry.value
        }
      }
    }
    message.graph = graph(model.graph, isMain: true)
    return message
  }

  private mutating func graph(_ graph: Graph, isMain: Bool) -> ProtoGraph {
    var message = graph.rest
    if message.name != graph.name { message.name = graph.name }
    // Set at once: a field of some messages is copied whenever one element is appended to it.
    message.node = graph.nodes.map { node($0) }
    message.initializer = graph.initializers.map { tensor($0, mayMove: isMain) }
    message.input = graph.inputs.map(\.message)
    message.output = graph.outputs.map(\.message)
    message.valueInfo = graph.values.map(\.message)
    return message
  }

  private mutating func node(_ node: Node) -> ProtoNode {
    var message = node.rest
    message.input = node.inputs
    message.output = node.outputs
    if message.name != node.name { message.name = node.name }
    if message.opType != node.op { message.opType = node.op }
    if message.domain != node.domain { message.domain = node.domain }
    message.attribute = node.attributes.map { attribute($0) }
    return message
  }

  private mutating func attribute(_ attribute: Attribute) -> ProtoAttribute {
    var message = attribute.rest
    if message.name != attribute.name { message.name = attribute.name }
    let kind: Int32
    switch attribute.value {
    case .float(let value): (kind, message.f) = (1, value)
    case .int(let value): (kind, message.i) = (2, value)
    case .string(let value): (kind, message.s) = (3, Data(value))
    case .tensor(let value): (kind, message.t) = (4, tensor(value, mayMove: false))
    case .graph(let value): (kind, message.g) = (5, graph(value, isMain: false))
    case .floats(let values): (kind, message.floats) = (6, values)
    case .ints(let values): (kind, message.ints) = (7, values)
    case .strings(let values): (kind, message.strings) = (8, values.map { Data($0) })
    case .tensors(let values): (kind, message.tensors) = (9, values.map { tensor($0, mayMove: false) })
    case .graphs(let values): (kind, message.graphs) = (10, values.map { graph($0, isMain: false) })
    case .other: return message
    }
    let isUnderstood = attribute.isUntyped && Attribute.kind(of: message) == kind
    if !isUnderstood, message.type != kind { message.type = kind }
    return message
  }

  private mutating func tensor(_ tensor: Tensor, mayMove: Bool) -> ProtoTensor {
    var message = tensor.rest
    message.dims = tensor.shape.map { Int64($0) }
    if message.name != tensor.name { message.name = tensor.name }
    if Int(message.dataType) != tensor.elementType.onnxCode {
      message.dataType = Int32(tensor.elementType.onnxCode)
    }
    if case .fields = tensor.storage { return message }
    guard mayMove, let externalName, tensor.storedByteCount >= 1024 else {
      message.rawData = withUnsafeBytes(of: UInt64(payloads.count).littleEndian) { Data($0) }
      payloads.append(tensor)
      return message
    }
    // Page alignment lets a reader map each tensor by itself.
    let padding = (4096 - externalSize % 4096) % 4096
    external.append((tensor, padding))
    message.dataLocation = 1
    let entries = [
      ("location", externalName), ("offset", "\(externalSize + padding)"),
      ("length", "\(tensor.storedByteCount)"),
    ]
    message.externalData = entries.map { entry in
      ProtoEntry.with {
        $0.key = entry.0
        $0.value = entry.1
      }
    }
    externalSize += padding + tensor.storedByteCount
    return message
  }

  func expansion(of skeleton: UnsafeRawBufferPointer) throws -> PayloadExpansion {
    try PayloadExpansion(skeleton: skeleton, payloadSizes: payloads.map(\.storedByteCount))
  }

  func emit(
    _ expansion: PayloadExpansion, _ skeleton: UnsafeRawBufferPointer,
    to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    for piece in expansion.pieces {
      switch piece {
      case .skeleton(let range): try write(UnsafeRawBufferPointer(rebasing: skeleton[range]))
      case .small(let bytes): try bytes.withUnsafeBytes { try write($0) }
      case .payload(let index): try payloads[index].withStoredBytes(write)
      }
    }
  }

  func emitExternal(to write: (UnsafeRawBufferPointer) throws -> Void) throws {
    let zeros = [UInt8](repeating: 0, count: 4096)
    for (tensor, padding) in external {
      try zeros.prefix(padding).withUnsafeBytes { try write($0) }
      try tensor.withStoredBytes(write)
    }
  }
}

extension Tensor {
  /// Calls `body` with the stored bytes, whether or not they fit the shape, so that an invalid model is written back
  /// as it was.
  fileprivate func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch storage {
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .file(let file, let range): try file.withBytes(in: range, body)
    case .fields: break
    }
  }
}
