internal import Tensors

extension ShapeInference {
  /// Operators that make shapes, or tensors from shapes.
  static func inferShapeComputation(_ c: inout Context) -> Bool {
    switch c.node.op {
    case "Constant":
      if let tensor = c.node.constantValue { c.outputs[0] = describe(tensor) }
    case "Shape": shape(&c)
    case "Size":
      c.outputs[0] = InferredTensor(elementType: .int64, shape: [], elements: [c.input(0).count])
    case "ConstantOfShape": constantOfShape(&c)
    case "Expand": expand(&c)
    case "Tile": tile(&c)
    case "Range": range(&c)
    case "NonZero":
      c.outputs[0] = InferredTensor(
        elementType: .int64, shape: c.input(0).shape.map { [.fixed($0.count), .symbol("found by \(c.node.outputs[0])")] })
    case "OneHot":
      c.outputs[0].elementType = c.input(2).elementType
      if let shape = c.input(0).shape, let axis = c.axis(c.node.int("axis") ?? -1, rank: shape.count + 1) {
        let depth = c.input(1).elements?.first ?? .unknown
        c.outputs[0].shape = Array(shape[..<axis]) + [depth] + Array(shape[axis...])
      }
    case "EyeLike":
      c.outputs[0] = InferredTensor(elementType: c.input(0).elementType, shape: c.input(0).shape)
    default: return false
    }
    return true
  }

  private static func shape(_ c: inout Context) {
    c.outputs[0].elementType = .int64
    guard let shape = c.input(0).shape else { return }
    func resolve(_ value: Int) -> Int {
      min(max(value < 0 ? value.addingReportingOverflow(shape.count).partialValue : value, 0), shape.count)
    }
    let start = resolve(c.node.int("start") ?? 0)
    let end = max(start, resolve(c.node.int("end") ?? shape.count))
    c.outputs[0].shape = [.fixed(end - start)]
    c.outputs[0].elements = Array(shape[start..<end])
  }

  private static func constantOfShape(_ c: inout Context) {
    let value = c.node.tensor("value")
    c.outputs[0].elementType = value?.elementType ?? .float32
    if let lengths = c.input(0).elements {
      c.outputs[0].shape = lengths
      if let bad = lengths.compactMap(\.value).first(where: { $0 < 0 }) {
        c.fail("its shape '\(c.node.inputs.first ?? "")' has a length of \(bad)")
        c.outputs[0].shape = nil
        return
      }
    } else if let rank = c.input(0).shape?.first?.value, rank >= 0, rank <= rankLimit {
      c.outputs[0].shape = [Extent](repeating: .unknown, count: rank)
    }
    if let value, value.elementType.isInteger || value.elementType == .boolean, value.elementCount == 1,
      let element = try? value.integers().first, c.outputs[0].shape?.count ?? 2 <= 1,
      let count = c.outputs[0].count.value, count >= 0, count <= elementLimit
    {
      c.outputs[0].elements = [Extent](repeating: .fixed(Int(element)), count: count)
    }
  }

  private static func expand(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard let shape = c.input(0).shape, let target = c.input(1).elements else {
      if let rank = c.input(1).shape?.first?.value, rank >= 0, rank <= rankLimit {
        c.outputs[0].shape = [Extent](repeating: .unknown, count: max(rank, c.input(0).shape?.count ?? 0))
      }
      return
    }
    guard let result = broadcast(shape, target) else {
      c.fail("its input '\(c.node.inputs[0])' \(c.input(0)) does not expand to [\(target.map { "\($0)" }.joined(separator: ", "))]")
      return
    }
    c.outputs[0].shape = result
    if result.count <= 1, let elements = c.input(0).elements, let count = c.outputs[0].count.value, count >= 0,
      count <= elementLimit
    {
      if elements.count == count { c.outputs[0].elements = elements }
      if elements.count == 1 { c.outputs[0].elements = [Extent](repeating: elements[0], count: count) }
    }
  }

  private static func tile(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard let shape = c.input(0).shape else { return }
    guard let repeats = c.input(1).elements else {
      c.outputs[0].shape = shape.map { _ in .unknown }
      return
    }
    guard repeats.count == shape.count else {
      c.fail("its repeats '\(c.node.inputs[1])' have \(repeats.count) numbers for rank \(shape.count)")
      return
    }
    c.outputs[0].shape = zip(shape, repeats).map { $0 * $1 }
  }

  private static func range(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    c.outputs[0].shape = [.unknown]
    guard let start = c.input(0).elements?.first, let limit = c.input(1).elements?.first,
      let step = c.input(2).elements?.first?.value, step != 0
    else { return }
    if step == 1, start.value == 0 {
      c.outputs[0].shape = [limit]
    } else if let start = start.value, let limit = limit.value, start.magnitude <= lengthLimit,
      limit.magnitude <= lengthLimit, step.magnitude <= lengthLimit
    {
      let count = step > 0 ? (limit - start + step - 1) / step : (start - limit - step - 1) / -step
      c.outputs[0].shape = [.fixed(max(0, count))]
    }
    if let start = start.value, let count = c.outputs[0].shape?.first?.value, count >= 0, count <= elementLimit,
      c.input(0).elementType?.isInteger ?? false
    {
      c.outputs[0].elements = (0..<count).map { .fixed(start &+ $0 &* step) }
    }
  }
}
