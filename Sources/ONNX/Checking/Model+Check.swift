internal import Tensors

/// One breach of the format's rules.
public struct ModelIssue: Hashable, Sendable {
  /// Names the node and the tensor, and says what was found and what was expected.
  public var message: String
}

extension ModelIssue: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}

extension Model {
  /// Everything in the model that breaks a rule of the format: names, order, arity, sizes of constants, and the types
  /// and shapes that follow from them.
  ///
  /// Operators that this package does not know are taken as they are. Complexity: linear in the size of the structure;
  /// weights are not read.
  public func issues() -> [ModelIssue] {
    var checker = Checker(model: self)
    checker.check()
    return checker.issues.map { ModelIssue(message: $0) }
  }

  /// Throws where the model is not valid.
  ///
  /// - Throws: ``ModelError`` with code `invalid`: the first issue, and how many there are.
  public func check() throws {
    let issues = issues()
    guard let first = issues.first else { return }
    throw ModelError(
      .invalid, issues.count == 1 ? first.message : "\(first.message) (and \(issues.count - 1) more problems)"
    )
  }
}

private struct Checker {
  let model: Model
  var issues: [String] = []
  private var importedDomains: Set<String> = []

  init(model: Model) { self.model = model }

  mutating func check() {
    for set in model.operatorSets { importedDomains.insert(set.domain == "ai.onnx" ? "" : set.domain) }
    if model.irVersion < 1 {
      issues.append("the model states no version of the format (ir_version \(model.irVersion))")
    }
    if importedDomains.isEmpty { issues.append("the model states no operator set") }
    var visible = Set<String>()
    check(model.graph, &visible, isMain: true)
    guard let version = model.operatorSetVersion else { return }
    let inferred = ShapeInference.infer(model.graph, operatorSet: version)
    issues += inferred.issues.map(\.message)
    for output in model.graph.outputs { compare(output, inferred[output.name]) }
  }

  /// - Parameter visible: the names that a node may read here; on return what it was before.
  private mutating func check(_ graph: Graph, _ visible: inout Set<String>, isMain: Bool) {
    var own: [String] = []
    defer { for name in own { visible.remove(name) } }
    func define(_ name: String) -> Bool {
      guard visible.insert(name).inserted else { return false }
      own.append(name)
      return true
    }
    for input in graph.inputs {
      if input.name.isEmpty { issues.append("an input of graph '\(graph.name)' has no name") }
      if !define(input.name) { issues.append("input '\(input.name)' is there twice") }
      if isMain, input.elementType == nil, input.rest.type == ProtoType() {
        issues.append("input '\(input.name)' has no type")
      }
    }
    let inputs = Set(graph.inputs.map(\.name))
    var constants = Set<String>()
    for tensor in graph.initializers {
      if !constants.insert(tensor.name).inserted {
        issues.append("initializer '\(tensor.name)' is there twice")
      }
      if !inputs.contains(tensor.name) { _ = define(tensor.name) }
      check(tensor, "initializer")
    }
    for node in graph.nodes {
      check(node, &visible)
      for output in node.outputs where !output.isEmpty && !define(output) {
        issues.append("\(node.label) makes '\(output)', which is made before")
      }
    }
    for output in graph.outputs where !visible.contains(output.name) {
      issues.append("output '\(output.name)' of graph '\(graph.name)' is made by no node")
    }
    if graph.outputs.isEmpty { issues.append("graph '\(graph.name)' has no outputs") }
    let names = graph.outputs.map(\.name)
    if Set(names).count != names.count { issues.append("graph '\(graph.name)' lists an output twice") }
  }

  private mutating func check(_ tensor: Tensor, _ what: String) {
    guard tensor.elementType.onnxCode != 0 else {
      issues.append("\(what) '\(tensor.name)' has no element type")
      return
    }
    if tensor.elementType == .unknown("string") { return }
    guard let expected = tensor.byteCount else {
      issues.append(
        "\(what) '\(tensor.name)' has an impossible size: shape \(tensor.shape), type \(tensor.elementType)")
      return
    }
    let found = tensor.storedByteCount
    if expected != found, (tensor.elementType.storedBitWidth ?? 0) >= 8 {
      issues.append(
        "\(what) '\(tensor.name)' of shape \(tensor.shape) and type \(tensor.elementType) needs \(expected) bytes, the file has \(found)"
      )
    }
  }

  private mutating func check(_ node: Node, _ visible: inout Set<String>) {
    if node.op.isEmpty { issues.append("node '\(node.name)' has no operator") }
    let domain = node.isStandard ? "" : node.domain
    if !importedDomains.contains(domain) {
      issues.append("\(node.label) is of the set '\(domain)', which the model does not state")
    }
    for input in node.inputs where !input.isEmpty && !visible.contains(input) {
      issues.append("\(node.label) reads '\(input)', which nothing before it makes")
    }
    var names = Set<String>()
    for attribute in node.attributes {
      if !names.insert(attribute.name).inserted {
        issues.append("\(node.label) has attribute '\(attribute.name)' twice")
      }
      switch attribute.value {
      case .tensor(let tensor): check(tensor, "attribute '\(attribute.name)' of \(node.label):")
      case .graph(let graph): check(graph, &visible, isMain: false)
      case .graphs(let graphs): for graph in graphs { check(graph, &visible, isMain: false) }
      default: break
      }
    }
    if node.isStandard, let signature = OperatorSignatures.known[node.op] {
      if !signature.inputs.contains(node.inputs.count) {
        issues.append("\(node.label) has \(node.inputs.count) inputs, expected \(describe(signature.inputs))")
      }
      if !signature.outputs.contains(node.outputs.count) {
        issues.append(
          "\(node.label) has \(node.outputs.count) outputs, expected \(describe(signature.outputs))")
      }
      for slot in node.inputs.indices.prefix(signature.inputs.lowerBound) where node.inputs[slot].isEmpty {
        issues.append("\(node.label) leaves out input \(slot), which it needs")
      }
      for attribute in signature.required where node[attribute: attribute] == nil {
        issues.append("\(node.label) has no attribute '\(attribute)'")
      }
    }
  }

  private func describe(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound
      ? "\(range.lowerBound)"
      : range.upperBound > 1000
        ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }

  /// What the graph declares of an output against what follows from the nodes.
  private mutating func compare(_ output: Value, _ inferred: InferredTensor) {
    if let declared = output.elementType, let found = inferred.elementType, declared != found {
      issues.append("output '\(output.name)' is declared \(declared), its node makes \(found)")
    }
    guard let declared = output.shape, let found = inferred.shape else { return }
    let fits =
      declared.rank == found.count
      && zip(declared.dimensions, found).allSatisfy {
        $0.length == nil || $1.value == nil || $0.length == $1.value
      }
    if !fits { issues.append("output '\(output.name)' is declared \(declared), its node makes \(inferred)") }
  }
}
