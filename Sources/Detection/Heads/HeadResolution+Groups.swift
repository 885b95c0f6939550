internal import Tensors

/// The families whose boxes, scores and classes are tensors of their own.
extension HeadResolver {
  func forced(_ kind: DetectionHead.Kind, boxFormat: BoxFormat?) throws(DetectionError) -> DetectionHead {
    try refuseOtherTasks()
    switch kind {
    case .yolov8, .yolov8Transposed, .yolov5, .endToEnd:
      return try forcedSingleTensor(kind)
    case .efficientNMS:
      if let head = try efficientNMS() { return head }
      throw DetectionError(
        .headMismatch,
        "The head efficient-nms does not fit: it needs the outputs num_dets, det_boxes, det_scores and det_classes "
          + "(or num_dets, bboxes, scores and labels); the model has \(outputList).")
    case .split:
      if let head = try split(boxFormat: boxFormat) { return head }
      return try splitByShape(boxFormat: boxFormat)
    }
  }

  private func output(_ names: String...) -> TensorDescriptor? {
    for name in names {
      if let output = outputs.first(where: { $0.name == name }) { return output }
    }
    return nil
  }

  func efficientNMS() throws(DetectionError) -> DetectionHead? {
    guard let count = output("num_dets", "num_detections"),
      let boxes = output("det_boxes", "bboxes", "detection_boxes"),
      let scores = output("det_scores", "scores", "detection_scores"),
      let classes = output("det_classes", "labels", "detection_classes")
    else { return nil }
    guard [1, 2].contains(count.shape.rank),
      count.shape.rank == 1 || count.shape[1].length.map({ $0 == 1 }) ?? true
    else {
      throw mismatch(.efficientNMS, count, expected: "(batch, 1)")
    }
    if boxes.shape.rank == 3, boxes.shape[2].length == 5 {
      throw DetectionError(
        .unsupportedModel,
        "The output \(boxes) has five numbers a box: that is the rotated form of EfficientNMS, which is not supported."
      )
    }
    try requireBoxes(boxes, for: .efficientNMS)
    try requireRows(scores, like: boxes, for: .efficientNMS)
    try requireRows(classes, like: boxes, for: .efficientNMS)
    try requireFloat(boxes, for: .efficientNMS)
    try requireFloat(scores, for: .efficientNMS)
    try requireInteger(count, for: .efficientNMS)
    let read = [count, boxes, scores, classes].map(\.name)
    let others = outputs.map(\.name).filter { !read.contains($0) }
    let note = others.isEmpty ? "" : "; not read: \(others.joined(separator: ", "))"
    return DetectionHead(
      kind: .efficientNMS, tensors: read, classCount: nil, boxFormat: .xyxy,
      reason: "the outputs are named \(read.joined(separator: ", "))\(note)")
  }

  /// By the names bbox, conf and class_id.
  func split(boxFormat: BoxFormat?) throws(DetectionError) -> DetectionHead? {
    guard let boxes = output("bbox"), let scores = output("conf"), let classes = output("class_id") else {
      return nil
    }
    return try split(
      boxes: boxes, scores: scores, classes: classes, boxFormat: boxFormat,
      reason: "the outputs are named bbox, conf and class_id")
  }

  /// Asked for with other names: one tensor of boxes, and two of rank 2 that names or element types tell apart.
  private func splitByShape(boxFormat: BoxFormat?) throws(DetectionError) -> DetectionHead {
    let boxes = outputs.filter { $0.shape.rank == 3 && $0.shape[2].length == 4 }
    let rows = outputs.filter { $0.shape.rank == 2 }
    func isNamed(_ output: TensorDescriptor, _ parts: [String]) -> Bool {
      parts.contains { output.name.lowercased().contains($0) }
    }
    func isClass(_ output: TensorDescriptor) -> Bool {
      output.elementType.isInteger || isNamed(output, ["class", "label", "cls", "categor"])
    }
    let classes = rows.filter(isClass)
    let scores = rows.filter { !isClass($0) }
    guard boxes.count == 1, classes.count == 1, scores.count == 1, outputs.count == 3 else {
      throw DetectionError(
        .headMismatch,
        "The head split does not fit: it needs three outputs, boxes (batch, N, 4), scores (batch, N) and classes "
          + "(batch, N), with classes an integer tensor or named so; the model has \(outputList).")
    }
    return try split(
      boxes: boxes[0], scores: scores[0], classes: classes[0], boxFormat: boxFormat,
      reason: "asked for, and the shapes and element types of \(boxes[0].name), \(scores[0].name) and "
        + "\(classes[0].name) fit it")
  }

  private func split(
    boxes: TensorDescriptor, scores: TensorDescriptor, classes: TensorDescriptor, boxFormat: BoxFormat?,
    reason: String
  ) throws(DetectionError) -> DetectionHead {
    try requireBoxes(boxes, for: .split)
    try requireRows(scores, like: boxes, for: .split)
    try requireRows(classes, like: boxes, for: .split)
    try requireFloat(boxes, for: .split)
    try requireFloat(scores, for: .split)
    guard let format = boxFormat ?? metadata.boxFormat else {
      throw DetectionError(
        .ambiguousHead,
        "The output \(boxes) holds boxes as four numbers, and nothing in the model says which. Say it:"
          + "\n  --box-format xyxy     left, top, right, bottom\n  --box-format cxcywh   centre, width, height"
      )
    }
    let origin = boxFormat == nil ? "the metadata's box_format" : "asked for"
    return DetectionHead(
      kind: .split, tensors: [boxes.name, scores.name, classes.name], classCount: nil, boxFormat: format,
      reason: "\(reason); box format \(format.rawValue), \(origin)")
  }

  // MARK: Checks

  private func mismatch(_ kind: DetectionHead.Kind, _ tensor: TensorDescriptor, expected: String)
    -> DetectionError
  {
    DetectionError(
      .headMismatch,
      "The output \(tensor) does not fit the head \(kind.rawValue): expected \(expected). "
        + "The outputs are \(outputList).")
  }

  private func requireBoxes(_ tensor: TensorDescriptor, for kind: DetectionHead.Kind) throws(DetectionError) {
    guard tensor.shape.rank == 3, tensor.shape[2].length.map({ $0 == 4 }) ?? true else {
      throw mismatch(kind, tensor, expected: "(batch, N, 4)")
    }
  }

  /// (B, N) or (B, N, 1), with the N of the boxes.
  private func requireRows(
    _ tensor: TensorDescriptor, like boxes: TensorDescriptor, for kind: DetectionHead.Kind
  ) throws(DetectionError) {
    let rank = tensor.shape.rank
    let count = boxes.shape[1].length
    guard rank == 2 || rank == 3 && tensor.shape[2].length == 1,
      tensor.shape[1].length == nil || count == nil || tensor.shape[1].length == count
    else { throw mismatch(kind, tensor, expected: "(batch, \(count.map { "\($0)" } ?? "N"))") }
  }

  func requireFloat(_ tensor: TensorDescriptor, for kind: DetectionHead.Kind) throws(DetectionError) {
    switch tensor.elementType {
    case .float32, .float16, .bfloat16: return
    default: throw mismatch(kind, tensor, expected: "elements of float32, float16 or bfloat16")
    }
  }

  private func requireInteger(_ tensor: TensorDescriptor, for kind: DetectionHead.Kind) throws(DetectionError) {
    guard tensor.elementType.isInteger else { throw mismatch(kind, tensor, expected: "integer elements") }
  }
}

extension ElementType {
  /// Whether elements are whole numbers that ``OutputElement`` types exist for.
  var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }
}
