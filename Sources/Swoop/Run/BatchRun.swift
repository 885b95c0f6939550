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
  /// Told what a user should know while the run goes on: a batch that was halved.
  public var onNotice: @Sendable (String) -> Void = { _ in }
  private let isAsynchronous: Bool

  /// - Parameters:
  ///   - options: batch, execution and requests are read here; the rest was read when the model was loaded.
  ///   - workers: threads that read, decode and prepare pictures; 0 for one a processor.
  /// - Throws: ``SwoopError`` with code `usage` for a batch that the model cannot have.
  public init(detector: Detector, options: EngineOptions = EngineOptions(), workers: Int = 0) throws(SwoopError) {
    self.detector = detector
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
    let work = try makeWork(pictures: pictures, timings: timings)
    // Finished records are small and wait for a slow picture before them; pixels that wait to be drawn are not.
    let held = requestCount * work.slotCapacity
    let pipeline = BatchPipeline(
      work: work, workerCount: isAsynchronous ? workerCount : min(workerCount, work.slotCapacity),
      window: pictures == nil ? held + 256 : held + 4 * workerCount)
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
      run: self, timings: timings.snapshot(), waits: pipeline.waits, isInterrupted: Interruption.signal != nil)
  }
}

extension BatchRun {
  /// The stages of the run, for half the batch where the device has no room for all of it.
  private func makeWork(pictures: PictureMaker?, timings: StageTimings) throws -> DetectionWork {
    var capacity = batchSize
    while true {
      do {
        return try DetectionWork(
          detector: detector, slotCount: requestCount, slotCapacity: capacity, isAsynchronous: isAsynchronous,
          pictures: pictures, timings: timings)
      } catch let error as InferenceError
        where error.code == .outOfMemory && capacity > 1 && detector.input.fixedBatch == nil
      {
        onNotice("There is no memory for batches of \(capacity); going on with \(capacity / 2). \(error)")
        capacity /= 2
      }
    }
  }

  /// Checks that pictures in a batch do not influence one another: see `SlotCheck`. Takes four executions.
  ///
  /// - Throws: `InferenceError` with the numbers where they do.
  public func checkSlots() throws {
    let shape = detector.input.shape(batch: batchSize, canvas: detector.input.size)
    try SlotCheck().check(detector.engine, batch: batchSize, shapes: [detector.input.name: shape])
  }
}

extension BatchRun: CustomStringConvertible {
  /// One line for people: `batches of 8, 3 in flight, 2 workers`.
  public var description: String {
    let batch = batchSize == 1 ? "single pictures" : "batches of \(batchSize)"
    let flight = isAsynchronous ? "\(requestCount) in flight" : "one after the other"
    return "\(batch), \(flight), \(workerCount) worker\(workerCount == 1 ? "" : "s")"
  }
}
