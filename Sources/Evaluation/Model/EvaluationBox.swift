public import Detection

/// A box as ground truth and scored results state it: left, top, width and height in source pixels, in float64.
///
/// COCO's form, kept as it is because its figures depend on the last digit: `x + width` of a file's numbers is not always
/// the right edge that another form would round to.
public struct EvaluationBox: Hashable, Sendable {
  /// Left and top, in pixels.
  public var x, y: Double
  /// Extents, in pixels.
  public var width, height: Double

  /// Makes a box from its parts.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The same box from two corners.
  public init(_ box: Box) {
    let x = Double(box.x1)
    let y = Double(box.y1)
    self.init(x: x, y: y, width: Double(box.x2) - x, height: Double(box.y2) - y)
  }

  /// Width times height, in square pixels.
  public var area: Double { width * height }

  /// Intersection over union; 0 where the boxes do not meet. As pycocotools computes it (its `bbIou`).
  @inline(__always)
  public func overlap(with other: EvaluationBox) -> Double {
    let intersection = intersection(with: other)
    return intersection > 0 ? intersection / (area + other.area - intersection) : 0
  }

  /// Intersection over this box's own area: how much of it lies within a crowd.
  @inline(__always)
  public func share(within crowd: EvaluationBox) -> Double {
    let intersection = intersection(with: crowd)
    return intersection > 0 ? intersection / area : 0
  }

  @inline(__always)
  private func intersection(with other: EvaluationBox) -> Double {
    let right = x + width < other.x + other.width ? x + width : other.x + other.width
    let left = x > other.x ? x : other.x
    guard right - left > 0 else { return 0 }
    let bottom = y + height < other.y + other.height ? y + height : other.y + other.height
    let top = y > other.y ? y : other.y
    guard bottom - top > 0 else { return 0 }
    return (right - left) * (bottom - top)
  }
}
