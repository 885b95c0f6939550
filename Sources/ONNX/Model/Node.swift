/// One operator of a graph, with the names of the tensors it reads and writes.
public struct Node: Sendable {
  /// The node's name; may be empty, need not be unique.
  public var name: String
  /// The operator, for example `Conv`.
  public var op: String
  /// The set that the operator belongs to; empty for the standard one.
  public var domain: String
  /// Tensor names in the operator's order. An empty name stands for an optional input that is left out.
  public var inputs: [String]
  /// Tensor names in the operator's order. An empty name stands for an optional output that is left out.
  public var outputs: [String]
  /// Constants of this node, in the file's order.
  public var attributes: [Attribute]
  var rest = ProtoNode()

  /// A node of an operator.
  public init(
    _ op: String, name: String = "", domain: String = "", inputs: [String], outputs: [String],
    attributes: [Attribute] = []
  ) {
    self.op = op
    self.name = name
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// Whether the operator belongs to the standard set, which has two spellings.
  public var isStandard: Bool { domain.isEmpty || domain == "ai.onnx" }

  /// The operator's name where it is a standard one, else the empty string: what to compare with.
  var standardOp: String { isStandard ? op : "" }

  /// How messages name this node: by name where it has one, else by its first output.
  public var label: String {
    if !name.isEmpty { return "\(op) '\(name)'" }
    return "\(op) that makes '\(outputs.first ?? "")'"
  }

  /// The input at `index`, or `nil` where it is left out.
  public func input(_ index: Int) -> String? {
    inputs.indices.contains(index) && !inputs[index].isEmpty ? inputs[index] : nil
  }

  /// The output at `index`, or `nil` where it is left out.
  public func output(_ index: Int) -> String? {
    outputs.indices.contains(index) && !outputs[index].isEmpty ? outputs[index] : nil
  }

  /// The first attribute of that name, or `nil`. Setting replaces it, appends it, or with `nil` removes it.
  public subscript(attribute name: String) -> Attribute.Value? {
    get { attributes.first { $0.name == name }?.value }
    set {
      let index = attributes.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): attributes[index] = Attribute(name, value)
      case (let index?, nil): attributes.remove(at: index)
      case (nil, let value?): attributes.append(Attribute(name, value))
      case (nil, nil): break
      }
    }
  }

  func int(_ name: String) -> Int? {
    if case .int(let value)? = self[attribute: name] { Int(value) } else { nil }
  }

  func ints(_ name: String) -> [Int]? {
    if case .ints(let values)? = self[attribute: name] { values.map { Int($0) } } else { nil }
  }

  func float(_ name: String) -> Float? {
    if case .float(let value)? = self[attribute: name] { value } else { nil }
  }

  func string(_ name: String) -> String? {
    if case .string(let bytes)? = self[attribute: name] {
      String(decoding: bytes, as: UTF8.self)
    } else {
      nil
    }
  }

  func tensor(_ name: String) -> Tensor? {
    if case .tensor(let value)? = self[attribute: name] { value } else { nil }
  }

  /// The graphs held by attributes: bodies of `If`, `Loop`, `Scan`.
  var subgraphs: [Graph] {
    attributes.flatMap { attribute -> [Graph] in
      switch attribute.value {
      case .graph(let graph): [graph]
      case .graphs(let graphs): graphs
      default: []
      }
    }
  }
}

/// A named constant of a node.
public struct Attribute: Sendable {
  /// The value, one case per type of the format that this package reads.
  public enum Value: Sendable {
    case float(Float)
    case int(Int64)
    case string([UInt8])
    case tensor(Tensor)
    case graph(Graph)
    case floats([Float])
    case ints([Int64])
    case strings([[UInt8]])
    case tensors([Tensor])
    case graphs([Graph])
    /// A type that has no case here, or a reference to a function's attribute; kept as it is.
    case other
  }

  /// The attribute's name.
  public var name: String
  /// The constant.
  public var value: Value
  var rest = ProtoAttribute()
  /// Whether the file did not state the type, as those of the first versions; it is written back so.
  var isUntyped = false

  /// An attribute of a name with a constant.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  static func int(_ name: String, _ value: Int) -> Attribute { Attribute(name, .int(Int64(value))) }
  static func ints(_ name: String, _ values: [Int]) -> Attribute {
    Attribute(name, .ints(values.map { Int64($0) }))
  }
  static func string(_ name: String, _ value: String) -> Attribute {
    Attribute(name, .string(Array(value.utf8)))
  }
}
