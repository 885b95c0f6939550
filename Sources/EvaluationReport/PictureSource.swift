internal import Imaging
public import Swoop

/// Small pictures for galleries, read again from the sources of a run.
public struct PictureSource {
  private let sources: ImageSources
  private let maximumPixels: Int
  private let appliesOrientation: Bool

  /// The longer side of a picture in pixels, twice what a page shows it at.
  private static let side = 720

  /// - Parameters:
  ///   - sources: the run's sources; its images are found by their keys.
  ///   - maximumPixels, appliesOrientation: as in the run, so that boxes fit.
  public init(_ sources: ImageSources, maximumPixels: Int, appliesOrientation: Bool) {
    self.sources = sources
    self.maximumPixels = maximumPixels
    self.appliesOrientation = appliesOrientation
  }

  /// One picture as JPEG, and the size that its boxes refer to.
  struct Picture {
    var jpeg: [UInt8]
    var width, height: Int
  }

  /// The pictures with these keys, as far as they can be read; the sources are gone through once.
  func pictures(_ keys: Set<String>) throws -> [String: Picture] {
    var result: [String: Picture] = [:]
    guard !keys.isEmpty else { return result }
    let reader = sources.makeReader()
    let decoder = ImageDecoder()
    let options = DecodingOptions(
      maximumPixels: maximumPixels, orientation: appliesOrientation ? .apply : .ignore)
    let encoder = JPEGEncoder(quality: 82)
    let buffer = FileBuffer()
    while result.count < keys.count, let item = try reader.next() {
      guard keys.contains(item.key), result[item.key] == nil else { continue }
      // A picture that cannot be read or shrunk now is only missing from the gallery; its boxes are shown without it.
      result[item.key] = try? picture(item, decoder, options, encoder, buffer)
    }
    return result
  }

  private func picture(
    _ item: SourceItem, _ decoder: ImageDecoder, _ options: DecodingOptions, _ encoder: JPEGEncoder,
    _ buffer: FileBuffer
  ) throws -> Picture {
    let pixels: PixelBuffer
    switch item.location {
    case .failed(let failure): throw failure
    case .bytes(let bytes): pixels = try bytes.withUnsafeBytes { try decoder.decode($0, options: options) }
    case .file(let path): pixels = try decoder.decode(try buffer.read(path, limit: 1 << 31), options: options)
    }
    return Picture(
      jpeg: try encoder.encode(try pixels.thumbnail(side: Self.side)), width: pixels.width, height: pixels.height)
  }
}
