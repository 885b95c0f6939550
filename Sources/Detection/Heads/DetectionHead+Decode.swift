public import Tensors

extension DetectionHead {
  /// Reads the candidates of one image from a run's outputs.
  ///
  /// A candidate's score is *above* its class's threshold (float32, strictly). An anchor counts for its best class, the
  /// first of equals; if that class does not pass, neither does the anchor, whatever its second best. With
  /// `isMultiLabel`, every class above its threshold makes a candidate. YOLOv5 scores are objectness times class
  /// score, and the objectness must exceed the smallest threshold by itself.
  ///
  /// NaN and infinite scores or boxes and boxes turned inside out never become candidates; they are counted.
  /// Boxes come out as xyxy in network pixels, computed in float32.
  ///
  /// - Parameters:
  ///   - row: the image's place in the batch.
  ///   - confidence: thresholds by class.
  ///   - classes: the classes to keep; `nil` keeps all.
  ///   - isMultiLabel: only heads with ``hasClassScores`` have more than one label to give.
  ///   - candidates: overwritten; its memory is reused.
  ///   - output: gives a tensor by name; called once for each of ``tensors``.
  /// - Throws: ``DetectionError`` of code `unreadableOutput`, or what `output` throws.
  /// - Complexity: one pass over the image's scores, plus the number of classes for each anchor that passes.
  public func decode(
    row: Int, confidence: ClassThresholds, classes: Set<Int>? = nil, isMultiLabel: Bool = false,
    into candidates: inout Candidates, output: (String) throws -> TensorView
  ) throws {
    let table = ThresholdTable(confidence, classes: classes, rounding: { Float($0) })
    try decode(row: row, thresholds: table, isMultiLabel: isMultiLabel, into: &candidates, output: output)
  }

  func decode(
    row: Int, thresholds: ThresholdTable, isMultiLabel: Bool, into candidates: inout Candidates,
    output: (String) throws -> TensorView
  ) throws {
    candidates.removeAll()
    switch kind {
    case .yolov8, .yolov8Transposed, .yolov5:
      let tensor = try OutputTensor(output(tensors[0]))
      try decodeScores(
        tensor, row: row, thresholds: thresholds, isMultiLabel: isMultiLabel, into: &candidates)
    case .endToEnd:
      try decodeEndToEnd(
        OutputTensor(output(tensors[0])), row: row, thresholds: thresholds, into: &candidates)
    case .efficientNMS:
      let count = try OutputTensor(output(tensors[0]))
      try decodeRows(
        boxes: OutputTensor(output(tensors[1])), scores: OutputTensor(output(tensors[2])),
        classes: OutputTensor(output(tensors[3])), count: count, row: row, thresholds: thresholds,
        into: &candidates)
    case .split:
      try decodeRows(
        boxes: OutputTensor(output(tensors[0])), scores: OutputTensor(output(tensors[1])),
        classes: OutputTensor(output(tensors[2])), count: nil, row: row, thresholds: thresholds,
        into: &candidates)
    }
  }

  private func decodeEndToEnd(
    _ tensor: OutputTensor, row: Int, thresholds: ThresholdTable, into candidates: inout Candidates
  ) throws(DetectionError) {
    guard tensor.shape.count == 3, tensor.shape[2] == 6 else {
      throw tensor.failure(expected: "(batch, K, 6)")
    }
    try tensor.requireRow(row)
    let values = try tensor.floats(row: row)
    for index in 0..<tensor.shape[1] {
      let start = index * 6
      let score = values(start + 4)
      candidates.take(
        score: score, classIndex: wholeNumber(values(start + 5)), anchor: index, thresholds: thresholds
      ) { Box(x1: values(start), y1: values(start + 1), x2: values(start + 2), y2: values(start + 3)) }
    }
  }

  /// Separate tensors of boxes, scores and classes; with a count, only so many rows of them.
  private func decodeRows(
    boxes: OutputTensor, scores: OutputTensor, classes: OutputTensor, count: OutputTensor?, row: Int,
    thresholds: ThresholdTable, into candidates: inout Candidates
  ) throws(DetectionError) {
    guard boxes.shape.count == 3, boxes.shape[2] == 4 else { throw boxes.failure(expected: "(batch, N, 4)") }
    var rows = boxes.shape[1]
    for tensor in [scores, classes] where tensor.shape.count < 2 || tensor.elementsPerRow != rows {
      throw tensor.failure(expected: "(batch, \(rows)), as many as \(boxes.name) has boxes")
    }
    for tensor in [boxes, scores, classes] { try tensor.requireRow(row) }
    if let count {
      try count.requireRow(row)
      guard count.elementsPerRow == 1 else { throw count.failure(expected: "(batch, 1)") }
      // A count beyond the rows there are, or below zero, is a damaged output: what cannot be there is counted.
      let stated = try count.integers(row: row)(0) ?? .max
      if stated < 0 || stated > rows { candidates.invalidCount += 1 }
      rows = min(max(stated, 0), rows)
    }
    let box = try boxes.floats(row: row)
    let score = try scores.floats(row: row)
    let classIndex = try classes.integers(row: row)
    let isCorners = boxFormat == .xyxy
    for index in 0..<rows {
      candidates.take(
        score: score(index), classIndex: classIndex(index), anchor: index, thresholds: thresholds
      ) {
        let (a, b, c, d) = (box(index * 4), box(index * 4 + 1), box(index * 4 + 2), box(index * 4 + 3))
        return isCorners
          ? Box(x1: a, y1: b, x2: c, y2: d) : Box(centreX: a, centreY: b, width: c, height: d)
      }
    }
  }
}

extension Candidates {
  /// One row that carries its own class.
  @inline(__always)
  fileprivate mutating func take(
    score: Float, classIndex: Int?, anchor: Int, thresholds: ThresholdTable, box: () -> Box
  ) {
    // Below every threshold: no candidate whatever its class; NaN goes on, to be counted.
    if score <= thresholds.minimum { return }
    guard let classIndex, (0...Labels.maximumIndex).contains(classIndex), !score.isNaN else {
      invalidCount += 1
      return
    }
    guard score > thresholds[classIndex] else { return }
    append(box: box(), score: score, classIndex: Int32(classIndex), anchor: anchor)
  }
}
