internal import Tensors

/// The symbols that stand for an image's axes while frozen lengths are traced. Their alphabetical order is that of the axes.
package enum AxisSymbol {
  package static let batch = "swoop.batch"
  /// Height divided by the network's stride.
  package static let rows = "swoop.height"
  /// Width divided by the network's stride.
  package static let columns = "swoop.width"
}

/// Walks a graph with symbols for the image's axes and replaces every constant that holds for the old lengths only.
struct AxisRewriter {
  let operatorSet: Int
  /// The image's input, and the positions of batch, height and width in its shape.
  let image: String
  let imageAxes: (batch: Int, height: Int, width: Int)
  /// Pixels that one row or column of the coarsest level spans.
  let stride: Int
  /// The numbers the model was made with, one for each symbol; a prime for axes that were dynamic already.
  let old: [String: Int]
  /// The numbers to rewrite for; no entry for axes that are to be dynamic.
  let new: [String: Int]
  /// The symbols whose old numbers are frozen into the graph.
  let frozen: Set<String>

  var inference: ShapeInference
  var builder: GraphBuilder
  private var nodes: [Node] = []
  private var emitted = 0
  private var emittedConstants = 0
  private var runtimeLengths: [String: String] = [:]
  /// Every name that a node reads.
  private let read: Set<String>

  init(
    _ graph: Graph, operatorSet: Int, image: String, imageAxes: (batch: Int, height: Int, width: Int),
    stride: Int,
    old: [String: Int], new: [String: Int], frozen: Set<String>, inputShapes: [String: [Extent]]
  ) {
    self.operatorSet = operatorSet
    self.image = image
    self.imageAxes = imageAxes
    self.stride = stride
    self.old = old
    self.new = new
    self.frozen = frozen
    inference = ShapeInference(graph, operatorSet: operatorSet, inputShapes: inputShapes)
    builder = GraphBuilder(graph, prefix: "swoop/axes")
    read = Set(graph.nodes.flatMap { GraphIndex.reads(of: $0) })
  }

  /// Rewrites `graph` in place.
  ///
  /// - Throws: ``ModelError`` with code `unsupported`, naming the node and the tensor that prevent it.
  mutating func rewrite(_ graph: inout Graph) throws {
    for (position, node) in graph.nodes.enumerated() {
      var node = node
      try prepare(&node)
      flushBuilder()
      nodes.append(node)
      inference.step(node, at: position)
      for output in node.outputs { applyKnownShape(output) }
      try checkThatLengthsAreFollowed(node, isKnown: inference.result.unknownOperators.last != position)
      try checkThatAxesSurvive(node)
    }
    graph.nodes = nodes
    graph.initializers += builder.initializers
  }

  /// Moves what the builder made since the last time before the node that needs it.
  private mutating func flushBuilder() {
    while emittedConstants < builder.initializers.count {
      inference.define(builder.initializers[emittedConstants])
      applyKnownShape(builder.initializers[emittedConstants].name)
      emittedConstants += 1
    }
    while emitted < builder.nodes.count {
      let node = builder.nodes[emitted]
      emitted += 1
      nodes.append(node)
      inference.step(node, at: nodes.count - 1)
      for output in node.outputs { applyKnownShape(output) }
    }
  }

  private mutating func applyKnownShape(_ name: String) {
    if let shape = knownShapes[name] { inference.override(name, shape: shape) }
  }

  /// The shapes in symbols of rewritten reshapes' outputs and of constants, which the numbers written for them do not
  /// show.
  var knownShapes: [String: [Extent]] = [:]

  private mutating func prepare(_ node: inout Node) throws {
    guard node.isStandard, !node.outputs.isEmpty else { return }
    switch node.op {
    case "Reshape": try reshape(&node)
    case "Expand": expand(&node)
    case "Resize": try resize(&node)
    case "Slice": try slice(&node)
    case "Split": try split(&node)
    case "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Where", "Concat", "Equal", "Less", "Greater":
      try regenerateConstants(&node)
    default: break
    }
  }

  func dependsOnFrozen(_ extent: Extent) -> Bool { extent.symbolNames.contains { frozen.contains($0) } }

  func unsupported(_ node: Node, _ reason: String) -> ModelError {
    ModelError(.unsupported, "\(node.label) prevents it: \(reason)")
  }

  // MARK: Lengths at run time

  /// A 1-D tensor of one int64 that holds a length at run time, from the shape of the image.
  mutating func runtimeLength(_ length: Extent) -> String {
    guard case .linear(let linear) = length, !linear.symbols.isEmpty else {
      return builder.integers([length.value ?? 0])
    }
    var product = builder.integers([linear.factor])
    for symbol in linear.symbols {
      for _ in 0..<symbol.power { product = builder.add("Mul", [product, runtimeSymbol(symbol.name)]) }
    }
    return linear.divisor == 1 ? product : builder.add("Div", [product, builder.integers([linear.divisor])])
  }

  private mutating func runtimeSymbol(_ name: String) -> String {
    if let known = runtimeLengths[name] { return known }
    if let number = new[name] { return builder.integers([number]) }
    let axis: Int
    switch name {
    case AxisSymbol.rows: axis = imageAxes.height
    case AxisSymbol.columns: axis = imageAxes.width
    default: axis = imageAxes.batch
    }
    let shape = builder.add("Shape", [image])
    var length = builder.add("Gather", [shape, builder.integers([axis])], [.int("axis", 0)])
    if name == AxisSymbol.rows || name == AxisSymbol.columns {
      length = builder.add("Div", [length, builder.integers([stride])])
    }
    runtimeLengths[name] = length
    return length
  }

  // MARK: What must hold

  /// What is frozen inside a node's own graphs, or behind an operator that is not known here, is not seen.
  private func checkThatLengthsAreFollowed(_ node: Node, isKnown: Bool) throws {
    let holdsGraphs = !node.subgraphs.isEmpty
    guard holdsGraphs || !isKnown && node.outputs.contains(where: { read.contains($0) }) else { return }
    let source = GraphIndex.reads(of: node).first { name in
      inference.result[name].shape.map { $0.contains(where: dependsOnFrozen) } ?? true
    }
    guard let source else { return }
    let place = "what it makes of '\(source)' \(describe(inference.result[source]))"
    throw unsupported(
      node,
      holdsGraphs
        ? "\(place) is in graphs of its own, which are not rewritten"
        : "\(place) is not known, so the lengths behind it cannot be traced")
  }

  /// An axis that the data had and lost is frozen somewhere in between.
  private func checkThatAxesSurvive(_ node: Node) throws {
    let bound: Set<String> = [
      "Shape", "Size", "NonZero", "NonMaxSuppression", "Range", "ConstantOfShape", "Gather",
    ]
    guard node.isStandard, !bound.contains(node.op), frozen.contains(AxisSymbol.batch) else { return }
    func mentionsBatch(_ shape: [Extent]) -> Bool {
      shape.contains { $0.symbolNames.contains { $0.contains(AxisSymbol.batch) } }
    }
    guard let source = node.inputs.first(where: { inference.result[$0].shape.map(mentionsBatch) ?? false })
    else { return }
    for output in node.outputs where !output.isEmpty {
      guard let shape = inference.result[output].shape, shape.allSatisfy(\.isKnown) else { continue }
      if !mentionsBatch(shape) {
        throw unsupported(
          node,
          "'\(source)' \(describe(inference.result[source])) has the batch and '\(output)' \(describe(inference.result[output])) has not"
        )
      }
    }
  }

  func describe(_ tensor: InferredTensor) -> String { readable("\(tensor)") }

  func readable(_ extent: Extent) -> String { readable("\(extent)") }

  func readable(_ text: String) -> String {
    var text = text
    for (symbol, name) in [
      (AxisSymbol.batch, "batch"), (AxisSymbol.rows, "height/\(stride)"),
      (AxisSymbol.columns, "width/\(stride)"),
    ] {
      text = text.replacing(symbol, with: name)
    }
    return text
  }
}
