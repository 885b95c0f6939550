internal import Tensors

/// Evaluates operators on constants: those that move elements, compare, and calculate exactly.
///
/// Used to fold constants. Only operators whose result does not depend on who computes it are here: moves, integer
/// arithmetic, and the IEEE operations of float32 (`+ − × ÷ √`, rounding, conversions). Exponentials and their like are
/// left to the runtime, so that folding never changes a model's output.
package struct Evaluator {
  /// Results with more elements are not computed.
  package var elementLimit: Int

  package init(elementLimit: Int = 1 << 22) { self.elementLimit = elementLimit }

  /// The outputs of a node, or `nil` where the operator or its inputs are not of the kind above, or do not fit.
  ///
  /// - Parameter inputs: one for each input of the node; `nil` for one that is left out.
  package func evaluate(_ node: Node, _ inputs: [DenseTensor?], operatorSet: Int) -> [DenseTensor]? {
    guard node.isStandard, node.outputs.count >= 1 else { return nil }
    let call = Call(node: node, inputs: inputs, operatorSet: operatorSet, limit: elementLimit)
    return call.elementwise().map { [$0] } ?? call.movement().map { [$0] } ?? call.split()
  }

  /// One evaluation.
  struct Call {
    let node: Node
    let inputs: [DenseTensor?]
    let operatorSet: Int
    let limit: Int

    func input(_ index: Int) -> DenseTensor? { index < inputs.count ? inputs[index] : nil }

    /// The product of a shape within the limit, else `nil`.
    func count(_ shape: [Int]) -> Int? { DenseTensor.count(shape, limit: limit) }

    func axis(_ value: Int, rank: Int) -> Int? {
      let resolved = value < 0 ? value.addingReportingOverflow(rank).partialValue : value
      return resolved >= 0 && resolved < rank ? resolved : nil
    }

    /// The axes of an operator, given as an attribute or an input; `nil` where they are not given.
    func axes(input index: Int) -> [Int]? {
      node.ints("axes") ?? input(index)?.integers?.map { Int($0) }
    }
  }
}

extension Evaluator.Call {
  func elementwise() -> DenseTensor? {
    switch node.op {
    case "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
      "And", "Or":
      guard inputs.count == 2, let a = input(0), let b = input(1), a.elementType == b.elementType else { return nil }
      return binary(a, b)
    case "Sqrt", "Neg", "Abs", "Floor", "Ceil", "Round", "Not", "Relu", "Identity": return unary()
    case "Cast": return cast()
    case "Where": return choose()
    default: return nil
    }
  }

  private func binary(_ a: DenseTensor, _ b: DenseTensor) -> DenseTensor? {
    guard let shape = broadcast(a.shape, b.shape), count(shape) != nil else { return nil }
    let x = a.shape == shape ? a.elements : a.gathered(positions(a.shape, to: shape), shape: shape).elements
    let y = b.shape == shape ? b.elements : b.gathered(positions(b.shape, to: shape), shape: shape).elements
    let op = node.op
    func compared<T: Comparable>(_ x: [T], _ y: [T]) -> DenseTensor? {
      let holds: (T, T) -> Bool
      switch op {
      case "Equal": holds = { $0 == $1 }
      case "Less": holds = { $0 < $1 }
      case "LessOrEqual": holds = { $0 <= $1 }
      case "Greater": holds = { $0 > $1 }
      case "GreaterOrEqual": holds = { $0 >= $1 }
      default: return nil
      }
      return DenseTensor(.boolean, shape, integers: zip(x, y).map { holds($0, $1) ? 1 : 0 })
    }
    switch (x, y) {
    case (.floats(let x), .floats(let y)):
      let f: (Float, Float) -> Float
      switch op {
      case "Add": f = { $0 + $1 }
      case "Sub": f = { $0 - $1 }
      case "Mul": f = { $0 * $1 }
      case "Div": f = { $0 / $1 }
      case "Min": f = { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
      case "Max": f = { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
      default: return compared(x, y)
      }
      return DenseTensor(a.elementType, shape, floats: zip(x, y).map(f))
    case (.integers(let x), .integers(let y)):
      let f: (Int64, Int64) -> Int64
      switch op {
      case "Add": f = { $0 &+ $1 }
      case "Sub": f = { $0 &- $1 }
      case "Mul": f = { $0 &* $1 }
      case "Div", "Mod":
        guard y.allSatisfy({ $0 != 0 }) else { return nil }
        if op == "Div" {
          f = { $0.dividedReportingOverflow(by: $1).partialValue }
        } else if node.int("fmod") == 1 {
          f = { $0.remainderReportingOverflow(dividingBy: $1).partialValue }
        } else {
          f = { x, y in
            let remainder = x.remainderReportingOverflow(dividingBy: y).partialValue
            return remainder != 0 && (remainder < 0) != (y < 0) ? remainder &+ y : remainder
          }
        }
      case "Min": f = { Swift.min($0, $1) }
      case "Max": f = { Swift.max($0, $1) }
      case "And": f = { $0 != 0 && $1 != 0 ? 1 : 0 }
      case "Or": f = { $0 != 0 || $1 != 0 ? 1 : 0 }
      default: return compared(x, y)
      }
      return DenseTensor(a.elementType, shape, integers: zip(x, y).map(f))
    default: return nil
    }
  }

  private func unary() -> DenseTensor? {
    guard let x = input(0), count(x.shape) != nil else { return nil }
    switch (node.op, x.elements) {
    case ("Identity", _): return x
    case ("Not", .integers(let values)):
      return DenseTensor(.boolean, x.shape, integers: values.map { $0 == 0 ? 1 : 0 })
    case ("Neg", .integers(let values)): return DenseTensor(x.elementType, x.shape, integers: values.map { 0 &- $0 })
    case ("Abs", .integers(let values)):
      return DenseTensor(x.elementType, x.shape, integers: values.map { $0 < 0 ? 0 &- $0 : $0 })
    case (let op, .floats(let values)):
      let f: (Float) -> Float
      switch op {
      case "Sqrt": f = { $0.squareRoot() }
      case "Neg": f = { -$0 }
      case "Abs": f = { $0.magnitude }
      case "Floor": f = { $0.rounded(.down) }
      case "Ceil": f = { $0.rounded(.up) }
      case "Round": f = { $0.rounded(.toNearestOrEven) }
      case "Relu": f = { $0 > 0 ? $0 : $0.isNaN ? $0 : 0 }
      default: return nil
      }
      return DenseTensor(x.elementType, x.shape, floats: values.map(f))
    default: return nil
    }
  }

  private func cast() -> DenseTensor? {
    guard let x = input(0), let code = node.int("to"), count(x.shape) != nil else { return nil }
    let type = ElementType(onnxCode: code)
    switch (x.elements, type) {
    case (.floats(let values), .float32), (.floats(let values), .float16), (.floats(let values), .bfloat16):
      return DenseTensor(type, x.shape, floats: values)
    case (.integers(let values), .float32), (.integers(let values), .float16), (.integers(let values), .bfloat16):
      return DenseTensor(type, x.shape, floats: values.map { Float($0) })
    case (.integers(let values), _) where type.isInteger || type == .boolean:
      return DenseTensor(type, x.shape, integers: values)
    case (.floats(let values), .boolean):
      return DenseTensor(type, x.shape, integers: values.map { $0 == 0 ? 0 : 1 })
    case (.floats(let values), .int32), (.floats(let values), .int64):
      // Values outside the type are the runtime's business.
      guard values.allSatisfy({ $0.magnitude < 0x1p31 }) else { return nil }
      return DenseTensor(type, x.shape, integers: values.map { Int64($0) })
    default: return nil
    }
  }

  private func choose() -> DenseTensor? {
    guard let condition = input(0)?.integers, let a = input(1), let b = input(2), let conditionShape = input(0)?.shape,
      a.elementType == b.elementType, let outer = broadcast(a.shape, b.shape),
      let shape = broadcast(conditionShape, outer), count(shape) != nil
    else { return nil }
    let picks = positions(conditionShape, to: shape).map { condition[$0] != 0 }
    let first = a.gathered(positions(a.shape, to: shape), shape: shape)
    let second = b.gathered(positions(b.shape, to: shape), shape: shape)
    switch (first.elements, second.elements) {
    case (.floats(let x), .floats(let y)):
      return DenseTensor(a.elementType, shape, floats: picks.indices.map { picks[$0] ? x[$0] : y[$0] })
    case (.integers(let x), .integers(let y)):
      return DenseTensor(a.elementType, shape, integers: picks.indices.map { picks[$0] ? x[$0] : y[$0] })
    default: return nil
    }
  }

  func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    var result: [Int] = []
    for axis in 0..<rank {
      let x = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
      let y = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(x == 1 ? y : x)
    }
    return result
  }

  /// For each element of the larger shape, the position of the element of `shape` that broadcasting puts there.
  func positions(_ shape: [Int], to larger: [Int]) -> [Int] {
    let own = Strides.of(shape)
    let missing = larger.count - shape.count
    let strides = larger.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
    return Strides.walk(larger, strides)
  }
}
