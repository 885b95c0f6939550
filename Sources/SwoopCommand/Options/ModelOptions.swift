internal import ArgumentParser
internal import CUDA
internal import Inference
internal import Swoop

/// Which model runs, on what, and how.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The model: an .onnx file, a TensorRT .engine or an OpenVINO .xml file. Without it the bundled detector of codes \
      runs: qr, aztec, datamatrix, pdf417, barcode, marker.
      """, valueName: "file"))
  var model: String?

  @OptionGroup
  var runtime: RuntimeOptions

  var batch: CountChoice { runtime.batch }
  var requests: CountChoice { runtime.requests }
  var engineOptions: EngineOptions { runtime.engineOptions }

  /// The model's file; the bundled one, put into the cache folder, where none was given.
  func path() throws -> String {
    try model ?? BundledModel.path(cacheFolder: runtime.cacheFolder)
  }
}

/// What a model runs on, and how.
struct RuntimeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The runtime that executes it: openvino, onnxruntime, tensorrt or auto.", valueName: "runtime"))
  var engine: RuntimeChoice = .auto

  @Option(
    help: ArgumentHelp(
      """
      What the network runs on: auto, which is a GPU where there is one with a runtime for it; cpu; cuda:0, or cuda:0,1 \
      for several GPUs at once; all for every GPU.
      """, valueName: "device"))
  var device: DeviceChoice = .auto

  @Option(
    help: ArgumentHelp(
      """
      fp32, bf16, or auto: the fastest that the processor has. Reduced precision changes results slightly. Default: fp32; \
      a TensorRT .engine runs in what it was built in, and no other can be asked of it.
      """, valueName: "precision"))
  var precision: PrecisionChoice?

  @Option(
    help: ArgumentHelp(
      "Processor threads for the network, which TensorRT has no use for. 0: as many as this machine or container has.",
      valueName: "n"))
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
      "Whether executions on a GPU are captured as CUDA graphs: on, off, or auto, for batches of up to 16.",
      valueName: "way"))
  var graphs: GraphChoice = .auto

  @Option(
    help: ArgumentHelp(
      """
      On the processor: candidates computes the boxes of anchors above the confidence alone, outside the network, which is \
      faster; all has the network compute every box; auto is candidates wherever the model's head allows it.
      """, valueName: "which"))
  var boxes: BoxChoice = .auto

  @Option(
    help: ArgumentHelp(
      "How threads wait for a GPU: spin, for the lowest latency; block, which leaves the processor to others; or auto.",
      valueName: "way"))
  var wait: CUDAWaiting = .auto

  @Option(
    name: .customLong("gpu-memory"),
    help: ArgumentHelp(
      "The most memory that the run takes of each GPU: 512M, 8G, or bytes. The batch is halved until it fits.",
      valueName: "size"))
  var deviceMemory: ByteCount?

  @Option(
    name: .customLong("provider-option"),
    help: ArgumentHelp(
      "An option of ONNX Runtime's CUDA provider, by its own name, as cudnn_conv_algo_search=EXHAUSTIVE; repeatable.",
      valueName: "key=value"))
  var providerOption: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where compiled models are kept. Default: $XDG_CACHE_HOME/swoop or ~/.cache/swoop.", valueName: "folder"))
  var cache: String?

  @Flag(name: .customLong("no-cache"), help: "Compile the model anew and keep nothing.")
  var isUncached = false

  func validate() throws {
    if threads < 0 { throw ValidationError("--threads \(threads) is negative.") }
    for option in providerOption where !option.dropFirst().contains("=") {
      throw ValidationError("--provider-option \(option) is not of the form key=value.")
    }
    if deviceMemory?.bytes == 0 { throw ValidationError("--gpu-memory 0 leaves no room for anything.") }
    if isUncached, cache != nil { throw ValidationError("--cache and --no-cache exclude each other.") }
  }

  /// The choices as the library takes them.
  var engineOptions: EngineOptions {
    var options = EngineOptions()
    options.runtime = engine
    options.device = device
    options.graphs = graphs
    options.boxes = boxes
    options.waiting = wait
    options.deviceMemoryLimit = deviceMemory?.bytes
    for option in providerOption {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      options.providerOptions[parts[0]] = parts[1]
    }
    options.precision = precision
    options.threads = threads
    options.batch = batch
    options.execution = execution
    options.requests = requests
    options.cacheFolder = cacheFolder
    return options
  }

  /// Where files are kept from run to run; `nil` for nowhere.
  var cacheFolder: String? { isUncached ? nil : cache ?? CacheFolder.standard }
}
