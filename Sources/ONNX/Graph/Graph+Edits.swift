internal import Tensors

extension Graph {
  /// Every tensor name that the graph mentions, those inside subgraphs included.
  var allNames: Set<String> {
    var names = Set(initializers.map(\.name))
    for value in inputs + outputs + values { names.insert(value.name) }
    for node in nodes {
      names.formUnion(node.inputs)
      names.formUnion(node.outputs)
      for subgraph in node.subgraphs { names.formUnion(subgraph.allNames) }
    }
    return names
  }

  /// Makes every reader of a tensor read another one: nodes, subgraphs and graph outputs.
  ///
  /// - Parameter replacements: from the name read now to the name to read.
  public mutating func replaceReads(_ replacements: [String: String]) {
    guard !replacements.isEmpty else { return }
    for position in nodes.indices { nodes[position].replaceReads(replacements) }
  }

  /// Removes nodes whose outputs nobody reads, and initializers that nobody reads, until none is left.
  ///
  /// Optional outputs that nobody reads stay. Complexity: linear in the number of edges.
  public mutating func removeUnused() {
    let index = GraphIndex(self)
    var needed = Set(outputs.map(\.name))
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    var pending = outputs.compactMap { index.producers[$0.name] }
    while let position = pending.popLast() {
      guard !isNeeded[position] else { continue }
      isNeeded[position] = true
      for name in GraphIndex.reads(of: nodes[position]) where needed.insert(name).inserted {
        if let producer = index.producers[name] { pending.append(producer) }
      }
    }
    nodes = nodes.indices.filter { isNeeded[$0] }.map { nodes[$0] }
    // An initializer that is listed as an input stays with it, as a caller may give that input.
    initializers = initializers.filter { needed.contains($0.name) }
    let constants = Set(initializers.map(\.name))
    let removedConstants = Set(index.initializers.keys).subtracting(constants)
    inputs = inputs.filter { !removedConstants.contains($0.name) }
    let made = Set(nodes.flatMap(\.outputs))
    values = values.filter { made.contains($0.name) }
  }

  /// The tensor that a name stands for where it is constant: an initializer that no caller may replace, or the output
  /// of a `Constant`.
  func constantTensor(_ name: String, _ index: GraphIndex) -> Tensor? {
    if let position = index.initializers[name], !index.inputs.contains(name) { return initializers[position] }
    guard let producer = index.producers[name], nodes[producer].standardOp == "Constant" else { return nil }
    return nodes[producer].constantValue
  }
}

extension Node {
  mutating func replaceReads(_ replacements: [String: String]) {
    for position in inputs.indices {
      if let replacement = replacements[inputs[position]] { inputs[position] = replacement }
    }
    for position in attributes.indices {
      switch attributes[position].value {
      case .graph(var graph):
        graph.replaceCaptured(replacements)
        attributes[position].value = .graph(graph)
      case .graphs(var graphs):
        for inner in graphs.indices { graphs[inner].replaceCaptured(replacements) }
        attributes[position].value = .graphs(graphs)
      default: break
      }
    }
  }

  /// The value of a `Constant` node, in whichever of its attributes it is written.
  var constantValue: Tensor? {
    guard standardOp == "Constant", let name = outputs.first else { return nil }
    if let tensor = tensor("value") {
      var copy = tensor
      copy.name = name
      return copy
    }
    if let value = float("value_float") { return Tensor(name: name, shape: [], floats: [value]) }
    if case .int(let value)? = self[attribute: "value_int"] { return Tensor(name: name, shape: [], integers: [value]) }
    if case .floats(let values)? = self[attribute: "value_floats"] {
      return Tensor(name: name, shape: [values.count], floats: values)
    }
    if case .ints(let values)? = self[attribute: "value_ints"] {
      return Tensor(name: name, shape: [values.count], integers: values)
    }
    return nil
  }
}

extension Graph {
  /// In a subgraph, replaces names that come from outside and leaves those that the subgraph defines.
  fileprivate mutating func replaceCaptured(_ replacements: [String: String]) {
    var defined = Set(inputs.map(\.name)).union(initializers.map(\.name))
    for node in nodes { defined.formUnion(node.outputs) }
    let outside = replacements.filter { !defined.contains($0.key) }
    guard !outside.isEmpty else { return }
    for position in nodes.indices { nodes[position].replaceReads(outside) }
    for position in outputs.indices {
      if let replacement = outside[outputs[position].name] { outputs[position].name = replacement }
    }
  }
}
