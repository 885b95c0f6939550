internal import Tensors

/// Which nodes stay in float32: those that must, those that the caller names, and by default those that half precision
/// costs much accuracy.
extension PrecisionConversion {
  /// Operators that exist in float32 only, in some operator set from 11 on, or whose meaning is bound to it.
  private static let float32Only: Set<String> = [
    "NonMaxSuppression", "Range", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "RandomNormal",
    "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Upsample", "CumSum", "EyeLike", "Bernoulli",
    "Multinomial", "Celu", "IsInf", "QLinearConv",
  ]

  /// Operators that take bfloat16 in no operator set up to 22.
  private static let notInBfloat16: Set<String> = ["TopK", "OneHot", "Compress", "Unique", "Scatter"]

  private static let normalisations: Set<String> = [
    "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization", "LpNormalization",
    "RMSNormalization", "Softmax", "LogSoftmax",
  ]

  /// The positions of nodes that stay in float32.
  func islands(_ graph: Graph) -> Set<Int> {
    var kept = lengthComputations(graph)
    for (position, node) in graph.nodes.enumerated() {
      let isAsked = options.keeps(node)
      let isDefault = options.usesDefaultIslands && Self.normalisations.contains(node.standardOp)
      let isBound =
        !node.isStandard || Self.float32Only.contains(node.op)
        // Its second and third result are float32 whatever it computes in.
        || node.op == "LayerNormalization" && node.outputs.count > 1
        || type == .bfloat16 && Self.notInBfloat16.contains(node.op)
      if isAsked || isDefault || isBound || hasConstantsOutOfRange(node) { kept.insert(position) }
    }
    if options.usesDefaultIslands {
      kept.formUnion(afterLastConvolutions(graph))
      kept.formUnion(firstConvolutions(graph))
    }
    return kept
  }

  /// Floating-point computations on lengths, which half would round above 2048, and bfloat16 above 256: nodes that
  /// follow from shapes and not from data.
  private func lengthComputations(_ graph: Graph) -> Set<Int> {
    var found = Set<Int>()
    var data = Set(graph.inputs.map(\.name))
    var lengths = Set<String>()
    for (position, node) in graph.nodes.enumerated() {
      let read = GraphIndex.reads(of: node)
      if node.standardOp == "Shape" || node.standardOp == "Size" {
        lengths.formUnion(node.outputs)
      } else if read.contains(where: data.contains) {
        data.formUnion(node.outputs)
      } else if read.contains(where: lengths.contains) {
        lengths.formUnion(node.outputs)
        if touchesFloat32(node) { found.insert(position) }
      }
    }
    return found
  }

  /// The convolutions that read the image, and what lies between. Pixels are never negative, so the rounding of a
  /// filter's weights adds up instead of cancelling: measured on a YOLOv8n, this one layer makes two thirds of the
  /// error that half precision brings to the scores.
  private func firstConvolutions(_ graph: Graph) -> Set<Int> {
    var found = Set<Int>()
    var pending = graph.inputs.filter { index.initializers[$0.name] == nil }.flatMap {
      index.consumers[$0.name] ?? []
    }
    while let position = pending.popLast() {
      let node = graph.nodes[position]
      guard touchesFloat32(node), found.insert(position).inserted, node.standardOp != "Conv" else { continue }
      for output in node.outputs where inferred[output].elementType == .float32 {
        pending += index.consumers[output] ?? []
      }
    }
    return found.count < graph.nodes.count ? found : []
  }

  /// The nodes between the last convolutions and the outputs. A convolution to one channel over bins, which takes the
  /// expectation of box distances, belongs to the decoding.
  private func afterLastConvolutions(_ graph: Graph) -> Set<Int> {
    var found = Set<Int>()
    var pending = graph.outputs.compactMap { index.producers[$0.name] }
    while let position = pending.popLast() {
      let node = graph.nodes[position]
      if ["Conv", "ConvTranspose", "Gemm"].contains(node.standardOp) {
        let weight = node.input(1).flatMap { constants[$0] }
        guard node.op == "Conv", let weight, weight.shape.first == 1, weight.elementCount ?? .max <= 64 else {
          continue
        }
      }
      guard found.insert(position).inserted else { continue }
      for name in GraphIndex.reads(of: node) {
        if let producer = index.producers[name] { pending.append(producer) }
      }
    }
    // A classifier or a network without convolutions would stay whole; islands are for heads.
    return found.count < graph.nodes.count ? found : []
  }

  /// Whether float16 cannot hold a constant that the node reads: an element over its range, or a single number, such as
  /// what is added before a division, so small that it would lose digits or become zero.
  private func hasConstantsOutOfRange(_ node: Node) -> Bool {
    guard type == .float16 else { return false }
    let takesWeights = ["Conv", "ConvTranspose", "Gemm", "MatMul"].contains(node.standardOp)
    return node.inputs.contains { name in
      guard let tensor = constants[name], tensor.elementType == .float32 else { return false }
      return tensor.exceedsFloat16 || !takesWeights && tensor.isBelowFloat16
    }
  }
}

extension Tensor {
  /// Whether a finite element of a float32 tensor is out of float16's range.
  fileprivate var exceedsFloat16: Bool {
    guard byteCount == storedByteCount else { return false }
    let found = try? withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count - 3, by: 4).contains { offset in
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: Float.self).magnitude
        return value > 65504 && value.isFinite
      }
    }
    return found ?? false
  }

  /// Whether a float32 scalar is less than float16's least normal number and not zero.
  fileprivate var isBelowFloat16: Bool {
    guard elementCount == 1, let value = try? floats().first else { return false }
    return value != 0 && value.magnitude < 0x1p-14
  }
}
