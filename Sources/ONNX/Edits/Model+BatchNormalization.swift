internal import Tensors

extension Model {
  /// Folds each batch normalisation that follows a convolution, and is its only reader, into the convolution's weight
  /// and bias: `w' = w · scale / √(variance + ε)`, `b' = (b − mean) · scale / √(variance + ε) + shift`, calculated in
  /// float64.
  ///
  /// - Returns: whether anything changed.
  mutating func foldBatchNormalization() -> Bool {
    let index = GraphIndex(graph)
    var builder = GraphBuilder(graph, prefix: "swoop/folded")
    var removed = Set<Int>()
    for (position, node) in graph.nodes.enumerated() where node.standardOp == "BatchNormalization" {
      guard let source = node.input(0), let producer = index.producers[source],
        graph.nodes[producer].standardOp == "Conv", index.consumers[source] == [position],
        !index.outputs.contains(source), node.int("training_mode") ?? 0 == 0,
        node.outputs.dropFirst().allSatisfy({ $0.isEmpty || index.consumers[$0] == nil && !index.outputs.contains($0) }),
        let folded = fold(node, into: graph.nodes[producer], index)
      else { continue }
      var convolution = graph.nodes[producer]
      let weight = builder.constant("weight") { Tensor(name: $0, shape: folded.weightShape, floats: folded.weight) }
      let bias = builder.constant("bias") { Tensor(name: $0, shape: [folded.bias.count], floats: folded.bias) }
      convolution.inputs = [convolution.inputs[0], weight, bias]
      convolution.outputs = [node.outputs[0]]
      graph.nodes[producer] = convolution
      removed.insert(position)
    }
    guard !removed.isEmpty else { return false }
    builder.append(to: &graph)
    graph.nodes = graph.nodes.indices.filter { !removed.contains($0) }.map { graph.nodes[$0] }
    return true
  }

  private func fold(_ node: Node, into convolution: Node, _ index: GraphIndex) -> (
    weight: [Float], weightShape: [Int], bias: [Float]
  )? {
    func floats(_ name: String?) -> [Float]? {
      guard let name, let tensor = graph.constantTensor(name, index), tensor.elementType == .float32 else { return nil }
      return try? tensor.floats()
    }
    guard let weightName = convolution.input(1), let weightTensor = graph.constantTensor(weightName, index),
      var weight = floats(weightName), let channels = weightTensor.shape.first, channels > 0,
      let scale = floats(node.input(1)), let shift = floats(node.input(2)), let mean = floats(node.input(3)),
      let variance = floats(node.input(4))
    else { return nil }
    var bias = [Float](repeating: 0, count: channels)
    if let name = convolution.input(2) {
      guard let given = floats(name) else { return nil }
      bias = given
    }
    guard [scale, shift, mean, variance, bias].allSatisfy({ $0.count == channels }), weight.count % channels == 0 else {
      return nil
    }
    let epsilon = Double(node.float("epsilon") ?? 1e-5)
    let perChannel = weight.count / channels
    for channel in 0..<channels {
      let factor = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      guard factor.isFinite else { return nil }
      for position in (channel * perChannel)..<((channel + 1) * perChannel) {
        weight[position] = Float(Double(weight[position]) * factor)
      }
      bias[channel] = Float((Double(bias[channel]) - Double(mean[channel])) * factor + Double(shift[channel]))
    }
    return (weight, weightTensor.shape, bias)
  }
}
