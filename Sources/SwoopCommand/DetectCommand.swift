internal import ArgumentParser
internal import Detection
internal import Swoop

/// `swoop detect`: a folder in, every detection out.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Find objects in pictures: files, folders, globs, lists and archives.",
    discussion: """
      Every picture gets exactly one record, in order, in detections.jsonl: its boxes, none, or why it failed. \
      An interrupted run is continued with --resume and ends with the same bytes.

      Exit status: 0 done; 1 done, but some pictures failed; 64 wrong options; 66 nothing to read; 69 a library or device \
      is missing; 73 the output cannot be created; 74 writing failed; 130 interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Picture files, folders, quoted globs, .tar or .zip archives, @list.txt, or - for a list on standard input.",
      valueName: "source"))
  var sources: [String]

  @OptionGroup(title: "Model")
  var model: ModelOptions

  @OptionGroup(title: "Pictures")
  var preprocessing: PreprocessingOptions

  @OptionGroup(title: "Detections")
  var thresholds: ThresholdOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(
    help: ArgumentHelp("Threads that read, decode and prepare pictures. 0: one a processor.", valueName: "n"))
  var workers = 0

  func validate() throws {
    if workers < 0 { throw ValidationError("--workers \(workers) is negative.") }
  }

  func run() throws {
    try Exit.onError { try detect() }
  }

  private func detect() throws {
    Interruption.install()
    let console = Console(isQuiet: output.quiet)
    let sources = try ImageSources(self.sources)
    let count = try sources.count()

    var configuration = DetectorConfiguration()
    preprocessing.apply(to: &configuration)
    thresholds.apply(to: &configuration)
    let options = model.engineOptions
    let detector = try Detector(model: model.model, options: options, configuration: configuration)
    for warning in detector.metadata.warnings { console.note("note: \(warning)") }
    let run = try BatchRun(detector: detector, options: options, workers: workers)
    console.note(detector.description)
    console.note(run.description)

    let folder = output.folder(for: self.sources)
    let mode: RunOutput.Mode = output.resume ? .resume : output.overwrite ? .overwrite : .create
    let header = detector.header()
    let results =
      try folder.map { try RunOutput(folder: $0, formats: output.formats(), mode: mode, header: header) }
      ?? RunOutput(standardOutput: header)
    let reader = sources.makeReader()
    try results.verifyResumed(reader)
    if results.completed > 0 { console.note("going on after \(results.completed) records") }

    _ = count
    let summary = try run.run(reader, into: results)
    try results.flush()
    console.note(summary.description)
    if summary.isInterrupted, let signal = Interruption.signal {
      throw Exit.interrupted(by: signal)
    }
    if summary.failures > 0 { throw Exit.someImagesFailed }
  }
}
