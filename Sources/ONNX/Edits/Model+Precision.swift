public import Tensors

/// What a conversion to a 16-bit precision keeps in float32.
public struct PrecisionOptions: Sendable {
  /// Inputs and outputs keep their types; the graph casts behind and before them.
  public var keepsInputsAndOutputs: Bool
  /// Names of nodes or operators that stay in float32, besides the defaults. A name that ends in `*` stands for all
  /// nodes whose names begin so: `/model.10/*`.
  public var keptInFloat32: Set<String>
  /// Whether the defaults apply: the convolutions that read the image, everything after the last convolutions
  /// (decoding of boxes, scores, suppression), normalisation layers, and softmax.
  public var usesDefaultIslands: Bool

  /// Options; by default inputs and outputs keep their types and the default islands apply.
  public init(
    keepsInputsAndOutputs: Bool = true, keptInFloat32: Set<String> = [], usesDefaultIslands: Bool = true
  ) {
    self.keepsInputsAndOutputs = keepsInputsAndOutputs
    self.keptInFloat32 = keptInFloat32
    self.usesDefaultIslands = usesDefaultIslands
  }

  func keeps(_ node: Node) -> Bool { keptInFloat32.contains { Self.matches($0, node) } }

  static func matches(_ name: String, _ node: Node) -> Bool {
    if name == node.op || name == node.name && !name.isEmpty { return true }
    return name.last == "*" && !node.name.isEmpty && node.name.hasPrefix(name.dropLast())
  }
}

extension Model {
  /// Converts the float32 parts of the model to float16 or bfloat16.
  ///
  /// The result is strongly typed: every operator's inputs are of one type and its outputs follow from them, as
  /// TensorRT's strongly typed networks need it. Islands in float32 are cast at their edges, each tensor once; operators
  /// that only move elements join the island that feeds them. A node whose constants are out of float16's range stays
  /// in float32. Float64 and integers are left alone.
  ///
  /// Bfloat16 raises the operator set to 22, the first in which convolutions take it.
  ///
  /// - Parameter type: `.float16` or `.bfloat16`.
  /// - Returns: how many nodes compute in `type`, and how many in float32.
  /// - Throws: ``ModelError``: `request` for another type or a name in `keptInFloat32` that is neither node nor
  ///   operator, `unsupported` where an operator's types are not known or graphs are nested in nodes.
  @discardableResult
  public mutating func convertPrecision(
    to type: ElementType, _ options: PrecisionOptions = PrecisionOptions()
  ) throws -> (converted: Int, kept: Int) {
    guard type == .float16 || type == .bfloat16 else {
      throw ModelError(.request, "the precision must be float16 or bfloat16, not \(type)")
    }
    if type == .bfloat16 { try raiseOperatorSet(to: 22) }
    let version = try prepareForEditing()
    if let node = graph.nodes.first(where: { !$0.subgraphs.isEmpty }) {
      throw ModelError(.unsupported, "\(node.label) holds graphs of its own, which cannot be converted")
    }
    try moveConstantsToInitializers()
    for name in options.keptInFloat32.sorted()
    where !graph.nodes.contains(where: { PrecisionOptions.matches(name, $0) }) {
      throw ModelError(
        .request, "cannot keep '\(name)' in float32: the model has no node or operator of that name")
    }
    let inferred = ShapeInference.infer(graph, operatorSet: version)
    var conversion = PrecisionConversion(graph, inferred, to: type, options)
    let counts = try conversion.run(&graph)
    graph.mergeCasts()
    graph.removeUnused()
    try graph.sortTopologically()
    try refreshShapes(version)
    return counts
  }

  /// Replaces `Constant` nodes by initializers.
  private mutating func moveConstantsToInitializers() throws {
    let outputs = Set(graph.outputs.map(\.name))
    var kept: [Node] = []
    for node in graph.nodes {
      if let value = node.constantValue, !outputs.contains(value.name) {
        graph.initializers.append(value)
      } else {
        kept.append(node)
      }
    }
    graph.nodes = kept
  }
}

extension Graph {
  /// Of several casts of one tensor to one type leaves one, and those that make outputs of the graph.
  fileprivate mutating func mergeCasts() {
    struct Key: Hashable {
      let source: String
      let type: Int
    }
    let answers = Set(outputs.map(\.name))
    var first: [Key: Int] = [:]
    var replacements: [String: String] = [:]
    var removed = Set<Int>()
    for position in nodes.indices {
      let node = nodes[position]
      guard node.standardOp == "Cast", node.attributes.count == 1, let to = node.int("to"),
        let source = node.input(0), let output = node.output(0)
      else { continue }
      guard let earlier = first.updateValue(position, forKey: Key(source: source, type: to)) else { continue }
      let known = nodes[earlier].outputs[0]
      if !answers.contains(output) {
        replacements[output] = known
        first[Key(source: source, type: to)] = earlier
        removed.insert(position)
      } else if !answers.contains(known) {
        // The name that callers read stays.
        replacements[known] = output
        removed.insert(earlier)
      }
    }
    guard !removed.isEmpty else { return }
    var final: [String: String] = [:]
    for name in replacements.keys {
      var target = name
      while let next = replacements[target] { target = next }
      final[name] = target
    }
    nodes = nodes.indices.filter { !removed.contains($0) }.map { nodes[$0] }
    replaceReads(final)
  }
}
