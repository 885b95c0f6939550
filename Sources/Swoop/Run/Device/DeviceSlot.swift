internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging
internal import Inference
internal import Synchronization
internal import Tensors

/// One batch on a GPU: an execution context with its stream, what workers stage for it, and the memory that its pictures
/// are decoded into.
///
/// Workers stage disjoint rows at once; after that one lane has the slot alone until it is given back. Everything from
/// file bytes to final boxes is queued on the context's stream, and waited for once.
// @unchecked: the pipeline sees to what the lines above say.
final class DeviceSlot: @unchecked Sendable {
  let path: DevicePath
  let rows: [StagedPicture]
  let context: any DeviceExecutionContext
  let input: InputPlan
  private let outputs: [TensorDescriptor]
  private let hostPostprocessor: Postprocessor
  private let preprocessor: DevicePreprocessor
  /// `nil` where the head is one that only the host decodes.
  private let postprocessor: DevicePostprocessor?
  /// Made by the first batch with files for the device, since that takes nvJPEG an eighth of a second.
  var decoder: DeviceJPEGDecoder?
  let imageDecoder = ImageDecoder()
  let decoding: DecodingOptions
  let tensorWriter: TensorWriter
  let troubles: DeviceTroubles
  let pixels: DeviceArena
  private var scratch = Postprocessor.Scratch()
  private var hostOutputs: [String: HostOutput] = [:]
  private let clocks: DeviceClocks
  /// Bytes of decoded pixels that the slot may hold on the device; pictures beyond it are prepared on the processor. All
  /// that decoding takes is at most four times as much: pixels from the processor, pixels from nvJPEG twice, and nvJPEG's
  /// own memory. Set before the slot is used, and by its lane, where the device turns out to have less.
  var pixelBudget: Int
  let claimed = Atomic<Int>(0)
  /// The rows of the last batch for the decoder.
  var decoded: [Int] = []

  /// What a row has room for from the start: a file of 640x480 pixels and more, or its pixels.
  private static let usualFileBytes = 256 << 10
  private static let usualPixelBytes = 1 << 20

  private struct HostOutput {
    var memory: StagingMemory
    var view: TensorView
  }

  /// - Throws: `InferenceError`, `outOfMemory` among them.
  init(
    detector: Detector, path: DevicePath, capacity: Int, decoding: DecodingOptions, troubles: DeviceTroubles
  ) throws {
    self.path = path
    self.troubles = troubles
    tensorWriter = detector.makeTensorWriter()
    pixelBudget = path.pixelBudget
    self.decoding = decoding
    input = detector.input
    outputs = path.engine.outputs
    hostPostprocessor = detector.postprocessor
    let largest = input.shape(batch: capacity, canvas: input.size)
    let made = try path.engine.makeContext(maximumInputShapes: [input.name: largest])
    guard let context = made as? any DeviceExecutionContext else {
      throw InferenceError(
        .executionFailed, "The engine \(path.engine.identity) runs on a device but has no contexts for one.")
    }
    try context.setInputShape(largest, named: input.name)
    self.context = context
    let head = detector.postprocessor
    let outputs = outputs
    decoded.reserveCapacity(capacity)
    (preprocessor, postprocessor, clocks) = try DeviceSlot.onDevice(
      "A batch of \(capacity) has no room on \(path.cuda.device)."
    ) {
      (
        try detector.makeDevicePreprocessor(path.kernels, capacity: capacity),
        DevicePostprocessor.supports(head, outputs: outputs)
          ? try DevicePostprocessor(kernels: path.kernels, postprocessor: head, capacity: capacity, outputs: outputs)
          : nil,
        try DeviceClocks(in: path.cuda)
      )
    }
    pixels = DeviceArena(in: path.cuda)
    // Page-locking is slow and holds everything else on the device up, so most pictures find their memory taken.
    let usual = path.jpeg == nil ? Self.usualPixelBytes : Self.usualFileBytes
    let staging = try Self.onDevice("A batch of \(capacity) has no room in page-locked memory.") {
      try PinnedMemory(byteCount: capacity * usual, in: path.cuda)
    }
    rows = (0..<capacity).map { row in
      StagedPicture(in: staging, at: row * usual..<(row + 1) * usual) { troubles.notePageLockedShortage($0) }
    }
  }

  /// Runs the network once over empty pictures.
  func execute() throws {
    try withEmptyPictures {
      try context.enqueueOnDevice()
      try context.synchronize()
    }
  }

  /// The same, on the thread that will run the slot's batches.
  func prepareToExecute() throws {
    try withEmptyPictures { try context.prepareToExecute() }
  }

  private func withEmptyPictures(_ run: () throws -> Void) throws {
    try Self.onDevice("The network failed on \(path.cuda.device).") {
      try context.setInputShape(input.shape(batch: rows.count, canvas: input.size), named: input.name)
      try context.stream.fill(
        try context.inputAddress(named: input.name), with: 0,
        byteCount: rows.count * input.byteCount(canvas: input.size))
      try run()
    }
  }

  /// Takes room for a picture's pixels on the device; `false` where the batch has too many.
  func claim(byteCount: Int) -> Bool {
    claimed.wrappingAdd(byteCount, ordering: .relaxed).newValue <= pixelBudget
  }

  /// Runs the first `count` rows and returns when their results can be read. A row whose picture fails on the device has
  /// its failure set; the others are not touched by it.
  ///
  /// A model with a fixed batch gets the rest filled with zeros; nobody reads the rows that come of it.
  func execute(count: Int, canvas: InputSize, timings: StageTimings) throws {
    defer { claimed.store(0, ordering: .relaxed) }
    try Self.onDevice("The batch failed on \(path.cuda.device).") {
      try context.setInputShape(input.shape(batch: input.fixedBatch ?? count, canvas: canvas), named: input.name)
      do {
        try run(count: count, canvas: canvas)
      } catch  where Self.isLackOfMemory(error) {
        // Once more, with nothing of the pictures on the device but the input tensor.
        try moveToProcessor(count: count, rowByteCount: input.byteCount(canvas: canvas), error)
        try run(count: count, canvas: canvas)
      }
      // A picture that was reported as decoded and was not: the batch runs once more with its pixels.
      let unwritten = decoded.isEmpty ? [] : decoder?.unwritten() ?? []
      if !unwritten.isEmpty {
        for place in unwritten { try decodeOnProcessor(decoded[place]) }
        try run(count: count, canvas: canvas)
      }
      if postprocessor == nil { try copyOutputs(on: context.stream) }
      try clocks.add(to: timings, count: count, network: context.networkMilliseconds())
    }
  }

  private func run(count: Int, canvas: InputSize) throws {
    let stream = context.stream
    let rowByteCount = input.byteCount(canvas: canvas)
    let address = try context.inputAddress(named: input.name)
    try clocks.mark(.start, on: stream)
    let pictures = try stage(count: count, rowByteCount: rowByteCount, on: stream)
    try clocks.mark(.decoded, on: stream)
    try prepare(pictures, into: address, rowByteCount: rowByteCount, on: stream)
    if let fixed = input.fixedBatch, fixed > count {
      try stream.fill(address + UInt64(count * rowByteCount), with: 0, byteCount: (fixed - count) * rowByteCount)
    }
    try clocks.mark(.prepared, on: stream)
    try context.enqueueOnDevice()
    try clocks.mark(.executed, on: stream)
    if let postprocessor {
      try postprocessor.enqueue(
        try (0..<count).map { try geometry(of: $0) }, outputs: try deviceOutputs(), on: stream)
    }
    try clocks.mark(.finished, on: stream)
    try context.synchronize()
  }

  /// What was found in a row of the last execution.
  ///
  /// - Throws: ``ImageFailure`` for a picture that failed on the device.
  func detections(row: Int) throws -> ImageDetections {
    if let failure = rows[row].failure { throw failure }
    if let postprocessor { return try postprocessor.detections(row: row) }
    return try hostPostprocessor.process(row: row, geometry: geometry(of: row), scratch: &scratch) { name in
      guard let output = hostOutputs[name] else {
        throw InferenceError(.tensorMismatch, "The network has no output \(name).")
      }
      return output.view
    }
  }

  private func geometry(of row: Int) throws -> LetterboxGeometry {
    guard let geometry = rows[row].geometry else { preconditionFailure("a row that was not staged") }
    return geometry
  }

  /// Runs calls of the driver and of the libraries over it; a lost device and a lack of memory are told apart.
  static func onDevice<Result>(_ what: @autoclosure () -> String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as CUDAError {
      throw InferenceError(error, what())
    } catch DeviceJPEGError.cuda(let error) {
      throw InferenceError(error, what())
    } catch let error as DeviceJPEGError {
      switch error {
      case .outOfMemory, .batchTooLarge: throw InferenceError(.outOfMemory, what(), cause: "\(error)")
      case .nvjpeg, .cuda: throw InferenceError(.executionFailed, what(), cause: "\(error)")
      }
    }
  }
}

// MARK: From staged bytes to pixels on the device

extension DeviceSlot {
  /// The pictures of all rows as they lie on the device; `nil` for rows that are tensors already, or failed.
  private func stage(count: Int, rowByteCount: Int, on stream: CUDAStream) throws -> [DevicePicture?] {
    var pictures = [DevicePicture?](repeating: nil, count: count)
    try decode(&pictures, rowByteCount: rowByteCount, on: stream)
    // What nvJPEG would not do after all has become pixels by now.
    var needed = 0
    var offsets = [Int](repeating: 0, count: count)
    for row in 0..<count {
      guard case .pixels = rows[row].content else { continue }
      offsets[row] = needed
      needed += (rows[row].byteCount + 255) & ~255
    }
    guard needed > 0 else { return pictures }
    let arena: UInt64
    do throws(CUDAError) {
      arena = try pixels.reserve(needed)
    } catch {
      guard error.isOutOfMemory else { throw error }
      try preparePixelsOnProcessor(count: count, rowByteCount: rowByteCount, error)
      return pictures
    }
    for row in 0..<count {
      guard case .pixels(let width, let height) = rows[row].content else { continue }
      let address = arena + UInt64(offsets[row])
      try stream.copy(rows[row].bytes, to: address)
      pictures[row] = try picture(row, address: address, width: width, height: height, orientation: 1)
    }
    return pictures
  }

  private func decode(_ pictures: inout [DevicePicture?], rowByteCount: Int, on stream: CUDAStream) throws {
    var batch: [EncodedPicture] = []
    decoded.removeAll(keepingCapacity: true)
    for row in pictures.indices {
      guard case .jpeg(let routed) = rows[row].content else { continue }
      batch.append(EncodedPicture(bytes: rows[row].bytes, routed: routed))
      decoded.append(row)
    }
    guard !batch.isEmpty, let jpeg = path.jpeg else { return }
    let places: [PlacedPicture]
    do {
      let decoder = try decoder ?? makeDecoder(jpeg)
      places = try decoder.decode(batch)
    } catch let error as DeviceJPEGError where error.isOutOfMemory {
      // What is under way reads the files' bytes still.
      try stream.synchronize()
      return try prepareFilesOnProcessor(rowByteCount: rowByteCount, error)
    }
    if places.contains(where: { $0.missing != nil }) {
      // Nothing may still read the bytes of a file whose memory is about to get its pixels.
      try stream.synchronize()
    }
    for (place, (row, encoded)) in zip(places, zip(decoded, batch)) {
      if place.missing == nil {
        pictures[row] = try picture(
          row, address: place.address, width: place.width, height: place.height,
          orientation: encoded.routed.orientation, bytesPerRow: place.bytesPerRow)
      } else {
        try decodeOnProcessor(row)
      }
    }
  }

  private func makeDecoder(_ jpeg: DeviceJPEGEngine) throws -> DeviceJPEGDecoder {
    let made = try DeviceJPEGDecoder(
      jpeg, on: context.stream, capacity: rows.count, arenaLimit: 2 * pixelBudget, kernels: path.kernels)
    decoder = made
    return made
  }

  /// Decodes a JPEG file that the device refused, which tells what is wrong with it in the processor's words.
  private func decodeOnProcessor(_ row: Int) throws {
    let picture = rows[row]
    do {
      let pixels = try imageDecoder.decode(picture.bytes, options: decoding)
      try pixels.withUnsafeBytes { bytes throws(CUDAError) in try picture.stage(bytes) }
      picture.content = .pixels(width: pixels.width, height: pixels.height)
    } catch let error as ImageError {
      picture.failure = ImageFailure(error)
      picture.content = .nothing
    }
  }

  private func picture(
    _ row: Int, address: UInt64, width: Int, height: Int, orientation: Int, bytesPerRow: Int? = nil
  ) throws -> DevicePicture {
    DevicePicture(
      address: address, bytesPerRow: bytesPerRow ?? width * 3, width: width, height: height, orientation: orientation,
      placement: Placement(try geometry(of: row)))
  }

  /// Writes the input tensor: pictures by the kernel, one launch for all that lie beside one another, and rows that the
  /// processor prepared by copies.
  private func prepare(
    _ pictures: [DevicePicture?], into address: UInt64, rowByteCount: Int, on stream: CUDAStream
  ) throws {
    var row = 0
    while row < pictures.count {
      let target = address + UInt64(row * rowByteCount)
      let run = pictures[row...].prefix { $0 != nil }.compactMap { $0 }
      if !run.isEmpty {
        try preprocessor.enqueue(run, into: target, on: stream)
        row += run.count
        continue
      }
      if case .row = rows[row].content {
        try stream.copy(rows[row].bytes, to: target)
      } else {
        // A picture that failed; the network gets something that is a number.
        try stream.fill(target, with: 0, byteCount: rowByteCount)
      }
      row += 1
    }
  }
}

// MARK: Outputs

extension DeviceSlot {
  private func deviceOutputs() throws -> [DeviceOutput] {
    try outputs.map { descriptor in
      let (address, shape) = try context.outputOnDevice(named: descriptor.name)
      return DeviceOutput(
        name: descriptor.name, address: address, shape: shape, elementType: descriptor.elementType)
    }
  }

  /// Brings the outputs to the host, for heads that only the host decodes.
  private func copyOutputs(on stream: CUDAStream) throws {
    for output in try deviceOutputs() {
      guard let size = output.elementType.byteCount else { continue }
      let byteCount = output.shape.reduce(size, *)
      var memory = hostOutputs[output.name]?.memory
      if byteCount > memory?.bytes.count ?? -1 {
        memory = try StagingMemory(byteCount: byteCount, in: path.cuda) { troubles.notePageLockedShortage($0) }
      }
      guard let memory else { continue }
      let bytes = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<byteCount])
      try stream.copy(output.address, to: bytes)
      hostOutputs[output.name] = HostOutput(
        memory: memory,
        view: TensorView(
          name: output.name, shape: output.shape, elementType: output.elementType, bytes: UnsafeRawBufferPointer(bytes))
      )
    }
    try stream.synchronize()
  }
}

/// Device memory that grows to what the largest batch needs, and gives back what one enormous picture took.
final class DeviceArena {
  private let context: CUDAContext
  private var memory: DeviceMemory?
  private static let keptByteCount = 256 << 20

  init(in context: CUDAContext) { self.context = context }

  /// Gives everything back. Nothing may still work on it.
  func empty() { memory = nil }

  func reserve(_ byteCount: Int) throws(CUDAError) -> UInt64 {
    let held = memory?.byteCount ?? 0
    if byteCount > held || (held > Self.keptByteCount && byteCount < held / 8) {
      memory = nil
      do throws(CUDAError) {
        memory = try DeviceMemory(byteCount: byteCount + byteCount / 4, in: context)
      } catch {
        guard error.isOutOfMemory else { throw error }
        memory = try DeviceMemory(byteCount: byteCount, in: context)
      }
    }
    return memory?.address ?? 0
  }
}
