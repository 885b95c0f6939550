internal import ArgumentParser
internal import Swoop

/// `swoop benchmark`: how fast a model runs on this machine, alone and from files to boxes.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure a model on this machine: the engine alone, and from files to boxes.",
    discussion: """
      Without sources the engine alone is measured: executions one after the other in each of several contexts \
      (--requests). With sources, also a whole run from files to boxes, with each stage's part and the stage that limits. \
      A busy machine, steal time, a used-up quota or a slowing processor is said with the figures.

      swoop benchmark --model yolov8n.onnx --sweep batch=1,2,4,8
      swoop benchmark photos/ --model yolov8n.onnx --autotune
      """)

  @Argument(
    help: ArgumentHelp(
      "Pictures for the part from files to boxes: files, folders, globs or archives, read over and over.",
      valueName: "source"))
  var sources: [String] = []

  @OptionGroup(title: "Model")
  var model: ModelOptions

  @OptionGroup(title: "Pictures")
  var preprocessing: PreprocessingOptions

  @OptionGroup(title: "Detections")
  var thresholds: ThresholdOptions

  @Option(help: ArgumentHelp("Seconds that each setting is measured for.", valueName: "s"))
  var duration = 5.0

  @Option(name: .customLong("warm-up"), help: ArgumentHelp("Seconds before that which do not count.", valueName: "s"))
  var warmUp = 1.0

  @Option(
    help: ArgumentHelp(
      "Measure several values: batch=1,2,4, requests=1,2, threads=1,2 or precision=fp32,bf16. May be given several times; "
        + "all combinations are measured.", valueName: "setting=…"))
  var sweep: [String] = []

  @Flag(help: "Look for the best batch, requests and, with sources, workers, and print the command line to use.")
  var autotune = false

  @OptionGroup
  var worker: WorkerOptions

  @Option(help: ArgumentHelp("Write everything as JSON to this file; - is standard output.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp("Write the engine's settings as CSV to this file; - is standard output.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Write a page with plots to this file.", valueName: "file"))
  var html: String?

  @Flag(name: .shortAndLong, help: "Say nothing of what is being measured.")
  var quiet = false

  func validate() throws {
    if !(duration > 0 && duration <= 86_400) {
      throw ValidationError("--duration \(duration) is not within 0 to 86400 seconds.")
    }
    if !(warmUp >= 0 && warmUp <= 86_400) {
      throw ValidationError("--warm-up \(warmUp) is not within 0 to 86400 seconds.")
    }
    if json == "-", csv == "-" { throw ValidationError("Only one of --json and --csv can go to standard output.") }
    if html == "-" { throw ValidationError("--html needs a file.") }
    if autotune, !sweep.isEmpty {
      throw ValidationError("--autotune and --sweep exclude each other: one looks for the best, the other shows all.")
    }
    if autotune, model.batch != .auto || model.requests != .auto || worker.workers != 0 {
      throw ValidationError("--autotune chooses --batch, --requests and --workers itself; leave them out.")
    }
  }

  func run() throws {
    try Exit.onError { try measure() }
  }

  private func measure() throws {
    Interruption.install()
    let console = Console(isQuiet: quiet)
    var configuration = DetectorConfiguration()
    preprocessing.apply(to: &configuration)
    thresholds.apply(to: &configuration)
    var benchmark = try Benchmark(modelPath: model.path(), options: model.engineOptions)
    benchmark.configuration = configuration
    benchmark.size = preprocessing.size
    benchmark.sources = sources
    benchmark.workers = worker.workers
    benchmark.duration = duration
    benchmark.warmUp = warmUp
    for text in sweep { try benchmark.sweep.add(text) }
    let result = try autotune ? benchmark.tune { console.note($0) } : benchmark.run { console.note($0) }

    if let json { try WholeFile.write(result.json, to: json) }
    if let csv { try WholeFile.write(result.csv, to: csv) }
    if let html { try WholeFile.write(result.html, to: html) }
    if json != "-", csv != "-" { try WholeFile.write(result.description + "\n", to: "-") }
  }
}
