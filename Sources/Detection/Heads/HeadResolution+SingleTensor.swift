internal import Tensors

/// The families with one tensor of rank 3.
extension HeadResolver {
  /// One way to read a tensor.
  struct Reading {
    var kind: DetectionHead.Kind
    var classCount: Int?
    var reason: String
    /// Whether layouts that no head here reads have the same shape, so that this must not be taken unasked.
    var isUncertain = false
  }

  /// Chooses by elimination: every family that the facts do not rule out is a reading; one must be left.
  func singleTensor() throws(DetectionError) -> DetectionHead {
    let tensors = outputs.filter { $0.shape.rank == 3 }
    guard tensors.count == 1, let tensor = tensors.first else {
      throw DetectionError(
        .unsupportedModel,
        "No head fits the model's outputs: \(outputList). Expected one tensor of rank 3 (YOLOv5 and later), the four of "
          + "EfficientNMS (num_dets, det_boxes, det_scores, det_classes), or bbox, conf and class_id."
          + (tensors.count > 1
            ? " If one of the tensors of rank 3 holds everything, the model needs an export without the others."
            : ""))
    }
    try refuseOrientedBoxes(tensor)
    let readings = self.readings(of: tensor)
    guard let reading = readings.first else { throw noReading(of: tensor) }
    guard readings.count == 1, !reading.isUncertain, !isPoseLike(tensor) else {
      let kinds = DetectionHead.Kind.allCases.filter { kind in readings.contains { $0.kind == kind } }
      let detail = readings.map(\.reason).joined(separator: "; or ")
      throw DetectionError(
        .ambiguousHead,
        "The output \(tensor) can be read in more than one way: \(detail)\(otherReadings(of: tensor)). "
          + "Say which it is:\(HeadResolver.choices(kinds))")
    }
    try requireFloat(tensor, for: reading.kind)
    let others = outputs.filter { $0.name != tensor.name }.map(\.name)
    let note = others.isEmpty ? "" : "; not read: \(others.joined(separator: ", "))"
    return DetectionHead(
      kind: reading.kind, tensors: [tensor.name], classCount: reading.classCount,
      boxFormat: reading.kind == .endToEnd ? .xyxy : .cxcywh, reason: reading.reason + note)
  }

  /// What a reading without names or metadata cannot rule out though no head here reads it.
  private func otherReadings(of tensor: TensorDescriptor) -> String {
    if isPoseLike(tensor) {
      return
        "; or it is a pose model with COCO's 17 key points (1 class, 4+1+51 channels), which is not supported"
    }
    if tensor.shape[2].length == 6, saysEndToEnd == nil {
      return "; or, from RT-DETR, normalised boxes, which are not supported"
    }
    if let anchors, let rows = tensor.shape[1].length, anchors.single.contains(rows) {
      return "; or, from YOLOX, boxes that may not be decoded yet, which is not supported"
    }
    return ""
  }

  /// 56 channels and nothing that says how many classes there are: as likely COCO pose as 52 classes.
  private func isPoseLike(_ tensor: TensorDescriptor) -> Bool {
    namedClassCount == 0 && metadata.task == nil && tensor.shape[1].length == 56
  }

  private func readings(of tensor: TensorDescriptor) -> [Reading] {
    let rows = tensor.shape[1].length
    let columns = tensor.shape[2].length
    var readings: [Reading] = []
    if saysEndToEnd != false || metadata.hasEmbeddedSuppression == true, columns == 6 {
      let says =
        metadata.endToEnd == true
        ? "the metadata has end2end True"
        : metadata.hasEmbeddedSuppression == true ? "the metadata has nms True" : ""
      let basis =
        says.isEmpty ? "its last axis is 6: corners, score, class" : "\(says) and its last axis is 6"
      readings.append(
        Reading(kind: .endToEnd, classCount: nil, reason: basis, isUncertain: saysEndToEnd == nil))
    }
    if saysEndToEnd == true { return readings }
    if let reading = channelsFirst(channels: rows, anchors: columns) { readings.append(reading) }
    readings += channelsLast(channels: columns, anchors: rows)
    return readings
  }

  /// (B, 4+nc, N).
  private func channelsFirst(channels: Int?, anchors count: Int?) -> Reading? {
    guard let channels, channels > 4 else { return nil }
    let classes = channels - 4
    guard namedClassCount == 0 || namedClassCount == classes else { return nil }
    let grid = anchorReason(count, in: anchors?.single)
    if namedClassCount == classes {
      // Names settle it, unless the other axis is known to be no anchors at all.
      if let count, let anchors, !anchors.single.contains(count), count < channels { return nil }
      return Reading(
        kind: .yolov8, classCount: classes,
        reason:
          "axis 1 is \(channels) = 4 + \(classes) classes of the metadata\(grid.map { ", \($0)" } ?? "")")
    }
    if let grid {
      return Reading(
        kind: .yolov8, classCount: classes,
        reason: "\(grid), so axis 1, \(channels), is 4 + \(classes) classes")
    }
    // Without names or a known input size only the proportions speak, and a swapped pair must not pass.
    guard anchors == nil, channels < 2048, count.map({ $0 > 4 * channels }) ?? true else { return nil }
    return Reading(
      kind: .yolov8, classCount: classes,
      reason:
        "axis 1 is \(channels) = 4 + \(classes) classes and axis 2 \(count.map { "(\($0)) " } ?? "")the anchors"
    )
  }

  /// (B, N, 4+nc) and (B, N, 5+nc).
  private func channelsLast(channels: Int?, anchors count: Int?) -> [Reading] {
    guard let channels, channels > 4 else { return [] }
    let single = anchorReason(count, in: anchors?.single)
    let triple = anchorReason(count, in: anchors?.triple)
    let isGridUnknown = anchors == nil || count == nil
    // As for the other order of axes, names settle it, even where the strides are none that is known here.
    let isNamed = namedClassCount > 0 && (count.map { $0 > channels } ?? true)
    // Rows that are no anchor count of either family cannot be candidates; with the grid unknown, the longer axis is.
    if !isNamed && !isGridUnknown && single == nil && triple == nil { return [] }
    if anchors == nil, let count, count <= channels { return [] }
    var readings: [Reading] = []
    if channels > 5, namedClassCount == 0 || namedClassCount == channels - 5,
      triple != nil || isGridUnknown || single != nil || isNamed
    {
      let basis = triple ?? single ?? (isNamed ? "which are those of the metadata" : "axis 1 the anchors")
      readings.append(
        Reading(
          kind: .yolov5, classCount: channels - 5,
          reason: "axis 2 is \(channels) = 4 + objectness + \(channels - 5) classes, \(basis)",
          // One anchor per cell with objectness is YOLOX's form.
          isUncertain: triple == nil && single != nil))
    }
    if namedClassCount == 0 || namedClassCount == channels - 4, single != nil || isGridUnknown || isNamed {
      readings.append(
        Reading(
          kind: .yolov8Transposed, classCount: channels - 4,
          reason: "axis 2 is \(channels) = 4 + \(channels - 4) classes, \(single ?? "axis 1 the anchors")"))
    }
    return readings
  }

  /// "N is the number of anchors for 640x640", if it is.
  private func anchorReason(_ count: Int?, in counts: Set<Int>?) -> String? {
    guard let count, let counts, let anchors, counts.contains(count) else { return nil }
    return "\(count) is the number of anchors for an input of \(anchors.width)x\(anchors.height)"
  }

  private func refuseOrientedBoxes(_ tensor: TensorDescriptor) throws(DetectionError) {
    guard namedClassCount > 0, let channels = tensor.shape[1].length, channels == namedClassCount + 5,
      tensor.shape[2].length.map({ $0 > 7 }) ?? true, saysEndToEnd != true
    else { return }
    throw DetectionError(
      .unsupportedModel,
      "The output \(tensor) has 4 + \(namedClassCount) classes + 1 channels: with the angle last that is a model of "
        + "oriented boxes (OBB), which is not supported. Export a detection model.")
  }

  private func noReading(of tensor: TensorDescriptor) -> DetectionError {
    var hints: [String] = []
    if saysEndToEnd == true {
      hints.append(
        "the metadata says that the model ends in boxes (end2end or nms), which would be (batch, K, 6)")
    } else if namedClassCount > 0 {
      let nc = namedClassCount
      hints.append(
        "the metadata names \(nc) classes, which would be (batch, \(nc + 4), anchors) or (batch, anchors, \(nc + 5))"
      )
      if let channels = tensor.shape[1].length, channels == nc + 36 {
        hints.append("32 channels more are the mask coefficients of a segmentation model")
      }
    }
    if let anchors {
      let counts = anchors.single.sorted().map(String.init).joined(separator: ", ")
      hints.append(
        "an input of \(anchors.width)x\(anchors.height) would have \(counts) anchors, or three times as many")
    }
    return DetectionError(
      .unsupportedModel,
      "No head fits the output \(tensor): \(hints.joined(separator: "; ")). "
        + "If it is one of these, say which:\(HeadResolver.choices([.yolov8, .yolov8Transposed, .yolov5, .endToEnd]))"
    )
  }

  // MARK: A head that the user named

  func forcedSingleTensor(_ kind: DetectionHead.Kind) throws(DetectionError) -> DetectionHead {
    let channelAxis = kind == .yolov8 ? 1 : 2
    let extra = kind == .yolov5 ? 5 : 4
    let expected: String
    let fits: (Int) -> Bool
    if kind == .endToEnd {
      expected = "(batch, K, 6)"
      fits = { $0 == 6 }
    } else if namedClassCount > 0 {
      let channels = namedClassCount + extra
      expected =
        (kind == .yolov8 ? "(batch, \(channels), anchors)" : "(batch, anchors, \(channels))")
        + ", for the \(namedClassCount) classes that the metadata names"
      fits = { $0 == channels }
    } else {
      expected = kind == .yolov8 ? "(batch, 4 + classes, anchors)" : "(batch, anchors, \(extra) + classes)"
      fits = { $0 > extra }
    }
    // A dynamic channel axis is admitted here, since the user vouches for it; decoding checks the real length.
    let tensors = outputs.filter { $0.shape.rank == 3 && ($0.shape[channelAxis].length.map(fits) ?? true) }
    guard tensors.count == 1, let tensor = tensors.first else {
      throw DetectionError(
        .headMismatch,
        "The head \(kind.rawValue) does not fit: it needs \(tensors.count > 1 ? "exactly " : "")one output \(expected); "
          + "the model has \(outputList).")
    }
    try requireFloat(tensor, for: kind)
    let named = namedClassCount > 0 ? namedClassCount : nil
    return DetectionHead(
      kind: kind, tensors: [tensor.name],
      classCount: kind == .endToEnd ? nil : tensor.shape[channelAxis].length.map { $0 - extra } ?? named,
      boxFormat: kind == .endToEnd ? .xyxy : .cxcywh, reason: "asked for, and \(tensor) fits it")
  }
}
