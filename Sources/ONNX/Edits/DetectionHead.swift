internal import Tensors

/// How a detector's raw output is laid out.
public enum HeadLayout: Hashable, Sendable {
  /// (B, 4 + classes, anchors): cx, cy, w, h in input pixels, then a score for each class. YOLOv8, 9, 11, 12, YOLOv5u.
  case channelsFirst(classes: Int)
  /// (B, anchors, 5 + classes): cx, cy, w, h, objectness, then a score for each class. YOLOv5, YOLOv7.
  case objectness(classes: Int)
  /// (B, boxes, 6): x1, y1, x2, y2, score, class. YOLOv10, YOLO26, exports with suppression inside.
  case endToEnd
  /// Already split: boxes (B, anchors, 4), best score (B, anchors), its class (B, anchors).
  case split
}

extension HeadLayout: CustomStringConvertible {
  /// `channels:80`, `objectness:80`, `end-to-end`, `split`.
  public var description: String {
    switch self {
    case .channelsFirst(let classes): "channels:\(classes)"
    case .objectness(let classes): "objectness:\(classes)"
    case .endToEnd: "end-to-end"
    case .split: "split"
    }
  }

  /// The axis that holds the values of one box, and how many they are.
  fileprivate var column: (axis: Int, length: Int)? {
    switch self {
    case .channelsFirst(let classes): (1, 4 + classes)
    case .objectness(let classes): (2, 5 + classes)
    case .endToEnd: (2, 6)
    case .split: nil
    }
  }
}

/// The head of a detector: its layout and the output that has it.
struct DetectionHead {
  var layout: HeadLayout
  /// The position in `Graph/outputs`; for a split head that of the boxes.
  var output: Int
  /// The positions of scores and classes of a split head.
  var scores = 0
  var classes = 0
}

extension Model {
  /// Recognises the head from the outputs' shapes, with the number of classes from the metadata where it is there.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` that says what was found.
  public func detectionHeadLayout() throws -> HeadLayout { try detectionHead(nil).layout }

  func detectionHead(_ given: HeadLayout?) throws -> DetectionHead {
    // Exports name axes that they could state; inference knows those.
    let inferred = ShapeInference.infer(graph, operatorSet: operatorSetVersion ?? 0)
    let shapes = graph.outputs.map { output -> [Int?]? in
      let found = inferred[output.name].shape?.map(\.value)
      guard let declared = output.shape?.dimensions.map(\.length) else { return found }
      guard let found, found.count == declared.count else { return declared }
      return zip(declared, found).map { $0 ?? $1 }
    }
    func refuse(_ reason: String) -> ModelError {
      let outputs = graph.outputs.map { "\($0)" }.joined(separator: ", ")
      return ModelError(.unsupported, "\(reason); the outputs are \(outputs)")
    }
    if given == nil || given == .split {
      if let split = splitHead(shapes) { return split }
      if given != nil { throw refuse("the outputs are not boxes (B, N, 4), scores (B, N) and classes (B, N)") }
    }
    if let task = self[metadata: "task"], task != "detect" {
      throw refuse("the model's task is '\(task)', and only heads of detectors are split")
    }
    guard shapes.count == 1 || given != nil, let first = shapes.first, let shape = first, shape.count == 3
    else {
      throw refuse("the head of the model is not known: expected one output of three axes")
    }
    if let given {
      if let (axis, length) = given.column, let found = shape[axis], found != length {
        throw refuse("the head \(given) has \(length) values a box, the model's first output has \(found)")
      }
      return DetectionHead(layout: given, output: 0)
    }
    let named = classCount
    if self[metadata: "end2end"] == "True", shape[2] == 6 {
      return DetectionHead(layout: .endToEnd, output: 0)
    }
    if let classes = named {
      if shape[1] == 4 + classes { return DetectionHead(layout: .channelsFirst(classes: classes), output: 0) }
      if shape[2] == 5 + classes { return DetectionHead(layout: .objectness(classes: classes), output: 0) }
    }
    if shape[2] == 6, let boxes = shape[1], boxes <= 1000 {
      return DetectionHead(layout: .endToEnd, output: 0)
    }
    if named == nil, let channels = shape[1], channels > 4, shape[2].map({ $0 > channels }) ?? true {
      return DetectionHead(layout: .channelsFirst(classes: channels - 4), output: 0)
    }
    if named == nil, let columns = shape[2], columns > 5, shape[1].map({ $0 > columns }) ?? true {
      return DetectionHead(layout: .objectness(classes: columns - 5), output: 0)
    }
    let hint = named.map { " (the metadata names \($0) classes)" } ?? ""
    throw refuse("the head of the model is not known\(hint); say which it is")
  }

  private func splitHead(_ shapes: [[Int?]?]) -> DetectionHead? {
    guard shapes.count == 3, let boxes = shapes.firstIndex(where: { $0?.count == 3 && $0?.last == 4 }) else {
      return nil
    }
    let others = [0, 1, 2].filter { $0 != boxes }
    guard others.allSatisfy({ shapes[$0]?.count == 2 }) else { return nil }
    let integral = others.filter { graph.outputs[$0].elementType?.isInteger ?? false }
    guard integral.count == 1, let scores = others.first(where: { $0 != integral[0] }) else { return nil }
    return DetectionHead(layout: .split, output: boxes, scores: scores, classes: integral[0])
  }

  /// The number of entries in the metadata's `names`, a Python dictionary `{0: 'a', 1: 'b'}` or list.
  var classCount: Int? {
    guard let text = self[metadata: "names"] else { return nil }
    var count = 0
    var quote: Character?
    var isEscaped = false
    var isEmpty = true
    // Entries are separated by commas outside strings; a trailing one adds none.
    var pending = false
    for character in text.dropFirst() {
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == open {
          quote = nil
        }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        pending = true
      case ",":
        if pending { count += 1 }
        pending = false
      case "}", "]": break
      case " ", "\n", ":": break
      default: pending = true
      }
      isEmpty = isEmpty && !pending
    }
    if pending { count += 1 }
    return isEmpty && count == 0 ? nil : count
  }
}
