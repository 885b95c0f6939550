internal import Tensors

/// Assigns a precision to every node and puts casts where the precision changes.
struct PrecisionConversion {
  let type: ElementType
  let options: PrecisionOptions
  let inferred: InferredGraph
  let index: GraphIndex
  private var builder: GraphBuilder
  private(set) var constants: [String: Tensor] = [:]
  /// The precision of each floating-point tensor that was float32.
  private var precisions: [String: ElementType] = [:]
  /// The names that nodes make outputs of the graph under, where these are cast to their own names at the end.
  private var aliases: [String: String] = [:]
  private var casts: [String: String] = [:]
  private var nodes: [Node] = []
  private var usedInFloat32: Set<String> = []
  private var usedConverted: [String: String] = [:]

  /// Operators that select, move or compare elements: exact in any precision, so they follow what feeds them.
  private static let moves: Set<String> = [
    "Identity", "Reshape", "Transpose", "Concat", "Split", "Slice", "Gather", "GatherElements", "GatherND",
    "Squeeze",
    "Unsqueeze", "Flatten", "Expand", "Tile", "Pad", "Where", "TopK", "ArgMax", "ArgMin", "ReduceMax",
    "ReduceMin", "Max",
    "Min", "Relu", "MaxPool", "GlobalMaxPool", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
    "Shape",
    "Size", "DepthToSpace", "SpaceToDepth", "ScatterND", "ScatterElements", "NonZero", "Clip", "Abs", "Neg",
    "Dropout",
  ]

  init(_ graph: Graph, _ inferred: InferredGraph, to type: ElementType, _ options: PrecisionOptions) {
    self.type = type
    self.options = options
    self.inferred = inferred
    index = GraphIndex(graph)
    builder = GraphBuilder(graph, prefix: "swoop/precision")
    let callerMayReplace = Set(graph.inputs.map(\.name))
    for tensor in graph.initializers where !callerMayReplace.contains(tensor.name) {
      constants[tensor.name] = tensor
    }
  }

  mutating func run(_ graph: inout Graph) throws -> (converted: Int, kept: Int) {
    try requireKnownTypes(graph)
    let kept = islands(graph)
    takeInputs(&graph)
    var counts = (converted: 0, kept: 0)
    for (position, original) in graph.nodes.enumerated() {
      var node = original
      guard touchesFloat32(node) else {
        nodes.append(node)
        continue
      }
      let precision = precision(of: node, isKept: kept.contains(position))
      for slot in node.inputs.indices {
        node.inputs[slot] = read(node.inputs[slot], of: node, slot: slot, in: precision)
      }
      retype(&node, precision)
      for (slot, name) in original.outputs.enumerated() where inferred[name].elementType == .float32 {
        // An output of the graph keeps its name for the type that callers get.
        if index.outputs.contains(name), options.keepsInputsAndOutputs, precision != .float32 {
          let inner = builder.unique("\(name)_\(precision)")
          node.outputs[slot] = inner
          aliases[name] = inner
        }
        precisions[node.outputs[slot]] = precision
      }
      if precision == .float32 { counts.kept += 1 } else { counts.converted += 1 }
      nodes.append(node)
    }
    finishOutputs(&graph)
    graph.nodes = nodes
    replaceConstants(&graph)
    return counts
  }

  // MARK: Precisions

  /// Casts go where types differ, so types must be known.
  private func requireKnownTypes(_ graph: Graph) throws {
    for node in graph.nodes {
      let unknown = node.outputs.first { inferred[$0].elementType == nil && index.consumers[$0] != nil }
      if let unknown {
        throw ModelError(
          .unsupported,
          "\(node.label) is not known here: the type of '\(unknown)' would be needed to place casts behind it")
      }
    }
  }

  func touchesFloat32(_ node: Node) -> Bool {
    node.inputs.contains { inferred[$0].elementType == .float32 }
      || node.outputs.contains { inferred[$0].elementType == .float32 }
  }

  private func precision(of node: Node, isKept: Bool) -> ElementType {
    if isKept { return .float32 }
    guard Self.moves.contains(node.standardOp) else { return type }
    // Two parts of different precision meet in the wider one.
    let feeding = node.inputs.compactMap { precisions[aliases[$0] ?? $0] }
    return feeding.contains(.float32) ? .float32 : type
  }

  /// Inputs that are float32 whatever the operator computes in.
  private func isAlwaysFloat32(_ node: Node, slot: Int) -> Bool {
    node.standardOp == "Resize" && (slot == 1 || slot == 2)
  }

  private mutating func takeInputs(_ graph: inout Graph) {
    for position in graph.inputs.indices where graph.inputs[position].elementType == .float32 {
      let name = graph.inputs[position].name
      if options.keepsInputsAndOutputs || index.initializers[name] != nil {
        precisions[name] = .float32
      } else {
        graph.inputs[position].elementType = type
        precisions[name] = type
      }
    }
  }

  /// The name under which a node reads a tensor in a precision.
  private mutating func read(_ given: String, of node: Node, slot: Int, in precision: ElementType) -> String {
    let name = aliases[given] ?? given
    guard !name.isEmpty else { return name }
    // These take any type and give none of it on.
    let takesAny = ["Shape", "Size", "Cast"].contains(node.standardOp)
    let wanted = takesAny || isAlwaysFloat32(node, slot: slot) ? .float32 : precision
    if let tensor = constants[name], tensor.elementType == .float32 {
      guard wanted != .float32 else {
        usedInFloat32.insert(name)
        return name
      }
      if let known = usedConverted[name] { return known }
      let converted = builder.unique("\(name)_\(type)")
      usedConverted[name] = converted
      return converted
    }
    guard !takesAny, let present = precisions[name], present != wanted else { return name }
    let key = "\(name) \(wanted)"
    if let known = casts[key] { return known }
    let made = builder.unique("\(name)_\(wanted)")
    nodes.append(
      Node("Cast", name: made, inputs: [name], outputs: [made], attributes: [.int("to", wanted.onnxCode)]))
    casts[key] = made
    return made
  }

  /// Attributes that name a type.
  private func retype(_ node: inout Node, _ precision: ElementType) {
    guard precision != .float32 else { return }
    if node.standardOp == "Cast", node.int("to") == ElementType.float32.onnxCode {
      node[attribute: "to"] = .int(Int64(precision.onnxCode))
    }
    if node.standardOp == "ConstantOfShape" {
      let value = node.tensor("value").flatMap { DenseTensor($0) } ?? DenseTensor(.float32, [1], floats: [0])
      if let floats = value.floats {
        node[attribute: "value"] = .tensor(
          DenseTensor(precision, value.shape, floats: floats).tensor(named: ""))
      }
    }
  }

  // MARK: Edges

  private mutating func finishOutputs(_ graph: inout Graph) {
    for position in graph.outputs.indices where graph.outputs[position].elementType == .float32 {
      let name = graph.outputs[position].name
      if let inner = aliases[name] {
        nodes.append(Node("Cast", name: name, inputs: [inner], outputs: [name], attributes: [.int("to", 1)]))
      } else if !options.keepsInputsAndOutputs, precisions[name] == .float32, index.producers[name] != nil {
        let inner = builder.unique("\(name)_float32")
        for node in nodes.indices {
          nodes[node].outputs = nodes[node].outputs.map { $0 == name ? inner : $0 }
          nodes[node].inputs = nodes[node].inputs.map { $0 == name ? inner : $0 }
        }
        nodes.append(
          Node("Cast", name: name, inputs: [inner], outputs: [name], attributes: [.int("to", type.onnxCode)]))
        graph.outputs[position].elementType = type
      } else {
        graph.outputs[position].elementType = precisions[name] ?? graph.outputs[position].elementType
      }
    }
  }

  private func replaceConstants(_ graph: inout Graph) {
    var result: [Tensor] = []
    result.reserveCapacity(graph.initializers.count)
    for tensor in graph.initializers {
      if let converted = usedConverted[tensor.name] {
        result.append(tensor.converted(to: type, named: converted))
      }
      let isRead = usedInFloat32.contains(tensor.name) || index.outputs.contains(tensor.name)
      if usedConverted[tensor.name] == nil || isRead { result.append(tensor) }
    }
    graph.initializers = result
  }
}

extension Tensor {
  /// A float32 tensor in a 16-bit type, rounded to nearest even, read straight from where it is stored.
  ///
  /// A tensor whose bytes do not fit its shape becomes one without bytes, which is refused where the original would be.
  func converted(to type: ElementType, named name: String) -> Tensor {
    var result: [UInt8] = []
    if elementType == .float32, byteCount == storedByteCount, let count = elementCount {
      result =
        (try? withUnsafeBytes { bytes in
          [UInt8](unsafeUninitializedCapacity: count * 2) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for position in 0..<count {
              let value = bytes.loadUnaligned(fromByteOffset: position * 4, as: Float.self)
              let bits = type == .bfloat16 ? HalfPrecision.bfloat16(value) : HalfPrecision.float16(value)
              raw.storeBytes(of: bits.littleEndian, toByteOffset: position * 2, as: UInt16.self)
            }
            initialized = count * 2
          }
        }) ?? []
    }
    return Tensor(name: name, shape: shape, elementType: type, bytes: result)
  }
}
