internal import Tensors

extension ShapeInference {
  /// Operators that map elements one to one, with broadcasting where they have several inputs.
  static func inferElementwise(_ c: inout Context) -> Bool {
    switch c.node.op {
    case "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Softplus", "Exp", "Log", "Sqrt", "Erf",
      "Reciprocal", "Elu", "Selu", "Gelu", "Mish", "Softsign", "Celu", "Clip", "Round", "Sin", "Cos", "Softmax",
      "LogSoftmax", "Swish", "BatchNormalization", "InstanceNormalization", "GroupNormalization",
      "LayerNormalization", "LpNormalization", "PRelu", "CumSum", "Dropout", "Identity", "Neg", "Abs", "Floor", "Ceil",
      "Sign", "BitwiseNot", "Trilu", "ThresholdedRelu", "RMSNormalization":
      c.outputs[0] = c.input(0)
      switch c.node.op {
      case "Identity", "Floor", "Ceil", "Round", "Abs": break
      case "Neg": c.outputs[0].elements = c.input(0).elements?.map { .fixed(0) - $0 }
      default: c.outputs[0].elements = nil
      }
      if c.node.op == "Dropout", c.outputs.count > 1 {
        c.outputs[1] = InferredTensor(elementType: .boolean, shape: c.input(0).shape)
      }
      if c.node.op == "BatchNormalization" { checkChannels(&c) }
    case "Not", "IsNaN", "IsInf":
      c.outputs[0] = InferredTensor(elementType: .boolean, shape: c.input(0).shape)
      if c.node.op == "Not" {
        c.outputs[0].elements = c.input(0).elements?.map { $0.value.map { .fixed($0 == 0 ? 1 : 0) } ?? .unknown }
      }
    case "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max", "Sum", "Mean", "BitwiseAnd", "BitwiseOr", "BitShift":
      broadcast(&c, inputs: Array(c.inputs.indices), type: c.input(0).elementType)
      if c.node.op != "Pow" { sameTypes(&c, inputs: Array(c.inputs.indices)) }
      arithmetic(&c)
    case "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor":
      broadcast(&c, inputs: [0, 1], type: .boolean)
      sameTypes(&c, inputs: [0, 1])
      compare(&c)
    case "Where":
      broadcast(&c, inputs: [0, 1, 2], type: c.input(1).elementType)
      sameTypes(&c, inputs: [1, 2])
      choose(&c)
    case "Cast":
      let type = c.node.int("to").map { ElementType(onnxCode: $0) }
      c.outputs[0] = InferredTensor(elementType: type, shape: c.input(0).shape)
      if let type, type.isInteger || type == .boolean || type.isFloatingPoint {
        c.outputs[0].elements = type == .boolean ? nil : c.input(0).elements
      }
    case "CastLike":
      c.outputs[0] = InferredTensor(elementType: c.input(1).elementType, shape: c.input(0).shape)
    case "QuantizeLinear":
      c.outputs[0] = InferredTensor(
        elementType: c.hasInput(2) ? c.input(2).elementType : .uint8, shape: c.input(0).shape)
    case "DequantizeLinear":
      c.outputs[0] = InferredTensor(elementType: c.input(1).elementType, shape: c.input(0).shape)
    default: return false
    }
    return true
  }

  private static func checkChannels(_ c: inout Context) {
    guard let shape = c.input(0).shape, shape.count >= 2, let channels = shape[1].value else { return }
    for index in 1..<5 {
      if let length = c.input(index).shape?.first?.value, length != channels {
        c.fail("input '\(c.node.inputs[index])' has \(length) elements for \(channels) channels")
      }
    }
  }

  private static func sameTypes(_ c: inout Context, inputs: [Int]) {
    let known = inputs.compactMap { index in c.input(index).elementType.map { (index, $0) } }
    guard let first = known.first, let other = known.first(where: { $0.1 != first.1 }) else { return }
    c.fail(
      "input '\(c.node.inputs[first.0])' is \(first.1) and input '\(c.node.inputs[other.0])' is \(other.1); both must be of one type"
    )
  }

  /// The shape of inputs broadcast against each other: aligned at the last axis, lengths equal or 1.
  static func broadcast(_ c: inout Context, inputs: [Int], type: ElementType?) {
    c.outputs[0] = InferredTensor(elementType: type)
    var shape: [Extent] = []
    for index in inputs {
      guard let next = c.input(index).shape else { return }
      guard let merged = broadcast(shape, next) else {
        let descriptions = inputs.map { "'\(c.node.inputs[$0])' \(c.input($0))" }.joined(separator: ", ")
        c.fail("the shapes of its inputs do not fit each other: \(descriptions)")
        return
      }
      shape = merged
    }
    c.outputs[0].shape = shape
  }

  /// `nil` where two known lengths contradict.
  static func broadcast(_ a: [Extent], _ b: [Extent]) -> [Extent]? {
    let rank = max(a.count, b.count)
    var result: [Extent] = []
    for axis in 0..<rank {
      let x = axis < rank - a.count ? .fixed(1) : a[axis - (rank - a.count)]
      let y = axis < rank - b.count ? .fixed(1) : b[axis - (rank - b.count)]
      if x == y || y.value == 1 {
        result.append(x)
      } else if x.value == 1 {
        result.append(y)
      } else if let length = x.value, y.value == nil {
        // A fixed length over 1 wins: the other one must be equal to it or 1.
        result.append(.fixed(length))
      } else if x.value == nil {
        result.append(y.value == nil ? .unknown : y)
      } else {
        return nil
      }
    }
    return result
  }

  // MARK: Shape computations

  /// The elements of two inputs side by side, a single one repeated; `nil` where they are not both followed.
  static func pairs(_ c: Context, _ first: Int, _ second: Int) -> [(Extent, Extent)]? {
    guard let a = c.input(first).elements, let b = c.input(second).elements else { return nil }
    guard (c.input(first).shape?.count ?? 2) <= 1, (c.input(second).shape?.count ?? 2) <= 1 else { return nil }
    if a.count == b.count { return Array(zip(a, b)) }
    if a.count == 1 { return b.map { (a[0], $0) } }
    if b.count == 1 { return a.map { ($0, b[0]) } }
    return nil
  }

  private static func arithmetic(_ c: inout Context) {
    guard c.inputs.count == 2, let pairs = pairs(c, 0, 1) else { return }
    let isInteger = c.input(0).elementType?.isInteger ?? false
    c.outputs[0].elements = pairs.map { x, y in
      switch c.node.op {
      case "Add": return x + y
      case "Sub": return x - y
      case "Mul": return x * y
      case "Div":
        // Rounds towards zero; the same as down for lengths, which are not negative.
        guard isInteger else { return .unknown }
        if let a = x.value, let b = y.value {
          let (quotient, overflow) = a.dividedReportingOverflow(by: b)
          return overflow ? .unknown : .fixed(quotient)
        }
        return x.dividedRoundingDown(by: y)
      case "Mod":
        guard let a = x.value, let b = y.value, b > 0, a >= 0 else { return .unknown }
        return .fixed(a % b)
      case "Min", "Max":
        if x == y { return x }
        guard let a = x.value, let b = y.value else { return .unknown }
        return .fixed(c.node.op == "Min" ? min(a, b) : max(a, b))
      default: return .unknown
      }
    }
  }

  private static func compare(_ c: inout Context) {
    guard let pairs = pairs(c, 0, 1) else { return }
    c.outputs[0].elements = pairs.map { x, y in
      if let a = x.value, let b = y.value {
        let holds: Bool
        switch c.node.op {
        case "Equal": holds = a == b
        case "Less": holds = a < b
        case "LessOrEqual": holds = a <= b
        case "Greater": holds = a > b
        case "GreaterOrEqual": holds = a >= b
        case "And": holds = a != 0 && b != 0
        case "Or": holds = a != 0 || b != 0
        default: return .unknown
        }
        return .fixed(holds ? 1 : 0)
      }
      guard c.node.op == "Equal" else { return .unknown }
      if x == y, x.isKnown { return .fixed(1) }
      // A product of lengths is never negative.
      if isLength(x), let b = y.value, b < 0 { return .fixed(0) }
      if isLength(y), let a = x.value, a < 0 { return .fixed(0) }
      return .unknown
    }
  }

  private static func isLength(_ extent: Extent) -> Bool {
    guard case .linear(let linear) = extent else { return false }
    return linear.factor >= 0 && linear.offset >= 0 && linear.symbols.allSatisfy { !$0.name.contains("-") }
  }

  private static func choose(_ c: inout Context) {
    guard let condition = c.input(0).elements, let branches = pairs(c, 1, 2), (c.input(0).shape?.count ?? 2) <= 1
    else { return }
    let count = max(condition.count, branches.count)
    guard condition.count == count || condition.count == 1, branches.count == count || branches.count == 1 else {
      return
    }
    c.outputs[0].elements = (0..<count).map { index in
      let (yes, no) = branches[branches.count == 1 ? 0 : index]
      switch condition[condition.count == 1 ? 0 : index].value {
      case 1?: return yes
      case 0?: return no
      default: return yes == no ? yes : .unknown
      }
    }
  }
}
