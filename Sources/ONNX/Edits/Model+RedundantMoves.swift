internal import Tensors

extension Model {
  /// Takes out nodes that hand their input on unchanged, and joins moves that follow one another.
  ///
  /// - Returns: whether anything changed.
  mutating func removeRedundantMoves() throws -> Bool {
    guard let version = operatorSetVersion else { return false }
    var changed = joinMoves()
    let inferred = ShapeInference.infer(graph, operatorSet: version)
    let index = GraphIndex(graph)
    var replacements: [String: String] = [:]
    var bypassed = Set<Int>()
    func resolve(_ name: String) -> String {
      var name = name
      while let next = replacements[name] { name = next }
      return name
    }
    for (position, node) in graph.nodes.enumerated() {
      guard let source = passedOn(node, inferred, index), let output = node.output(0) else { continue }
      let origin = resolve(source)
      if index.outputs.contains(output) {
        // The name of a graph's output stays: the node that makes the source takes it over, if it can.
        guard let producer = index.producers[origin], !index.outputs.contains(origin), !bypassed.contains(producer),
          let slot = graph.nodes[producer].outputs.firstIndex(of: origin), replacements[output] == nil
        else { continue }
        graph.nodes[producer].outputs[slot] = output
        replacements[origin] = output
      } else {
        replacements[output] = origin
      }
      bypassed.insert(position)
    }
    guard !bypassed.isEmpty else { return changed }
    changed = true
    var final: [String: String] = [:]
    for name in replacements.keys { final[name] = resolve(name) }
    graph.nodes = graph.nodes.indices.filter { !bypassed.contains($0) }.map { graph.nodes[$0] }
    graph.replaceReads(final)
    return changed
  }

  /// The input that a node hands on unchanged, or `nil` where it does anything.
  private func passedOn(_ node: Node, _ inferred: InferredGraph, _ index: GraphIndex) -> String? {
    guard node.isStandard, let source = node.input(0) else { return nil }
    let input = inferred[source]
    switch node.op {
    case "Identity": return source
    case "Dropout":
      let isTraining = node.inputs.count > 2
      let usesMask = node.output(1).map { index.consumers[$0] != nil || index.outputs.contains($0) } ?? false
      return isTraining || usesMask ? nil : source
    case "Cast":
      guard let type = input.elementType, let to = node.int("to"), ElementType(onnxCode: to) == type else { return nil }
      return source
    case "Concat", "Sum", "Max", "Min", "Mean": return node.inputs.count == 1 ? source : nil
    case "Transpose":
      let order = node.ints("perm")
      return order != nil && order == order?.sorted() ? source : nil
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Slice", "Tile", "Pad":
      guard let before = input.shape, let output = node.output(0), let after = inferred[output].shape,
        before == after, before.allSatisfy(\.isKnown)
      else { return nil }
      // A slice of the same shape could still turn an axis round.
      if node.op == "Slice", node.input(4) != nil {
        guard let steps = inferred[node.inputs[4]].elements, steps.allSatisfy({ $0.value == 1 }) else { return nil }
      }
      // Padding could take from one side and add to the other.
      if node.op == "Pad" {
        guard let pads = node.input(1).flatMap({ inferred[$0].elements }), pads.allSatisfy({ $0.value == 0 }) else {
          return nil
        }
      }
      return source
    default: return nil
    }
  }

  /// Makes one of two transposes, or two reshapes, where the second is the only reader of the first.
  private mutating func joinMoves() -> Bool {
    let index = GraphIndex(graph)
    var changed = false
    for position in graph.nodes.indices {
      let node = graph.nodes[position]
      guard node.standardOp == "Transpose" || node.standardOp == "Reshape", let source = node.input(0),
        let producer = index.producers[source], graph.nodes[producer].standardOp == node.op,
        index.consumers[source] == [position], !index.outputs.contains(source), let origin = graph.nodes[producer].input(0)
      else { continue }
      if node.op == "Transpose" {
        guard let first = graph.nodes[producer].ints("perm"), let second = node.ints("perm"),
          first.count == second.count, second.allSatisfy({ first.indices.contains($0) })
        else { continue }
        graph.nodes[position][attribute: "perm"] = .ints(second.map { Int64(first[$0]) })
      } else {
        // A length of 0 copies from the input, which would be another one.
        guard let target = node.input(1).flatMap({ graph.constantTensor($0, index) }), let lengths = try? target.integers(),
          !lengths.contains(0)
        else { continue }
      }
      graph.nodes[position].inputs[0] = origin
      changed = true
    }
    return changed
  }
}
