internal import Tensors

extension Evaluator.Call {
  func movement() -> DenseTensor? {
    switch node.op {
    case "Reshape": reshape()
    case "Flatten": flatten()
    case "Squeeze", "Unsqueeze": changeRank()
    case "Transpose": transpose()
    case "Concat": concatenate()
    case "Slice": slice()
    case "Gather": gather()
    case "Expand": expand()
    case "Tile": tile()
    case "ConstantOfShape": constantOfShape()
    case "Range": range()
    case "Shape": shape()
    case "ReduceProd": product()
    default: nil
    }
  }

  private func reshape() -> DenseTensor? {
    guard let x = input(0), let target = node.ints("shape") ?? input(1)?.integers?.map({ Int($0) }) else { return nil }
    var shape = target
    for axis in shape.indices where shape[axis] == 0 && node.int("allowzero") != 1 {
      guard axis < x.shape.count else { return nil }
      shape[axis] = x.shape[axis]
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      guard let rest = count(shape), rest > 0, x.count % rest == 0 else { return nil }
      shape[open] = x.count / rest
    }
    return count(shape) == x.count ? x.reshaped(shape) : nil
  }

  private func flatten() -> DenseTensor? {
    guard let x = input(0) else { return nil }
    let given = node.int("axis") ?? 1
    let axis = given < 0 ? given.addingReportingOverflow(x.shape.count).partialValue : given
    guard axis >= 0, axis <= x.shape.count else { return nil }
    return x.reshaped([x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *)])
  }

  private func changeRank() -> DenseTensor? {
    guard let x = input(0) else { return nil }
    if node.op == "Squeeze" {
      guard let given = axes(input: 1) else { return x.reshaped(x.shape.filter { $0 != 1 }) }
      var drop = Set<Int>()
      for value in given {
        guard let axis = axis(value, rank: x.shape.count), x.shape[axis] == 1 else { return nil }
        drop.insert(axis)
      }
      return x.reshaped(x.shape.indices.filter { !drop.contains($0) }.map { x.shape[$0] })
    }
    guard let given = axes(input: 1), given.count <= 16 else { return nil }
    let rank = x.shape.count + given.count
    var added = Set<Int>()
    for value in given {
      guard let axis = axis(value, rank: rank) else { return nil }
      added.insert(axis)
    }
    guard added.count == given.count else { return nil }
    var rest = x.shape[...]
    return x.reshaped((0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() })
  }

  private func transpose() -> DenseTensor? {
    guard let x = input(0), count(x.shape) != nil else { return nil }
    let order = node.ints("perm") ?? Array(x.shape.indices.reversed())
    guard order.sorted() == Array(x.shape.indices) else { return nil }
    let strides = Strides.of(x.shape)
    let shape = order.map { x.shape[$0] }
    return x.gathered(Strides.walk(shape, order.map { strides[$0] }), shape: shape)
  }

  private func concatenate() -> DenseTensor? {
    let parts = inputs.compactMap { $0 }
    guard parts.count == inputs.count, let first = parts.first,
      let axis = axis(node.int("axis") ?? 1, rank: first.shape.count)
    else { return nil }
    var length = 0
    for part in parts {
      var expected = first.shape
      guard part.shape.count == expected.count, part.elementType == first.elementType else { return nil }
      expected[axis] = part.shape[axis]
      guard part.shape == expected else { return nil }
      length += part.shape[axis]
    }
    var shape = first.shape
    shape[axis] = length
    guard count(shape) != nil else { return nil }
    let outer = shape[..<axis].reduce(1, *)
    guard outer * parts.count <= max(limit, 1 << 16) * 4 else { return nil }
    var floats: [Float] = []
    var integers: [Int64] = []
    for row in 0..<outer {
      for part in parts {
        let size = part.shape[axis...].reduce(1, *)
        switch part.elements {
        case .floats(let values): floats += values[(row * size)..<((row + 1) * size)]
        case .integers(let values): integers += values[(row * size)..<((row + 1) * size)]
        }
      }
    }
    if case .floats = first.elements { return DenseTensor(first.elementType, shape, floats: floats) }
    return DenseTensor(first.elementType, shape, integers: integers)
  }

  private func slice() -> DenseTensor? {
    guard let x = input(0), count(x.shape) != nil else { return nil }
    func numbers(_ index: Int, _ name: String) -> [Int]? {
      node.ints(name) ?? input(index)?.integers?.map { Int($0) }
    }
    guard let starts = numbers(1, "starts"), let ends = numbers(2, "ends"), starts.count == ends.count else {
      return nil
    }
    let axes = numbers(3, "axes") ?? Array(starts.indices)
    let steps = numbers(4, "steps") ?? [Int](repeating: 1, count: starts.count)
    guard axes.count == starts.count, steps.count == starts.count else { return nil }
    var taken = x.shape.map { Array(0..<$0) }
    for (index, given) in axes.enumerated() {
      guard let axis = axis(given, rank: x.shape.count), steps[index] != 0 else { return nil }
      taken[axis] = ShapeInference.positions(x.shape[axis], starts[index], ends[index], steps[index])
    }
    let strides = Strides.of(x.shape)
    var positions = [0]
    for (axis, steps) in taken.enumerated() {
      positions = positions.flatMap { position in steps.map { position + $0 * strides[axis] } }
    }
    return x.gathered(positions, shape: taken.map(\.count))
  }

  private func gather() -> DenseTensor? {
    guard let x = input(0), let indices = input(1)?.integers, let indexShape = input(1)?.shape,
      let axis = axis(node.int("axis") ?? 0, rank: x.shape.count)
    else { return nil }
    let shape = Array(x.shape[..<axis]) + indexShape + Array(x.shape[(axis + 1)...])
    guard count(shape) != nil else { return nil }
    let length = x.shape[axis]
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    var positions: [Int] = []
    for outer in 0..<x.shape[..<axis].reduce(1, *) {
      for index in indices {
        let resolved = index < 0 ? Int(index).addingReportingOverflow(length).partialValue : Int(index)
        guard resolved >= 0, resolved < length else { return nil }
        for step in 0..<inner { positions.append((outer * length + resolved) * inner + step) }
      }
    }
    return x.gathered(positions, shape: shape)
  }

  private func expand() -> DenseTensor? {
    guard let x = input(0), let target = input(1)?.integers?.map({ Int($0) }), target.count <= 16,
      target.allSatisfy({ $0 >= 0 }), let shape = broadcast(x.shape, target), count(shape) != nil
    else { return nil }
    return x.gathered(positions(x.shape, to: shape), shape: shape)
  }

  private func tile() -> DenseTensor? {
    guard let x = input(0), let repeats = input(1)?.integers?.map({ Int($0) }), repeats.count == x.shape.count,
      repeats.allSatisfy({ $0 >= 0 && $0 <= limit }), x.shape.allSatisfy({ $0 <= limit }), limit < 1 << 31
    else { return nil }
    let shape = zip(x.shape, repeats).map { $0 * $1 }
    guard count(shape) != nil else { return nil }
    let strides = Strides.of(x.shape)
    var positions = [0]
    for axis in shape.indices {
      positions = positions.flatMap { position in
        (0..<shape[axis]).map { position + $0 % x.shape[axis] * strides[axis] }
      }
    }
    return x.gathered(positions, shape: shape)
  }

  private func constantOfShape() -> DenseTensor? {
    guard let shape = input(0)?.integers?.map({ Int($0) }), shape.count <= 16, let count = count(shape) else {
      return nil
    }
    guard let value = node.tensor("value") else {
      return DenseTensor(.float32, shape, floats: [Float](repeating: 0, count: count))
    }
    guard let dense = DenseTensor(value, limit: 1), dense.count == 1 else { return nil }
    return dense.gathered([Int](repeating: 0, count: count), shape: shape)
  }

  private func range() -> DenseTensor? {
    guard let start = input(0)?.integers?.first, let end = input(1)?.integers?.first,
      let step = input(2)?.integers?.first, let type = input(0)?.elementType, step != 0,
      [start, end, step].allSatisfy({ $0.magnitude < 1 << 40 })
    else { return nil }
    let length = max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step)
    guard length <= limit else { return nil }
    return DenseTensor(type, [Int(length)], integers: (0..<length).map { start + $0 * step })
  }

  private func shape() -> DenseTensor? {
    guard let x = input(0), node.int("start") == nil, node.int("end") == nil else { return nil }
    return DenseTensor(.int64, [x.shape.count], integers: x.shape.map { Int64($0) })
  }

  private func product() -> DenseTensor? {
    guard let x = input(0), let values = x.integers, x.shape.count == 1 else { return nil }
    let result = values.reduce(1, &*)
    return DenseTensor(x.elementType, node.int("keepdims") ?? 1 != 0 ? [1] : [], integers: [result])
  }

  /// The parts of a tensor along an axis.
  func split() -> [DenseTensor]? {
    guard node.op == "Split", let x = input(0), let axis = axis(node.int("axis") ?? 0, rank: x.shape.count),
      count(x.shape) != nil
    else { return nil }
    let parts = node.outputs.count
    let length = x.shape[axis]
    let even = (length + parts - 1) / parts
    let sizes =
      node.ints("split") ?? input(1)?.integers?.map { Int($0) }
      ?? (0..<parts).map { max(0, min(even, length - $0 * even)) }
    guard sizes.count == parts, sizes.allSatisfy({ $0 >= 0 && $0 <= length }), sizes.reduce(0, +) == length else {
      return nil
    }
    let strides = Strides.of(x.shape)
    var start = 0
    return sizes.map { size in
      var shape = x.shape
      shape[axis] = size
      defer { start += size }
      return x.gathered(Strides.walk(shape, strides, offset: start * strides[axis]), shape: shape)
    }
  }
}
