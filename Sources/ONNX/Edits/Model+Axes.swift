internal import Tensors

/// The length that an axis of a model's input is to have.
public enum AxisLength: Hashable, Sendable {
  case fixed(Int)
  /// Chosen by each execution.
  case dynamic
}

extension Model {
  /// Gives the model another batch: a fixed number of images, or any.
  ///
  /// Constants that an export froze for its own batch (targets of reshapes, repeated rows) are rewritten. Outputs and
  /// all tensors between get shapes to match.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` naming the node that prevents it, or `request` where the number
  ///   makes no sense.
  public mutating func setBatch(_ batch: AxisLength) throws {
    try setAxes(batch: batch, height: nil, width: nil)
  }

  /// Gives the model another size of the image, in pixels: fixed, or any multiple of the network's stride.
  ///
  /// Targets of reshapes, sizes, and anchor grids that an export froze are computed anew; with a dynamic size the graph
  /// computes them from the image.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` naming the node that prevents it, or `request` where the number
  ///   makes no sense.
  public mutating func setSize(height: AxisLength, width: AxisLength) throws {
    try setAxes(batch: nil, height: height, width: width)
  }

  private mutating func setAxes(batch: AxisLength?, height: AxisLength?, width: AxisLength?) throws {
    let version = try prepareForEditing()
    let image = try imageInput()
    // Exports that were not simplified compute their frozen shapes from constants.
    while try foldConstants() {}
    let stride = self[metadata: "stride"].flatMap { Int($0) }.flatMap { (1...1024).contains($0) ? $0 : nil } ?? 32
    let axes = image.axes
    let declared = graph.inputs[image.position].shape ?? TensorShape([])
    let changes: [(axis: Int, to: AxisLength, symbol: String, unit: Int, name: String)] = [
      (axes.batch, batch, AxisSymbol.batch, 1, "batch"), (axes.height, height, AxisSymbol.rows, stride, "height"),
      (axes.width, width, AxisSymbol.columns, stride, "width"),
    ].compactMap { axis, length, symbol, unit, name in length.map { (axis, $0, symbol, unit, name) } }

    var old: [String: Int] = [:]
    var new: [String: Int] = [:]
    var frozen: Set<String> = []
    var traced = declared.dimensions.enumerated().map { axis, dimension -> Extent in
      switch dimension {
      case .fixed(let length): .fixed(length)
      case .dynamic(let name): .symbol(name ?? "\(graph.inputs[image.position].name).\(axis)")
      }
    }
    var target = declared
    for change in changes {
      if case .fixed(let length) = change.to {
        guard length > 0, length <= 1 << 15, length % change.unit == 0 else {
          throw ModelError(
            .request,
            change.unit == 1
              ? "a \(change.name) of \(length) is not possible; it is between 1 and \(1 << 15)"
              : "the \(change.name) must be a multiple of the network's stride, \(change.unit), up to \(1 << 15); \(length) is not"
          )
        }
        target.dimensions[change.axis] = .fixed(length)
        if length % change.unit == 0 { new[change.symbol] = length / change.unit }
      } else if declared[change.axis].length != nil {
        target.dimensions[change.axis] = .dynamic(name: change.name)
      }
      guard let length = declared[change.axis].length, target[change.axis] != declared[change.axis] else { continue }
      guard length % change.unit == 0, length > 0 else {
        throw ModelError(
          .unsupported,
          "the model's \(change.name) of \(length) is no multiple of its stride, \(change.unit); its frozen lengths cannot be traced"
        )
      }
      old[change.symbol] = length / change.unit
      frozen.insert(change.symbol)
      traced[change.axis] = .symbol(change.symbol, times: change.unit)
    }
    guard target != declared else { return }
    // Both axes of the size are traced when one changes: a grid depends on both.
    for (axis, symbol) in [(axes.height, AxisSymbol.rows), (axes.width, AxisSymbol.columns)]
    where !frozen.contains(symbol) {
      guard let length = declared[axis].length else {
        // A dynamic size is a multiple of the stride as well.
        traced[axis] = .symbol(symbol, times: stride)
        continue
      }
      guard !frozen.isDisjoint(with: [AxisSymbol.rows, AxisSymbol.columns]), length % stride == 0 else { continue }
      old[symbol] = length / stride
      new[symbol] = length / stride
      frozen.insert(symbol)
      traced[axis] = .symbol(symbol, times: stride)
    }
    // A prime stands for each axis that is dynamic already, to tell it from the others in products.
    for (extent, prime) in zip(traced, [7919, 7907, 7901, 7883, 7879, 7877]) {
      for symbol in extent.symbolNames where old[symbol] == nil { old[symbol] = prime }
    }
    do {
      if !frozen.isEmpty {
        var rewriter = AxisRewriter(
          graph, operatorSet: version, image: graph.inputs[image.position].name, imageAxes: axes, stride: stride,
          old: old, new: new, frozen: frozen, inputShapes: [graph.inputs[image.position].name: traced])
        try rewriter.rewrite(&graph)
      }
      graph.inputs[image.position].shape = target
      graph.removeUnused()
      try refreshShapes(version)
    } catch let error as ModelError where error.code == .unsupported {
      let wanted = changes.map { "\($0.name) \($0.to == .dynamic ? "dynamic" : "\(target[$0.axis])")" }
      throw ModelError(.unsupported, "cannot make the \(wanted.joined(separator: ", ")): \(error.message)")
    }
  }

  /// Infers all shapes again, refuses contradictions, and declares the outputs' shapes.
  mutating func refreshShapes(_ version: Int) throws {
    let inferred = ShapeInference.infer(graph, operatorSet: version)
    if let issue = inferred.issues.first { throw ModelError(.unsupported, issue.message) }
    graph.values = []
    for index in graph.outputs.indices {
      let found = inferred[graph.outputs[index].name]
      if let type = found.elementType { graph.outputs[index].elementType = type }
      guard let shape = found.shape else { continue }
      let declared = graph.outputs[index].shape
      graph.outputs[index].shape = TensorShape(
        shape.enumerated().map { axis, extent in
          if let length = extent.value { return .fixed(length) }
          // The name that the author gave an axis stays.
          if let declared, declared.rank == shape.count, declared[axis].length == nil { return declared[axis] }
          guard extent.isKnown, extent.symbolNames.count == 1, "\(extent)" == extent.symbolNames[0] else {
            return .dynamic(name: nil)
          }
          return .dynamic(name: "\(extent)")
        })
    }
  }
}

/// An image among a model's inputs: (B, 3, H, W), or (B, H, W, 3) for raw bytes.
struct ImageInput {
  /// The position in `Graph/inputs`.
  let position: Int
  let axes: (batch: Int, height: Int, width: Int)
  let isChannelsLast: Bool
}

extension Model {
  /// The only input with the shape of an image.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` where there is none, or more than one.
  func imageInput() throws -> ImageInput {
    let constants = Set(graph.initializers.map(\.name))
    let candidates = graph.inputs.enumerated().compactMap { position, value -> ImageInput? in
      guard !constants.contains(value.name), let shape = value.shape, shape.rank == 4 else { return nil }
      let isLast = value.elementType == .uint8 && shape[1].length != 3
      return ImageInput(position: position, axes: isLast ? (0, 1, 2) : (0, 2, 3), isChannelsLast: isLast)
    }
    guard candidates.count == 1 else {
      let found = graph.requiredInputs.map { "\($0)" }.joined(separator: ", ")
      throw ModelError(
        .unsupported, "the model must have one input of the shape of an image (B, C, H, W); it has \(found)")
    }
    return candidates[0]
  }
}
