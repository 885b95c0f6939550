internal import Detection

extension DevicePostprocessor {
  /// Where things lie in a postprocessor's memory.
  struct Plan {
    let postprocessor: Postprocessor
    let head: DeviceHead
    let capacity: Int
    /// Detections an image.
    let limit: Int

    init(_ postprocessor: Postprocessor, head: DeviceHead, capacity: Int, declaredAnchors: Int?) {
      self.postprocessor = postprocessor
      self.head = head
      self.capacity = capacity
      limit = max(1, min(postprocessor.maximumDetections ?? .max, declaredAnchors ?? .max, largestLimit))
    }

    /// Bytes from one image's results to the next one's.
    var resultStride: Int {
      MemoryLayout<PostprocessResultHead>.stride + limit * MemoryLayout<PostprocessDetection>.stride
    }

    var resultByteCount: Int { capacity * resultStride }

    private var stateByteCount: Int { Plan.aligned(capacity * MemoryLayout<PostprocessImage>.stride) }
    private var confidenceByteCount: Int { Plan.aligned(postprocessor.thresholds.values.count * 4) }
    private var overlapByteCount: Int {
      Plan.aligned((postprocessor.suppression?.thresholdTable.values.count ?? 0) * 4)
    }

    /// Bytes that do not depend on the number of anchors.
    var fixedByteCount: Int {
      stateByteCount + confidenceByteCount + overlapByteCount + Plan.aligned(resultByteCount)
    }

    /// Bytes of an anchor: key, box and class as decoded, box and score in order.
    private static let anchorByteCounts = (key: 8, box: 16, class: 4, sortedBox: 16, sortedScore: 8)

    /// Bytes for the candidates of `capacity` images; `nil` where that is no possible number.
    static func scratchByteCount(capacity: Int, anchors: Int) -> Int? {
      let bytes = anchorByteCounts
      let each = bytes.key + bytes.box + bytes.class + bytes.sortedBox + bytes.sortedScore
      let (elements, overflows) = capacity.multipliedReportingOverflow(by: anchors)
      guard !overflows, elements >= 0, elements < Int.max / each - 4096 else { return nil }
      // Five parts, each aligned.
      return elements * each + 5 * alignment
    }

    private static let alignment = 256

    private static func aligned(_ byteCount: Int) -> Int { (byteCount + alignment - 1) / alignment * alignment }

    /// What stays the same for all batches, with the memory that does not depend on the anchors at an address.
    func parameters(at address: UInt64, tuning: Tuning) -> PostprocessParameters {
      var parameters = PostprocessParameters()
      let confidences = postprocessor.thresholds
      parameters.images = address
      parameters.confidences = parameters.images + UInt64(stateByteCount)
      parameters.overlaps = parameters.confidences + UInt64(confidenceByteCount)
      parameters.results = parameters.overlaps + UInt64(overlapByteCount)
      // Thresholds are for classes up to 65,535, and results are at most 4,096 an image.
      parameters.confidenceCount = Int32(confidences.values.count)
      parameters.confidenceBeyond = confidences.beyond
      parameters.confidenceMinimum = confidences.minimum
      parameters.maximumDetections = Int32(limit)
      parameters.resultStride = Int32(resultStride)
      parameters.maximumCandidates = Int32.max
      if let suppression = postprocessor.suppression {
        let overlaps = suppression.thresholdTable
        parameters.overlapCount = Int32(overlaps.values.count)
        parameters.overlapBeyond = overlaps.beyond
        parameters.maximumCandidates = Int32(clamping: suppression.maximumCandidates)
        parameters.suppression =
          suppression.isClassAgnostic ? 3 : suppression.rule == .ultralytics ? 2 : 1
      }
      parameters.firstClass = Int32(head.firstClass)
      switch postprocessor.head.kind {
      case .endToEnd:
        parameters.boxStride = 6
        parameters.scoreStride = 6
        parameters.scoreOffset = 4
        parameters.classOffset = 5
        parameters.isCorners = 1
      case .efficientNMS, .split:
        parameters.boxStride = 4
        parameters.scoreStride = 1
        parameters.isCorners = postprocessor.head.boxFormat == .xyxy ? 1 : 0
        parameters.hasCount = postprocessor.head.kind == .efficientNMS ? 1 : 0
      case .yolov8, .yolov8Transposed, .yolov5: break
      }
      parameters.chunk = Int32(clamping: tuning.chunk)
      parameters.keptInShared = Int32(clamping: tuning.keptInShared)
      return parameters
    }

    /// Places the candidates' memory, of the size that ``scratchByteCount(capacity:anchors:)`` gives.
    func place(_ parameters: inout PostprocessParameters, at address: UInt64, anchors: Int) {
      var next = address
      func part(_ byteCount: Int) -> UInt64 {
        let start = (next + UInt64(Plan.alignment) - 1) / UInt64(Plan.alignment) * UInt64(Plan.alignment)
        next = start + UInt64(capacity * anchors * byteCount)
        return start
      }
      let bytes = Plan.anchorByteCounts
      parameters.boxes = part(bytes.box)
      parameters.sortedBoxes = part(bytes.sortedBox)
      parameters.keys = part(bytes.key)
      parameters.sortedScores = part(bytes.sortedScore)
      parameters.classes = part(bytes.class)
    }
  }
}
