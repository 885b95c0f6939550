internal import Detection
internal import EvaluationFiles
internal import Imaging
internal import Inference
internal import Swoop

/// Runs models for commands that judge detections instead of keeping them.
struct DetectionRunner {
  /// What a run gave.
  struct Result {
    var detections: DetectionSet
    /// How many images failed.
    var failures: Int
    /// What ran it, in words, for reports.
    var facts: [String]
  }

  private var configuration = DetectorConfiguration()
  private let options: EngineOptions
  private let workers: Int
  private let slots: SlotCheckOptions
  private let console: Console

  init(runtime options: EngineOptions, workers: Int, slots: SlotCheckOptions, console: Console) {
    self.options = options
    self.workers = workers
    self.slots = slots
    self.console = console
  }

  mutating func configure(_ body: (inout DetectorConfiguration) -> Void) { body(&configuration) }

  /// Runs a model over all sources.
  ///
  /// - Parameter prefersMultiLabel: whether a box counts for every class over the threshold where the model has a score
  ///   for each, as COCO's figures are usually taken.
  /// - Throws: `ExitCode` after an interruption.
  func run(_ model: String, _ sources: ImageSources, prefersMultiLabel: Bool) throws -> Result {
    let console = console
    let count = try sources.count()
    var detector = try Detector(
      model: model, options: options, configuration: configuration, onNotice: { console.note("note: \($0)") })
    if prefersMultiLabel, !configuration.isMultiLabel, detector.postprocessor.head.hasClassScores {
      var changed = configuration
      changed.isMultiLabel = true
      detector = try detector.with(changed)
    }
    for warning in detector.notes + detector.metadata.warnings { console.note("note: \(warning)") }
    let run = try BatchRun(
      detector: detector, options: options, workers: workers, expectedImages: count.exactly
    ) { console.note("note: \($0)") }
    console.note("\(detector)\n\(run)")
    try slots.check(run)
    var set = DetectionSet(source: model, labels: detector.labels.all)
    var failures = 0
    let progress = ProgressReporter(count: count, style: console.isQuiet ? .quiet : nil)
    let summary = try run.forEachRecord(of: sources.makeReader()) { record in
      set.append(record)
      if record.failure != nil { failures += 1 }
      progress.update(done: set.images.count, failed: failures)
    }
    progress.clear()
    if let signal = Interruption.signal, summary.isInterrupted {
      console.note("interrupted after \(set.images.count) images; nothing was judged")
      throw Exit.interrupted(by: signal)
    }
    return Result(detections: set, failures: failures, facts: ["\(detector.engine.identity)"])
  }
}

/// The colour of a class as CSS has it.
enum ClassColor {
  static func css(_ classIndex: Int) -> String { ClassPalette.colour(forClass: classIndex).hexadecimal }
}

/// Names of files without their folders.
enum FileName {
  static func last(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
