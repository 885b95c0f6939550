internal import Detection
internal import Imaging

/// Draws the pictures that an output wants: whole ones for `annotated/`, small ones for the report's gallery.
final class PictureMaker: Sendable {
  private let labels: Labels
  private let makesPictures: Bool

  /// - Returns: `nil` where the output wants neither.
  init?(labels: Labels, output: RunOutput) throws {
    guard output.wantsPicture || output.formats.contains(.html) else { return nil }
    self.labels = labels
    makesPictures = output.wantsPicture
  }

  /// - Returns: encoded JPEG, where wanted.
  func make(record: ImageRecord, pixels: PixelBuffer) throws -> (picture: [UInt8]?, thumbnail: [UInt8]?) {
    (nil, nil)
  }
}
