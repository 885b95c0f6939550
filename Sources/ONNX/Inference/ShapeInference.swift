internal import Tensors

/// Infers element types and shapes from a graph's inputs and constants, one operator after another.
///
/// Shape computations (`Shape`, `Gather`, `Concat`, …, `Reshape`) are followed with symbolic lengths, so an export with
/// dynamic axes gives shapes such as `(batch, 84, 8400)`. Only what follows for certain is stated; the rest is
/// `unknown`. Operators: those of YOLO-family exports and their relatives; the outputs of others are unknown.
///
/// Semantics: https://onnx.ai/onnx/operators/
///
/// Complexity: linear in nodes and edges; shape computations are followed up to 32 elements a tensor.
package struct ShapeInference {
  /// Tensors with more elements are not followed as shape computations. A shape has as many elements as a tensor has
  /// axes; the limits keep what is known of a node in proportion to the node's size in the file.
  static let elementLimit = 32
  /// Ranks above are unknown; runtimes stop at 8.
  static let rankLimit = 16

  /// Longer axes, and negative ones, count as unknown: no tensor has them, and arithmetic with the rest cannot
  /// overflow.
  static let lengthLimit = 1 << 40

  let operatorSet: Int
  private(set) var result = InferredGraph()
  /// Constants that no caller may replace, by name.
  private var constants: [String: Tensor] = [:]

  /// What one operator sees and says.
  struct Context {
    let node: Node
    let inputs: [InferredTensor]
    /// The constant behind each input, where it is one.
    let constants: [Tensor?]
    let operatorSet: Int
    var outputs: [InferredTensor]
    var issues: [String] = []

    func input(_ index: Int) -> InferredTensor { index < inputs.count ? inputs[index] : InferredTensor() }
    func hasInput(_ index: Int) -> Bool { node.input(index) != nil }

    /// The numbers of an integer input, where all of them are known.
    func integers(_ index: Int) -> [Int]? {
      guard let elements = input(index).elements else { return nil }
      let values = elements.compactMap(\.value)
      return values.count == elements.count ? values : nil
    }

    mutating func fail(_ message: String) { issues.append(message) }
  }

  /// - Parameters:
  ///   - graph: nodes in topological order.
  ///   - operatorSet: the version of the standard set.
  ///   - inputShapes: shapes to take for inputs in place of what the graph says of them.
  package static func infer(
    _ graph: Graph, operatorSet: Int, inputShapes: [String: [Extent]] = [:]
  ) -> InferredGraph {
    var inference = ShapeInference(graph, operatorSet: operatorSet, inputShapes: inputShapes)
    for (position, node) in graph.nodes.enumerated() { inference.step(node, at: position) }
    return inference.result
  }

  /// Begins an inference with what inputs and initializers say.
  init(_ graph: Graph, operatorSet: Int, inputShapes: [String: [Extent]] = [:]) {
    self.operatorSet = operatorSet
    takeInputs(of: graph, inputShapes)
  }

  /// Adds a constant that was not there at the beginning.
  mutating func define(_ tensor: Tensor) {
    result.tensors[tensor.name] = Self.describe(tensor)
    constants[tensor.name] = tensor
  }

  /// States a shape that is known from elsewhere.
  mutating func override(_ name: String, shape: [Extent]) {
    result.tensors[name]?.shape = shape
  }

  /// The constant of that name, where it is one.
  func constant(_ name: String) -> Tensor? { constants[name] }

  private mutating func takeInputs(of graph: Graph, _ shapes: [String: [Extent]]) {
    for input in graph.inputs {
      let declared = input.shape.map { shape in
        shape.dimensions.enumerated().map { axis, dimension -> Extent in
          switch dimension {
          case .fixed(let length): .fixed(length)
          case .dynamic(let name): .symbol(name ?? "\(input.name).\(axis)")
          }
        }
      }
      result.tensors[input.name] = Self.sanitized(
        InferredTensor(elementType: input.elementType, shape: shapes[input.name] ?? declared))
    }
    let inputs = Set(graph.inputs.map(\.name))
    for tensor in graph.initializers {
      var inferred = Self.describe(tensor)
      if inputs.contains(tensor.name) { inferred.elements = nil } else { constants[tensor.name] = tensor }
      result.tensors[tensor.name] = inferred
    }
  }

  /// What a constant is; its elements too where it is small and of an integer type.
  static func describe(_ tensor: Tensor) -> InferredTensor {
    var inferred = sanitized(
      InferredTensor(elementType: tensor.elementType, shape: tensor.shape.map { .fixed($0) }))
    if let count = tensor.elementCount, count <= elementLimit,
      tensor.elementType.isInteger || tensor.elementType == .boolean, let values = try? tensor.integers()
    {
      inferred.elements = values.map { .fixed(Int($0)) }
    }
    return inferred
  }

  /// Infers the outputs of the next node; what it reads must be known by now.
  ///
  /// - Returns: what contradicts in the node.
  @discardableResult
  mutating func step(_ node: Node, at position: Int) -> [String] {
    if let value = node.constantValue { constants[value.name] = value }
    var context = Context(
      node: node, inputs: node.inputs.map { result[$0] }, constants: node.inputs.map { constants[$0] },
      operatorSet: operatorSet, outputs: [InferredTensor](repeating: InferredTensor(), count: node.outputs.count))
    let isKnown = node.isStandard ? Self.inferStandard(&context) : Self.inferPlugin(&context)
    if !isKnown { result.unknownOperators.append(position) }
    for message in context.issues {
      result.issues.append(InferenceIssue(node: position, message: "\(node.label): \(message)"))
    }
    for (name, inferred) in zip(node.outputs, context.outputs) where !name.isEmpty {
      result.tensors[name] = Self.sanitized(inferred)
    }
    return context.issues
  }

  private static func sanitized(_ tensor: InferredTensor) -> InferredTensor {
    var tensor = tensor
    if let shape = tensor.shape {
      tensor.shape =
        shape.count > rankLimit
        ? nil : shape.map { ($0.value ?? 0) >= 0 && ($0.value ?? 0) <= lengthLimit ? $0 : .unknown }
    }
    if let elements = tensor.elements {
      let count = tensor.count.value
      if elements.count > elementLimit || (count != nil && count != elements.count) { tensor.elements = nil }
    }
    return tensor
  }

  /// Dispatches on the operator; `false` where it is not known.
  private static func inferStandard(_ c: inout Context) -> Bool {
    guard !c.outputs.isEmpty else { return true }
    return inferElementwise(&c) || inferConvolution(&c) || inferMovement(&c) || inferShapeComputation(&c)
      || inferReduction(&c)
  }
}

extension ShapeInference.Context {
  /// An axis attribute within a rank, negative ones counted from the end; an issue and `nil` where it is outside.
  mutating func axis(_ value: Int, rank: Int) -> Int? {
    let resolved = value < 0 ? value.addingReportingOverflow(rank).partialValue : value
    guard resolved >= 0, resolved < rank else {
      fail("axis \(value) is outside a tensor of rank \(rank)")
      return nil
    }
    return resolved
  }

  /// The axes that an operator takes as an attribute in old operator sets and as an input in new ones. `nil` where
  /// they are given and not known; empty where they are not given.
  func axes(input index: Int) -> [Int]? {
    if let attribute = node.ints("axes") { return attribute }
    return hasInput(index) ? integers(index) : []
  }
}
