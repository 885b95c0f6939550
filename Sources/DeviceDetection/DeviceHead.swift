internal import Detection
internal import Tensors

/// How the kernels read a head's tensors: what is checked of their shapes, and where the numbers stand.
///
/// The checks are those of the head on the CPU, so that an output is refused here if and only if it is refused there.
struct DeviceHead {
  let head: DetectionHead

  /// What one batch's outputs are.
  struct Layout {
    /// Anchors or rows of an image.
    var anchors = 0
    /// Numbers of an anchor; for heads with a score for every class.
    var channels = 0
    var addresses: PostprocessParameters.Addresses = (0, 0, 0, 0)
    var types: PostprocessParameters.Codes = (0, 0, 0, 0)
    /// Whether four neighbouring anchors can be loaded at once.
    var isAligned = false
  }

  /// The channel of class 0.
  var firstClass: Int { head.kind == .yolov5 ? 5 : 4 }

  /// The axis of the first tensor with boxes that counts anchors.
  private var anchorAxis: Int { head.kind == .yolov8 ? 2 : 1 }

  /// The place in ``DetectionHead/tensors`` of the one that tells how many anchors there are.
  private var anchorTensor: Int { head.kind == .efficientNMS ? 1 : 0 }

  // MARK: What a model declares

  /// Why outputs as a model declares them cannot be read on the device; `nil` where they can.
  func refusal(of outputs: [TensorDescriptor]) -> String? {
    for (place, name) in head.tensors.enumerated() {
      guard let output = outputs.first(where: { $0.name == name }) else { return "there is no output \(name)" }
      guard DeviceHead.code(of: output.elementType) != nil else {
        return "the output \(output) has elements of another type than integers and floats of 16 or 32 bits"
      }
      guard isReadable(output.elementType, place: place) else {
        return "the output \(output) does not have elements of float32, float16 or bfloat16"
      }
      let ranks = place == anchorTensor ? 3...3 : place == 0 ? 1...3 : 2...3
      guard ranks.contains(output.shape.rank) else {
        return "the output \(output) does not have the rank that the head \(head.kind.rawValue) reads"
      }
    }
    return nil
  }

  /// How many anchors a model declares; `nil` where the axis is dynamic.
  func anchorCount(_ outputs: [TensorDescriptor]) -> Int? {
    guard let output = outputs.first(where: { $0.name == head.tensors[anchorTensor] }), output.shape.rank == 3 else {
      return nil
    }
    return output.shape[anchorAxis].length
  }

  /// Boxes and scores are floats; classes and counts may be integers too.
  private func isReadable(_ type: ElementType, place: Int) -> Bool {
    let isWhole =
      switch head.kind {
      case .efficientNMS: place == 0 || place == 3
      case .split: place == 2
      default: false
      }
    return isWhole || type == .float32 || type == .float16 || type == .bfloat16
  }

  // MARK: What a run delivers

  /// Checks a run's outputs for a number of images.
  ///
  /// - Throws: ``DetectionError`` of code `unreadableOutput`.
  func layout(_ outputs: [DeviceOutput], images: Int) throws(DetectionError) -> Layout {
    func tensor(_ place: Int) throws(DetectionError) -> DeviceOutput {
      let name = head.tensors[place]
      for output in outputs where output.name == name { return output }
      throw DetectionError(
        .unreadableOutput,
        "The run gave no output \(name); the head \(head.kind.rawValue) reads \(head.tensors.joined(separator: ", ")).")
    }
    switch head.kind {
    case .yolov8, .yolov8Transposed, .yolov5: return try scores(tensor(0), images: images)
    case .endToEnd:
      let output = try tensor(0)
      guard output.shape.count == 3, output.shape[2] == 6 else {
        throw failure(output, expected: "(batch, K, 6)")
      }
      let type = try check(output, place: 0, images: images)
      return Layout(
        anchors: output.shape[1], addresses: (output.address, output.address, output.address, 0),
        types: (type, type, type, 0))
    case .split: return try rows(tensor(0), tensor(1), tensor(2), first: 0, images: images)
    case .efficientNMS:
      let count = try tensor(0)
      var layout = try rows(tensor(1), tensor(2), tensor(3), first: 1, images: images)
      layout.types.3 = try check(count, place: 0, images: images)
      layout.addresses.3 = count.address
      guard elementsPerRow(count) == 1 else { throw failure(count, expected: "(batch, 1)") }
      return layout
    }
  }

  private func scores(_ output: DeviceOutput, images: Int) throws(DetectionError) -> Layout {
    let isChannelsFirst = head.kind == .yolov8
    func expected() -> String {
      let channels = head.classCount.map { "\($0 + firstClass)" } ?? "\(firstClass) + classes"
      return isChannelsFirst ? "(batch, \(channels), anchors)" : "(batch, anchors, \(channels))"
    }
    guard output.shape.count == 3 else { throw failure(output, expected: expected()) }
    let channels = output.shape[isChannelsFirst ? 1 : 2]
    let anchors = output.shape[anchorAxis]
    guard channels > firstClass, head.classCount == nil || channels == (head.classCount ?? 0) + firstClass,
      channels - firstClass <= Labels.maximumIndex + 1, anchors <= Int(Int32.max)
    else { throw failure(output, expected: expected()) }
    let type = try check(output, place: 0, images: images)
    var layout = Layout(
      anchors: anchors, channels: channels, addresses: (output.address, 0, 0, 0), types: (type, 0, 0, 0))
    let packed = UInt64(4 * (output.elementType.byteCount ?? 1))
    layout.isAligned = anchors % 4 == 0 && output.address % packed == 0
    return layout
  }

  /// - Parameter first: the place of the boxes; scores and classes follow.
  private func rows(
    _ boxes: DeviceOutput, _ scores: DeviceOutput, _ classes: DeviceOutput, first: Int, images: Int
  ) throws(DetectionError) -> Layout {
    guard boxes.shape.count == 3, boxes.shape[2] == 4 else { throw failure(boxes, expected: "(batch, N, 4)") }
    let rows = boxes.shape[1]
    func requireRows(_ output: DeviceOutput) throws(DetectionError) {
      guard output.shape.count >= 2, elementsPerRow(output) == rows else {
        throw failure(output, expected: "(batch, \(rows)), as many as \(boxes.name) has boxes")
      }
    }
    try requireRows(scores)
    try requireRows(classes)
    guard rows <= Int(Int32.max) else { throw failure(boxes, expected: "at most \(Int32.max) rows") }
    return Layout(
      anchors: rows, addresses: (boxes.address, scores.address, classes.address, 0),
      types: (
        try check(boxes, place: first, images: images), try check(scores, place: first + 1, images: images),
        try check(classes, place: first + 2, images: images), 0
      ))
  }

  /// Element type, size, batch and alignment of an output. Returns the type as the kernels know it.
  private func check(_ output: DeviceOutput, place: Int, images: Int) throws(DetectionError) -> Int32 {
    guard let code = DeviceHead.code(of: output.elementType), let byteCount = output.elementType.byteCount,
      isReadable(output.elementType, place: place)
    else { throw failure(output, expected: "elements of float32, float16 or bfloat16") }
    guard let batch = output.shape.first, batch >= images else {
      throw failure(output, expected: "a batch of at least \(images)")
    }
    var size = byteCount
    for length in output.shape {
      let (product, overflowed) = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflowed else {
        throw DetectionError(
          .unreadableOutput, "The output \(output.name) has the impossible shape \(output.shape).")
      }
      size = product
    }
    guard size == 0 || output.address != 0, output.address % UInt64(byteCount) == 0 else {
      throw DetectionError(
        .unreadableOutput,
        "The device address \(output.address) of the output \(output.name) is not aligned to its \(byteCount)-byte "
          + "elements.")
    }
    return code
  }

  /// The product of the axes after the first; `nil` where it is beyond what can be.
  private func elementsPerRow(_ output: DeviceOutput) -> Int? {
    var count = 1
    for length in output.shape.dropFirst() {
      let (product, overflowed) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflowed else { return nil }
      count = product
    }
    return count
  }

  private func failure(_ output: DeviceOutput, expected: String) -> DetectionError {
    DetectionError(
      .unreadableOutput,
      "The output \(output.name) has the shape \(output.shape) and type \(output.elementType); expected \(expected).")
  }

  /// The kernels' number for an element type.
  static func code(of type: ElementType) -> Int32? {
    switch type {
    case .float32: 0
    case .float16: 1
    case .bfloat16: 2
    case .int8: 3
    case .int16: 4
    case .int32: 5
    case .int64: 6
    case .uint8: 7
    case .uint16: 8
    case .uint32: 9
    case .uint64: 10
    case .float64, .boolean, .unknown: nil
    }
  }
}
