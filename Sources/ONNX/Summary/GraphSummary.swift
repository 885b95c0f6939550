internal import Tensors

/// What a model costs to run, and whether its batch can be dynamic.
public struct GraphSummary: Sendable {
  /// How often each operator occurs, most frequent first, then by name.
  public var operators: [(name: String, count: Int)]
  public var nodeCount: Int
  /// The number of elements of floating-point constants.
  public var parameterCount: Int
  /// The bytes of all constants.
  public var parameterByteCount: Int
  /// Floating-point operations of convolutions and matrix products for one batch, two for each multiply-add; `nil` where
  /// a shape they depend on is not known.
  public var operationCount: Int?
  /// The most bytes that tensors between nodes take at any one time when each is freed after its last reader; `nil`
  /// where a shape is not known. A runtime that fuses or reorders operators needs less or more.
  public var peakActivationByteCount: Int?
  /// Inputs and outputs at the size that the figures are for.
  public var inputs: [Value]
  public var outputs: [Value]
  /// Operators that are not known here, so that the figures leave them out.
  public var unknownOperators: [String]
  /// Why the batch cannot be made dynamic; `nil` where it is or can be.
  public var dynamicBatchObstacle: String?
  public var isBatchDynamic: Bool
}

extension Model {
  /// Summarises the model for one batch of a size.
  ///
  /// - Parameters:
  ///   - batch: images in a batch; `nil` for the model's own, or 1 where it is dynamic.
  ///   - size: height and width in pixels; `nil` for the model's own, or 640 × 640 where it is dynamic.
  /// - Throws: ``ModelError`` where the graph is not valid, or the size cannot be had.
  public func summary(batch: Int? = nil, size: (height: Int, width: Int)? = nil) throws -> GraphSummary {
    guard let version = operatorSetVersion else { throw ModelError(.invalid, "the model states no operator set") }
    var copy = self
    try copy.graph.sortTopologically()
    var isDynamic = false
    var obstacle: String?
    if let image = try? copy.imageInput(), let shape = copy.graph.inputs[image.position].shape {
      isDynamic = shape[image.axes.batch].length == nil
      if !isDynamic {
        do {
          var attempt = copy
          try attempt.setBatch(.dynamic)
        } catch let error as ModelError {
          obstacle = error.message
        }
      }
      let height = size?.height ?? shape[image.axes.height].length ?? 640
      let width = size?.width ?? shape[image.axes.width].length ?? 640
      let wantedBatch = batch ?? shape[image.axes.batch].length ?? 1
      if shape[image.axes.height].length != height || shape[image.axes.width].length != width {
        try copy.setSize(height: .fixed(height), width: .fixed(width))
      }
      if shape[image.axes.batch].length != wantedBatch { try copy.setBatch(.fixed(wantedBatch)) }
    } else {
      obstacle = "the model has no single input of the shape of an image (B, C, H, W)"
    }
    let inferred = ShapeInference.infer(copy.graph, operatorSet: version)
    let counts = Dictionary(grouping: graph.nodes, by: \.op).mapValues(\.count)
    var constants = copy.graph.initializers
    constants += copy.graph.nodes.compactMap(\.constantValue)
    func sum(_ values: [Int]) -> Int { values.reduce(0) { $0.addingReportingOverflow($1).partialValue } }
    return GraphSummary(
      operators: counts.map { ($0.key, $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) },
      nodeCount: graph.nodes.count,
      parameterCount: sum(constants.filter { $0.elementType.isFloatingPoint }.map { $0.elementCount ?? 0 }),
      parameterByteCount: sum(constants.map(\.storedByteCount)),
      operationCount: copy.operationCount(inferred),
      peakActivationByteCount: copy.peakActivationByteCount(inferred),
      inputs: copy.graph.requiredInputs, outputs: copy.graph.outputs,
      unknownOperators: Set(inferred.unknownOperators.map { copy.graph.nodes[$0].op }).sorted(),
      dynamicBatchObstacle: obstacle, isBatchDynamic: isDynamic)
  }

  private func operationCount(_ inferred: InferredGraph) -> Int? {
    var total = 0
    for node in graph.nodes where node.isStandard {
      var factors: [Int?]
      switch node.op {
      case "Conv":
        // Outputs times the weights that each sums over: channels in a group times the kernel.
        guard let output = node.output(0), let weight = node.input(1) else { continue }
        factors = [inferred[output].count.value] + (inferred[weight].shape?.dropFirst().map(\.value) ?? [nil])
      case "ConvTranspose":
        guard let source = node.input(0), let weight = node.input(1) else { continue }
        factors = [inferred[source].count.value] + (inferred[weight].shape?.dropFirst().map(\.value) ?? [nil])
      case "MatMul", "Gemm":
        guard let output = node.output(0), let source = node.input(0), let shape = inferred[source].shape, !shape.isEmpty
        else { return nil }
        let isTransposed = node.op == "Gemm" && node.int("transA") ?? 0 != 0
        factors = [inferred[output].count.value, (isTransposed ? shape[0] : shape[shape.count - 1]).value]
      default: continue
      }
      var operations = 2
      for factor in factors {
        guard let factor else { return nil }
        let (product, overflow) = operations.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        operations = product
      }
      let (sum, overflow) = total.addingReportingOverflow(operations)
      guard !overflow else { return nil }
      total = sum
    }
    return total
  }

  private func peakActivationByteCount(_ inferred: InferredGraph) -> Int? {
    let index = GraphIndex(graph)
    func byteCount(_ name: String) -> Int? {
      let tensor = inferred[name]
      guard let count = tensor.count.value, let bits = tensor.elementType?.storedBitWidth else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: bits)
      return overflow || product > .max / 4 ? nil : product / 8
    }
    var lastReader: [String: Int] = [:]
    for (name, readers) in index.consumers { lastReader[name] = readers.last }
    for output in graph.outputs { lastReader[output.name] = graph.nodes.count }
    var live = 0
    var peak = 0
    for input in graph.requiredInputs {
      guard let bytes = byteCount(input.name) else { return nil }
      live += bytes
    }
    for (position, node) in graph.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty && node.standardOp != "Constant" {
        guard let bytes = byteCount(output) else { return nil }
        let (sum, overflow) = live.addingReportingOverflow(bytes)
        guard !overflow else { return nil }
        live = sum
      }
      peak = max(peak, live)
      for input in Set(GraphIndex.reads(of: node)) where lastReader[input] == position {
        let isConstant = index.initializers[input] != nil || index.producers[input].map { graph.nodes[$0].standardOp == "Constant" } ?? false
        if !isConstant { live -= byteCount(input) ?? 0 }
      }
      for output in node.outputs where lastReader[output] == nil && node.standardOp != "Constant" {
        live -= byteCount(output) ?? 0
      }
    }
    return peak
  }
}
