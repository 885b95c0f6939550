internal import Tensors

/// Assigns a precision to every node and puts casts where the precision changes.
struct PrecisionConversion {
  private let type: ElementType
  private let options: PrecisionOptions
  private let inferred: InferredGraph
  private let index: GraphIndex
  private var builder: GraphBuilder
  private var constants: [String: Tensor] = [:]
  /// The precision of each floating-point tensor that was float32.
  private var precisions: [String: ElementType] = [:]
  private var casts: [String: String] = [:]
  private var nodes: [Node] = []
  private var usedInFloat32: Set<String> = []
  private var usedConverted: [String: String] = [:]

  /// Operators that select, move or compare elements: exact in any precision, so they follow what feeds them.
  private static let moves: Set<String> = [
    "Identity", "Reshape", "Transpose", "Concat", "Split", "Slice", "Gather", "GatherElements", "GatherND", "Squeeze",
    "Unsqueeze", "Flatten", "Expand", "Tile", "Pad", "Where", "TopK", "ArgMax", "ArgMin", "ReduceMax", "ReduceMin", "Max",
    "Min", "Relu", "MaxPool", "GlobalMaxPool", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Shape",
    "Size", "DepthToSpace", "SpaceToDepth", "ScatterND", "ScatterElements", "NonZero", "Clip", "Abs", "Neg", "Dropout",
  ]

  /// Operators that exist in float32 only, or whose meaning is bound to it.
  private static let float32Only: Set<String> = [
    "NonMaxSuppression", "Range", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "RandomNormal",
    "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Upsample", "CumSum", "EyeLike", "Bernoulli", "Multinomial",
  ]

  private static let normalisations: Set<String> = [
    "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization", "LpNormalization",
    "RMSNormalization", "Softmax", "LogSoftmax",
  ]

  init(_ graph: Graph, _ inferred: InferredGraph, to type: ElementType, _ options: PrecisionOptions) {
    self.type = type
    self.options = options
    self.inferred = inferred
    index = GraphIndex(graph)
    builder = GraphBuilder(graph, prefix: "swoop/precision")
    let callerMayReplace = Set(graph.inputs.map(\.name))
    for tensor in graph.initializers where !callerMayReplace.contains(tensor.name) { constants[tensor.name] = tensor }
  }

  mutating func run(_ graph: inout Graph) throws -> (converted: Int, kept: Int) {
    let kept = islands(graph)
    let outputs = Dictionary(grouping: graph.outputs.indices, by: { graph.outputs[$0].name })
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
        if outputs[name] != nil, options.keepsInputsAndOutputs, precision != .float32 {
          let inner = builder.unique("\(name)_\(precision)")
          node.outputs[slot] = inner
          precisions[inner] = precision
          for index in graph.outputs.indices where graph.outputs[index].name == name { pendingOutputs[name] = inner }
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

  /// Outputs that a node now makes under another name, to be cast to their own.
  private var pendingOutputs: [String: String] = [:]
  private var aliases: [String: String] = [:]

  // MARK: Islands

  private func islands(_ graph: Graph) -> Set<Int> {
    var kept = Set<Int>()
    for (position, node) in graph.nodes.enumerated() {
      let isDefault =
        options.usesDefaultIslands && node.isStandard && Self.normalisations.contains(node.op)
      let isAsked = options.keptInFloat32.contains(node.name) || options.keptInFloat32.contains(node.op)
      if isDefault || isAsked || !node.isStandard || Self.float32Only.contains(node.op) || hasLargeConstants(node) {
        kept.insert(position)
      }
    }
    if options.usesDefaultIslands { kept.formUnion(afterLastConvolutions(graph).union(firstConvolutions(graph))) }
    return kept
  }

  /// The convolutions that read the image, and what lies between. Pixels are never negative, so the rounding of a
  /// filter's weights adds up instead of cancelling: measured on a YOLOv8n, this one layer makes two thirds of the
  /// error that half precision brings to the scores.
  private func firstConvolutions(_ graph: Graph) -> Set<Int> {
    var found = Set<Int>()
    var pending = graph.inputs.filter { index.initializers[$0.name] == nil }.flatMap { index.consumers[$0.name] ?? [] }
    while let position = pending.popLast() {
      let node = graph.nodes[position]
      guard touchesFloat32(node), found.insert(position).inserted, node.standardOp != "Conv" else { continue }
      for output in node.outputs where inferred[output].elementType == .float32 {
        pending += index.consumers[output] ?? []
      }
    }
    return found.count < graph.nodes.count ? found : []
  }

  /// The nodes between the last convolutions and the outputs. A convolution to one channel over bins, which takes the
  /// expectation of box distances, belongs to the decoding.
  private func afterLastConvolutions(_ graph: Graph) -> Set<Int> {
    var found = Set<Int>()
    var pending = graph.outputs.compactMap { index.producers[$0.name] }
    while let position = pending.popLast() {
      let node = graph.nodes[position]
      let isConvolution = node.standardOp == "Conv" || node.standardOp == "ConvTranspose" || node.standardOp == "Gemm"
      if isConvolution {
        let weight = node.input(1).flatMap { constants[$0] }
        guard node.op == "Conv", let weight, weight.shape.first == 1, weight.elementCount ?? .max <= 64 else { continue }
      }
      guard found.insert(position).inserted else { continue }
      for name in GraphIndex.reads(of: node) { if let producer = index.producers[name] { pending.append(producer) } }
    }
    // A classifier or a network without convolutions would stay whole; islands are for heads.
    return found.count < graph.nodes.count ? found : []
  }

  private func hasLargeConstants(_ node: Node) -> Bool {
    guard type == .float16 else { return false }
    return node.inputs.contains { name in
      guard let tensor = constants[name], tensor.elementType == .float32, let floats = try? tensor.floats() else {
        return false
      }
      return floats.contains { $0.magnitude > 65504 && $0.isFinite }
    }
  }

  // MARK: Precisions

  private func touchesFloat32(_ node: Node) -> Bool {
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
    let wanted = isAlwaysFloat32(node, slot: slot) ? .float32 : precision
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
    guard let present = precisions[name], present != wanted else { return name }
    // These take any type and give none of it on.
    if ["Shape", "Size", "Cast"].contains(node.standardOp) { return name }
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
        node[attribute: "value"] = .tensor(DenseTensor(precision, value.shape, floats: floats).tensor(named: ""))
      }
    }
  }

  // MARK: Edges

  private mutating func finishOutputs(_ graph: inout Graph) {
    for position in graph.outputs.indices where graph.outputs[position].elementType == .float32 {
      let name = graph.outputs[position].name
      if let inner = pendingOutputs[name] {
        nodes.append(Node("Cast", name: name, inputs: [inner], outputs: [name], attributes: [.int("to", 1)]))
        pendingOutputs[name] = nil
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
      if let converted = usedConverted[tensor.name] { result.append(tensor.converted(to: type, named: converted)) }
      if usedConverted[tensor.name] == nil || usedInFloat32.contains(tensor.name) { result.append(tensor) }
    }
    graph.initializers = result
  }
}

extension Tensor {
  /// A float32 tensor in a 16-bit type, rounded to nearest even.
  ///
  /// A tensor whose bytes do not fit its shape is converted as far as they go, so that the result is refused where the
  /// original would be.
  func converted(to type: ElementType, named name: String) -> Tensor {
    let floats = (try? floats()) ?? []
    let bytes = [UInt8](unsafeUninitializedCapacity: floats.count * 2) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for (position, value) in floats.enumerated() {
        let bits = type == .bfloat16 ? HalfPrecision.bfloat16(value) : HalfPrecision.float16(value)
        raw.storeBytes(of: bits.littleEndian, toByteOffset: position * 2, as: UInt16.self)
      }
      count = floats.count * 2
    }
    return Tensor(name: name, shape: shape, elementType: type, bytes: bytes)
  }
}
