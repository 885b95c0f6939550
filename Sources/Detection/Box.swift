/// An axis-aligned rectangle by two corners (*xyxy*): left, top, right, bottom, in pixels of the frame that the user of
/// the box names. Pixel edges, not centres: a box around a whole 640x480 picture is (0, 0, 640, 480).
public struct Box: Hashable, Sendable {
  public var x1, y1, x2, y2: Float

  public init(x1: Float, y1: Float, x2: Float, y2: Float) {
    self.x1 = x1
    self.y1 = y1
    self.x2 = x2
    self.y2 = y2
  }

  /// A box by centre and size (*cxcywh*), in the same frame and unit. Computed in float32, half sizes first, as
  /// exporters do it: `x1 = cx - w/2`.
  public init(centreX: Float, centreY: Float, width: Float, height: Float) {
    let halfWidth = width / 2
    let halfHeight = height / 2
    self.init(
      x1: centreX - halfWidth, y1: centreY - halfHeight, x2: centreX + halfWidth, y2: centreY + halfHeight)
  }

  public var width: Float { x2 - x1 }
  public var height: Float { y2 - y1 }
  public var area: Float { width * height }
}
