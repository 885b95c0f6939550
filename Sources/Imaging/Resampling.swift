/// How a picture is brought to another size. Each gives the bytes of the library that it names, without exception.
public enum Resampling: String, CaseIterable, Hashable, Sendable {
  /// OpenCV's `resize` with `INTER_LINEAR` on 8-bit pixels: two taps a side whatever the scale, 11-bit weights. What
  /// Ultralytics' letterbox uses.
  case openCVLinear
  /// Pillow's `Image.resize` with `BICUBIC` on 8-bit pixels, versions up to 12: a cubic (a = -0.5) widened by the scale
  /// when it shrinks, 22-bit coefficients, across first and then down, rounded to 8 bits in between. Pictures over 100
  /// times taller than wide that lose rows are resized down first.
  case pillowBicubic
  /// The same as Pillow 13 and later do it: pictures that lose more than twice as many rows as columns are resized down
  /// first, which rounds some pixels otherwise. Letterboxed, that is every picture over twice as tall as wide.
  case pillow13Bicubic

  /// Whether the vertical pass comes first.
  package func resizesDownFirst(_ width: Int, _ height: Int, _ toWidth: Int, _ toHeight: Int) -> Bool {
    guard height > toHeight, width != toWidth else { return false }
    switch self {
    case .openCVLinear: return false
    case .pillowBicubic: return height > 100 * width
    case .pillow13Bicubic: return height - toHeight > 2 * (width - toWidth)
    }
  }
}
