/// An ONNX model: a graph with the operator sets it is written in and what its author says of it.
public struct Model: Sendable {
  /// A set of operators and its version.
  public struct OperatorSet: Hashable, Sendable {
    /// Empty for the standard set.
    public var domain: String
    public var version: Int
    public init(domain: String, version: Int) {
      self.domain = domain
      self.version = version
    }
  }

  /// The version of the format.
  public var irVersion: Int
  public var producerName: String
  public var producerVersion: String
  public var operatorSets: [OperatorSet]
  /// Key and value pairs in the file's order.
  public var metadata: [(key: String, value: String)]
  public var graph: Graph
  var rest = ProtoModel()

  public init(irVersion: Int = 8, operatorSets: [OperatorSet], graph: Graph) {
    self.irVersion = irVersion
    self.operatorSets = operatorSets
    self.graph = graph
    producerName = ""
    producerVersion = ""
    metadata = []
  }

  /// The version of the standard operator set, or `nil` where the model does not say.
  public var operatorSetVersion: Int? {
    operatorSets.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }?.version
  }

  /// The metadata value of `key`, or `nil`. Setting replaces, appends, or with `nil` removes it.
  public subscript(metadata key: String) -> String? {
    get { metadata.first { $0.key == key }?.value }
    set {
      let index = metadata.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): metadata[index].value = value
      case (let index?, nil): metadata.remove(at: index)
      case (nil, let value?): metadata.append((key, value))
      case (nil, nil): break
      }
    }
  }
}
