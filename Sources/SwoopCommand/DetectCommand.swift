internal import ArgumentParser
internal import Detection
internal import Imaging
internal import Inference
internal import Swoop

/// `swoop detect`: a folder in, every detection out.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Find objects in pictures: files, folders, globs, lists and archives.",
    discussion: """
      Every picture gets exactly one record, in order, in detections.jsonl: its boxes, none, or why it failed. \
      An interrupted run is continued with --resume and ends with the same bytes.

      Exit status: 0 done; 1 done, but some pictures failed; 64 wrong options; 65 the model or a file is damaged; 66 \
      nothing to read; 69 a library or device is missing; 70 an error inside the runtime; 73 the output cannot be \
      created; 74 writing failed; 130, 143 interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Picture files, folders, quoted globs, .tar or .zip archives, @list.txt, or - for a list on standard input.",
      valueName: "source"))
  var sources: [String]

  @OptionGroup(title: "Model")
  var model: ModelOptions

  @OptionGroup(title: "Model")
  var slots: SlotCheckOptions

  @OptionGroup(title: "Pictures")
  var preprocessing: PreprocessingOptions

  @OptionGroup(title: "Detections")
  var thresholds: ThresholdOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @OptionGroup
  var worker: WorkerOptions

  func run() throws {
    try Exit.onError { try detect() }
  }

  private func detect() throws {
    Interruption.install()
    let console = Console(isQuiet: output.quiet)
    // First what is quick to find out: a wrong source must not wait for a model to compile.
    let sources = try ImageSources(SourcePath.arguments(self.sources))
    let count = try sources.count()
    let run = try makeRun(console, expectedImages: count.exactly)
    let detector = run.detector

    let folder = output.folder(for: self.sources)
    let results = try open(folder, header: run.header())
    let reader = sources.makeReader()
    try results.verifyResumed(reader)
    if results.completed > 0 { console.note("going on after \(results.completed) records") }

    let progress = ProgressReporter(
      count: count, completed: results.completed, style: output.quiet ? .quiet : nil)
    let summary = try run.run(reader, into: results) { progress.update(done: $0.images, failed: $0.failures) }
    progress.clear()
    if let signal = Interruption.signal, summary.isInterrupted {
      try results.flush()
      console.note("interrupted after \(results.recordCount) records")
      if let folder { console.note("to go on: \(ResumeCommand.text(CommandLine.arguments, folder: folder))") }
      throw Exit.interrupted(by: signal)
    }
    try results.finish(
      report: ReportDetails(
        title: folder == output.output ? nil : folder, date: Calendar.today(), timings: summary.timings,
        classColor: { ClassPalette.colour(forClass: $0).rgb }))
    for note in notes(on: summary) { console.note(note) }
    console.note(
      SummaryText.text(
        results.totals, timings: summary.images > 0 ? summary.timings : nil,
        outputs: written(by: results, folder: folder), tally: reader.tally))
    let status = results.totals.failed > 0 ? Exit.someImagesFailed : ExitCode.success
    // Taking a GPU's libraries down takes a third of a second, and frees nothing that the system does not.
    if detector.engine.cuda != nil { Exit.now(status) }
    if status != .success { throw status }
  }

  private func makeRun(_ console: Console, expectedImages: Int?) throws -> BatchRun {
    var configuration = DetectorConfiguration()
    preprocessing.apply(to: &configuration)
    thresholds.apply(to: &configuration)
    let options = model.engineOptions
    let detector = try Detector(
      model: model.path(), options: options, configuration: configuration, onNotice: { console.note("note: \($0)") })
    for warning in detector.notes + detector.metadata.warnings { console.note("note: \(warning)") }
    let run = try BatchRun(
      detector: detector, options: options, workers: worker.workers, expectedImages: expectedImages
    ) { console.note("note: \($0)") }
    console.note("\(detector)\n\(run)")
    try slots.check(run)
    return run
  }

  private func open(_ folder: String?, header: RunHeader) throws -> RunOutput {
    guard let folder else { return try RunOutput(standardOutput: header) }
    let mode: RunOutput.Mode = output.resume ? .resume : output.overwrite ? .overwrite : .create
    return try RunOutput(folder: folder, formats: output.formats(), mode: mode, header: header)
  }

  private func written(by results: RunOutput, folder: String?) -> [String] {
    guard let folder else { return [] }
    return OutputFormat.allCases.filter(results.formats.contains).map { "\(folder)/\($0.artifact)" }
  }

  /// What a user should know of a run besides its counts.
  private func notes(on summary: RunSummary) -> [String] {
    var notes: [String] = []
    if summary.invalidValues > 0 {
      notes.append(
        "note: the network gave \(summary.invalidValues) values that are no boxes (NaN, infinite or impossible); "
          + "they were left out. In reduced precision try --precision fp32.")
    }
    if let problem = summary.drawingProblem {
      notes.append("note: \(summary.undrawnPictures) pictures could not be drawn; the first: \(problem)")
    }
    return notes
  }
}

extension Colour {
  /// 0xRRGGBB.
  fileprivate var rgb: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}
