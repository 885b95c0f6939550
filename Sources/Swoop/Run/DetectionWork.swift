internal import Detection
internal import Imaging
internal import Inference

/// The stages of a detection run for a ``BatchPipeline``: source items in, records and pictures out.
final class DetectionWork: BatchWork {
  /// What a run hands to its sink for one image.
  struct Output: Sendable {
    var record: ImageRecord
    /// Values that were no boxes, such as NaN.
    var invalidCount = 0
    var picture: [UInt8]?
    var thumbnail: [UInt8]?
    /// Why there is no picture although one is wanted.
    var drawingProblem: String?
  }

  /// A decoded picture and how it lies on the network's input.
  struct Image: Sendable {
    var index: Int
    var key: String
    var geometry: LetterboxGeometry
    /// The worker's own buffer, which the next picture overwrites, unless this one is to be drawn on.
    var pixels: PixelBuffer
  }

  /// What one worker thread reuses.
  struct Scratch {
    var file = FileBuffer()
    var writer: TensorWriter
    /// Pixels of the image at hand where nobody needs them later.
    var pixels = PixelBuffer()
  }

  let detector: Detector
  let slotCapacity: Int
  let timings: StageTimings
  private let slots: [Slot]
  private let decoder: ImageDecoder
  private let decoding: DecodingOptions
  private let isAsynchronous: Bool
  private let pictures: PictureMaker?
  /// Bytes of one file or archive entry beyond which it is not read.
  static let maximumFileByteCount = 1 << 31

  var slotCount: Int { slots.count }
  var renders: Bool { pictures != nil }

  /// - Parameters:
  ///   - slotCount: executions in flight.
  ///   - slotCapacity: images an execution.
  ///   - pictures: draws annotated pictures and thumbnails, or `nil` where none are wanted.
  init(
    detector: Detector, slotCount: Int, slotCapacity: Int, isAsynchronous: Bool, pictures: PictureMaker?,
    timings: StageTimings
  ) throws {
    self.detector = detector
    self.slotCapacity = slotCapacity
    self.isAsynchronous = isAsynchronous
    self.pictures = pictures
    self.timings = timings
    decoder = ImageDecoder()
    decoding = DecodingOptions(
      maximumPixels: detector.configuration.maximumPixels,
      orientation: detector.configuration.appliesOrientation ? .apply : .ignore)
    slots = try (0..<slotCount).map { _ in try Slot(detector: detector, capacity: slotCapacity) }
  }

  func makeScratch() -> Scratch { Scratch(writer: detector.makeTensorWriter()) }

  func prepare(_ item: SourceItem, scratch: inout Scratch) -> Prepared<Image, InputSize, Output> {
    do {
      let pixels = pictures?.wants(item.index) == true ? PixelBuffer() : scratch.pixels
      try load(item, into: pixels, file: scratch.file)
      let geometry = try detector.geometry(imageWidth: pixels.width, imageHeight: pixels.height)
      return .image(
        Image(index: item.index, key: item.key, geometry: geometry, pixels: pixels),
        InputSize(height: geometry.canvasHeight, width: geometry.canvasWidth))
    } catch {
      return .output(Output(record: ImageRecord(index: item.index, key: item.key, failure: ImageFailure(error))))
    }
  }

  private func load(_ item: SourceItem, into pixels: PixelBuffer, file: FileBuffer) throws {
    switch item.location {
    case .failed(let failure): throw failure
    case .bytes(let bytes):
      try bytes.withUnsafeBytes { bytes in
        _ = try timings.measure(.decode) { try decoder.decode(bytes, options: decoding, into: pixels) }
      }
    case .file(let path):
      let bytes = try timings.measure(.read) { try file.read(path, limit: Self.maximumFileByteCount) }
      _ = try timings.measure(.decode) { try decoder.decode(bytes, options: decoding, into: pixels) }
    }
  }

  func write(_ image: Image, shape: InputSize, slot: Int, row: Int, scratch: inout Scratch) throws {
    try timings.measure(.preprocess) {
      try scratch.writer.write(
        image.pixels, at: Placement(image.geometry), into: slots[slot].row(row, canvas: shape))
    }
  }

  func infer(slot: Int, shape: InputSize, count: Int) throws {
    try timings.measure(.infer, items: count) {
      try slots[slot].execute(count: count, canvas: shape, isAsynchronous: isAsynchronous)
    }
  }

  func finish(_ image: Image, slot: Int, row: Int) throws -> Output {
    try timings.measure(.postprocess) {
      let found = try slots[slot].detections(row: row, geometry: image.geometry)
      return Output(
        record: ImageRecord(
          index: image.index, key: image.key, width: image.geometry.imageWidth, height: image.geometry.imageHeight,
          detections: found.detections, truncated: found.truncatedCount),
        invalidCount: found.invalidCount)
    }
  }

  func render(_ output: Output, of image: Image, scratch: inout Scratch) throws -> Output {
    guard let pictures, pictures.wants(image.index) else { return output }
    var output = output
    timings.measure(.render) {
      do {
        (output.picture, output.thumbnail) = try pictures.make(record: output.record, pixels: image.pixels)
      } catch {
        // What was found is in the record; a picture that cannot be drawn is no reason to lose it.
        output.drawingProblem = "\(image.key): \(error)"
      }
    }
    return output
  }
}

extension Placement {
  init(_ geometry: LetterboxGeometry) {
    self.init(
      canvasWidth: geometry.canvasWidth, canvasHeight: geometry.canvasHeight, left: geometry.contentLeft,
      top: geometry.contentTop, width: geometry.contentWidth, height: geometry.contentHeight)
  }
}

extension ImageFailure {
  /// What becomes of an error of one image in its record.
  init(_ error: any Error) {
    switch error {
    case let failure as ImageFailure: self = failure
    case let error as ImageError:
      self.init(Code(rawValue: error.code.description.replacing(" ", with: "-")), error.message)
    case let error as DetectionError: self.init("impossible-size", error.message)
    default: self.init(.unreadable, "\(error)")
    }
  }
}
