internal import Tensors

/// Adds nodes and constants to a graph under names that it does not have yet.
struct GraphBuilder {
  private var names: Set<String>
  private let prefix: String
  private(set) var nodes: [Node] = []
  private(set) var initializers: [Tensor] = []

  /// - Parameter prefix: what the new names begin with, for example `swoop/split`.
  init(_ graph: Graph, prefix: String) {
    names = graph.allNames
    self.prefix = prefix
  }

  /// A name that begins as asked and that nothing else has.
  mutating func unique(_ wish: String) -> String {
    var name = wish
    var number = 1
    while !names.insert(name).inserted {
      name = "\(wish)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds a node with one output and returns that output's name.
  @discardableResult
  mutating func add(
    _ op: String, _ inputs: [String], _ attributes: [Attribute] = [], domain: String = "", output: String? = nil
  ) -> String {
    add(op, inputs, attributes, domain: domain, outputs: [output])[0]
  }

  /// Adds a node; an output without a name gets one.
  @discardableResult
  mutating func add(
    _ op: String, _ inputs: [String], _ attributes: [Attribute] = [], domain: String = "", outputs: [String?]
  ) -> [String] {
    let names = outputs.map { output in output ?? unique("\(prefix)/\(op)") }
    let name = outputs.count == 1 && outputs[0] == nil ? names[0] : unique("\(prefix)/\(op)")
    nodes.append(Node(op, name: name, domain: domain, inputs: inputs, outputs: names, attributes: attributes))
    return names
  }

  /// A constant 1-D int64 tensor.
  mutating func integers(_ values: [Int]) -> String {
    constant("constant") { Tensor(name: $0, shape: [values.count], integers: values.map { Int64($0) }) }
  }

  /// A constant scalar of float32.
  mutating func scalar(_ value: Float) -> String {
    constant("scalar") { Tensor(name: $0, shape: [], floats: [value]) }
  }

  mutating func constant(_ name: String, _ make: (String) -> Tensor) -> String {
    let name = unique("\(prefix)/\(name)")
    initializers.append(make(name))
    return name
  }

  mutating func slice(_ tensor: String, axis: Int, from start: Int, to end: Int, output: String? = nil) -> String {
    add("Slice", [tensor, integers([start]), integers([end]), integers([axis])], output: output)
  }

  mutating func cast(_ tensor: String, to type: ElementType, output: String? = nil) -> String {
    add("Cast", [tensor], [.int("to", type.onnxCode)], output: output)
  }

  /// Appends what was built to `graph`. Nodes go to the end, which is right when they read earlier ones only.
  func append(to graph: inout Graph) {
    graph.nodes += nodes
    graph.initializers += initializers
  }

  /// Puts what was built before the nodes of `graph`: right when the new nodes read inputs and constants only.
  func prepend(to graph: inout Graph) {
    graph.nodes = nodes + graph.nodes
    graph.initializers += initializers
  }
}
