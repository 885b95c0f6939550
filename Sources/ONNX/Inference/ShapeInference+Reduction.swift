internal import Tensors

extension ShapeInference {
  /// Reductions, selections and the suppression operators.
  static func inferReduction(_ c: inout Context) -> Bool {
    switch c.node.op {
    case "ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
      "ReduceLogSumExp", "ReduceSumSquare":
      reduce(&c)
    case "ArgMax", "ArgMin":
      c.outputs[0].elementType = .int64
      guard let shape = c.input(0).shape, let axis = c.axis(c.node.int("axis") ?? 0, rank: shape.count) else {
        return true
      }
      c.outputs[0].shape = removing([axis], from: shape, keeps: c.node.int("keepdims") ?? 1 != 0)
    case "TopK": topK(&c)
    case "NonMaxSuppression":
      c.outputs[0] = InferredTensor(elementType: .int64, shape: [.symbol("kept by \(c.node.outputs[0])"), .fixed(3)])
      if let boxes = c.input(0).elementType, boxes != .float32 {
        c.fail("its boxes '\(c.node.inputs[0])' are \(boxes), the operator takes float32")
      }
    default: return false
    }
    return true
  }

  /// Operators outside the standard set whose results are known.
  static func inferPlugin(_ c: inout Context) -> Bool {
    guard c.node.op == "EfficientNMS_TRT", c.outputs.count == 4 else { return false }
    let batch = c.input(0).shape?.first ?? .unknown
    let kept = c.node.int("max_output_boxes").map { Extent.fixed($0) } ?? .unknown
    let type = c.input(0).elementType
    c.outputs[0] = InferredTensor(elementType: .int32, shape: [batch, .fixed(1)])
    c.outputs[1] = InferredTensor(elementType: type, shape: [batch, kept, .fixed(4)])
    c.outputs[2] = InferredTensor(elementType: type, shape: [batch, kept])
    c.outputs[3] = InferredTensor(elementType: .int32, shape: [batch, kept])
    return true
  }

  private static func reduce(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    let keeps = c.node.int("keepdims") ?? 1 != 0
    guard let shape = c.input(0).shape else { return }
    guard let given = c.axes(input: 1) else {
      if keeps { c.outputs[0].shape = shape.map { _ in .unknown } }
      return
    }
    if given.isEmpty {
      c.outputs[0].shape =
        c.node.int("noop_with_empty_axes") == 1 ? shape : removing(Set(shape.indices), from: shape, keeps: keeps)
    } else {
      var axes = Set<Int>()
      for value in given {
        guard let axis = c.axis(value, rank: shape.count) else { return }
        axes.insert(axis)
      }
      c.outputs[0].shape = removing(axes, from: shape, keeps: keeps)
    }
    if c.node.op == "ReduceProd", shape.count == 1, let elements = c.input(0).elements {
      c.outputs[0].elements = [elements.reduce(.fixed(1), *)]
    }
  }

  private static func removing(_ axes: Set<Int>, from shape: [Extent], keeps: Bool) -> [Extent] {
    shape.indices.compactMap { axes.contains($0) ? (keeps ? .fixed(1) : nil) : shape[$0] }
  }

  private static func topK(_ c: inout Context) {
    let type = c.input(0).elementType
    guard c.outputs.count == 2 else {
      c.fail("it has \(c.outputs.count) outputs, expected values and indices")
      return
    }
    c.outputs[0].elementType = type
    c.outputs[1].elementType = .int64
    guard var shape = c.input(0).shape, let axis = c.axis(c.node.int("axis") ?? -1, rank: shape.count) else { return }
    let kept = c.node.int("k").map { Extent.fixed($0) } ?? c.input(1).elements?.first ?? .unknown
    if let length = shape[axis].value, let kept = kept.value, kept > length || kept < 0 {
      c.fail("it takes the first \(kept) of an axis of \(length)")
      return
    }
    shape[axis] = kept
    c.outputs[0].shape = shape
    c.outputs[1].shape = shape
  }
}
