internal import Tensors

/// Constants beside the data: grids of cells, and rows repeated for each image.
extension AxisRewriter {
  mutating func regenerateConstants(_ node: inout Node) throws {
    let shapes = node.inputs.map { inference.result[$0].shape }
    for (index, name) in node.inputs.enumerated() {
      guard let constant = inference.constant(name), let own = shapes[index] else { continue }
      // The axes along which another input has a frozen length and the constant has its old number.
      var frozenAxes: [Int: Extent] = [:]
      for (other, shape) in shapes.enumerated() where other != index {
        guard let shape else { continue }
        for (back, extent) in shape.reversed().enumerated() where back < own.count && dependsOnFrozen(extent)
        {
          let axis = own.count - 1 - back
          if let number = own[axis].value, number != 1, number == extent.evaluated(old) {
            frozenAxes[axis] = extent
          }
        }
      }
      // A concatenation may join frozen lengths to constants along its own axis.
      if node.op == "Concat", let given = node.int("axis") {
        frozenAxes[given < 0 ? given + own.count : given] = nil
      }
      guard !frozenAxes.isEmpty else { continue }
      let replacement = try regenerate(constant, frozenAxes, node)
      let isRow = frozenAxes.values.allSatisfy { $0.symbolNames == [AxisSymbol.batch] }
      knownShapes[replacement] = own.enumerated().map { axis, extent in
        frozenAxes[axis].map { isRow ? .fixed(1) : $0 } ?? extent
      }
      node.inputs[index] = replacement
    }
  }

  /// The constant for the new lengths: another constant, or nodes that compute it.
  private mutating func regenerate(_ constant: Tensor, _ axes: [Int: Extent], _ node: Node) throws -> String {
    let label = node.label
    func refuse(_ reason: String) -> ModelError {
      let text = "the constant '\(constant.name)' of shape \(constant.shape) \(reason)"
      return ModelError(.unsupported, "\(label) prevents it: \(text)")
    }
    guard let values = DenseTensor(constant) else { throw refuse("is of type \(constant.elementType)") }
    if axes.values.allSatisfy({ $0.symbolNames == [AxisSymbol.batch] }), axes.count == 1,
      let axis = axes.keys.first
    {
      return try sliceOfEqualRows(values, axis, refuse)
    }
    guard let floats = values.floats, constant.elementType == .float32,
      let height = old[AxisSymbol.rows].map({ $0 * stride }),
      let width = old[AxisSymbol.columns].map({ $0 * stride })
    else { throw refuse("depends on the image's size in a way that is not known") }
    let ordered = axes.keys.sorted()
    let last = ordered[ordered.count - 1]
    let symbols = ordered.map { axes[$0]?.symbolNames ?? [] }
    let isFlat = symbols.count == 1 && Set(symbols[0]) == [AxisSymbol.rows, AxisSymbol.columns]
    let isPlane = symbols == [[AxisSymbol.rows], [AxisSymbol.columns]] && ordered[0] == last - 1
    guard isFlat || isPlane else { throw refuse("depends on the image's size in a way that is not known") }
    // Lines along the frozen axes, one for each index before and after them.
    let inner = constant.shape[(last + 1)...].reduce(1, *)
    let length = ordered.reduce(1) { $0 * constant.shape[$1] }
    let outer = constant.shape[..<ordered[0]].reduce(1, *)
    var lines: [[Float]] = []
    for before in 0..<outer {
      for after in 0..<inner {
        lines.append((0..<length).map { floats[(before * length + $0) * inner + after] })
      }
    }
    guard let grid = GridConstant(lines: lines, height: height, width: width) else {
      throw refuse("is no grid of cells of a known pyramid, so it cannot be computed for another size")
    }
    let newLengths = ordered.map { axes[$0]?.evaluated(new) }
    if newLengths.allSatisfy({ $0 != nil }), let rows = new[AxisSymbol.rows],
      let columns = new[AxisSymbol.columns]
    {
      var shape = constant.shape
      for (axis, length) in zip(ordered, newLengths) { shape[axis] = length ?? 0 }
      let made = grid.lines(height: rows * stride, width: columns * stride)
      let count = made.first?.count ?? 0
      guard newLengths.reduce(1, { $0 * ($1 ?? 0) }) == count else {
        throw refuse("does not fit the new size")
      }
      var result = [Float](repeating: 0, count: outer * count * inner)
      for (line, values) in made.enumerated() {
        for (step, value) in values.enumerated() {
          result[(line / inner * count + step) * inner + line % inner] = value
        }
      }
      return builder.constant("grid") { Tensor(name: $0, shape: shape, floats: result) }
    }
    let target = constant.shape.enumerated().map { axes[$0.offset] ?? .fixed($0.element) }
    return gridAtRunTime(grid, outer: outer, inner: inner, target: target)
  }

  private mutating func sliceOfEqualRows(_ values: DenseTensor, _ axis: Int, _ refuse: (String) -> ModelError)
    throws
    -> String
  {
    let strides = Strides.of(values.shape)
    var shape = values.shape
    shape[axis] = 1
    let first = values.gathered(Strides.walk(shape, strides), shape: shape)
    for row in 1..<values.shape[axis] {
      let next = values.gathered(Strides.walk(shape, strides, offset: row * strides[axis]), shape: shape)
      let isEqual =
        next.floats.map { $0.map(\.bitPattern) == first.floats?.map(\.bitPattern) }
        ?? (next.integers == first.integers)
      guard isEqual else { throw refuse("differs from image to image of the old batch") }
    }
    return builder.constant("row") { first.tensor(named: $0) }
  }

  /// Nodes that compute the grid from the image's size.
  ///
  /// - Parameters:
  ///   - outer: the number of lines before the axes of the grid, as `inner` is of those after it.
  ///   - target: the shape of the result.
  private mutating func gridAtRunTime(_ grid: GridConstant, outer: Int, inner: Int, target: [Extent])
    -> String
  {
    var coordinates: [Int: (columns: String, rows: String)] = [:]
    let scalarShape = builder.integers([])
    var lines: [String] = []
    var made: [[GridConstant.Level]: String] = [:]
    for levels in grid.lines {
      if let known = made[levels] {
        lines.append(known)
        continue
      }
      var parts: [String] = []
      for level in levels {
        let height = runtimeLength(
          Extent.symbol(AxisSymbol.rows, times: stride).dividedExactly(by: level.stride))
        let width = runtimeLength(
          Extent.symbol(AxisSymbol.columns, times: stride).dividedExactly(by: level.stride))
        if coordinates[level.stride] == nil {
          let size = builder.add("Concat", [height, width], [.int("axis", 0)])
          coordinates[level.stride] = (
            ramp(width, target: [1, -1], size, scalarShape), ramp(height, target: [-1, 1], size, scalarShape)
          )
        }
        guard let (columns, rows) = coordinates[level.stride] else { continue }
        let byColumn = builder.add("Mul", [columns, builder.scalar(level.perColumn)])
        let byRow = builder.add("Mul", [rows, builder.scalar(level.perRow)])
        parts.append(
          builder.add("Add", [builder.add("Add", [builder.scalar(level.constant), byColumn]), byRow]))
      }
      let line = builder.add("Concat", parts, [.int("axis", 0)])
      made[levels] = line
      lines.append(line)
    }
    var joined = lines.count == 1 ? lines[0] : builder.add("Concat", lines, [.int("axis", 0)])
    if inner > 1 {
      joined = builder.add("Reshape", [joined, builder.integers([outer, inner, -1])])
      joined = builder.add("Transpose", [joined], [.ints("perm", [0, 2, 1])])
    }
    let lengths = target.map { runtimeLength($0) }
    return builder.add("Reshape", [joined, builder.add("Concat", lengths, [.int("axis", 0)])])
  }

  /// The numbers 0, 1, … along one axis of a level, for each of its cells in row-major order.
  private mutating func ramp(_ length: String, target: [Int], _ size: String, _ scalarShape: String) -> String
  {
    let zero = builder.constant("zero") { Tensor(name: $0, shape: [], integers: [0]) }
    let one = builder.constant("one") { Tensor(name: $0, shape: [], integers: [1]) }
    let limit = builder.add("Reshape", [length, scalarShape])
    let steps = builder.cast(builder.add("Range", [zero, limit, one]), to: .float32)
    let shaped = builder.add("Reshape", [steps, builder.integers(target)])
    return builder.add("Reshape", [builder.add("Expand", [shaped, size]), builder.integers([-1])])
  }
}
