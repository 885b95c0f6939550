internal import ArgumentParser
internal import Swoop

/// Which model runs, on what, and how.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The model: an .onnx file or an OpenVINO .xml file. Without it the bundled detector of \
      codes runs: qr, aztec, datamatrix, pdf417, barcode, marker.
      """, valueName: "file"))
  var model: String?

  @OptionGroup
  var runtime: RuntimeOptions

  var batch: CountChoice { runtime.batch }
  var requests: CountChoice { runtime.requests }
  var engineOptions: EngineOptions { runtime.engineOptions }
}

/// What a model runs on, and how.
struct RuntimeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The runtime that executes it: openvino, onnxruntime or auto.", valueName: "runtime"))
  var engine: RuntimeChoice = .auto

  @Option(
    help: ArgumentHelp(
      "fp32, bf16, or auto: the fastest that the processor has. Reduced precision changes results slightly.",
      valueName: "precision"))
  var precision: PrecisionChoice = .fp32

  @Option(
    help: ArgumentHelp(
      "Processor threads for the network. 0: as many as this machine or container has.", valueName: "n"))
  var threads = 0

  @Option(
    help: ArgumentHelp("Images an execution, or auto. A model with a fixed batch has only its own.", valueName: "n"))
  var batch: CountChoice = .auto

  @Option(
    help: ArgumentHelp(
      "asynchronous: the next batches are read and prepared while one runs. synchronous: one after the other.",
      valueName: "way"))
  var execution: ExecutionMode = .asynchronous

  @Option(
    help: ArgumentHelp("Executions in flight at once, or auto; each has its own memory.", valueName: "n"))
  var requests: CountChoice = .auto

  @Option(
    help: ArgumentHelp(
      "Where compiled models are kept. Default: $XDG_CACHE_HOME/swoop or ~/.cache/swoop.", valueName: "folder"))
  var cache: String?

  @Flag(name: .customLong("no-cache"), help: "Compile the model anew and keep nothing.")
  var isUncached = false

  func validate() throws {
    if threads < 0 { throw ValidationError("--threads \(threads) is negative.") }
    if isUncached, cache != nil { throw ValidationError("--cache and --no-cache exclude each other.") }
  }

  /// The choices as the library takes them.
  var engineOptions: EngineOptions {
    var options = EngineOptions()
    options.runtime = engine
    options.precision = precision
    options.threads = threads
    options.batch = batch
    options.execution = execution
    options.requests = requests
    options.cacheFolder = isUncached ? nil : cache ?? CacheFolder.standard
    return options
  }

  /// The model's file; the bundled one, put into the cache folder, where none was given.
  func path() throws -> String {
    try model ?? BundledModel.path(cacheFolder: isUncached ? nil : cache ?? CacheFolder.standard)
  }
}
