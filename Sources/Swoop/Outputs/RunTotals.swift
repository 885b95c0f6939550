/// The counts of a run, earlier parts of a resumed one included.
public struct RunTotals: Hashable, Sendable {
  public var images = 0
  /// Images that failed, and how many of them for each reason.
  public var failed = 0
  public var failures: [ImageFailure.Code: Int] = [:]
  /// Boxes, and images that have at least one.
  public var detections = 0
  public var imagesWithDetections = 0
  /// Boxes that a limit cut off, and the images that lost some.
  public var truncatedDetections = 0
  public var truncatedImages = 0

  public init() {}

  public mutating func add(_ record: ImageRecord) {
    images += 1
    switch record.outcome {
    case .failed(let failure):
      failed += 1
      failures[failure.code, default: 0] += 1
    case .detected(let boxes, let truncated):
      detections += boxes.count
      if !boxes.isEmpty { imagesWithDetections += 1 }
      if truncated > 0 {
        truncatedImages += 1
        // The count comes from a file that may have been edited.
        truncatedDetections = truncatedDetections.addingReportingOverflow(truncated).partialValue
      }
    }
  }
}
