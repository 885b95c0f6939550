internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging
internal import Inference
internal import Synchronization

/// The stages of a detection run on GPUs for a ``BatchPipeline``: workers read files, parse headers and stage; the slots'
/// lanes have the GPU do the rest.
///
/// The slots of all GPUs stand in one row, turn about, so that the pipeline fills and orders them like those of one.
final class DeviceDetectionWork: BatchWork {
  typealias Output = DetectionWork.Output

  /// A picture whose header was read, or that was decoded on the processor.
  struct Image: Sendable {
    var index: Int
    var key: String
    var geometry: LetterboxGeometry
    var content: Content
    /// Decoded pixels, or where they will go; the worker's own buffer, which the next picture overwrites, unless this one
    /// is to be drawn on.
    var pixels: PixelBuffer
    /// The file, where the picture is to be drawn on and has not been decoded.
    var file: [UInt8]?

    enum Content: Sendable {
      /// A file for the device's decoder.
      case jpeg(RoutedJPEG)
      /// Upright pixels.
      case pixels
    }
  }

  /// What one worker thread reuses. The bytes and pixels of the image at hand are in it from `prepare` to `write`.
  struct Scratch {
    var file = FileBuffer()
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    var pixels = PixelBuffer()
    var writer: TensorWriter
  }

  let detector: Detector
  let slotCapacity: Int
  let timings: StageTimings
  private let slots: [DeviceSlot]
  private let paths: [DevicePath]
  private let decoder = ImageDecoder()
  private let decoding: DecodingOptions
  private let pictures: PictureMaker?
  private let preparation = Mutex(())
  private let troubles: DeviceTroubles

  var slotCount: Int { slots.count }
  var renders: Bool { pictures != nil }
  var keepsItems: Bool { true }

  /// Makes the slots and sees to it that the run stays within a limit. A GPU that is lost meanwhile is left out, and what
  /// it would have had goes to the others.
  ///
  /// - Parameters:
  ///   - paths: the GPUs; at least one.
  ///   - slotCount: executions in flight on each GPU.
  ///   - slotCapacity: images an execution.
  ///   - memoryLimit: bytes of a GPU that the run may have taken, the network included; `nil` is no limit.
  ///   - pictures: draws annotated pictures and thumbnails, or `nil` where none are wanted.
  ///   - troubles: the GPUs that are lost already are left out.
  /// - Throws: ``DeviceShortage`` where a GPU has no memory for its slots; `InferenceError`: `outOfMemory` where the run takes
  ///   more than the limit, `deviceLost` where no GPU is left.
  init(
    detector: Detector, paths: [DevicePath], slotCount: Int, slotCapacity: Int, memoryLimit: Int?,
    pictures: PictureMaker?, timings: StageTimings, troubles: DeviceTroubles
  ) throws {
    self.detector = detector
    self.slotCapacity = slotCapacity
    self.pictures = pictures
    self.timings = timings
    self.paths = paths
    let decoding = DecodingOptions(
      maximumPixels: detector.configuration.maximumPixels,
      orientation: detector.configuration.appliesOrientation ? .apply : .ignore)
    self.decoding = decoding
    self.troubles = troubles
    var slots: [DeviceSlot] = []
    for _ in 0..<slotCount {
      for path in paths where !troubles.hasLost(path.cuda.device) {
        let device = path.cuda.device
        let slot = try Self.settingUp(device, troubles) {
          try DeviceSlot(
            detector: detector, path: path, capacity: slotCapacity, decoding: decoding, troubles: troubles)
        }
        if let slot { slots.append(slot) }
      }
    }
    try Self.check(slots, memoryLimit: memoryLimit, troubles)
    self.slots = slots.filter { !troubles.hasLost($0.path.cuda.device) }
    if self.slots.isEmpty, let reason = troubles.reason { throw reason }
  }

  private static func settingUp<Result>(
    _ device: CUDADevice, _ troubles: DeviceTroubles, _ body: () throws -> Result
  ) throws -> Result? {
    do {
      return try troubles.leavingOut(device, body)
    } catch let error as InferenceError where error.code == .outOfMemory {
      throw DeviceShortage(device: device, reason: error)
    }
  }

  /// Runs every slot once, so that the network's memory is taken, and leaves what remains to decoding.
  private static func check(_ slots: [DeviceSlot], memoryLimit: Int?, _ troubles: DeviceTroubles) throws {
    guard let memoryLimit else { return }
    for slot in slots { try settingUp(slot.path.cuda.device, troubles) { try slot.execute() } }
    for slot in slots {
      let device = slot.path.cuda.device
      try troubles.leavingOut(device) {
        let taken = try DeviceSlot.onDevice("The memory of \(device) cannot be looked at.") {
          try slot.path.takenByteCount()
        }
        guard taken <= memoryLimit else {
          throw InferenceError(
            .outOfMemory,
            "The run takes \(taken >> 10) KiB of \(device), and --gpu-memory allows \(memoryLimit >> 10) KiB.")
        }
        let sharing = slots.count { $0.path === slot.path }
        slot.pixelBudget = min(slot.pixelBudget, (memoryLimit - taken) / (4 * sharing))
      }
    }
  }

  func makeScratch() -> Scratch { Scratch(writer: detector.makeTensorWriter()) }

  // MARK: On the workers

  func prepare(_ item: SourceItem, scratch: inout Scratch) -> Prepared<Image, InputSize, Output> {
    do {
      scratch.bytes = try read(item, into: scratch.file)
      let isDrawn = pictures?.wants(item.index) == true
      if let routed = route(scratch.bytes) {
        scratch.bytes = UnsafeRawBufferPointer(rebasing: scratch.bytes.prefix(routed.byteCount))
        let isTurned = routed.orientation >= 5
        let geometry = try detector.geometry(
          imageWidth: isTurned ? routed.height : routed.width, imageHeight: isTurned ? routed.width : routed.height)
        let image = Image(
          index: item.index, key: item.key, geometry: geometry, content: .jpeg(routed), pixels: scratch.pixels,
          file: isDrawn ? Array(scratch.bytes) : nil)
        return .image(image, InputSize(height: geometry.canvasHeight, width: geometry.canvasWidth))
      }
      let pixels = isDrawn ? PixelBuffer() : scratch.pixels
      try decode(scratch.bytes, into: pixels)
      let geometry = try detector.geometry(imageWidth: pixels.width, imageHeight: pixels.height)
      return .image(
        Image(index: item.index, key: item.key, geometry: geometry, content: .pixels, pixels: pixels),
        InputSize(height: geometry.canvasHeight, width: geometry.canvasWidth))
    } catch {
      return .output(Output(record: ImageRecord(index: item.index, key: item.key, failure: ImageFailure(error))))
    }
  }

  private func read(_ item: SourceItem, into file: FileBuffer) throws -> UnsafeRawBufferPointer {
    switch item.location {
    case .failed(let failure): throw failure
    case .bytes(let bytes): file.hold(bytes)
    case .file(let path): try timings.measure(.read) { try file.read(path, limit: DetectionWork.maximumFileByteCount) }
    }
  }

  /// What is known of a file for the device's decoder; `nil` for files that the processor decodes.
  private func route(_ bytes: UnsafeRawBufferPointer) -> RoutedJPEG? {
    // Any of them says the same, as long as its device is there to be asked.
    let path = paths.first { !troubles.hasLost($0.cuda.device) }
    guard var routed = path?.jpeg?.route(bytes, decoding) else { return nil }
    if case .cpu = routed.route { return nil }
    if decoding.orientation == .ignore { routed.orientation = 1 }
    return routed
  }

  private func decode(_ bytes: UnsafeRawBufferPointer, into pixels: PixelBuffer) throws {
    try timings.measure(.decode) { _ = try decoder.decode(bytes, options: decoding, into: pixels) }
  }

  func write(_ image: Image, shape: InputSize, slot: Int, row: Int, scratch: inout Scratch) throws {
    try losing(slot) { try stage(image, shape: shape, slot: slots[slot], row: row, scratch: &scratch) }
  }

  private func stage(_ image: Image, shape: InputSize, slot: DeviceSlot, row: Int, scratch: inout Scratch) throws {
    let staged = slot.rows[row]
    staged.geometry = image.geometry
    staged.failure = nil
    staged.content = .nothing
    let isOnDevice = slot.claim(byteCount: image.geometry.imageWidth * image.geometry.imageHeight * 3)
    try DeviceSlot.onDevice("\(image.key) has no room in page-locked memory.") {
      if case .jpeg(let routed) = image.content {
        if isOnDevice {
          try staged.stage(scratch.bytes)
          staged.content = .jpeg(routed)
          return
        }
        do {
          try decode(scratch.bytes, into: image.pixels)
        } catch let error as ImageError {
          staged.failure = ImageFailure(error)
          return
        }
      }
      if isOnDevice {
        try image.pixels.withUnsafeBytes { bytes throws(CUDAError) in try staged.stage(bytes) }
        staged.content = .pixels(width: image.pixels.width, height: image.pixels.height)
      } else {
        let memory = try staged.reserve(detector.input.byteCount(canvas: shape))
        try timings.measure(.preprocess) {
          try scratch.writer.write(image.pixels, at: Placement(image.geometry), into: memory)
        }
        staged.content = .row
      }
    }
  }

  func render(_ output: Output, of image: Image, scratch: inout Scratch) throws -> Output {
    guard let pictures, output.record.failure == nil, pictures.wants(image.index) else { return output }
    var output = output
    timings.measure(.render) {
      do {
        var pixels = image.pixels
        if let file = image.file {
          pixels = try file.withUnsafeBytes { bytes in try decoder.decode(bytes, options: decoding) }
        }
        (output.picture, output.thumbnail) = try pictures.make(record: output.record, pixels: pixels)
      } catch {
        // What was found is in the record; a picture that cannot be drawn is no reason to lose it.
        output.drawingProblem = "\(image.key): \(error)"
      }
    }
    return output
  }

  // MARK: On the lanes

  /// One after the other: what one does must not fall into what another captures.
  func prepareLane(_ slot: Int) throws {
    try losing(slot) {
      try givingUp(slot) { try preparation.withLock { _ in try slots[slot].prepareToExecute() } }
    }
  }

  func infer(slot: Int, shape: InputSize, count: Int) throws {
    try losing(slot) {
      try givingUp(slot) { try slots[slot].execute(count: count, canvas: shape, timings: timings) }
    }
  }

  /// Tells the pipeline of a slot that finds no memory for the network, for others may go on.
  private func givingUp(_ slot: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as InferenceError where error.code == .outOfMemory {
      let device = slots[slot].path.cuda.device
      troubles.noteNetworkShortage(of: device, error)
      throw SlotLoss(troubles.reason(adding: device, error))
    }
  }

  /// Tells the pipeline of a slot whose device is lost, and the user of the device, once.
  private func losing(_ slot: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as InferenceError where error.code == .deviceLost {
      troubles.noteLoss(of: slots[slot].path.cuda.device, error)
      // Where no slot is left, each GPU's reason is told.
      throw SlotLoss(troubles.reason ?? error)
    }
  }

  func finish(_ image: Image, slot: Int, row: Int) throws -> Output {
    do {
      let found = try slots[slot].detections(row: row)
      return Output(
        record: ImageRecord(
          index: image.index, key: image.key, width: image.geometry.imageWidth, height: image.geometry.imageHeight,
          detections: found.detections, truncated: found.truncatedCount),
        invalidCount: found.invalidCount)
    } catch let failure as ImageFailure {
      return Output(record: ImageRecord(index: image.index, key: image.key, failure: failure))
    }
  }
}
