/// The constants of COCO's evaluation of boxes, as pycocotools computes them.
public enum COCOParameters {
  /// 0.50, 0.55 … 0.95: `numpy.linspace(0.5, 0.95, 10)`, whose ninth value is 0.8999999999999999.
  public static let overlapThresholds: [Double] = (0..<10).map { 0.5 + Double($0) * ((0.95 - 0.5) / 9) }

  /// 0, 0.01 … 1: where precision is read off.
  public static let recallThresholds: [Double] = (0..<101).map { $0 == 100 ? 1 : Double($0) * 0.01 }

  /// How many detections an image and category may have, best first, for AR1, AR10, and everything else.
  public static let maximumDetections = [1, 10, 100]

  /// The areas that objects are sorted by, in square pixels, both ends included.
  public enum AreaRange: Int, CaseIterable, Sendable {
    case all, small, medium, large

    /// The limits.
    public var limits: ClosedRange<Double> {
      switch self {
      case .all: 0...1e10
      case .small: 0...1024
      case .medium: 1024...9216
      case .large: 9216...1e10
      }
    }
  }

  /// The thresholds that an overlap reaches, as bits: bit 0 is 0.5. Thresholds ascend, so the bits are contiguous.
  @inline(__always)
  static func thresholdsReached(by overlap: Double) -> UInt16 {
    guard overlap >= 0.5 else { return 0 }
    // The tenths give the count to within one; the comparison settles it.
    var count = min(Int((overlap - 0.5) * 20), 9)
    let values = overlapThresholdTuple
    count = withUnsafeBytes(of: values) { bytes in
      let thresholds = bytes.assumingMemoryBound(to: Double.self)
      while count < 10, thresholds[count] <= overlap { count += 1 }
      while count > 0, thresholds[count - 1] > overlap { count -= 1 }
      return count
    }
    return UInt16(truncatingIfNeeded: (1 << count) - 1)
  }

  private static let overlapThresholdTuple = (
    overlapThresholds[0], overlapThresholds[1], overlapThresholds[2], overlapThresholds[3], overlapThresholds[4],
    overlapThresholds[5], overlapThresholds[6], overlapThresholds[7], overlapThresholds[8], overlapThresholds[9]
  )
}
