internal import Synchronization

/// Measures a whole run: files to boxes, each stage's part, and which stage limits.
public struct EndToEndBenchmark: Sendable {
  public var detector: Detector
  /// Where images come from: words of a command line. They are read over and over; standard input cannot be.
  public var sources: [String]
  public var options: EngineOptions
  /// Threads that read, decode and prepare; 0 for one a processor.
  public var workers = 0
  /// About how many seconds to measure.
  public var duration = 5.0

  public init(detector: Detector, sources: [String], options: EngineOptions) {
    self.detector = detector
    self.sources = sources
    self.options = options
  }

  /// What was measured.
  public struct Measurement: Sendable {
    public var summary: RunSummary
    public var workers: Int
    /// How often the sources were read through.
    public var passes: Int
    public var disturbance: Disturbance
    /// What a user should know of the run: see ``BatchRun/onNotice``. Each is here once, whatever the passes.
    public var notices: [String]

    package init(
      summary: RunSummary, workers: Int, passes: Int, disturbance: Disturbance, notices: [String] = []
    ) {
      self.summary = summary
      self.workers = workers
      self.passes = passes
      self.disturbance = disturbance
      self.notices = notices
    }
  }

  /// Reads through the sources once to warm up and to learn how long that takes, then as often as fits the duration, in
  /// one run.
  public func run() throws -> Measurement {
    for word in sources where word == "-" || word == "@-" {
      throw SwoopError(
        .usage,
        "Standard input can be read once only, and a benchmark reads its sources several times. Name files or folders.")
    }
    let notices = Notices()
    let run = try BatchRun(detector: detector, options: options, workers: workers) { notices.add($0) }
    let once = try measure(run, passes: 1)
    if once.isInterrupted { throw SwoopError(.usage, "The benchmark was interrupted.") }
    guard once.images > 0 else {
      throw SwoopError(.input, "There are no images in \(sources.joined(separator: ", ")).")
    }
    // The first pass is slower than the ones after it, so the first guess may be too small; the second is not.
    var passes = Self.passes(for: duration, measured: once.seconds, of: 1)
    var watch = DisturbanceWatch()
    var summary = try measure(run, passes: passes)
    if summary.seconds < duration * 0.8, !summary.isInterrupted {
      passes = Self.passes(for: duration, measured: summary.seconds, of: passes)
      watch = DisturbanceWatch()
      summary = try measure(run, passes: passes)
    }
    if summary.isInterrupted { throw SwoopError(.usage, "The benchmark was interrupted.") }
    return Measurement(
      summary: summary, workers: run.workerCount, passes: passes, disturbance: watch.end(), notices: notices.all)
  }

  /// How often to read the sources so that it takes about as long as asked for. The number is bounded, since a list of so
  /// many words is made of it.
  package static func passes(for duration: Double, measured seconds: Double, of passes: Int) -> Int {
    let one = max(seconds / Double(passes), 1e-6)
    return max(1, Int(min(100_000, duration / one).rounded(.up)))
  }

  private func measure(_ run: BatchRun, passes: Int) throws -> RunSummary {
    let words = Array(repeating: sources, count: passes).flatMap { $0 }
    return try run.forEachRecord(of: try ImageSources(words).makeReader()) { _ in }
  }
}

/// What was said while something ran, by any thread, each once and in the order of the first time.
private final class Notices: Sendable {
  private let texts = Mutex<[String]>([])

  func add(_ text: String) {
    texts.withLock { if !$0.contains(text) { $0.append(text) } }
  }

  var all: [String] { texts.withLock { $0 } }
}
