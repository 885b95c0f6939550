import ONNX
import Tensors
import Testing

@Suite("Embedded suppression")
struct SuppressionTests {
  @Test("Gives what plain suppression gives", arguments: [Fixture.head, .dynamic, .objectness], [1, 3])
  func standard(fixture: Fixture, batch: Int) throws {
    let (confidence, iou, maximum): (Float, Float, Int) = (0.2, 0.4, 6)
    var model = try fixture.load()
    try model.setBatch(.dynamic)
    try model.embedSuppression(.onnx, confidence: confidence, iou: iou, maximum: maximum)
    try model.check()
    #expect(model.graph.outputs.map(\.name) == ["num_dets", "det_boxes", "det_scores", "det_classes"])
    let images = Noise.images(batch)
    let found = try ReferenceRuntime.run(model, ["images": stack(images)])
    for (image, raw) in try fixture.run(images).enumerated() {
      let split = PlainSplit(raw, fixture, .xyxy)
      func box(_ i: Int) -> [Float] { Array(split.boxes[(i * 4)..<(i * 4 + 4)]) }
      var kept: [Int] = []
      let order = split.scores.indices.sorted { (split.scores[$0], $1) > (split.scores[$1], $0) }
      for candidate in order where split.scores[candidate] > confidence && kept.count < maximum {
        let isFree = kept.allSatisfy {
          split.classes[$0] != split.classes[candidate]
            || ReferenceCall.overlap(box($0), box(candidate)) <= iou
        }
        if isFree { kept.append(candidate) }
      }
      #expect(found["num_dets"]?.integers?[image] == Int64(kept.count))
      let padding = maximum - kept.count
      let scores = found["det_scores"]?.floats?[(image * maximum)..<((image + 1) * maximum)]
      #expect(scores.map(Array.init) == kept.map { split.scores[$0] } + [Float](repeating: 0, count: padding))
      let classes = found["det_classes"]?.integers?[(image * maximum)..<((image + 1) * maximum)]
      #expect(
        classes.map(Array.init) == kept.map { split.classes[$0] } + [Int64](repeating: 0, count: padding))
      let boxes = found["det_boxes"]?.floats?[(image * maximum * 4)..<((image + 1) * maximum * 4)]
      #expect(boxes.map(Array.init) == kept.flatMap(box) + [Float](repeating: 0, count: padding * 4))
    }
  }

  @Test("Takes outputs that are split already", arguments: [BoxCoordinates.xyxy, .cxcywh])
  func splitOutputs(format: BoxCoordinates) throws {
    var direct = try Fixture.head.load()
    try direct.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5)
    var steps = try Fixture.head.load()
    try steps.splitOutputs(boxFormat: format)
    var told = steps
    told.metadata.removeAll { $0.key == "box_format" }
    #expect(throws: ModelError.self) {
      try told.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5)
    }
    try told.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5, splitBoxFormat: format)
    // The split left a word in the metadata, which holds for the split outputs alone.
    try steps.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5)
    try steps.check()
    #expect(steps[metadata: "box_format"] == nil)
    let image = Noise.images(1)[0]
    let a = try ReferenceRuntime.run(direct, ["images": image])
    let b = try ReferenceRuntime.run(steps, ["images": image])
    let c = try ReferenceRuntime.run(told, ["images": image])
    for name in ["num_dets", "det_boxes", "det_scores", "det_classes"] {
      #expect(identical(a[name], b[name]) && identical(a[name], c[name]))
    }
  }

  @Test("The plugin gets boxes, all classes' scores and its options")
  func plugin() throws {
    var model = try Fixture.head.load()
    try model.embedSuppression(.efficientNMS, confidence: 0.3, iou: 0.6, maximum: 50)
    try model.check()
    let node = try #require(model.graph.nodes.first { $0.op == "EfficientNMS_TRT" })
    #expect(node.domain == "TRT" && model.operatorSets.contains { $0.domain == "TRT" && $0.version == 1 })
    #expect(node.outputs == ["num_dets", "det_boxes", "det_scores", "det_classes"])
    guard case .float(0.6)? = node[attribute: "iou_threshold"],
      case .float(0.3)? = node[attribute: "score_threshold"],
      case .int(50)? = node[attribute: "max_output_boxes"], case .int(1)? = node[attribute: "box_coding"]
    else {
      Issue.record("the plugin's options are wrong")
      return
    }
    #expect(model.graph.outputs[1].shape == [1, 50, 4])
    #expect(model.graph.outputs[3].elementType == .int32)
  }

  @Test("Heads that need none, and numbers without sense, are refused")
  func refusals() throws {
    var end = try Fixture.end.load()
    #expect(throws: ModelError.self) {
      try end.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 5)
    }
    var head = try Fixture.head.load()
    #expect(throws: ModelError.self) {
      try head.embedSuppression(.onnx, confidence: 1.2, iou: 0.5, maximum: 5)
    }
    #expect(throws: ModelError.self) {
      try head.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 0)
    }
    // More than there are anchors.
    #expect(throws: ModelError.self) {
      try head.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 21)
    }
  }
}
