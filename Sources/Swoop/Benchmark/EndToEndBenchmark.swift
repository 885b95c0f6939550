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
  }

  /// Reads through the sources once to warm up and to learn how long that takes, then as often as fits the duration, in
  /// one run.
  public func run() throws -> Measurement {
    for word in sources where word == "-" || word == "@-" {
      throw SwoopError(
        .usage, "Standard input can be read once only, and a benchmark reads its sources several times. Name files or folders.")
    }
    let run = try BatchRun(detector: detector, options: options, workers: workers)
    let once = try measure(run, passes: 1)
    if Interruption.signal != nil { throw SwoopError(.usage, "The benchmark was interrupted.") }
    guard once.images > 0 else {
      throw SwoopError(.input, "There are no images in \(sources.joined(separator: ", ")).")
    }
    // Sources that are short to read are repeated; the number only bounds the list that is made of them.
    let passes = max(1, min(100_000, Int((duration / max(once.seconds, 1e-3)).rounded(.up))))
    let watch = DisturbanceWatch()
    let summary = try measure(run, passes: passes)
    return Measurement(summary: summary, workers: run.workerCount, passes: passes, disturbance: watch.end())
  }

  private func measure(_ run: BatchRun, passes: Int) throws -> RunSummary {
    let words = Array(repeating: sources, count: passes).flatMap { $0 }
    return try run.forEachRecord(of: try ImageSources(words).makeReader()) { _ in }
  }
}
