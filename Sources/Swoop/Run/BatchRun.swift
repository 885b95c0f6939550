internal import CUDA
internal import Imaging
internal import Inference

/// Runs a detector over all images of a source, in batches, with every stage at work at once.
///
///     let run = try BatchRun(detector: detector)
///     let summary = try run.forEachRecord(of: try ImageSources(["photos/"]).makeReader()) { record in
///       print(record.key, record.detections.count)
///     }
///
/// Every image of the source gets one record, in order. Memory is bounded whatever their number.
public struct BatchRun: Sendable {
  /// What does the work.
  public let detector: Detector
  /// Images an execution.
  public let batchSize: Int
  /// Executions in flight.
  public let requestCount: Int
  /// Threads that read, decode and prepare.
  public let workerCount: Int
  /// Told what a user should know: what is left to the processor and why, a batch that was halved, a device that is lost.
  public let onNotice: @Sendable (String) -> Void
  private let isAsynchronous: Bool
  private let deviceMemoryLimit: Int?
  private let expectedImages: Int?
  /// The GPUs whose slots do everything from file bytes to boxes; none where the processor does.
  private let devices: [DevicePath]
  private let troubles: DeviceTroubles

  /// - Parameters:
  ///   - options: batch, execution, requests, the limit of device memory and the cache folder are read here; the rest was
  ///     read when the model was loaded.
  ///   - workers: threads that read, decode and prepare pictures; 0 for one a processor.
  ///   - expectedImages: how many images will come, where that is known: no more memory is taken than they need. More may
  ///     come all the same.
  ///   - onNotice: see ``onNotice``.
  /// - Throws: ``SwoopError`` with code `usage` for a batch that the model cannot have; `InferenceError` where decoding on
  ///   a GPU was asked for and cannot be had.
  public init(
    detector: Detector, options: EngineOptions = EngineOptions(), workers: Int = 0, expectedImages: Int? = nil,
    onNotice: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.detector = detector
    self.onNotice = onNotice
    self.expectedImages = expectedImages
    troubles = DeviceTroubles(onNotice: onNotice)
    deviceMemoryLimit = options.deviceMemoryLimit
    isAsynchronous = options.execution == .asynchronous
    workerCount = workers > 0 ? workers : UsableProcessors.count
    switch (detector.input.fixedBatch, options.batch) {
    case (let fixed?, .exactly(let wanted)) where fixed != wanted:
      throw SwoopError(
        .usage,
        "--batch \(wanted) was asked for, but \(detector.modelName) has a fixed batch of \(fixed). Leave --batch out, or "
          + "make the batch dynamic when exporting.")
    case (let fixed?, _): batchSize = fixed
    case (nil, .exactly(let wanted)): batchSize = wanted
    case (nil, .auto): batchSize = max(1, detector.engine.preferredBatchSize)
    }
    switch (isAsynchronous, options.requests) {
    case (false, .exactly(let count)) where count > 1:
      throw SwoopError(
        .usage, "--requests \(count) needs --execution asynchronous: synchronous execution has one batch in flight.")
    case (false, _): requestCount = 1
    case (true, .exactly(let count)): requestCount = count
    case (true, .auto): requestCount = max(1, detector.engine.preferredContextCount)
    }
    if isAsynchronous {
      devices = try DevicePath.all(
        of: detector, batch: Self.capacity(detector, batchSize, expectedImages), cacheFolder: options.cacheFolder,
        troubles: troubles, onNotice: onNotice)
    } else if detector.configuration.decode == .gpu {
      throw SwoopError(
        .usage, "--decode gpu needs --execution asynchronous: synchronous execution prepares on the processor.")
    } else {
      devices = []
    }
  }

  /// GPUs that do everything from file bytes to boxes.
  var deviceCount: Int { devices.count }

  /// What identifies the run in the first line of its records.
  public func header() -> RunHeader {
    detector.header(decode: devices.first?.decodeDescription ?? "cpu")
  }

  /// Runs over all items and hands each record to `body`, in order, on the calling thread.
  ///
  /// - Returns: counts and timings.
  /// - Throws: what the source, the engine or `body` throws. An image's own failure is in its record instead.
  public func forEachRecord(
    of reader: SourceReader, body: (ImageRecord) throws -> Void
  ) throws -> RunSummary {
    try run(reader, pictures: nil, progress: { _ in }) { try body($0.record) }
  }

  /// Runs over all items and writes their records, and pictures where the output wants them.
  ///
  /// After a first interruption (``Interruption``) no more items are taken; what is in flight is finished and written.
  ///
  /// - Parameters:
  ///   - reader: stands at the first item that the output does not have yet.
  ///   - progress: called after each record, and several times a second while none comes.
  public func run(
    _ reader: SourceReader, into output: RunOutput, progress: (RunProgress) -> Void = { _ in }
  ) throws -> RunSummary {
    let pictures = PictureMaker(labels: detector.labels, output: output)
    // While nothing comes (a slow network, a source that waits), what is done is made safe and visible to readers.
    return try run(reader, pictures: pictures, progress: progress, idle: { try output.flush() }) { item in
      try output.append(item.record, picture: item.picture, thumbnail: item.thumbnail)
    }
  }

  private func run(
    _ reader: SourceReader, pictures: PictureMaker?, progress: (RunProgress) -> Void,
    idle: () throws -> Void = {},
    sink: (DetectionWork.Output) throws -> Void
  ) throws -> RunSummary {
    let timings = StageTimings()
    if devices.isEmpty {
      let work = try halvingBatch { capacity in
        try DetectionWork(
          detector: detector, slotCount: slotCount(capacity: capacity), slotCapacity: capacity,
          isAsynchronous: isAsynchronous,
          pictures: pictures, timings: timings)
      }
      return try run(work, reader, timings, progress: progress, idle: idle, sink: sink)
    }
    let work = try halvingBatch { capacity in
      try DeviceDetectionWork(
        detector: detector, paths: devices, slotCount: slotCount(capacity: capacity), slotCapacity: capacity,
        memoryLimit: deviceMemoryLimit, pictures: pictures, timings: timings, troubles: troubles)
    }
    return try run(work, reader, timings, progress: progress, idle: idle, sink: sink)
  }

  private func run<Work: BatchWork>(
    _ work: Work, _ reader: SourceReader, _ timings: StageTimings, progress: (RunProgress) -> Void,
    idle: () throws -> Void, sink: (DetectionWork.Output) throws -> Void
  ) throws -> RunSummary where Work.Item == SourceItem, Work.Output == DetectionWork.Output {
    // Finished records are small and wait for a slow picture before them; pixels that wait to be drawn are not.
    let held = work.slotCount * work.slotCapacity
    let pipeline = BatchPipeline(
      work: work, workerCount: isAsynchronous ? workerCount : min(workerCount, work.slotCapacity),
      window: work.renders ? held + 4 * workerCount : held + max(256, held))
    var counter = RunCounter()
    try pipeline.run {
      Interruption.signal == nil ? try reader.next() : nil
    } idle: {
      try idle()
      counter.tick()
      progress(counter.progress)
    } sink: { output in
      try timings.measure(.write) { try sink(output) }
      counter.add(output)
      progress(counter.progress)
    }
    return counter.summary(
      run: self, batchSize: batchSize, timings: timings.snapshot(), waits: pipeline.waits,
      isInterrupted: Interruption.signal != nil)
  }
}

extension BatchRun {
  /// Images an execution: no more than are expected.
  private static func capacity(_ detector: Detector, _ batchSize: Int, _ expectedImages: Int?) -> Int {
    detector.input.fixedBatch ?? min(batchSize, max(1, expectedImages ?? .max))
  }

  /// Executions in flight on each device: no more than the images that are expected can fill.
  private func slotCount(capacity: Int) -> Int {
    guard let expectedImages else { return requestCount }
    return min(requestCount, max(1, (expectedImages + capacity - 1) / capacity))
  }

  /// Makes the stages of the run, for half the batch where there is no room for all of it. Of several GPUs, one that has none
  /// is left out where others have: they would only be slower with less.
  private func halvingBatch<Work>(_ make: (Int) throws -> Work) throws -> Work {
    var capacity = Self.capacity(detector, batchSize, expectedImages)
    // Those without room for as many.
    var short: [DeviceShortage] = []
    func halve(_ error: InferenceError) throws {
      guard error.code == .outOfMemory, capacity > 1, detector.input.fixedBatch == nil else { throw error }
      onNotice("There is no memory for batches of \(capacity); going on with \(capacity / 2). \(error)")
      capacity /= 2
    }
    func leaveOut(_ shortages: [DeviceShortage]) {
      for shortage in shortages {
        troubles.noteLackOfRoom(on: shortage.device, batch: capacity, shortage.reason)
      }
    }
    while true {
      do {
        let work = try make(capacity)
        leaveOut(short)
        return work
      } catch let shortage as DeviceShortage {
        troubles.setAside(shortage.device)
        guard devices.allSatisfy({ troubles.hasLost($0.cuda.device) }) else {
          short.append(shortage)
          continue
        }
        troubles.takeBack()
        if capacity > 1, detector.input.fixedBatch == nil {
          try halve(shortage.reason)
          short = []
          continue
        }
        leaveOut(short)
        throw troubles.reason(adding: shortage.device, shortage.reason)
      } catch let error as InferenceError {
        troubles.takeBack()
        // Where the others are lost meanwhile, those without room are all that there is.
        let reason = error.code == .deviceLost ? short.last?.reason ?? error : error
        short = []
        try halve(reason)
      }
    }
  }

  /// Checks that pictures in a batch do not influence one another: see `SlotCheck`. Takes four executions, on one device: the
  /// model is the same on all of them. A GPU that fails meanwhile leaves the check, and its share of the run, to the others.
  ///
  /// - Throws: `InferenceError` with the numbers where they do; the reason where no GPU is left.
  public func checkSlots() throws {
    guard devices.count > 1 else { return try checkSlots(of: devices.first?.engine ?? detector.engine) }
    for path in devices {
      let device = path.cuda.device
      guard !troubles.hasLost(device) else { continue }
      do {
        return try checkSlots(of: path.engine)
      } catch {
        guard let failure = DeviceFailure(of: device.index, error) else { throw error }
        if failure.reason.code == .outOfMemory {
          troubles.noteLackOfRoom(on: device, batch: batchSize, failure.reason)
        } else {
          troubles.noteLoss(of: device, failure.reason)
        }
      }
    }
    if let reason = troubles.reason { throw reason }
  }

  /// The check on one device. Where it has no memory for the run's batch, half of it is checked: the run will not have more.
  private func checkSlots(of engine: any Engine) throws {
    var batch = batchSize
    while true {
      do {
        let shape = detector.input.shape(batch: batch, canvas: detector.input.size)
        return try SlotCheck().check(engine, batch: batch, shapes: [detector.input.name: shape])
      } catch let error as InferenceError
        where error.code == .outOfMemory && batch > 1 && detector.input.fixedBatch == nil
      {
        batch /= 2
      }
    }
  }
}

extension BatchRun: CustomStringConvertible {
  /// One line for people: `batches of 8, 3 in flight, 2 workers`.
  public var description: String {
    let batch = batchSize == 1 ? "single pictures" : "batches of \(batchSize)"
    let flight = isAsynchronous ? "\(requestCount) in flight" : "one after the other"
    let workers = "\(workerCount) worker\(workerCount == 1 ? "" : "s")"
    guard let device = devices.first else { return "\(batch), \(flight), \(workers)" }
    let count = devices.count == 1 ? "" : "\(devices.count) GPUs, each: "
    return "\(count)\(batch), \(flight), JPEG decoded by \(device.decodeDescription), \(workers)"
  }
}
