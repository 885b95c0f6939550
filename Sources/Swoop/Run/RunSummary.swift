internal import Glibc
public import Inference

/// How far a run is.
public struct RunProgress: Sendable, Hashable {
  /// Images with a record from this run.
  public var images = 0
  /// Those of them that failed.
  public var failures = 0
  public var detections = 0
  /// Since the run began.
  public var seconds = 0.0
}

/// What a run did, and where its time went.
public struct RunSummary: Sendable {
  /// Images with a record from this run, failed ones included; those that an earlier part of a resumed run wrote are not.
  public var images: Int
  public var failures: Int
  /// Boxes in all records of this run.
  public var detections: Int
  /// Images that have more boxes than a limit lets through, and how many boxes that left out.
  public var truncatedImages: Int
  public var truncatedDetections: Int
  /// Values that the network gave which were no boxes, such as NaN.
  public var invalidValues: Int
  /// Pictures that were wanted and could not be drawn, and why the first could not.
  public var undrawnPictures: Int
  public var drawingProblem: String?
  /// From the first item to the last record.
  public var seconds: Double
  public var engine: EngineIdentity
  public var batchSize: Int
  /// Executions in flight on each device.
  public var requestCount: Int
  /// GPUs that did everything from file bytes to boxes; 0 where the processor decoded and prepared.
  public var deviceCount = 0
  public var stages: [StageTiming]
  public var waits: PipelineWaits
  /// Whether it stopped early because of a signal; then the source has more.
  public var isInterrupted: Bool

  /// Images a second over the whole run.
  public var throughput: Double { seconds > 0 ? Double(images) / seconds : 0 }
}

/// What limits a run.
public enum Bottleneck: String, Sendable, Hashable {
  case source, workers, device, network, writer, none

  /// In a sentence for people.
  public var sentence: String {
    switch self {
    case .source: "Reading the source limits: the threads that decode wait for files."
    case .workers: "Reading, decoding and preparing limit: the network waits for pictures."
    case .device: "The GPU limits, by what it does besides the network: decoding, preparing or suppression."
    case .network: "The network limits: it is busy, and prepared pictures wait for it."
    case .writer: "Writing limits: records wait for the output."
    case .none: "Nothing limits for long enough to tell."
    }
  }
}

extension RunSummary {
  /// The stage that the others wait for.
  ///
  /// Lanes that wait for batches less than a quarter of their time are as busy as they get, since one of them is always
  /// ahead. Otherwise what comes before the network is behind: the workers, or, if they wait for items themselves, the
  /// source or the writer.
  public var bottleneck: Bottleneck {
    guard seconds > 0.5, waits.laneCount > 0, waits.workerCount > 0 else { return .none }
    let laneIdle = waits.lanesForBatches / (seconds * Double(waits.laneCount))
    if laneIdle < 0.25 {
      guard deviceCount > 0 else { return .network }
      // Of what the GPU does, what takes most of its time.
      let longest = deviceStages.max { $0.seconds < $1.seconds }?.stage
      return longest == .infer ? .network : .device
    }
    let workerIdle = waits.workersForItems / (seconds * Double(waits.workerCount))
    if workerIdle < 0.5 { return .workers }
    let writing = stages.first { $0.stage == .write }?.seconds ?? 0
    return writing > 0.5 * seconds ? .writer : .source
  }
}

extension RunSummary {
  /// What GPUs did, by their own clocks.
  private var deviceStages: [StageTiming] {
    guard deviceCount > 0 else { return [] }
    return stages.filter { [.decode, .preprocess, .infer, .postprocess].contains($0.stage) }
  }
}

/// Sums up records as they are written.
struct RunCounter {
  private let start = now(CLOCK_MONOTONIC)
  private(set) var progress = RunProgress()
  private var truncatedImages = 0
  private var truncatedDetections = 0
  private var invalidValues = 0
  private var undrawnPictures = 0
  private var drawingProblem: String?

  private var seconds: Double { Double(now(CLOCK_MONOTONIC) &- start) / 1e9 }

  mutating func add(_ output: DetectionWork.Output) {
    progress.images += 1
    progress.seconds = seconds
    invalidValues += output.invalidCount
    if let problem = output.drawingProblem {
      undrawnPictures += 1
      if drawingProblem == nil { drawingProblem = problem }
    }
    switch output.record.outcome {
    case .failed: progress.failures += 1
    case .detected(let detections, let truncated):
      progress.detections += detections.count
      if truncated > 0 {
        truncatedImages += 1
        truncatedDetections += truncated
      }
    }
  }

  /// The time goes on without records.
  mutating func tick() { progress.seconds = seconds }

  func summary(
    run: BatchRun, batchSize: Int, timings: [StageTiming], waits: PipelineWaits, isInterrupted: Bool
  ) -> RunSummary {
    RunSummary(
      images: progress.images, failures: progress.failures, detections: progress.detections,
      truncatedImages: truncatedImages, truncatedDetections: truncatedDetections, invalidValues: invalidValues,
      undrawnPictures: undrawnPictures, drawingProblem: drawingProblem, seconds: seconds,
      engine: run.detector.engine.identity, batchSize: batchSize,
      requestCount: run.requestCount, deviceCount: run.deviceCount, stages: timings, waits: waits,
      isInterrupted: isInterrupted)
  }
}

extension RunSummary {
  /// The same as a report shows it.
  public var timings: RunTimings {
    func workers(of stage: Stage) -> Int {
      if deviceCount > 0 {
        switch stage {
        // One network at a time has a GPU; the other stages of several batches go on beside one another.
        case .infer: return deviceCount
        case .decode, .preprocess, .postprocess: return waits.laneCount
        case .read, .render, .write: break
        }
      }
      switch stage {
      case .read, .decode, .preprocess, .render: return waits.workerCount
      case .infer, .postprocess: return waits.laneCount
      case .write: return 1
      }
    }
    func name(of stage: Stage) -> String { stage == .infer ? "network" : stage.rawValue }
    var limiting: String?
    switch bottleneck {
    case .network: limiting = name(of: .infer)
    case .device: limiting = deviceStages.max { $0.seconds < $1.seconds }.map { name(of: $0.stage) }
    case .workers:
      // Of what the workers do, what takes most of their time.
      limiting = stages.filter { [.read, .decode, .preprocess, .render].contains($0.stage) }
        .max { $0.seconds < $1.seconds }.map { name(of: $0.stage) }
    case .writer: limiting = name(of: .write)
    case .source, .none: break
    }
    return RunTimings(
      images: images, wallSeconds: seconds,
      stages: stages.filter { $0.images > 0 }.map {
        .init(name(of: $0.stage), busySeconds: $0.seconds, workers: workers(of: $0.stage))
      },
      limitingStage: limiting,
      conditions: [
        .init("engine", "\(engine)"), .init("batch", "\(batchSize)"), .init("executions in flight", "\(requestCount)"),
        .init("workers", "\(waits.workerCount)"),
      ])
  }
}
