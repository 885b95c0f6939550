internal import Tensors

/// Finds the box branch of a head in a simplified graph, from the output backwards. Every operator, attribute and constant
/// on the way is looked at: a head that differs anywhere is refused, never guessed at.
struct BoxBranchMatcher {
  struct Level {
    var features: String
    var logits: String
    var rows, columns: Int
    var stride: Float
    var convolutions: [BoxBranch.Convolution]
  }

  private let graph: Graph
  private let index: GraphIndex
  private let inferred: InferredGraph

  init(_ graph: Graph, operatorSet: Int) {
    self.graph = graph
    index = GraphIndex(graph)
    inferred = ShapeInference.infer(graph, operatorSet: operatorSet)
  }

  // MARK: The head

  func match() throws -> (levels: [Level], classCount: Int, binCount: Int) {
    guard graph.outputs.count == 1, let output = graph.outputs.first, inferred[output.name].elementType == .float32
    else {
      throw refusal("one output of float32", at: graph.outputs.first?.name ?? "the outputs")
    }
    let head = try self.head(output.name)
    let strides = try constant(head.strides)
    guard strides.count == head.anchors.count / 2 else { throw refusal("a stride for each anchor", at: head.strides) }
    let scores = head.scores
    let (raw, binCount) = try distribution(head.distances)

    let boxes = try levels(of: raw, channels: 4 * binCount)
    let classes = try levels(of: scores, channels: nil)
    guard boxes.count == classes.count, let classCount = classes.first?.channels else {
      throw refusal("as many levels of scores as of boxes", at: scores)
    }
    var levels: [Level] = []
    var start = 0
    for (box, score) in zip(boxes, classes) {
      guard (box.rows, box.columns) == (score.rows, score.columns), score.channels == classCount else {
        throw refusal("scores for the same anchors as the boxes", at: score.tensor)
      }
      let count = box.rows * box.columns
      guard start + count <= strides.count else { throw refusal("as many anchors as strides", at: box.tensor) }
      let stride = strides[start]
      guard stride > 0, strides[start..<start + count].allSatisfy({ $0 == stride }) else {
        throw refusal("one stride for all anchors of a level", at: head.strides)
      }
      guard isGrid(head.anchors, unit: head.isInPixels ? stride : 1, from: start, rows: box.rows, columns: box.columns)
      else {
        throw refusal("anchors in the middle of cells, row by row", at: box.tensor)
      }
      let (features, convolutions) = try convolutions(to: box.tensor)
      guard let outputs = convolutions.last?.outputCount, outputs == 4 * binCount else {
        throw refusal("\(4 * binCount) channels", at: box.tensor)
      }
      levels.append(
        Level(
          features: features, logits: score.tensor, rows: box.rows, columns: box.columns, stride: stride,
          convolutions: convolutions))
      start += count
    }
    guard start == strides.count else { throw refusal("as many strides as anchors", at: head.strides) }
    return (levels, classCount, binCount)
  }

  private struct Head {
    /// (B, classes, N), before the sigmoid.
    var scores: String
    /// (B, 4, N), in units of the stride.
    var distances: String
    /// (2, N).
    var anchors: [Float]
    /// Whether anchors are in pixels and distances are multiplied by the strides; else everything is in units of the
    /// stride, and the boxes are multiplied in the end.
    var isInPixels: Bool
    /// A constant with a number for each anchor.
    var strides: String
  }

  private func head(_ output: String) throws -> Head {
    let parts = try joined(output, axis: 1, count: nil)
    switch parts.count {
    case 2:
      let scaled = try operands("Mul", of: parts[0])
      let boxes = try joined(scaled.other, axis: 1, count: 2)
      let (distances, anchors) = try corners(centre: boxes[0], size: boxes[1])
      return Head(
        scores: try node("Sigmoid", makes: parts[1]).inputs[0], distances: distances, anchors: anchors,
        isInPixels: false,
        strides: scaled.constant)
    case 3:
      let (scaled, anchors) = try corners(centre: parts[0], size: parts[1])
      let distances = try operands("Mul", of: scaled)
      return Head(
        scores: try node("Sigmoid", makes: parts[2]).inputs[0], distances: distances.other, anchors: anchors,
        isInPixels: true, strides: distances.constant)
    default: throw refusal("boxes and scores joined along axis 1", at: output)
    }
  }

  /// From centre and size back to the distances (B, 4, N) from the anchors (2, N).
  private func corners(centre: String, size: String) throws -> (distances: String, anchors: [Float]) {
    let middle = try halved(centre)
    let difference = try node("Sub", makes: size)
    let (end, start) = (difference.inputs[0], difference.inputs[1])
    guard Set(try node("Add", makes: middle).inputs) == [start, end] else {
      throw refusal("the middle of the two corners", at: centre)
    }
    let first = try node("Sub", makes: start)
    let second = try operands("Add", of: end)
    let anchors = try constant(second.constant)
    guard try constant(first.inputs[0]) == anchors else { throw refusal("the same anchors for both corners", at: end) }
    let distances = try split(first.inputs[1], second.other, channels: [2, 2])
    guard anchors.count % 2 == 0, dimensions(second.constant).dropLast().last == 2 else {
      throw refusal("anchors of two coordinates", at: second.constant)
    }
    return (distances, anchors)
  }

  /// What is half of a tensor's value.
  private func halved(_ name: String) throws -> String {
    let producer = try node(nil, makes: name)
    switch producer.standardOp {
    case "Div" where try constant(producer.inputs[1]) == [2]: return producer.inputs[0]
    case "Mul":
      let parts = try operands("Mul", of: name)
      if try constant(parts.constant) == [0.5] { return parts.other }
    default: break
    }
    throw refusal("half of the corners' sum", at: name)
  }

  /// From distances (B, 4, N) to what the network computes them from, (B, 4 · bins, N).
  private func distribution(_ distances: String) throws -> (raw: String, binCount: Int) {
    guard let last = producer(distances), ["Reshape", "ReduceSum"].contains(last.standardOp) else {
      return (distances, 1)
    }
    let (shares, weights) = try last.standardOp == "Reshape" ? convolved(last, distances) : summed(last)
    let softmax = try node("Softmax", makes: shares)
    let transpose = try node("Transpose", makes: softmax.inputs[0])
    let bins = try node("Reshape", makes: transpose.inputs[0])
    let shape = dimensions(bins.outputs[0])
    guard weights == weights.indices.map(Float.init), softmax.int("axis") == 1, transpose.ints("perm") == [0, 2, 1, 3],
      shape.count == 4, shape[1] == 4, shape[2] == weights.count
    else { throw refusal("the expectation of a softmax over bins", at: distances) }
    return (bins.inputs[0], weights.count)
  }

  /// The expectation as a convolution of (B, bins, 4, N) with a window of 1.
  private func convolved(_ reshape: Node, _ distances: String) throws -> (shares: String, weights: [Float]) {
    let convolution = try node("Conv", makes: reshape.inputs[0])
    let weights = try constant(convolution.inputs[1])
    guard dimensions(convolution.inputs[1]) == [1, weights.count, 1, 1], convolution.input(2) == nil,
      isPlain(convolution, window: 1), dimensions(distances).dropFirst().first == 4
    else { throw refusal("an expectation", at: distances) }
    return (convolution.inputs[0], weights)
  }

  /// The expectation as a sum of products over axis 1 of (B, bins, 4, N).
  private func summed(_ sum: Node) throws -> (shares: String, weights: [Float]) {
    let products = try operands("Mul", of: sum.inputs[0])
    let weights = try constant(products.constant)
    let axes = sum.input(1).flatMap { graph.constantTensor($0, index) }.flatMap { try? $0.integers() }?.map { Int($0) }
    guard dimensions(products.constant) == [1, weights.count, 1, 1], (axes ?? sum.ints("axes")) == [1],
      sum.int("keepdims") == 0
    else { throw refusal("an expectation", at: sum.outputs[0]) }
    return (products.other, weights)
  }

  // MARK: The levels

  private struct LevelTensor {
    var tensor: String
    var channels, rows, columns: Int
  }

  /// From (B, channels, N) to the tensors (B, channels, rows, columns) that were joined in it.
  private func levels(of name: String, channels: Int?) throws -> [LevelTensor] {
    // Older exports join boxes and scores first, and the levels of both; then they split.
    if let (whole, range) = part(name) {
      return try joined(whole, axis: 2, count: nil).map { flat in
        let both = try unflattened(flat)
        let parts = try joined(both.tensor, axis: 1, count: 2)
        let wanted = range.lowerBound == 0 ? parts[0] : parts[1]
        let count = dimensions(wanted).dropFirst().first.flatMap { $0 }
        let first = dimensions(parts[0]).dropFirst().first.flatMap { $0 }
        guard let count, let first, range == (range.lowerBound == 0 ? 0..<first : first..<first + count),
          channels == nil || channels == count
        else { throw refusal("boxes and scores apart as they were joined", at: name) }
        return LevelTensor(tensor: wanted, channels: count, rows: both.rows, columns: both.columns)
      }
    }
    return try joined(name, axis: 2, count: nil).map { flat in
      let level = try unflattened(flat)
      guard channels == nil || channels == level.channels else {
        throw refusal("\(channels ?? 0) channels", at: level.tensor)
      }
      return level
    }
  }

  /// From (B, channels, rows · columns) to (B, channels, rows, columns).
  private func unflattened(_ name: String) throws -> LevelTensor {
    let reshape = try node("Reshape", makes: name)
    let from = dimensions(reshape.inputs[0])
    let to = dimensions(name)
    guard from.count == 4, to.count == 3, let channels = from[1], let rows = from[2], let columns = from[3],
      channels > 0, rows > 0, columns > 0, to[1] == channels, to[2] == rows * columns
    else { throw refusal("a level of known size, flattened", at: name) }
    return LevelTensor(tensor: reshape.inputs[0], channels: channels, rows: rows, columns: columns)
  }

  private func isGrid(_ anchors: [Float], unit: Float, from start: Int, rows: Int, columns: Int) -> Bool {
    let count = anchors.count / 2
    for y in 0..<rows {
      for x in 0..<columns {
        let place = start + y * columns + x
        guard anchors[place] == (Float(x) + 0.5) * unit, anchors[count + place] == (Float(y) + 0.5) * unit else {
          return false
        }
      }
    }
    return true
  }

  // MARK: The convolutions

  /// The convolutions that lead to a tensor and nowhere else, and the features that they start from.
  private func convolutions(to end: String) throws -> (features: String, [BoxBranch.Convolution]) {
    var name = end
    var result: [BoxBranch.Convolution] = []
    // The first is without activation; before each further one there is SiLU, and no other reader.
    while result.count < 8 {
      var hasSiLU = false
      var source = name
      if !result.isEmpty {
        guard readers(of: name) == 1, let input = siLU(name), readers(of: input) == 2 else { break }
        (hasSiLU, source) = (true, input)
      }
      guard let producer = producer(source), let convolution = try convolution(producer, hasSiLU: hasSiLU) else {
        break
      }
      result.append(convolution)
      name = producer.inputs[0]
    }
    guard !result.isEmpty, inferred[name].elementType == .float32 else { throw refusal("a convolution", at: end) }
    return (name, result.reversed())
  }

  /// What x · sigmoid(x) is made of.
  private func siLU(_ name: String) -> String? {
    guard let product = producer(name), product.standardOp == "Mul", product.inputs.count == 2 else { return nil }
    for (x, gate) in [(product.inputs[0], product.inputs[1]), (product.inputs[1], product.inputs[0])] {
      if let sigmoid = producer(gate), sigmoid.standardOp == "Sigmoid", sigmoid.inputs == [x], readers(of: gate) == 1 {
        return x
      }
    }
    return nil
  }

  private func convolution(_ node: Node, hasSiLU: Bool) throws -> BoxBranch.Convolution? {
    guard node.standardOp == "Conv", node.inputs.count >= 2, let weights = graph.constantTensor(node.inputs[1], index),
      weights.shape.count == 4, weights.elementType == .float32, weights.shape[2] == weights.shape[3],
      isPlain(node, window: weights.shape[2]), dimensions(node.inputs[0]).dropFirst().first == weights.shape[1],
      weights.shape[0] > 0, weights.shape[1] > 0
    else { return nil }
    var bias = [Float](repeating: 0, count: weights.shape[0])
    if let name = node.input(2) {
      guard let tensor = graph.constantTensor(name, index) else { return nil }
      bias = try tensor.floats()
      guard bias.count == weights.shape[0] else { return nil }
    }
    return BoxBranch.Convolution(
      windowSize: weights.shape[2], inputCount: weights.shape[1], outputCount: weights.shape[0],
      weights: try weights.floats(), bias: bias, hasSiLU: hasSiLU)
  }

  /// Whether a convolution has an odd window, stride 1, one group, and keeps the size.
  private func isPlain(_ node: Node, window: Int) -> Bool {
    let around = window / 2
    let pads = node.ints("pads") ?? [0, 0, 0, 0]
    return window % 2 == 1 && window <= 7 && (node.ints("strides") ?? [1, 1]) == [1, 1]
      && (node.ints("dilations") ?? [1, 1]) == [1, 1] && (node.int("group") ?? 1) == 1
      && ["NOTSET", nil].contains(node.string("auto_pad")) && pads == [around, around, around, around]
  }

  // MARK: The graph

  private func refusal(_ expected: String, at name: String) -> ModelError {
    let found = producer(name).map { "made by \($0.label)" } ?? "not made by an operator"
    return ModelError(
      .unsupported,
      "the head does not compute boxes in a branch that is known; expected \(expected) at '\(name)', which is \(found)")
  }

  private func producer(_ name: String) -> Node? { index.producers[name].map { graph.nodes[$0] } }

  private func readers(of name: String) -> Int {
    (index.consumers[name]?.count ?? 0) + (index.outputs.contains(name) ? 1 : 0)
  }

  private func dimensions(_ name: String) -> [Int?] { inferred[name].shape?.map(\.value) ?? [] }

  /// The standard operator that makes a tensor, of a kind where one is given; with all the inputs that such a kind needs.
  private func node(_ op: String?, makes name: String) throws -> Node {
    let needed = ["Sub": 2, "Add": 2, "Mul": 2, "Div": 2, "Conv": 2, "Reshape": 2]
    guard let node = producer(name), !node.inputs.isEmpty, op == nil || node.standardOp == op,
      node.inputs.count >= needed[node.standardOp] ?? 1
    else { throw refusal(op.map { "the operator \($0)" } ?? "an operator", at: name) }
    return node
  }

  private func constant(_ name: String) throws -> [Float] {
    guard let tensor = graph.constantTensor(name, index), tensor.elementType == .float32,
      let count = tensor.elementCount, count <= 1 << 22
    else { throw refusal("a constant of float32", at: name) }
    return try tensor.floats()
  }

  /// An operator of two operands of which one is constant.
  private func operands(_ op: String, of name: String) throws -> (other: String, constant: String) {
    let node = try node(op, makes: name)
    if graph.constantTensor(node.inputs[1], index) != nil { return (node.inputs[0], node.inputs[1]) }
    if graph.constantTensor(node.inputs[0], index) != nil { return (node.inputs[1], node.inputs[0]) }
    throw refusal("a constant operand", at: name)
  }

  /// What is joined in a tensor along an axis.
  private func joined(_ name: String, axis: Int, count: Int?) throws -> [String] {
    let node = try node("Concat", makes: name)
    let rank = dimensions(name).count
    guard rank > 0, let given = node.int("axis"), given == axis || given == axis - rank,
      count == nil || node.inputs.count == count
    else { throw refusal("\(count.map { "\($0) tensors" } ?? "tensors") joined along axis \(axis)", at: name) }
    return node.inputs
  }

  /// The tensor that two tensors are the first and second part of, along the axis of channels.
  private func split(_ first: String, _ second: String, channels: [Int]) throws -> String {
    guard let a = part(first), let b = part(second), a.whole == b.whole, a.channels == 0..<channels[0],
      b.channels == channels[0]..<channels[0] + channels[1]
    else { throw refusal("parts of \(channels) channels of one tensor", at: first) }
    return a.whole
  }

  /// Where a tensor is a range of another's channels: a slice, or an output of a split.
  private func part(_ name: String) -> (whole: String, channels: Range<Int>)? {
    guard let node = producer(name), let whole = node.input(0) else { return nil }
    let length = dimensions(name).dropFirst().first.flatMap { $0 }
    guard let length, length > 0, let total = dimensions(whole).dropFirst().first.flatMap({ $0 }) else { return nil }
    let rank = dimensions(whole).count
    switch node.standardOp {
    case "Split":
      guard [1, 1 - rank].contains(node.int("axis") ?? 0), let place = node.outputs.firstIndex(of: name) else {
        return nil
      }
      var start = 0
      for output in node.outputs[..<place] {
        guard let length = dimensions(output).dropFirst().first.flatMap({ $0 }) else { return nil }
        start += length
      }
      guard start + length <= total else { return nil }
      return (whole, start..<start + length)
    case "Slice":
      func integers(_ place: Int) -> [Int]? {
        node.input(place).flatMap { graph.constantTensor($0, index) }.flatMap { try? $0.integers() }?.map { Int($0) }
      }
      guard let starts = integers(1), starts.count == 1, let axes = integers(3), axes.count == 1,
        [1, 1 - rank].contains(axes[0]), node.input(4) == nil || integers(4) == [1]
      else { return nil }
      let start = starts[0] < 0 ? starts[0] + total : starts[0]
      guard start >= 0, start + length <= total else { return nil }
      return (whole, start..<start + length)
    default: return nil
    }
  }
}
