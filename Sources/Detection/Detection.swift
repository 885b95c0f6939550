/// One object found in one image.
public struct Detection: Hashable, Sendable {
  /// Where it is: xyxy in pixels of the source image, after EXIF orientation.
  public var box: Box
  /// The confidence that the model gives it, 0…1.
  public var score: Float
  /// The class, as an index into the model's labels.
  public var classIndex: Int

  public init(box: Box, score: Float, classIndex: Int) {
    self.box = box
    self.score = score
    self.classIndex = classIndex
  }
}
