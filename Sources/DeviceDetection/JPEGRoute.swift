/// Where a picture is decoded.
package enum JPEGRoute: Hashable, Sendable {
  /// In the GPU's JPEG engines, together with the others of its batch.
  case hardware
  /// By nvJPEG on the GPU's cores, partly on the processor.
  case hybrid
  /// By the CPU path: the reason as a clause, for reports.
  case cpu(String)
}

/// What a file's header and markers say, and where it is decoded.
package struct RoutedJPEG: Hashable, Sendable {
  package var route: JPEGRoute
  /// The stored size in pixels, before any orientation. 0 where the header has none.
  package var width, height: Int
  /// The EXIF orientation, 1...8; nvJPEG's pixels are as stored, so whoever reads them applies it.
  package var orientation: Int
  /// How many of the file's bytes are the picture; what follows need not be kept.
  package var byteCount: Int
  /// Whether it is progressive: then the processor's part is decoded picture by picture.
  package var isProgressive: Bool
}
