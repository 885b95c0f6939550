public import Detection

/// What became of one input: one line of `detections.jsonl`.
public struct ImageRecord: Hashable, Sendable {
  /// What was found, or why nothing could be.
  public enum Outcome: Hashable, Sendable {
    /// The boxes in the order of the head and suppression, and how many more were cut by a limit.
    case detected([Detection], truncated: Int)
    case failed(ImageFailure)
  }

  /// The input's place in the run, from 0.
  public var index: Int
  /// The input's path relative to its source; see ``ImageKey``.
  public var key: String
  /// The size in pixels after EXIF orientation: the frame of the boxes. 0 where the image failed.
  public var width: Int
  public var height: Int
  public var outcome: Outcome

  public init(index: Int, key: String, width: Int, height: Int, outcome: Outcome) {
    self.index = index
    self.key = key
    self.width = width
    self.height = height
    self.outcome = outcome
  }

  /// A record of detections in the frame of an image of `width` x `height` pixels.
  public init(index: Int, key: String, width: Int, height: Int, detections: [Detection], truncated: Int = 0) {
    self.init(
      index: index, key: key, width: width, height: height,
      outcome: .detected(detections, truncated: truncated))
  }

  /// A record of a failure.
  public init(index: Int, key: String, failure: ImageFailure) {
    self.init(index: index, key: key, width: 0, height: 0, outcome: .failed(failure))
  }

  /// The boxes; none where the image failed.
  public var detections: [Detection] {
    if case .detected(let detections, _) = outcome { detections } else { [] }
  }

  /// The failure, where the image failed.
  public var failure: ImageFailure? {
    if case .failed(let failure) = outcome { failure } else { nil }
  }

  /// The same record, or a failed one where a number in it is infinite or not a number: JSON has no way to write
  /// those, and a reader could do nothing right with them.
  package var writable: ImageRecord {
    for detection in detections {
      let box = detection.box
      // A finite sum has only finite terms; one that overflows may still, so then each is looked at.
      if (box.x1 + box.y1 + box.x2 + box.y2 + detection.score).isFinite { continue }
      guard [box.x1, box.y1, box.x2, box.y2, detection.score].allSatisfy(\.isFinite) else {
        let reason =
          "the model gave class \(detection.classIndex) a box or confidence that is not a finite number"
        return ImageRecord(index: index, key: key, failure: ImageFailure(.notFinite, reason))
      }
    }
    return self
  }
}
