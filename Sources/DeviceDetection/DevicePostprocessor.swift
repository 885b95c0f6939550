package import CUDA
package import Detection
package import Tensors

/// ``Postprocessor`` for a batch whose outputs are in device memory: head, thresholds, order, suppression, limits and
/// geometry run on the device, and one copy brings the detections.
///
/// Results equal those of ``Postprocessor/process(row:geometry:scratch:output:)`` bit for bit and in order. One for each
/// slot: its memory holds one batch, from ``enqueue(_:outputs:on:)`` until the batch's ``detections(row:)`` are read, and
/// calls must not overlap. Nothing is allocated after the first batch, unless a model without a fixed number of anchors
/// delivers more than ever before.
package final class DevicePostprocessor {
  /// Sizes that change speed, never results; tests choose small ones.
  package struct Tuning: Hashable, Sendable {
    /// How many keys a block sorts at once: a power of two, 2…4096.
    package var chunk = 4096
    /// How many kept boxes stay in shared memory, 0…1024.
    package var keptInShared = 1024
    /// Threads of a block that sorts, 1…1024.
    package var sortThreads = 512
    /// Threads of a block that suppresses: a multiple of 32, 64…512.
    package var suppressThreads = 512

    package init() {}
  }

  /// Images that a batch can have.
  package let capacity: Int
  /// The most detections that an image can have here.
  package let maximumDetections: Int
  package let postprocessor: Postprocessor

  private let context: CUDAContext
  private let head: DeviceHead
  private let tuning: Tuning
  /// The number of anchors that the model declares.
  private let declaredAnchors: Int?
  private let elementType: ElementType
  private let decode: CUDAKernel
  /// As `decode`, four anchors a thread; for heads with channels first.
  private let decodeFour: CUDAKernel?
  private let sort: CUDAKernel
  private let merge: CUDAKernel
  private let suppress: CUDAKernel

  private let plan: Plan
  private let fixed: DeviceMemory
  private let images: PinnedMemory
  private let results: PinnedMemory
  private var scratch: DeviceMemory?
  private var reservedAnchors = 0
  private var parameters: PostprocessParameters
  /// Images of the batch at hand.
  private var count = 0

  /// Rows beyond this, in detections an image, are no small copy any more; then the host does it.
  package static let largestLimit = 4096

  // MARK: Making

  /// Whether ``init(kernels:postprocessor:capacity:outputs:tuning:)`` takes this head, these settings and these outputs.
  /// Otherwise the outputs go to the host, and ``Postprocessor`` reads them there.
  package static func supports(_ postprocessor: Postprocessor, outputs: [TensorDescriptor]) -> Bool {
    refusal(of: postprocessor, outputs: outputs) == nil
  }

  /// Why ``supports(_:outputs:)`` says no, as a clause; `nil` where it says yes.
  package static func refusal(of postprocessor: Postprocessor, outputs: [TensorDescriptor]) -> String? {
    if postprocessor.settings.isMultiLabel { return "several labels for one box are not read on the device" }
    let head = DeviceHead(head: postprocessor.head)
    if let reason = head.refusal(of: outputs) { return reason }
    let anchors = head.anchorCount(outputs)
    if let anchors, !(0...Int(Int32.max)).contains(anchors) { return "\(anchors) anchors are no possible number" }
    let limit = min(postprocessor.maximumDetections ?? .max, anchors ?? .max)
    if limit > largestLimit {
      let found = limit == .max ? "any number of" : "\(limit)"
      return "\(found) detections an image are allowed, and the device gives \(largestLimit) at most"
    }
    return nil
  }

  /// Takes the memory for batches of up to `capacity` images, as far as the model declares how many anchors it has.
  ///
  /// - Parameters:
  ///   - postprocessor: head and settings.
  ///   - capacity: images of a batch at most, 1…65,535.
  ///   - outputs: as the model declares them, all or those that the head reads.
  /// - Throws: ``DetectionError`` of code `unsupportedModel` where ``supports(_:outputs:)`` says no; ``CUDAError``.
  package init(
    kernels: DeviceKernels, postprocessor: Postprocessor, capacity: Int, outputs: [TensorDescriptor],
    tuning: Tuning = Tuning()
  ) throws {
    if let reason = DevicePostprocessor.refusal(of: postprocessor, outputs: outputs) {
      throw DetectionError(
        .unsupportedModel,
        "The model's outputs cannot be read on the device: \(reason). Let the host read them instead.")
    }
    guard (1...65_535).contains(capacity) else {
      throw DetectionError(
        .invalidOption, "A batch of \(capacity) images cannot be read on the device: 1 to 65535 can.")
    }
    self.postprocessor = postprocessor
    self.capacity = capacity
    self.tuning = tuning
    let head = DeviceHead(head: postprocessor.head)
    self.head = head
    context = kernels.context
    declaredAnchors = head.anchorCount(outputs)
    plan = Plan(postprocessor, head: head, capacity: capacity, declaredAnchors: declaredAnchors)
    maximumDetections = plan.limit
    let first = postprocessor.head.tensors[0]
    elementType = outputs.first { $0.name == first }?.elementType ?? .float32
    switch postprocessor.head.kind {
    case .yolov8:
      decode = try kernels.kernel("swoop_postprocess_columns_\(elementType)")
      decodeFour = try kernels.kernel("swoop_postprocess_columns4_\(elementType)")
    case .yolov8Transposed, .yolov5:
      decode = try kernels.kernel("swoop_postprocess_interleaved_\(elementType)")
      decodeFour = nil
    case .endToEnd, .efficientNMS, .split:
      decode = try kernels.kernel("swoop_postprocess_rows")
      decodeFour = nil
    }
    sort = try kernels.kernel("swoop_postprocess_sort")
    merge = try kernels.kernel("swoop_postprocess_merge")
    suppress = try kernels.kernel("swoop_postprocess_suppress")
    fixed = try DeviceMemory(byteCount: plan.fixedByteCount, in: context)
    images = try PinnedMemory(byteCount: capacity * MemoryLayout<PostprocessImage>.stride, in: context)
    results = try PinnedMemory(byteCount: plan.resultByteCount, in: context)
    parameters = plan.parameters(at: fixed.address, tuning: tuning)
    try uploadThresholds()
    if let declaredAnchors { try reserve(declaredAnchors) }
  }

  /// Bytes of device memory held, beside the outputs themselves.
  package var deviceByteCount: Int { fixed.byteCount + (scratch?.byteCount ?? 0) }

  /// Bytes of pinned host memory held.
  package var pinnedByteCount: Int { images.bytes.count + results.bytes.count }

  /// The device memory that a postprocessor will hold, in bytes; `nil` where a model does not declare its anchors, or
  /// they are more than any memory has room for.
  package static func deviceByteCount(
    _ postprocessor: Postprocessor, capacity: Int, outputs: [TensorDescriptor]
  ) -> Int? {
    let head = DeviceHead(head: postprocessor.head)
    guard refusal(of: postprocessor, outputs: outputs) == nil, (1...65_535).contains(capacity),
      let anchors = head.anchorCount(outputs),
      let scratch = Plan.scratchByteCount(capacity: capacity, anchors: anchors)
    else { return nil }
    return scratch
      + Plan(postprocessor, head: head, capacity: capacity, declaredAnchors: anchors).fixedByteCount
  }

  private func uploadThresholds() throws {
    let stream = try CUDAStream(in: context)
    // Results come to the host as one piece, places without a detection among them.
    try stream.fill(fixed.address, with: 0, byteCount: fixed.byteCount)
    let tables = [
      (postprocessor.thresholds.values, parameters.confidences),
      (postprocessor.suppression?.thresholdTable.values ?? [], parameters.overlaps),
    ]
    for (values, address) in tables {
      // Not pinned, so it is read before the call returns.
      try values.withUnsafeBytes { bytes in try stream.copy(bytes, to: address) }
    }
    try stream.synchronize()
  }

  /// Makes room for the candidates of as many anchors in every image.
  private func reserve(_ anchors: Int) throws {
    guard anchors > reservedAnchors || scratch == nil else { return }
    guard let byteCount = Plan.scratchByteCount(capacity: capacity, anchors: anchors) else {
      throw DetectionError(
        .unreadableOutput, "\(anchors) anchors in \(capacity) images are more than any device has memory for.")
    }
    // First the old, so that both need not fit at once; freeing waits for whatever still uses it.
    scratch = nil
    reservedAnchors = 0
    let memory = try DeviceMemory(byteCount: byteCount, in: context)
    scratch = memory
    reservedAnchors = anchors
    plan.place(&parameters, at: memory.address, anchors: anchors)
  }

  // MARK: Running

  /// Queues everything from a batch's outputs to its detections in host memory.
  ///
  /// - Parameters:
  ///   - geometries: how each image lies on the network's input; image i is row i of the outputs.
  ///   - outputs: those that the head reads, at least; further ones are not looked at. They stay as they are until the
  ///     stream has come past.
  ///   - stream: where the outputs are written before. Everything of the batch before must have run.
  /// - Throws: ``DetectionError`` of code `unreadableOutput` where shapes or element types do not fit the head;
  ///   ``CUDAError``.
  package func enqueue(_ geometries: [LetterboxGeometry], outputs: [DeviceOutput], on stream: CUDAStream) throws {
    count = 0
    guard geometries.count <= capacity else {
      throw DetectionError(
        .invalidOption,
        "\(geometries.count) images are more than the \(capacity) that the postprocessor was made for.")
    }
    guard !geometries.isEmpty else { return }
    let layout = try head.layout(outputs, images: geometries.count)
    try requireDeclared(layout, outputs)
    try reserve(layout.anchors)
    parameters.tensors = layout.addresses
    parameters.tensorTypes = layout.types
    parameters.anchors = Int32(layout.anchors)
    parameters.channels = Int32(layout.channels)
    write(geometries)
    let stateByteCount = geometries.count * MemoryLayout<PostprocessImage>.stride
    try stream.copy(UnsafeRawBufferPointer(rebasing: images.bytes[..<stateByteCount]), to: parameters.images)
    try launch(layout, images: geometries.count, on: stream)
    let resultByteCount = geometries.count * plan.resultStride
    // So that results are not taken for this batch's before they are.
    for row in geometries.indices {
      results.bytes.storeBytes(
        of: PostprocessResultHead(candidates: -1, invalid: -1, kept: -1, count: -1),
        toByteOffset: row * plan.resultStride, as: PostprocessResultHead.self)
    }
    try stream.copy(parameters.results, to: UnsafeMutableRawBufferPointer(rebasing: results.bytes[..<resultByteCount]))
    count = geometries.count
  }

  /// The model is held to what it declared: memory and kernels were chosen by that.
  private func requireDeclared(_ layout: DeviceHead.Layout, _ outputs: [DeviceOutput]) throws(DetectionError) {
    if let declaredAnchors, layout.anchors > declaredAnchors {
      throw DetectionError(
        .unreadableOutput,
        "The run gave \(layout.anchors) anchors an image, but the model declares \(declaredAnchors).")
    }
    let first = postprocessor.head.tensors[0]
    guard postprocessor.head.hasClassScores, let output = outputs.first(where: { $0.name == first }),
      output.elementType != elementType
    else { return }
    throw DetectionError(
      .unreadableOutput,
      "The output \(first) has elements of \(output.elementType), but the model declares \(elementType).")
  }

  private func write(_ geometries: [LetterboxGeometry]) {
    let size = MemoryLayout<PostprocessImage>.stride
    for (row, geometry) in geometries.enumerated() {
      let image = PostprocessImage(
        left: Float(geometry.contentLeft), top: Float(geometry.contentTop), scaleX: Float(geometry.scaleX),
        scaleY: Float(geometry.scaleY), width: Float(geometry.imageWidth), height: Float(geometry.imageHeight))
      images.bytes.storeBytes(of: image, toByteOffset: row * size, as: PostprocessImage.self)
    }
  }

  private func launch(_ layout: DeviceHead.Layout, images: Int, on stream: CUDAStream) throws(CUDAError) {
    func blocks(of length: Int) -> CUDAExtent { CUDAExtent(max(1, (layout.anchors + length - 1) / length), images) }
    switch postprocessor.head.kind {
    case .yolov8:
      if layout.isAligned, let decodeFour {
        try decodeFour.launch(parameters, grid: blocks(of: 4 * 128), block: CUDAExtent(128), on: stream)
      } else {
        try decode.launch(parameters, grid: blocks(of: 128), block: CUDAExtent(128), on: stream)
      }
    case .yolov8Transposed, .yolov5:
      // Eight threads an anchor.
      try decode.launch(parameters, grid: blocks(of: 32), block: CUDAExtent(256), on: stream)
    case .endToEnd, .efficientNMS, .split:
      try decode.launch(parameters, grid: blocks(of: 128), block: CUDAExtent(128), on: stream)
    }
    try sort.launch(parameters, grid: blocks(of: tuning.chunk), block: CUDAExtent(tuning.sortThreads), on: stream)
    if layout.anchors > tuning.chunk {
      try merge.launch(parameters, grid: blocks(of: 256), block: CUDAExtent(256), on: stream)
    }
    try suppress.launch(
      parameters, grid: CUDAExtent(images), block: CUDAExtent(tuning.suppressThreads), on: stream)
  }

  /// The detections of one image of the batch, once the stream is synchronised: by score, highest first; equal scores by
  /// anchor, then class.
  ///
  /// - Parameter row: the image's place in the batch.
  /// - Returns: boxes in source pixels, clipped to the image, with the counts of what was left out.
  /// - Throws: ``DetectionError`` of code `unreadableOutput` where the batch has no such image, or the memory does not
  ///   hold results.
  package func detections(row: Int) throws -> ImageDetections {
    guard (0..<count).contains(row) else {
      throw DetectionError(
        .unreadableOutput, "There are no detections of image \(row): the last batch had \(count) images.")
    }
    let start = row * plan.resultStride
    let head = results.bytes.load(fromByteOffset: start, as: PostprocessResultHead.self)
    guard 0...Int32(plan.limit) ~= head.count, head.kept >= head.count, head.candidates >= head.kept, head.invalid >= 0
    else {
      throw DetectionError(
        .unreadableOutput,
        "The device's results for image \(row) are damaged: \(head.candidates) candidates, \(head.kept) kept, "
          + "\(head.count) given. Was the stream synchronised before they were read?")
    }
    var result = ImageDetections()
    result.candidateCount = Int(head.candidates)
    result.invalidCount = Int(head.invalid)
    if let suppression = postprocessor.suppression {
      result.truncatedCandidateCount = max(0, Int(head.candidates) - suppression.maximumCandidates)
    }
    result.truncatedDetectionCount = Int(head.kept - head.count)
    result.detections.reserveCapacity(Int(head.count))
    let first = start + MemoryLayout<PostprocessResultHead>.stride
    for place in 0..<Int(head.count) {
      let found = results.bytes.load(
        fromByteOffset: first + place * MemoryLayout<PostprocessDetection>.stride, as: PostprocessDetection.self)
      result.detections.append(
        Detection(
          box: Box(x1: found.x1, y1: found.y1, x2: found.x2, y2: found.y2), score: found.score,
          classIndex: Int(found.classIndex)))
    }
    return result
  }
}
