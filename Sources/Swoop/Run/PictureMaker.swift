internal import Detection
internal import Imaging

/// Draws the pictures that an output wants: whole ones for `annotated/`, small ones for the report's gallery.
final class PictureMaker: Sendable {
  private let labels: Labels
  private let makesPictures: Bool
  private let makesThumbnails: Bool
  private let annotator = Annotator()
  // Lines and small text stay crisp with full colour; thumbnails are many on one page.
  private let encoder = JPEGEncoder(quality: 90, subsampling: .none)
  private let thumbnailEncoder = JPEGEncoder(quality: 80, subsampling: .none)

  /// The longer side of a thumbnail in pixels, twice what the page shows it at.
  private static let thumbnailSide = 560

  /// - Returns: `nil` where the output wants neither.
  init?(labels: Labels, output: RunOutput) {
    self.labels = labels
    makesPictures = output.wantsPicture
    makesThumbnails = output.formats.contains(.html) && output.wantsThumbnail(0)
    guard makesPictures || makesThumbnails else { return nil }
  }

  /// Whether anything is drawn for an image.
  func wants(_ index: Int) -> Bool {
    makesPictures || wantsThumbnail(index)
  }

  private func wantsThumbnail(_ index: Int) -> Bool {
    makesThumbnails && ThumbnailSelection.contains(index)
  }

  /// Draws; the pixels are drawn on and not to be used after it.
  ///
  /// - Returns: encoded JPEG, where wanted.
  /// - Throws: `ImageError`, such as `tooLarge` for pictures that JPEG cannot hold.
  func make(record: ImageRecord, pixels: PixelBuffer) throws(ImageError) -> (picture: [UInt8]?, thumbnail: [UInt8]?) {
    var thumbnail: [UInt8]?
    if wantsThumbnail(record.index) {
      let scale = min(1, Double(Self.thumbnailSide) / Double(max(pixels.width, pixels.height)))
      let small = try pixels.resized(
        width: max(1, Int(Double(pixels.width) * scale)), height: max(1, Int(Double(pixels.height) * scale)),
        by: .pillowBicubic)
      try annotator.draw(annotations(record, scale: Float(scale)), on: small)
      thumbnail = try thumbnailEncoder.encode(small)
    }
    guard makesPictures else { return (nil, thumbnail) }
    try annotator.draw(annotations(record, scale: 1), on: pixels)
    return (try encoder.encode(pixels), thumbnail)
  }

  private func annotations(_ record: ImageRecord, scale: Float) -> [Annotation] {
    record.detections.map { detection in
      Annotation(
        x1: detection.box.x1 * scale, y1: detection.box.y1 * scale, x2: detection.box.x2 * scale,
        y2: detection.box.y2 * scale, classIndex: detection.classIndex, label: labels[detection.classIndex],
        confidence: detection.score)
    }
  }
}
