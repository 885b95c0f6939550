internal import Tensors

/// Constants that say shapes, sizes and bounds.
extension AxisRewriter {
  mutating func reshape(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape, let name = node.input(1),
      shape.contains(where: dependsOnFrozen), let lengths = inference.result[name].elements
    else { return }
    let before = shape.map { $0.evaluated(old) }
    guard before.allSatisfy({ $0 != nil }) else { return }
    let total = before.reduce(1) { $0.multipliedReportingOverflow(by: $1 ?? 0).partialValue }
    var target: [Int] = []
    for (axis, length) in lengths.enumerated() {
      guard let number = length.evaluated(old) else { return }
      target.append(
        number == 0 && node.int("allowzero") != 1 && axis < shape.count ? before[axis] ?? 0 : number)
    }
    if let open = target.firstIndex(of: -1) {
      let rest = target.reduce(-1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      guard rest > 0, total % rest == 0 else { return }
      target[open] = total / rest
    }
    guard let wanted = ReshapeAlignment.align(shape, target, old) else {
      throw unsupported(
        node,
        "the lengths \(lengths.map { "\($0)" }) in '\(name)' cannot be traced to the axes of '\(source)' \(inference.result[source])"
      )
    }
    knownShapes[node.outputs[0]] = wanted
    // Copied, open and computed lengths give what is wanted already; numbers may not.
    let fits = zip(lengths, wanted).enumerated().map { axis, pair in
      switch pair.0.value {
      case nil, .some(-1): true
      case .some(0): axis < shape.count && pair.1 == shape[axis]
      default: pair.1.value != nil
      }
    }
    guard fits.contains(false) else { return }
    guard lengths.allSatisfy({ $0.value != nil }) else {
      // The target is computed: the lengths that do not fit are replaced in it.
      let parts = wanted.indices.map { axis in
        if fits[axis] { return builder.slice(name, axis: 0, from: axis, to: axis + 1) }
        if axis < shape.count, wanted[axis] == shape[axis] { return builder.integers([0]) }
        return runtimeLength(wanted[axis])
      }
      node[attribute: "allowzero"] = nil
      node.inputs[1] = builder.add("Concat", parts, [.int("axis", 0)])
      return
    }
    var replaced: [Int?] = []
    var open: Int?
    for (axis, length) in wanted.enumerated() {
      if length.symbolNames.allSatisfy({ new[$0] != nil }) {
        guard let number = length.evaluated(new), number > 0 else {
          throw unsupported(
            node, "the length \(readable(length)) in '\(name)' is no whole number at the new size")
        }
        replaced.append(number)
      } else if axis < shape.count, length == shape[axis] {
        replaced.append(0)
      } else if open == nil {
        open = axis
        replaced.append(-1)
      } else {
        replaced.append(nil)
      }
    }
    node[attribute: "allowzero"] = nil
    if replaced.contains(where: { $0 == nil }) {
      // Zero still copies, as the attribute is gone.
      if let open { replaced[open] = nil }
      let parts = zip(replaced, wanted).map { number, length in
        number.map { builder.integers([$0]) } ?? runtimeLength(length)
      }
      node.inputs[1] = builder.add("Concat", parts, [.int("axis", 0)])
    } else {
      node.inputs[1] = builder.integers(replaced.compactMap { $0 })
    }
  }

  /// Where an expansion repeats a frozen length, 1 leaves the length to the input.
  mutating func expand(_ node: inout Node) {
    guard let source = node.input(0), let shape = inference.result[source].shape, let name = node.input(1),
      let given = inference.constant(name), var target = try? given.integers().map({ Int($0) })
    else { return }
    var changed = false
    for (back, extent) in shape.reversed().enumerated() where back < target.count && dependsOnFrozen(extent) {
      let axis = target.count - 1 - back
      if target[axis] == extent.evaluated(old), target[axis] != 1 {
        target[axis] = 1
        changed = true
      }
    }
    if changed { node.inputs[1] = builder.integers(target) }
  }

  /// Sizes become scales where they are whole multiples of the input, which is the same for every size.
  mutating func resize(_ node: inout Node) throws {
    guard operatorSet >= 11, let source = node.input(0), let shape = inference.result[source].shape,
      let name = node.input(3), let given = inference.constant(name), let sizes = try? given.integers(),
      shape.contains(where: dependsOnFrozen), node.ints("axes") == nil, sizes.count == shape.count
    else { return }
    var scales: [Float] = []
    for (extent, size) in zip(shape, sizes) {
      guard let length = extent.evaluated(old), length > 0, Int(size) % length == 0 else {
        throw unsupported(
          node,
          "its sizes \(sizes) in '\(name)' are no whole multiples of '\(source)' \(inference.result[source])")
      }
      scales.append(Float(Int(size) / length))
    }
    node.inputs[2] = builder.constant("scales") { Tensor(name: $0, shape: [scales.count], floats: scales) }
    node.inputs.removeSubrange(3...)
  }

  /// Bounds at the end of a frozen axis become the end; others are scaled with the axis where the new length is fixed.
  mutating func slice(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape,
      let startName = node.input(1),
      let endName = node.input(2), let starts = inference.constant(startName),
      var ends = try? inference.constant(endName)?.integers(), var begins = try? starts.integers(),
      begins.count == ends.count
    else { return }
    let axes: [Int]
    if let name = node.input(3) {
      guard let given = try? inference.constant(name)?.integers() else { return }
      axes = given.map { Int($0) }
    } else {
      axes = Array(begins.indices)
    }
    guard axes.count == begins.count else { return }
    var changed = false
    for (index, given) in axes.enumerated() {
      let axis = given < 0 ? given + shape.count : given
      guard shape.indices.contains(axis), dependsOnFrozen(shape[axis]),
        let length = shape[axis].evaluated(old),
        length > 0
      else {
        continue
      }
      if ends[index] == Int64(length) {
        ends[index] = .max
        changed = true
      }
      for (bounds, isEnd) in [(begins[index], false), (ends[index], true)]
      where bounds > 0 && bounds < Int64(length) {
        let scaled = try scale(Int(bounds), of: shape[axis], length, node)
        if isEnd { ends[index] = Int64(scaled) } else { begins[index] = Int64(scaled) }
        changed = true
      }
    }
    guard changed else { return }
    node.inputs[1] = builder.integers(begins.map { Int($0) })
    node.inputs[2] = builder.integers(ends.map { Int($0) })
  }

  mutating func split(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape, let name = node.input(1),
      let parts = try? inference.constant(name)?.integers()
    else { return }
    let given = node.int("axis") ?? 0
    let axis = given < 0 ? given + shape.count : given
    guard shape.indices.contains(axis), dependsOnFrozen(shape[axis]), let length = shape[axis].evaluated(old),
      length > 0
    else {
      return
    }
    node.inputs[1] = builder.integers(try parts.map { try scale(Int($0), of: shape[axis], length, node) })
  }

  private func scale(_ bound: Int, of extent: Extent, _ length: Int, _ node: Node) throws -> Int {
    guard let number = extent.evaluated(new) else {
      throw unsupported(
        node, "it cuts an axis of \(length) at \(bound), which a dynamic length does not allow")
    }
    let (product, overflow) = bound.multipliedReportingOverflow(by: number)
    guard !overflow, product % length == 0 else {
      throw unsupported(node, "it cuts an axis of \(length) at \(bound), which does not scale to \(number)")
    }
    return product / length
  }
}
