internal import Tensors

/// The symbols that stand for an image's axes while frozen lengths are traced. Their alphabetical order is that of the axes.
package enum AxisSymbol {
  package static let batch = "swoop.batch"
  /// Height divided by the network's stride.
  package static let rows = "swoop.height"
  /// Width divided by the network's stride.
  package static let columns = "swoop.width"
}

/// Walks a graph with symbols for the image's axes and replaces every constant that holds for the old lengths only.
struct AxisRewriter {
  let operatorSet: Int
  /// The image's input, and the positions of batch, height and width in its shape.
  let image: String
  let imageAxes: (batch: Int, height: Int, width: Int)
  /// Pixels that one row or column of the coarsest level spans.
  let stride: Int
  /// The numbers the model was made with, one for each symbol; a prime for axes that were dynamic already.
  let old: [String: Int]
  /// The numbers to rewrite for; no entry for axes that are to be dynamic.
  let new: [String: Int]
  /// The symbols whose old numbers are frozen into the graph.
  let frozen: Set<String>

  private var inference: ShapeInference
  private var builder: GraphBuilder
  private var nodes: [Node] = []
  private var emitted = 0
  private var emittedConstants = 0
  private var runtimeLengths: [String: String] = [:]
  private var lostBy: [String: String] = [:]

  init(
    _ graph: Graph, operatorSet: Int, image: String, imageAxes: (batch: Int, height: Int, width: Int), stride: Int,
    old: [String: Int], new: [String: Int], frozen: Set<String>, inputShapes: [String: [Extent]]
  ) {
    self.operatorSet = operatorSet
    self.image = image
    self.imageAxes = imageAxes
    self.stride = stride
    self.old = old
    self.new = new
    self.frozen = frozen
    inference = ShapeInference(graph, operatorSet: operatorSet, inputShapes: inputShapes)
    builder = GraphBuilder(graph, prefix: "swoop/axes")
  }

  /// Rewrites `graph` in place.
  ///
  /// - Throws: ``ModelError`` with code `unsupported`, naming the node and the tensor that prevent it.
  mutating func rewrite(_ graph: inout Graph) throws {
    for (position, node) in graph.nodes.enumerated() {
      var node = node
      try prepare(&node)
      flushBuilder()
      nodes.append(node)
      inference.step(node, at: position)
      for output in node.outputs { applyKnownShape(output) }
      try checkThatAxesSurvive(node)
    }
    graph.nodes = nodes
    graph.initializers += builder.initializers
  }

  /// Moves what the builder made since the last time before the node that needs it.
  private mutating func flushBuilder() {
    while emittedConstants < builder.initializers.count {
      inference.define(builder.initializers[emittedConstants])
      applyKnownShape(builder.initializers[emittedConstants].name)
      emittedConstants += 1
    }
    while emitted < builder.nodes.count {
      let node = builder.nodes[emitted]
      emitted += 1
      nodes.append(node)
      inference.step(node, at: nodes.count - 1)
      for output in node.outputs { applyKnownShape(output) }
    }
  }

  private mutating func applyKnownShape(_ name: String) {
    if let shape = knownShapes[name] { inference.override(name, shape: shape) }
  }

  /// The shapes in symbols of rewritten reshapes' outputs and of constants, which the numbers written for them do not
  /// show.
  private var knownShapes: [String: [Extent]] = [:]

  private mutating func prepare(_ node: inout Node) throws {
    guard node.isStandard else { return }
    switch node.op {
    case "Reshape": try reshape(&node)
    case "Expand": expand(&node)
    case "Resize": try resize(&node)
    case "Slice": try slice(&node)
    case "Split": try split(&node)
    case "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Where", "Concat", "Equal", "Less", "Greater":
      try regenerateConstants(&node)
    default: break
    }
  }

  func dependsOnFrozen(_ extent: Extent) -> Bool { extent.symbolNames.contains { frozen.contains($0) } }

  func unsupported(_ node: Node, _ reason: String) -> ModelError {
    ModelError(.unsupported, "\(node.label) prevents it: \(reason)")
  }

  // MARK: Reshape

  private mutating func reshape(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape, let name = node.input(1),
      shape.contains(where: dependsOnFrozen), let lengths = inference.result[name].elements
    else { return }
    let before = shape.map { $0.evaluated(old) }
    guard before.allSatisfy({ $0 != nil }) else { return }
    let total = before.reduce(1) { $0.multipliedReportingOverflow(by: $1 ?? 0).partialValue }
    var target: [Int] = []
    for (axis, length) in lengths.enumerated() {
      guard let number = length.evaluated(old) else { return }
      target.append(number == 0 && node.int("allowzero") != 1 && axis < shape.count ? before[axis] ?? 0 : number)
    }
    if let open = target.firstIndex(of: -1) {
      let rest = target.reduce(-1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      guard rest > 0, total % rest == 0 else { return }
      target[open] = total / rest
    }
    guard let wanted = ReshapeAlignment.align(shape, target, old) else {
      throw unsupported(
        node, "the lengths \(lengths.map { "\($0)" }) in '\(name)' cannot be traced to the axes of '\(source)' \(inference.result[source])")
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
          throw unsupported(node, "the length \(readable(length)) in '\(name)' is no whole number at the new size")
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

  /// A 1-D tensor of one int64 that holds a length at run time, from the shape of the image.
  mutating func runtimeLength(_ length: Extent) -> String {
    guard case .linear(let linear) = length, !linear.symbols.isEmpty else { return builder.integers([length.value ?? 0]) }
    var product = builder.integers([linear.factor])
    for symbol in linear.symbols {
      for _ in 0..<symbol.power { product = builder.add("Mul", [product, runtimeSymbol(symbol.name)]) }
    }
    return linear.divisor == 1 ? product : builder.add("Div", [product, builder.integers([linear.divisor])])
  }

  private mutating func runtimeSymbol(_ name: String) -> String {
    if let known = runtimeLengths[name] { return known }
    if let number = new[name] { return builder.integers([number]) }
    let axis: Int
    switch name {
    case AxisSymbol.rows: axis = imageAxes.height
    case AxisSymbol.columns: axis = imageAxes.width
    default: axis = imageAxes.batch
    }
    let shape = builder.add("Shape", [image])
    var length = builder.add("Gather", [shape, builder.integers([axis])], [.int("axis", 0)])
    if name == AxisSymbol.rows || name == AxisSymbol.columns {
      length = builder.add("Div", [length, builder.integers([stride])])
    }
    runtimeLengths[name] = length
    return length
  }

  // MARK: Other shape constants

  /// Where an expansion repeats a frozen length, 1 leaves the length to the input.
  private mutating func expand(_ node: inout Node) {
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
  private mutating func resize(_ node: inout Node) throws {
    guard operatorSet >= 11, let source = node.input(0), let shape = inference.result[source].shape,
      let name = node.input(3), let given = inference.constant(name), let sizes = try? given.integers(),
      shape.contains(where: dependsOnFrozen), node.ints("axes") == nil, sizes.count == shape.count
    else { return }
    var scales: [Float] = []
    for (extent, size) in zip(shape, sizes) {
      guard let length = extent.evaluated(old), length > 0, Int(size) % length == 0 else {
        throw unsupported(
          node, "its sizes \(sizes) in '\(name)' are no whole multiples of '\(source)' \(inference.result[source])")
      }
      scales.append(Float(Int(size) / length))
    }
    node.inputs[2] = builder.constant("scales") { Tensor(name: $0, shape: [scales.count], floats: scales) }
    node.inputs.removeSubrange(3...)
  }

  /// Bounds at the end of a frozen axis become the end; others are scaled with the axis where the new length is fixed.
  private mutating func slice(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape, let startName = node.input(1),
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
      guard shape.indices.contains(axis), dependsOnFrozen(shape[axis]), let length = shape[axis].evaluated(old),
        length > 0
      else {
        continue
      }
      if ends[index] == Int64(length) {
        ends[index] = .max
        changed = true
      }
      for (bounds, isEnd) in [(begins[index], false), (ends[index], true)] where bounds > 0 && bounds < Int64(length) {
        let scaled = try scale(Int(bounds), of: shape[axis], length, node)
        if isEnd { ends[index] = Int64(scaled) } else { begins[index] = Int64(scaled) }
        changed = true
      }
    }
    guard changed else { return }
    node.inputs[1] = builder.integers(begins.map { Int($0) })
    node.inputs[2] = builder.integers(ends.map { Int($0) })
  }

  private mutating func split(_ node: inout Node) throws {
    guard let source = node.input(0), let shape = inference.result[source].shape, let name = node.input(1),
      let parts = try? inference.constant(name)?.integers()
    else { return }
    let given = node.int("axis") ?? 0
    let axis = given < 0 ? given + shape.count : given
    guard shape.indices.contains(axis), dependsOnFrozen(shape[axis]), let length = shape[axis].evaluated(old), length > 0
    else {
      return
    }
    node.inputs[1] = builder.integers(try parts.map { try scale(Int($0), of: shape[axis], length, node) })
  }

  private func scale(_ bound: Int, of extent: Extent, _ length: Int, _ node: Node) throws -> Int {
    guard let number = extent.evaluated(new) else {
      throw unsupported(node, "it cuts an axis of \(length) at \(bound), which a dynamic length does not allow")
    }
    let (product, overflow) = bound.multipliedReportingOverflow(by: number)
    guard !overflow, product % length == 0 else {
      throw unsupported(node, "it cuts an axis of \(length) at \(bound), which does not scale to \(number)")
    }
    return product / length
  }

  // MARK: Constants beside the data

  private mutating func regenerateConstants(_ node: inout Node) throws {
    let shapes = node.inputs.map { inference.result[$0].shape }
    for (index, name) in node.inputs.enumerated() {
      guard let constant = inference.constant(name), let own = shapes[index] else { continue }
      // The axes along which another input has a frozen length and the constant has its old number.
      var frozenAxes: [Int: Extent] = [:]
      for (other, shape) in shapes.enumerated() where other != index {
        guard let shape else { continue }
        for (back, extent) in shape.reversed().enumerated() where back < own.count && dependsOnFrozen(extent) {
          let axis = own.count - 1 - back
          if let number = own[axis].value, number != 1, number == extent.evaluated(old) { frozenAxes[axis] = extent }
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
    if axes.values.allSatisfy({ $0.symbolNames == [AxisSymbol.batch] }), axes.count == 1, let axis = axes.keys.first {
      return try sliceOfEqualRows(values, axis, refuse)
    }
    guard let floats = values.floats, constant.elementType == .float32,
      let height = old[AxisSymbol.rows].map({ $0 * stride }), let width = old[AxisSymbol.columns].map({ $0 * stride })
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
      for after in 0..<inner { lines.append((0..<length).map { floats[(before * length + $0) * inner + after] }) }
    }
    guard let grid = GridConstant(lines: lines, height: height, width: width) else {
      throw refuse("is no grid of cells of a known pyramid, so it cannot be computed for another size")
    }
    let newLengths = ordered.map { axes[$0]?.evaluated(new) }
    if newLengths.allSatisfy({ $0 != nil }), let rows = new[AxisSymbol.rows], let columns = new[AxisSymbol.columns] {
      var shape = constant.shape
      for (axis, length) in zip(ordered, newLengths) { shape[axis] = length ?? 0 }
      let made = grid.lines(height: rows * stride, width: columns * stride)
      let count = made.first?.count ?? 0
      guard newLengths.reduce(1, { $0 * ($1 ?? 0) }) == count else { throw refuse("does not fit the new size") }
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

  private mutating func sliceOfEqualRows(_ values: DenseTensor, _ axis: Int, _ refuse: (String) -> ModelError) throws
    -> String
  {
    let strides = Strides.of(values.shape)
    var shape = values.shape
    shape[axis] = 1
    let first = values.gathered(Strides.walk(shape, strides), shape: shape)
    for row in 1..<values.shape[axis] {
      let next = values.gathered(Strides.walk(shape, strides, offset: row * strides[axis]), shape: shape)
      let isEqual =
        next.floats.map { $0.map(\.bitPattern) == first.floats?.map(\.bitPattern) } ?? (next.integers == first.integers)
      guard isEqual else { throw refuse("differs from image to image of the old batch") }
    }
    return builder.constant("row") { first.tensor(named: $0) }
  }

  /// Nodes that compute the grid from the image's size.
  ///
  /// - Parameters:
  ///   - outer: the number of lines before the axes of the grid, as `inner` is of those after it.
  ///   - target: the shape of the result.
  private mutating func gridAtRunTime(_ grid: GridConstant, outer: Int, inner: Int, target: [Extent]) -> String {
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
        parts.append(builder.add("Add", [builder.add("Add", [builder.scalar(level.constant), byColumn]), byRow]))
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
  private mutating func ramp(_ length: String, target: [Int], _ size: String, _ scalarShape: String) -> String {
    let zero = builder.constant("zero") { Tensor(name: $0, shape: [], integers: [0]) }
    let one = builder.constant("one") { Tensor(name: $0, shape: [], integers: [1]) }
    let limit = builder.add("Reshape", [length, scalarShape])
    let steps = builder.cast(builder.add("Range", [zero, limit, one]), to: .float32)
    let shaped = builder.add("Reshape", [steps, builder.integers(target)])
    return builder.add("Reshape", [builder.add("Expand", [shaped, size]), builder.integers([-1])])
  }

  // MARK: What must hold

  /// An axis that the data had and lost is frozen somewhere in between.
  private func checkThatAxesSurvive(_ node: Node) throws {
    let bound: Set<String> = ["Shape", "Size", "NonZero", "NonMaxSuppression", "Range", "ConstantOfShape", "Gather"]
    guard node.isStandard, !bound.contains(node.op), frozen.contains(AxisSymbol.batch) else { return }
    func mentionsBatch(_ shape: [Extent]) -> Bool {
      shape.contains { $0.symbolNames.contains { $0.contains(AxisSymbol.batch) } }
    }
    guard let source = node.inputs.first(where: { inference.result[$0].shape.map(mentionsBatch) ?? false }) else { return }
    for output in node.outputs where !output.isEmpty {
      guard let shape = inference.result[output].shape, shape.allSatisfy(\.isKnown) else { continue }
      if !mentionsBatch(shape) {
        throw unsupported(
          node, "'\(source)' \(describe(inference.result[source])) has the batch and '\(output)' \(describe(inference.result[output])) has not")
      }
    }
  }

  private func describe(_ tensor: InferredTensor) -> String { readable("\(tensor)") }

  private func readable(_ extent: Extent) -> String { readable("\(extent)") }

  private func readable(_ text: String) -> String {
    var text = text
    for (symbol, name) in [
      (AxisSymbol.batch, "batch"), (AxisSymbol.rows, "height/\(stride)"), (AxisSymbol.columns, "width/\(stride)"),
    ] {
      text = text.replacing(symbol, with: name)
    }
    return text
  }
}
