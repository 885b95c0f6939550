/// Overlap of boxes given as left, top, right, bottom.
enum BoxOverlap {
  /// Intersection over union.
  static func iou(_ a: [Double], _ b: [Double]) -> Double {
    let overlap = intersection(a, b)
    let union = area(a) + area(b) - overlap
    return union > 0 ? overlap / union : 0
  }

  /// The part of `box` that lies in `other`, 0…1.
  static func share(of box: [Double], within other: [Double]) -> Double {
    let whole = area(box)
    return whole > 0 ? intersection(box, other) / whole : 0
  }

  private static func area(_ box: [Double]) -> Double { (box[2] - box[0]) * (box[3] - box[1]) }

  private static func intersection(_ a: [Double], _ b: [Double]) -> Double {
    max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
  }
}
