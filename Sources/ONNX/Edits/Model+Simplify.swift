internal import Tensors

extension Model {
  /// Removes what a model does not need at run time, without changing a bit of its outputs, except that folding a
  /// batch normalisation into the convolution before it changes rounding.
  ///
  /// Constants: `Constant` nodes become initializers, operators on constants are evaluated (moves, integer arithmetic,
  /// and the exact operations of float32; not exponentials), shapes that are known become constants. Moves: identities,
  /// casts to the same type, reshapes, transposes, slices and expansions that change nothing, and chains of two.
  /// Unused nodes and initializers go.
  ///
  /// - Returns: how many nodes there were and are.
  /// - Throws: ``ModelError`` where the graph has a cycle or states no operator set.
  @discardableResult
  public mutating func simplify() throws -> (before: Int, after: Int) {
    let before = graph.nodes.count
    try prepareForEditing()
    // Each pass can open the way for another; a model that still changes after these gains nothing from more.
    for _ in 0..<8 {
      let nodes = graph.nodes.count
      var changed = try foldConstants()
      changed = try removeRedundantMoves() || changed
      changed = foldBatchNormalization() || changed
      graph.removeUnused()
      if !changed && graph.nodes.count == nodes { break }
    }
    graph.values = []
    return (before, graph.nodes.count)
  }

  /// What every edit of the graph begins with.
  ///
  /// - Returns: the version of the standard operator set.
  @discardableResult
  mutating func prepareForEditing() throws -> Int {
    guard let version = operatorSetVersion else {
      throw ModelError(.invalid, "the model states no operator set")
    }
    guard version >= 11 else {
      throw ModelError(
        .unsupported,
        "the model uses operator set \(version); edits need 11 or later, so export it again with a newer one")
    }
    try graph.sortTopologically()
    // Before version 4 of the format every initializer had to be an input as well; edits add some that are not.
    irVersion = max(irVersion, 4)
    return version
  }

  /// Evaluates operators on constants, as far as the result is exact and not large.
  ///
  /// - Returns: whether anything changed.
  mutating func foldConstants() throws -> Bool {
    guard let version = operatorSetVersion else { return false }
    let inferred = ShapeInference.infer(graph, operatorSet: version)
    // Folding may enlarge the model, for a repeated constant; not without end.
    var budget = 16 << 20
    var evaluator = Evaluator(elementLimit: budget / 8)
    let callerMayReplace = Set(graph.inputs.map(\.name))
    var known: [String: DenseTensor] = [:]
    var position: [String: Int] = [:]
    for (index, tensor) in graph.initializers.enumerated() where !callerMayReplace.contains(tensor.name) {
      position[tensor.name] = index
    }
    func constant(_ name: String) -> DenseTensor? {
      if let value = known[name] { return value }
      guard let index = position[name] else { return nil }
      let value = DenseTensor(graph.initializers[index], limit: evaluator.elementLimit)
      known[name] = value
      return value
    }
    let outputs = Set(graph.outputs.map(\.name))
    var kept: [Node] = []
    var added: [Tensor] = []
    for node in graph.nodes {
      guard !node.outputs.contains(where: { outputs.contains($0) }), node.subgraphs.isEmpty,
        !node.outputs.isEmpty
      else {
        kept.append(node)
        continue
      }
      if node.standardOp == "Constant", let value = node.constantValue {
        added.append(value)
        if let dense = DenseTensor(value, limit: evaluator.elementLimit) { known[value.name] = dense }
        continue
      }
      if let folded = shapeConstant(node, inferred) {
        added.append(folded.tensor(named: node.outputs[0]))
        known[node.outputs[0]] = folded
        continue
      }
      // Looked up by name first, so that weights beside data stay in the file.
      let isConstant = node.inputs.allSatisfy { $0.isEmpty || known[$0] != nil || position[$0] != nil }
      guard isConstant, !node.inputs.isEmpty else {
        kept.append(node)
        continue
      }
      evaluator.elementLimit = budget / 8
      let inputs = node.inputs.map { $0.isEmpty ? nil : constant($0) }
      guard zip(node.inputs, inputs).allSatisfy({ $0.isEmpty || $1 != nil }),
        let results = evaluator.evaluate(node, inputs, operatorSet: version),
        results.count == node.outputs.count,
        case let size = results.reduce(0, { $0 + $1.count * 8 }), size <= budget
      else {
        kept.append(node)
        continue
      }
      budget -= size
      for (name, result) in zip(node.outputs, results) where !name.isEmpty {
        added.append(result.tensor(named: name))
        known[name] = result
      }
    }
    let changed = kept.count != graph.nodes.count
    graph.nodes = kept
    graph.initializers += added
    return changed
  }

  /// The elements of a node's output where shape inference already knows all of them.
  private func shapeConstant(_ node: Node, _ inferred: InferredGraph) -> DenseTensor? {
    guard node.isStandard, node.outputs.count == 1, node.op != "Range" else { return nil }
    let result = inferred[node.outputs[0]]
    guard let type = result.elementType, type == .int64 || type == .int32, let elements = result.elements,
      let shape = result.shape
    else { return nil }
    let values = elements.compactMap(\.value)
    let lengths = shape.compactMap(\.value)
    guard values.count == elements.count, lengths.count == shape.count, lengths.reduce(1, *) == values.count
    else {
      return nil
    }
    return DenseTensor(type, lengths, integers: values.map { Int64($0) })
  }
}
