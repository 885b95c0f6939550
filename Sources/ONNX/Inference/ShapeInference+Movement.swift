internal import Tensors

extension ShapeInference {
  /// Operators that move elements without changing them.
  static func inferMovement(_ c: inout Context) -> Bool {
    c.outputs[0].elementType = c.input(0).elementType
    switch c.node.op {
    case "Reshape": reshape(&c)
    case "Transpose": transpose(&c)
    case "Concat": concatenate(&c)
    case "Split": split(&c)
    case "Slice": slice(&c)
    case "Squeeze": squeeze(&c)
    case "Unsqueeze": unsqueeze(&c)
    case "Flatten": flatten(&c)
    case "Gather": gather(&c)
    case "GatherElements":
      c.outputs[0].shape = c.input(1).shape
    case "GatherND": gatherND(&c)
    case "ScatterND", "ScatterElements", "Scatter", "TensorScatter":
      c.outputs[0].shape = c.input(0).shape
    case "Pad": pad(&c)
    case "Compress", "Unique":
      c.outputs[0].shape = nil
    default:
      c.outputs[0].elementType = nil
      return false
    }
    return true
  }

  private static func reshape(_ c: inout Context) {
    guard let input = c.input(0).shape else {
      if let target = c.input(1).elements {
        c.outputs[0].shape = target.map { ($0.value ?? 1) > 0 ? $0 : .unknown }
      }
      return
    }
    let target = c.input(1).elements ?? c.node.ints("shape")?.map { Extent.fixed($0) }
    guard let target else {
      if let rank = c.input(1).shape?.first?.value, rank >= 0, rank <= rankLimit {
        c.outputs[0].shape = [Extent](repeating: .unknown, count: rank)
      }
      return
    }
    let keepsZero = c.node.int("allowzero") == 1
    var result: [Extent] = []
    var open: Int?
    for (axis, length) in target.enumerated() {
      switch length.value {
      case .some(-1):
        guard open == nil else {
          c.fail("its shape '\(c.node.inputs[1])' has -1 twice")
          return
        }
        open = axis
        result.append(.fixed(1))
      case 0? where !keepsZero:
        guard axis < input.count else {
          c.fail("its shape '\(c.node.inputs[1])' copies axis \(axis), its input has rank \(input.count)")
          return
        }
        result.append(input[axis])
      case let value? where value < 0:
        c.fail("its shape '\(c.node.inputs[1])' has a length of \(value)")
        return
      default: result.append(length)
      }
    }
    let total = input.reduce(.fixed(1), *)
    let product = result.reduce(.fixed(1), *)
    if let open {
      let quotient = quotient(input, result, skipping: open)
      if let whole = total.value, let part = product.value, part == 0 || whole % part != 0 {
        c.fail(
          "its input '\(c.node.inputs[0])' \(c.input(0)) does not divide into the shape \(describe(target))")
        return
      }
      result[open] = quotient
    } else if total.isKnown, product.isKnown, total != product, contradicts(total, product) {
      c.fail("its input '\(c.node.inputs[0])' \(c.input(0)) has other elements than the shape \(describe(target))")
      return
    }
    c.outputs[0].shape = result
    c.outputs[0].elements = result.count <= 1 ? c.input(0).elements : nil
  }

  /// What is left of the product of `input` after the lengths of `result`: equal ones cancel before the rest is
  /// divided, which also works where some are unknown.
  private static func quotient(_ input: [Extent], _ result: [Extent], skipping open: Int) -> Extent {
    var numerator = input
    var denominator = Extent.fixed(1)
    for (axis, length) in result.enumerated() where axis != open {
      if length.value == nil, let match = numerator.firstIndex(of: length), length.isKnown {
        numerator.remove(at: match)
      } else {
        denominator = denominator * length
      }
    }
    return numerator.reduce(.fixed(1), *).dividedRoundingDown(by: denominator)
  }

  /// Whether two element counts cannot be equal whatever the symbols are. Spelled symbols may hide an equality.
  private static func contradicts(_ a: Extent, _ b: Extent) -> Bool {
    guard case .linear(let x) = a, case .linear(let y) = b else { return false }
    return x.symbols == y.symbols && x.offset == y.offset && x.factor != y.factor
      || x.symbols.isEmpty && y.symbols.isEmpty && x.offset != y.offset
  }

  private static func describe(_ shape: [Extent]) -> String { "[\(shape.map { "\($0)" }.joined(separator: ", "))]" }

  private static func transpose(_ c: inout Context) {
    guard let shape = c.input(0).shape else { return }
    let order = c.node.ints("perm") ?? Array(shape.indices.reversed())
    guard order.sorted() == Array(shape.indices) else {
      c.fail("its perm \(order) is no order of the \(shape.count) axes of '\(c.node.inputs[0])'")
      return
    }
    c.outputs[0].shape = order.map { shape[$0] }
  }

  private static func concatenate(_ c: inout Context) {
    let shapes = c.inputs.map(\.shape)
    if let first = c.inputs.first?.elementType,
      let other = c.inputs.firstIndex(where: { $0.elementType != nil && $0.elementType != first })
    {
      c.fail("input '\(c.node.inputs[0])' is \(first) and input '\(c.node.inputs[other])' is \(c.input(other)); all must be of one type")
    }
    if shapes.allSatisfy({ $0?.count == 1 }) {
      let elements = c.inputs.compactMap(\.elements)
      if elements.count == c.inputs.count { c.outputs[0].elements = Array(elements.joined()) }
    }
    guard let rank = shapes.compactMap({ $0?.count }).first,
      let axis = c.axis(c.node.int("axis") ?? 1, rank: rank)
    else { return }
    var result = [Extent](repeating: .unknown, count: rank)
    var sum = Extent.fixed(0)
    for (index, shape) in shapes.enumerated() {
      guard let shape else {
        sum = .unknown
        continue
      }
      guard shape.count == rank else {
        c.fail("input '\(c.node.inputs[index])' has rank \(shape.count), another has \(rank)")
        return
      }
      for other in 0..<rank where other != axis {
        if let known = result[other].value, let length = shape[other].value, known != length {
          c.fail("input '\(c.node.inputs[index])' has \(length) at axis \(other), another has \(known)")
          return
        }
        if result[other].value == nil, shape[other].isKnown { result[other] = shape[other] }
      }
      sum = sum + shape[axis]
    }
    result[axis] = sum
    c.outputs[0].shape = result
  }

  private static func split(_ c: inout Context) {
    for index in c.outputs.indices { c.outputs[index].elementType = c.input(0).elementType }
    guard let shape = c.input(0).shape, let axis = c.axis(c.node.int("axis") ?? 0, rank: shape.count) else { return }
    let given = c.node.ints("split") ?? (c.hasInput(1) ? c.integers(1) : nil)
    if c.hasInput(1), given == nil {
      for index in c.outputs.indices {
        var result = shape
        result[axis] = .unknown
        c.outputs[index].shape = result
      }
      return
    }
    let count = c.outputs.count
    if let given {
      guard given.count == count, given.allSatisfy({ $0 >= 0 }) else {
        c.fail("its parts \(given.prefix(16)) do not fit its \(count) outputs")
        return
      }
      var sum = 0
      for part in given { sum = sum.addingReportingOverflow(part).partialValue }
      if let length = shape[axis].value, sum != length {
        c.fail("its parts \(given.prefix(16)) do not add up to the \(length) of axis \(axis) of '\(c.node.inputs[0])'")
        return
      }
    }
    var start = 0
    for index in 0..<count {
      var result = shape
      if let given {
        result[axis] = .fixed(given[index])
      } else if let length = shape[axis].value {
        let part = (length + count - 1) / count
        result[axis] = .fixed(index == count - 1 ? max(length - part * (count - 1), 0) : part)
      } else if case .linear(let linear) = shape[axis], linear.offset == 0, linear.factor % count == 0 {
        result[axis] = shape[axis].dividedRoundingDown(by: .fixed(count))
      } else {
        result[axis] = .unknown
      }
      c.outputs[index].shape = result
      if shape.count == 1, let elements = c.input(0).elements, let length = result[axis].value,
        length <= elements.count - start
      {
        c.outputs[index].elements = Array(elements[start..<(start + length)])
        start += length
      }
    }
  }

  private static func slice(_ c: inout Context) {
    guard let shape = c.input(0).shape else { return }
    var result = shape
    let isOld = c.node.ints("starts") != nil
    func numbers(_ input: Int, _ attribute: String) -> [Extent]? {
      isOld ? c.node.ints(attribute)?.map { .fixed($0) } : c.input(input).elements
    }
    let count = isOld ? c.node.ints("starts")?.count : c.input(1).shape?.first?.value
    let axes: [Int]?
    if isOld || !c.hasInput(3) {
      axes = c.node.ints("axes") ?? count.map { Array(0..<min(max($0, 0), shape.count)) }
    } else {
      axes = c.integers(3)
    }
    guard let axes else {
      c.outputs[0].shape = shape.map { _ in .unknown }
      return
    }
    let starts = numbers(1, "starts")
    let ends = numbers(2, "ends")
    let steps = !isOld && c.hasInput(4) ? c.input(4).elements : [Extent](repeating: .fixed(1), count: axes.count)
    for (index, given) in axes.enumerated() {
      guard let axis = c.axis(given, rank: shape.count) else { return }
      guard let starts, let ends, let steps, index < starts.count, index < ends.count, index < steps.count,
        let step = steps[index].value, step != 0
      else {
        result[axis] = .unknown
        continue
      }
      result[axis] = sliced(shape[axis], starts[index], ends[index], step)
      if shape.count == 1, let elements = c.input(0).elements, let start = starts[index].value,
        let end = ends[index].value
      {
        let positions = positions(elements.count, start, end, step)
        c.outputs[0].elements = positions.map { elements[$0] }
      }
    }
    c.outputs[0].shape = result
  }

  /// The positions that a slice of an axis of `length` takes. Bounds are clamped as the operator says.
  static func positions(_ length: Int, _ start: Int, _ end: Int, _ step: Int) -> [Int] {
    func resolve(_ value: Int, _ low: Int, _ high: Int) -> Int {
      let shifted = value < 0 ? value.addingReportingOverflow(length).partialValue : value
      return min(max(shifted, low), high)
    }
    let step = min(max(step, -Self.lengthLimit), Self.lengthLimit)
    if step > 0 {
      return Array(stride(from: resolve(start, 0, length), to: resolve(end, 0, length), by: step))
    }
    let low = end < -length ? -1 : resolve(end, -1, length - 1)
    return Array(stride(from: resolve(start, 0, length - 1), to: low, by: step))
  }

  private static func sliced(_ length: Extent, _ start: Extent, _ end: Extent, _ step: Int) -> Extent {
    if let length = length.value, let start = start.value, let end = end.value {
      guard length >= 0, length <= lengthLimit, step.magnitude <= lengthLimit else { return .unknown }
      let low: Int
      let high: Int
      func resolve(_ value: Int, _ least: Int, _ most: Int) -> Int {
        min(max(value < 0 ? value.addingReportingOverflow(length).partialValue : value, least), most)
      }
      if step > 0 {
        (low, high) = (resolve(start, 0, length), resolve(end, 0, length))
        return .fixed(max(0, (high - low + step - 1) / step))
      }
      (low, high) = (end < -length ? -1 : resolve(end, -1, length - 1), resolve(start, 0, length - 1))
      return .fixed(max(0, (high - low - step - 1) / -step))
    }
    // From the beginning to the end, or to the length itself, keeps the axis.
    let reachesEnd = end == length || (end.value ?? 0) >= Int(Int32.max)
    if step == 1, start.value == 0, reachesEnd { return length }
    if step == 1, let start = start.value, start >= 0, reachesEnd { return length - .fixed(start) }
    if step == 1, start.value == 0, end.value == nil { return end }
    if step == 1, start.value == nil, !reachesEnd { return end - start }
    if step == 1, start.value == nil, reachesEnd { return length - start }
    return .unknown
  }

  private static func squeeze(_ c: inout Context) {
    c.outputs[0].elements = c.input(0).elements
    guard let shape = c.input(0).shape, let axes = c.axes(input: 1) else { return }
    var drop = Set<Int>()
    for given in axes {
      guard let axis = c.axis(given, rank: shape.count) else { return }
      if let length = shape[axis].value, length != 1 {
        c.fail("axis \(given) of '\(c.node.inputs[0])' \(c.input(0)) is not of length 1")
        return
      }
      drop.insert(axis)
    }
    if axes.isEmpty {
      guard shape.allSatisfy({ $0.value != nil }) else { return }
      drop = Set(shape.indices.filter { shape[$0].value == 1 })
    }
    c.outputs[0].shape = shape.indices.filter { !drop.contains($0) }.map { shape[$0] }
  }

  private static func unsqueeze(_ c: inout Context) {
    guard let shape = c.input(0).shape, let axes = c.axes(input: 1), shape.count + axes.count <= rankLimit else {
      return
    }
    let rank = shape.count + axes.count
    var added = Set<Int>()
    for given in axes {
      guard let axis = c.axis(given, rank: rank) else { return }
      added.insert(axis)
    }
    guard added.count == axes.count else {
      c.fail("its axes \(axes) name one axis twice")
      return
    }
    var rest = shape[...]
    c.outputs[0].shape = (0..<rank).map { added.contains($0) ? .fixed(1) : rest.removeFirst() }
    c.outputs[0].elements = rank <= 1 ? c.input(0).elements : nil
  }

  private static func flatten(_ c: inout Context) {
    guard let shape = c.input(0).shape else { return }
    let given = c.node.int("axis") ?? 1
    let axis = given < 0 ? given.addingReportingOverflow(shape.count).partialValue : given
    guard axis >= 0, axis <= shape.count else {
      c.fail("axis \(given) is outside a tensor of rank \(shape.count)")
      return
    }
    c.outputs[0].shape = [shape[..<axis].reduce(.fixed(1), *), shape[axis...].reduce(.fixed(1), *)]
  }

  private static func gather(_ c: inout Context) {
    guard let shape = c.input(0).shape, let indices = c.input(1).shape,
      let axis = c.axis(c.node.int("axis") ?? 0, rank: shape.count)
    else { return }
    c.outputs[0].shape = Array(shape[..<axis]) + indices + Array(shape[(axis + 1)...])
    guard shape.count == 1, let elements = c.input(0).elements, let positions = c.integers(1), indices.count <= 1
    else { return }
    var gathered: [Extent] = []
    for position in positions {
      let resolved = position < 0 ? position.addingReportingOverflow(elements.count).partialValue : position
      guard elements.indices.contains(resolved) else {
        c.fail("index \(position) is outside '\(c.node.inputs[0])' of \(elements.count) elements")
        return
      }
      gathered.append(elements[resolved])
    }
    c.outputs[0].elements = gathered
  }

  private static func gatherND(_ c: inout Context) {
    guard let shape = c.input(0).shape, let indices = c.input(1).shape, let last = indices.last?.value,
      let batch = Optional(c.node.int("batch_dims") ?? 0), batch >= 0, last >= 0, last <= shape.count,
      batch <= shape.count - last, !indices.isEmpty
    else { return }
    c.outputs[0].shape = Array(indices.dropLast()) + Array(shape[(batch + last)...])
  }

  private static func pad(_ c: inout Context) {
    guard let shape = c.input(0).shape else { return }
    let pads = c.node.ints("pads") ?? c.integers(1)
    let axes = c.hasInput(3) ? c.integers(3) : Array(shape.indices)
    guard let pads, let axes else {
      c.outputs[0].shape = shape.map { _ in .unknown }
      return
    }
    guard pads.count == axes.count * 2 else {
      c.fail("its pads have \(pads.count) numbers for \(axes.count) axes")
      return
    }
    var result = shape
    for (index, given) in axes.enumerated() {
      guard let axis = c.axis(given, rank: shape.count) else { return }
      result[axis] = shape[axis] + .fixed(pads[index]) + .fixed(pads[index + axes.count])
    }
    c.outputs[0].shape = result
  }
}
