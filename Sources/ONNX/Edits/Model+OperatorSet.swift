internal import Tensors

extension Model {
  /// Rewrites the model for a later version of the standard operator set, from 13 on.
  ///
  /// Between 13 and 22 the operators of detectors keep their meaning; three changed how they are written and are
  /// rewritten: reductions take their axes as an input from 18 on, a split without sizes says into how many parts, and
  /// from 20 on a sampling on a grid calls its modes by other names.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` where the model is older than 13 or uses an operator that is not
  ///   known here.
  mutating func raiseOperatorSet(to target: Int) throws {
    let version = try prepareForEditing()
    guard version < target else { return }
    guard version >= 13 else {
      throw ModelError(
        .unsupported,
        "the model uses operator set \(version) and needs \(target); export it again with 13 or later")
    }
    let reductions = [
      "ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
      "ReduceLogSumExp",
      "ReduceSumSquare",
    ]
    var builder = GraphBuilder(graph, prefix: "swoop/operators")
    for position in graph.nodes.indices where graph.nodes[position].isStandard {
      let node = graph.nodes[position]
      guard OperatorSignatures.known[node.op] != nil, node.op != "Upsample", node.op != "Scatter",
        node.op != "GroupNormalization"
      else {
        throw ModelError(
          .unsupported,
          "\(node.label) is not known well enough to raise the operator set from \(version) to \(target)")
      }
      if reductions.contains(node.op), version < 18, target >= 18, let axes = node.ints("axes"),
        let source = node.input(0)
      {
        graph.nodes[position][attribute: "axes"] = nil
        graph.nodes[position].inputs = [source, builder.integers(axes)]
      }
      if node.op == "Split", node.input(1) == nil, node.int("num_outputs") == nil, version < 18, target >= 18 {
        graph.nodes[position][attribute: "num_outputs"] = .int(Int64(node.outputs.count))
      }
      if node.op == "GridSample", version < 20, target >= 20, let mode = node.string("mode") {
        let names = ["bilinear": "linear", "bicubic": "cubic"]
        graph.nodes[position][attribute: "mode"] = .string(Array((names[mode] ?? mode).utf8))
      }
    }
    builder.append(to: &graph)
    for index in operatorSets.indices where ["", "ai.onnx"].contains(operatorSets[index].domain) {
      operatorSets[index].version = target
    }
    // Each operator set belongs to a version of the format; 22 came with 10.
    irVersion = max(irVersion, 10)
  }
}
