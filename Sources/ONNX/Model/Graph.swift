/// A directed acyclic graph of operators.
public struct Graph: Sendable {
  public var name: String
  /// The operators; in a valid graph each comes after the ones whose outputs it reads.
  public var nodes: [Node]
  /// Constant tensors.
  public var initializers: [Tensor]
  /// What a caller gives. Old models list initializers here as well.
  public var inputs: [Value]
  /// What a caller gets.
  public var outputs: [Value]
  /// Types and shapes of tensors in between; a help for readers, nothing depends on them.
  public var values: [Value]
  var rest = ProtoGraph()

  public init(
    name: String, nodes: [Node] = [], initializers: [Tensor] = [], inputs: [Value] = [], outputs: [Value] = [],
    values: [Value] = []
  ) {
    self.name = name
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
    self.values = values
  }

  /// The inputs that have no initializer: the ones that a caller must give.
  public var requiredInputs: [Value] {
    let constants = Set(initializers.map(\.name))
    return inputs.filter { !constants.contains($0.name) }
  }
}
