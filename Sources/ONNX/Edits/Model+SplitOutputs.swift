internal import Tensors

/// The four numbers of a box, in pixels of the network's input. The raw value is what the metadata says as `box_format`.
///
/// The library `Detection` has the same choice as `BoxFormat`; neither library needs the other.
public enum BoxCoordinates: String, Hashable, Sendable, CaseIterable {
  /// Left, top, right, bottom.
  case xyxy
  /// Centre, width, height.
  case cxcywh
}

extension Model {
  /// Replaces a detector's single output by three: `bbox` (B, anchors, 4) in input pixels, `conf` (B, anchors) the best
  /// class's score, `class_id` (B, anchors) its index as int32; of equal scores the first class.
  ///
  /// Corners are `cx − w/2` and `cx + w/2`. With an objectness, `conf` is the best product of objectness and class
  /// score. An end-to-end head has corners already; asking for centres is an error there. The format is written into
  /// the metadata as `box_format`.
  ///
  /// - Parameters:
  ///   - boxFormat: the format of `bbox`.
  ///   - head: the layout of the output; found out where `nil`.
  /// - Throws: ``ModelError`` with code `unsupported` where the head is not known.
  public mutating func splitOutputs(boxFormat: BoxCoordinates = .xyxy, head: HeadLayout? = nil) throws {
    let version = try prepareForEditing()
    let found = try detectionHead(head)
    guard found.layout != .split else {
      throw ModelError(
        .request, "the outputs are split already: \(graph.outputs.map(\.name).joined(separator: ", "))")
    }
    try requireFree(["bbox", "conf", "class_id"])
    var builder = GraphBuilder(graph, prefix: "swoop/split")
    let parts = try builder.boxesScoresClasses(
      of: graph.outputs[found.output], layout: found.layout, boxFormat: boxFormat, operatorSet: version,
      in: graph,
      names: ("bbox", "conf", "class_id"))
    builder.append(to: &graph)
    let type = graph.outputs[found.output].elementType
    graph.outputs.remove(at: found.output)
    graph.outputs.insert(
      contentsOf: [
        Value(name: parts.boxes, elementType: type, shape: nil),
        Value(name: parts.scores, elementType: type, shape: nil),
        Value(name: parts.classes, elementType: .int32, shape: nil),
      ], at: found.output)
    graph.removeUnused()
    try refreshShapes(version)
    // Four numbers do not tell which they are; readers of the model find it here.
    self[metadata: Self.boxFormatKey] = boxFormat.rawValue
  }

  static var boxFormatKey: String { "box_format" }

  /// Makes sure that the names of new outputs are free.
  func requireFree(_ names: [String]) throws {
    let taken = graph.allNames
    for name in names where taken.contains(name) {
      throw ModelError(
        .unsupported,
        "the model already has a tensor '\(name)', the name of an output to be made; rename it first")
    }
  }
}

extension GraphBuilder {
  /// Nodes from a head's output to boxes (B, N, 4), best scores (B, N) and their classes (B, N) as int32.
  mutating func boxesScoresClasses(
    of output: Value, layout: HeadLayout, boxFormat: BoxCoordinates, operatorSet: Int, in graph: Graph,
    names: (boxes: String?, scores: String?, classes: String?)
  ) throws -> (boxes: String, scores: String, classes: String) {
    switch layout {
    case .channelsFirst(let classes):
      let (boxes, scores) = parts(of: output.name, classes: classes, in: graph, operatorSet)
      let rows = add(
        "Transpose", [boxes], [.ints("perm", [0, 2, 1])], output: boxFormat == .cxcywh ? names.boxes : nil)
      let corners = boxFormat == .xyxy ? corners(rows, type: output.elementType, output: names.boxes) : rows
      let best = best(scores, axis: 1, operatorSet, names.scores, names.classes)
      return (corners, best.scores, best.classes)
    case .objectness(let classes):
      let end = 5 + classes
      let boxes = slice(
        output.name, axis: 2, from: 0, to: 4, output: boxFormat == .cxcywh ? names.boxes : nil)
      let corners = boxFormat == .xyxy ? corners(boxes, type: output.elementType, output: names.boxes) : boxes
      let objectness = slice(output.name, axis: 2, from: 4, to: 5)
      let scores = add("Mul", [slice(output.name, axis: 2, from: 5, to: end), objectness])
      let best = best(scores, axis: 2, operatorSet, names.scores, names.classes)
      return (corners, best.scores, best.classes)
    case .endToEnd:
      guard boxFormat == .xyxy else {
        throw ModelError(.request, "an end-to-end head gives corners; boxes as cxcywh cannot be kept")
      }
      let boxes = slice(output.name, axis: 2, from: 0, to: 4, output: names.boxes)
      let scores = gatherColumn(output.name, 4, output: names.scores)
      let classes = cast(gatherColumn(output.name, 5), to: .int32, output: names.classes)
      return (boxes, scores, classes)
    case .split:
      throw ModelError(.request, "the outputs are split already")
    }
  }

  /// Boxes and class scores of a channels-first head: where the last node joins exactly these two, what it joins.
  mutating func parts(of output: String, classes: Int, in graph: Graph, _ operatorSet: Int) -> (
    boxes: String, scores: String
  ) {
    if let producer = graph.nodes.last(where: { $0.outputs.contains(output) }),
      producer.standardOp == "Concat", producer.inputs.count == 2, [1, -2].contains(producer.int("axis"))
    {
      let inferred = ShapeInference.infer(graph, operatorSet: operatorSet)
      let shapes = producer.inputs.map { inferred[$0].shape ?? [] }
      if shapes.allSatisfy({ $0.count == 3 }), shapes[0][1].value == 4, shapes[1][1].value == classes {
        return (producer.inputs[0], producer.inputs[1])
      }
    }
    return (slice(output, axis: 1, from: 0, to: 4), slice(output, axis: 1, from: 4, to: 4 + classes))
  }

  /// (x, y, w, h) to (x − w/2, y − h/2, x + w/2, y + h/2) along the last axis.
  mutating func corners(_ boxes: String, type: ElementType?, output: String?) -> String {
    let centres = slice(boxes, axis: 2, from: 0, to: 2)
    let sizes = slice(boxes, axis: 2, from: 2, to: 4)
    var half = scalar(0.5)
    if let type, type != .float32 {
      half = constant("scalar") { DenseTensor(type, [], floats: [0.5]).tensor(named: $0) }
    }
    let halves = add("Mul", [sizes, half])
    return add(
      "Concat", [add("Sub", [centres, halves]), add("Add", [centres, halves])], [.int("axis", 2)],
      output: output)
  }

  /// The greatest score along an axis, and the first index that has it.
  mutating func best(
    _ scores: String, axis: Int, _ operatorSet: Int, _ scoreName: String?, _ className: String?
  ) -> (
    scores: String, classes: String
  ) {
    let best =
      operatorSet >= 18
      ? add("ReduceMax", [scores, integers([axis])], [.int("keepdims", 0)], output: scoreName)
      : add("ReduceMax", [scores], [.ints("axes", [axis]), .int("keepdims", 0)], output: scoreName)
    // Without select_last_index the first of equal scores is taken.
    let index = add("ArgMax", [scores], [.int("axis", axis), .int("keepdims", 0)])
    return (best, cast(index, to: .int32, output: className))
  }

  /// One column of (B, N, columns) as (B, N).
  mutating func gatherColumn(_ tensor: String, _ column: Int, output: String? = nil) -> String {
    let index = constant("column") { Tensor(name: $0, shape: [], integers: [Int64(column)]) }
    return add("Gather", [tensor, index], [.int("axis", 2)], output: output)
  }
}
