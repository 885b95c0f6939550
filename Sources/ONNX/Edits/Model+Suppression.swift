internal import Tensors

/// Which operator suppresses overlapping boxes inside the model.
public enum SuppressionOperator: Hashable, Sendable {
  /// The standard operator `NonMaxSuppression`, which every runtime knows.
  case onnx
  /// TensorRT's plugin `EfficientNMS_TRT`; the model then runs in TensorRT only.
  case efficientNMS
}

extension Model {
  /// Appends non-maximum suppression to a detector, so that it answers with the boxes that are left.
  ///
  /// Outputs, with K = `maximum`: `num_dets` (B, 1) int32; `det_boxes` (B, K, 4), corners in input pixels; `det_scores`
  /// (B, K), descending; `det_classes` (B, K) int32. Rows from `num_dets` on are zero. A dynamic batch stays dynamic.
  ///
  /// With ``SuppressionOperator/onnx`` each anchor counts with its best class, as in prediction: kept are scores over
  /// `confidence`; a box is suppressed by a better one of its class with an IoU over `iou`; of what is left over all
  /// classes the best K. With ``SuppressionOperator/efficientNMS`` each pair of anchor and class counts, bounds are
  /// inclusive, and only the best 4,096 pairs enter: that is how the plugin works.
  ///
  /// The anchors must be at least K.
  ///
  /// - Parameters:
  ///   - head: the layout of the output; found out where `nil`.
  ///   - splitBoxFormat: how a model whose outputs are split already writes its boxes; where `nil`, what its metadata
  ///     says as `box_format`. Another head says nothing new by it.
  /// - Throws: ``ModelError``: `unsupported` where the head is not known or needs no suppression, `request` where a
  ///   number makes no sense, or where nothing says how split boxes are written.
  public mutating func embedSuppression(
    _ kind: SuppressionOperator, confidence: Float, iou: Float, maximum: Int, head: HeadLayout? = nil,
    splitBoxFormat: BoxCoordinates? = nil
  ) throws {
    let version = try prepareForEditing()
    guard (0...1).contains(confidence), (0...1).contains(iou), (1...100_000).contains(maximum) else {
      throw ModelError(
        .request,
        "confidence and IoU are between 0 and 1 and the maximum is at least 1; found \(confidence), \(iou), \(maximum)"
      )
    }
    let found = try detectionHead(head)
    guard found.layout != .endToEnd else {
      throw ModelError(.unsupported, "the model has an end-to-end head, which needs no suppression")
    }
    var format = BoxCoordinates.xyxy
    if found.layout == .split {
      guard let said = splitBoxFormat ?? self[metadata: Self.boxFormatKey].flatMap(BoxCoordinates.init) else {
        throw ModelError(
          .request,
          "'\(graph.outputs[found.output].name)' holds boxes as four numbers, and nothing in the model says which; say xyxy or cxcywh"
        )
      }
      format = said
    }
    let names = ["num_dets", "det_boxes", "det_scores", "det_classes"]
    try requireFree(names)
    var builder = GraphBuilder(graph, prefix: "swoop/suppression")
    switch kind {
    case .onnx: try embedStandard(found, confidence, iou, maximum, version, format, &builder)
    case .efficientNMS:
      try embedPlugin(found, confidence, iou, maximum, version, &builder)
      if !operatorSets.contains(where: { $0.domain == "TRT" }) {
        operatorSets.append(OperatorSet(domain: "TRT", version: 1))
      }
    }
    let type = ElementType.float32
    builder.append(to: &graph)
    let batch = graph.outputs[found.output].shape?.dimensions.first ?? .dynamic(name: "batch")
    let removed = found.layout == .split ? [found.output, found.scores, found.classes] : [found.output]
    let others = graph.outputs.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
    let kept = TensorShape.Dimension.fixed(maximum)
    graph.outputs =
      [
        Value(name: names[0], elementType: .int32, shape: [batch, 1]),
        Value(name: names[1], elementType: type, shape: [batch, kept, 4]),
        Value(name: names[2], elementType: type, shape: [batch, kept]),
        Value(name: names[3], elementType: .int32, shape: [batch, kept]),
      ] + others
    graph.removeUnused()
    // What a split wrote of its boxes; these are corners.
    self[metadata: Self.boxFormatKey] = nil
    try refreshShapes(version)
  }

  /// Boxes as corners, best scores and their classes, whatever the head, in float32.
  private func candidates(
    _ found: DetectionHead, _ version: Int, _ format: BoxCoordinates, _ builder: inout GraphBuilder
  ) throws -> (boxes: String, scores: String, classes: String) {
    var parts: (boxes: String, scores: String, classes: String)
    let output = graph.outputs[found.output]
    if found.layout == .split {
      parts = (output.name, graph.outputs[found.scores].name, graph.outputs[found.classes].name)
      if format == .cxcywh {
        parts.boxes = builder.corners(parts.boxes, type: output.elementType, output: nil)
      }
      if graph.outputs[found.classes].elementType != .int32 {
        parts.classes = builder.cast(parts.classes, to: .int32)
      }
    } else {
      parts = try builder.boxesScoresClasses(
        of: output, layout: found.layout, boxFormat: .xyxy, operatorSet: version, in: graph,
        names: (nil, nil, nil))
    }
    if output.elementType != .float32 { parts.boxes = builder.cast(parts.boxes, to: .float32) }
    let scoreType = found.layout == .split ? graph.outputs[found.scores].elementType : output.elementType
    if scoreType != .float32 { parts.scores = builder.cast(parts.scores, to: .float32) }
    return parts
  }

  private func classCount(of found: DetectionHead) throws -> Int {
    switch found.layout {
    case .channelsFirst(let classes), .objectness(let classes): return classes
    case .split, .endToEnd:
      guard let classCount, classCount > 0 else {
        throw ModelError(
          .unsupported,
          "the number of classes of split outputs is not known; embed the suppression and split in one step, or add 'names' to the metadata"
        )
      }
      return classCount
    }
  }

  private func embedStandard(
    _ found: DetectionHead, _ confidence: Float, _ iou: Float, _ maximum: Int, _ version: Int,
    _ format: BoxCoordinates,
    _ builder: inout GraphBuilder
  ) throws {
    let classCount = try classCount(of: found)
    let (boxes, scores, classes) = try candidates(found, version, format, &builder)
    func expandDims(_ tensor: String, _ axis: Int) -> String {
      version >= 13
        ? builder.add("Unsqueeze", [tensor, builder.integers([axis])])
        : builder.add("Unsqueeze", [tensor], [.ints("axes", [axis])])
    }
    let zero = builder.scalar(0)
    // The score of the best class in that class's row, so that suppression is exact within a class; adding an offset
    // to the boxes of each class would round them.
    var perClass = expandDims(scores, 1)
    if classCount > 1 {
      let numbers = builder.constant("classes") {
        DenseTensor(.int32, [1, classCount, 1], integers: (0..<classCount).map { Int64($0) }).tensor(
          named: $0)
      }
      let isClass = builder.add("Equal", [expandDims(classes, 1), numbers])
      perClass = builder.add("Where", [isClass, perClass, zero])
    }
    let limit = builder.integers([maximum])
    func threshold(_ value: Float) -> String {
      builder.constant("threshold") { Tensor(name: $0, shape: [1], floats: [value]) }
    }
    let kept = builder.add(
      "NonMaxSuppression", [boxes, perClass, limit, threshold(iou), threshold(confidence)])
    // Rows of (image, class, anchor) become a map of scores in which the suppressed are zero, for a fixed shape.
    let places = builder.add("Gather", [kept, builder.integers([0, 2])], [.int("axis", 1)])
    let empty = builder.add(
      "ConstantOfShape", [builder.add("Shape", [scores])],
      [Attribute("value", .tensor(Tensor(name: "", shape: [1], floats: [0])))])
    let left = builder.add("ScatterND", [empty, places, builder.add("GatherND", [scores, places])])
    let best = builder.add(
      "TopK", [left, limit], [.int("axis", 1), .int("largest", 1), .int("sorted", 1)],
      outputs: ["det_scores", nil])
    let isBox = builder.add("Greater", [best[0], zero])
    let ones = builder.cast(isBox, to: .int32)
    if version >= 13 {
      builder.add("ReduceSum", [ones, builder.integers([1])], [.int("keepdims", 1)], output: "num_dets")
    } else {
      builder.add("ReduceSum", [ones], [.ints("axes", [1]), .int("keepdims", 1)], output: "num_dets")
    }
    let rows = builder.add("Expand", [expandDims(best[1], 2), builder.integers([1, 1, 4])])
    let bestBoxes = builder.add("GatherElements", [boxes, rows], [.int("axis", 1)])
    builder.add("Where", [expandDims(isBox, 2), bestBoxes, zero], output: "det_boxes")
    let bestClasses = builder.add("GatherElements", [classes, best[1]], [.int("axis", 1)])
    let noClass = builder.constant("zero") { DenseTensor(.int32, [], integers: [0]).tensor(named: $0) }
    builder.add("Where", [isBox, bestClasses, noClass], output: "det_classes")
  }

  private func embedPlugin(
    _ found: DetectionHead, _ confidence: Float, _ iou: Float, _ maximum: Int, _ version: Int,
    _ builder: inout GraphBuilder
  ) throws {
    let output = graph.outputs[found.output]
    var boxes: String
    var scores: String
    switch found.layout {
    case .channelsFirst(let classes):
      let parts = builder.parts(of: output.name, classes: classes, in: graph, version)
      boxes = builder.add("Transpose", [parts.boxes], [.ints("perm", [0, 2, 1])])
      scores = builder.add("Transpose", [parts.scores], [.ints("perm", [0, 2, 1])])
    case .objectness(let classes):
      boxes = builder.slice(output.name, axis: 2, from: 0, to: 4)
      let objectness = builder.slice(output.name, axis: 2, from: 4, to: 5)
      scores = builder.add(
        "Mul", [builder.slice(output.name, axis: 2, from: 5, to: 5 + classes), objectness])
    case .split, .endToEnd:
      throw ModelError(
        .unsupported,
        "the plugin takes the scores of all classes, which split outputs no longer have; embed it first")
    }
    if output.elementType != .float32 {
      boxes = builder.cast(boxes, to: .float32)
      scores = builder.cast(scores, to: .float32)
    }
    builder.add(
      "EfficientNMS_TRT", [boxes, scores],
      [
        .string("plugin_version", "1"), .int("background_class", -1), .int("box_coding", 1),
        Attribute("iou_threshold", .float(iou)), Attribute("score_threshold", .float(confidence)),
        .int("max_output_boxes", maximum), .int("score_activation", 0), .int("class_agnostic", 0),
      ], domain: "TRT", outputs: ["num_dets", "det_boxes", "det_scores", "det_classes"])
  }
}
