internal import CUDA
internal import Detection
internal import CandidateBoxes
internal import Inference

/// Chooses the runtime and the devices for a model's file and loads it.
struct EngineLoader {
  let path: String
  let digest: String
  let options: EngineOptions
  let configuration: DetectorConfiguration
  /// What a user should know of the choice.
  private(set) var notes: [String] = []
  /// Of several GPUs that were asked for, those that cannot be used, and why.
  var failures: [DeviceFailure] = []
  /// Holds the contexts of several GPUs until the model is on them, for making one takes a while.
  var contexts: [CUDAContext] = []
  /// Told at once what takes long.
  private let onNotice: (String) -> Void

  private var name: String { FilePath.lastComponent(of: path) }

  init(
    _ path: String, digest: String, options: EngineOptions, configuration: DetectorConfiguration,
    onNotice: @escaping (String) -> Void
  ) {
    self.onNotice = onNotice
    self.path = path
    self.digest = digest
    self.options = options
    self.configuration = configuration
  }

  /// The model on every device that was asked for; at least one. Of several GPUs those that fail by themselves are left out,
  /// and ``notes`` says so.
  ///
  /// - Throws: also ``SwoopError`` of code `usage` for options that the runtime or the device has no use for.
  mutating func load() throws -> [any Engine] {
    let engines = try loadModel()
    let isOnGPU = engines.contains { $0.cuda != nil }
    let given: [(name: String, isGiven: Bool, isUsed: Bool)] = [
      ("--graphs \(options.graphs.rawValue)", options.graphs == .on, isOnGPU && engines[0] is ONNXRuntimeEngine),
      ("--provider-option", !options.providerOptions.isEmpty, isOnGPU && engines[0] is ONNXRuntimeEngine),
      ("--gpu-memory", options.deviceMemoryLimit != nil, isOnGPU && options.execution == .asynchronous),
      ("--wait \(options.waiting.rawValue)", options.waiting != .auto, isOnGPU),
      ("--boxes \(options.boxes.rawValue)", options.boxes == .candidates, !isOnGPU),
    ]
    if let unused = given.first(where: { $0.isGiven && !$0.isUsed }) {
      throw SwoopError(
        .usage,
        "\(unused.name) has no effect on \(engines[0].identity.runtime) on \(engines[0].identity.device)"
          + "\(options.execution == .synchronous ? " in synchronous execution" : ""). Leave it out.")
    }
    notes += failureNotes(engines)
    return engines
  }

  private mutating func loadModel() throws -> [any Engine] {
    switch FilePath.fileExtension(of: path) {
    case "onnx": return try loadONNX()
    case "xml":
      guard [.auto, .openvino].contains(options.runtime) else {
        throw SwoopError(
          .usage,
          "\(name) is an OpenVINO model; --engine \(options.runtime.rawValue) reads ONNX. Give the .onnx file that it was "
            + "made from, or leave --engine out.")
      }
      return [try openVINO()]
    case "engine", "plan", "trt":
      guard options.runtime == .auto || options.runtime == .tensorrt else {
        throw SwoopError(
          .usage,
          "\(name) is a TensorRT engine; --engine \(options.runtime.rawValue) cannot run it. Leave --engine out.")
      }
      if let precision = options.precision {
        throw SwoopError(
          .usage,
          "--precision \(precision.rawValue) has no effect on \(name): a TensorRT engine runs in the precision that it was "
            + "built in. Leave it out, or build an engine for it: swoop build MODEL.onnx --precision \(precision.rawValue)."
        )
      }
      try refuseThreads()
      return try onEach(devices(for: "A TensorRT engine")) { loader, index in
        try loader.open(index)
        return try TensorRTEngine(path: loader.path, device: TensorRTDevice(index: index))
      }
    case "pt", "pth", "safetensors", "torchscript":
      throw SwoopError(
        .model,
        "\(name) holds training weights, not a network that a runtime can load. Export it first, for example with "
          + "`yolo export model=\(name) format=onnx dynamic=True`, and give the .onnx file.")
    case let other:
      throw SwoopError(
        .model,
        "The model \(path) has the extension \(other.isEmpty ? "of no known kind" : ".\(other)"); "
          + "known are .onnx, .engine (TensorRT) and .xml (OpenVINO).")
    }
  }

  private mutating func loadONNX() throws -> [any Engine] {
    switch options.runtime {
    case .openvino: return [try openVINO()]
    case .tensorrt: return try onEach(devices(for: "TensorRT")) { try $0.tensorRT(on: $1) }
    case .onnxruntime:
      switch options.device {
      case .cpu: return [try onnxRuntime(.cpu)]
      case .cuda, .all: return try onEach(devices(for: "ONNX Runtime on a GPU")) { try $0.onnxRuntime(.cuda($1)) }
      case .auto:
        return try onGPU {
          [try $0.onnxRuntime(.cuda(0))]
        } orElse: {
          [try $0.onnxRuntime(.cpu)]
        }
      }
    case .auto:
      switch options.device {
      case .cpu: return [try bestOnProcessor()]
      case .cuda, .all: return try bestOnGPU(devices(for: "--device \(options.device)"))
      case .auto:
        return try onGPU {
          try $0.bestOnGPU([0])
        } orElse: {
          [try $0.bestOnProcessor()]
        }
      }
    }
  }

  /// A GPU where the machine has one and a runtime for it; otherwise the processor, and a word on why where there is a
  /// GPU that lies idle.
  private mutating func onGPU(
    _ load: (inout EngineLoader) throws -> [any Engine], orElse fallBack: (inout EngineLoader) throws -> [any Engine]
  ) throws -> [any Engine] {
    guard let device = try? CUDADriver.open().device(0) else { return try fallBack(&self) }
    do {
      return try load(&self)
    } catch let error as InferenceError where error.code == .runtimeUnavailable {
      notes.append(
        "\(device) is not used: no runtime here runs the model on it. Install one that does (pip install onnxruntime-gpu, "
          + "or tensorrt), or say --device cpu. \(error)")
      do {
        return try fallBack(&self)
      } catch let other as InferenceError where other.code == .runtimeUnavailable {
        throw InferenceError(.runtimeUnavailable, "\(error)\n\(other)")
      }
    }
  }

  /// TensorRT where it can build the model for these GPUs; ONNX Runtime's CUDA provider elsewhere, with a word on why where
  /// there is a TensorRT.
  private mutating func bestOnGPU(_ indices: [Int]) throws -> [any Engine] {
    let tensorRT = TensorRTAvailability.probe(index: indices[0])
    var problem = "TensorRT: \(tensorRT.reason)"
    let before = failures
    if tensorRT.builder != nil {
      do {
        return try onEach(indices) { try $0.tensorRT(on: $1) }
      } catch let error as InferenceError
        where [.modelUnsupported, .runtimeUnavailable, .optionUnsupported].contains(error.code)
      {
        problem = "TensorRT does not take \(name). \(error)"
      } catch let error as InferenceError
        where [.executionFailed, .outOfMemory].contains(error.code) && Interruption.signal == nil
      {
        problem = "TensorRT could not build \(name) for \(deviceNames(indices)). \(error)"
      }
    }
    // What TensorRT had no memory for, the other one may have.
    failures = before
    do {
      let engines = try onEach(indices) { try $0.onnxRuntime(.cuda($1)) }
      if tensorRT.library != nil { notes.append("ONNX Runtime runs the network. \(problem)") }
      return engines
    } catch let error as InferenceError where error.code == .runtimeUnavailable || tensorRT.builder != nil {
      throw InferenceError(error.code, "\(problem)\n\(error.message)", cause: error.cause)
    }
  }

  private func deviceNames(_ indices: [Int]) -> String { indices.map { "cuda:\($0)" }.joined(separator: " and ") }

  /// OpenVINO, which is the faster one on processors; ONNX Runtime where that is what this machine has.
  private func bestOnProcessor() throws -> any Engine {
    do {
      return try openVINO()
    } catch let error as InferenceError where error.code == .runtimeUnavailable {
      do {
        return try onnxRuntime(.cpu)
      } catch let other as InferenceError where other.code == .runtimeUnavailable {
        throw InferenceError(.runtimeUnavailable, "\(error)\n\(other)")
      }
    }
  }
}

// MARK: Each runtime

extension EngineLoader {
  /// Sets a GPU up for this process, and notes what is free on it. What goes wrong goes wrong again where it is said.
  private func open(_ index: Int) throws {
    try setWaiting(for: index)
    guard let context = try? context(of: index) else { return }
    DeviceMemoryBaseline.note(context)
    if configuration.decode != .cpu, options.execution == .asynchronous { JPEGPreparation.start(context) }
  }

  private func openVINO() throws -> any Engine {
    switch options.device {
    case .auto, .cpu: break
    case .cuda, .all:
      throw SwoopError(
        .usage,
        "OpenVINO runs on the processor here, and --device \(options.device) asks for an NVIDIA GPU. Use --engine "
          + "tensorrt or onnxruntime for that.")
    }
    var settings = OpenVINOOptions()
    settings.precision = precision
    settings.goal = options.execution == .asynchronous ? .throughput : .latency
    settings.threads = options.threads > 0 ? options.threads : nil
    settings.cacheFolder = options.cacheFolder.map { "\($0)/openvino" }
    return try onProcessor { try OpenVINOEngine(modelPath: $0, options: settings) }
  }

  private func tensorRT(on index: Int) throws -> any Engine {
    // Before a build that may take minutes.
    try refuseThreads()
    try open(index)
    var settings = try TensorRTBuildOptions()
    switch options.batch {
    case .exactly(let count): settings.batch = try .init(minimum: 1, optimum: count, maximum: count)
    // Large enough to fill a GPU with a network of the usual sizes; the profile admits twice as many.
    case .auto: settings.batch = try .init(minimum: 1, optimum: 16, maximum: 32)
    }
    if let size = configuration.size {
      // Rectangles are any shape up to the size, in steps of the stride.
      let smallest = configuration.resize == .rectangle ? 32 : Int.max
      settings.height = try .init(minimum: min(smallest, size.height), optimum: size.height, maximum: size.height)
      settings.width = try .init(minimum: min(smallest, size.width), optimum: size.width, maximum: size.width)
    }
    settings.precision =
      switch options.precision {
      case .fp32, nil: .fp32
      case .bf16: .bf16
      case .auto: .auto
      }
    let device = try TensorRTDevice(index: index)
    let source = TensorRTBuild.Source(path: path, digest: digest)
    var start: ContinuousClock.Instant?
    func sayThatItIsBuilt(_ fate: String) {
      start = .now
      let words = settings.commandLine.map { $0.value.isEmpty ? "--\($0.name)" : "--\($0.name) \($0.value)" }
      onNotice(
        "A TensorRT engine is being built from \(name) for \(device.device), with \(words.joined(separator: " ")). This takes from "
          + "seconds to minutes. \(fate)")
    }
    func sayThatItIsDone(_ problem: String?) {
      guard let start else { return }
      let duration = Numbers.duration((ContinuousClock.now - start) / .seconds(1))
      onNotice("The TensorRT engine was built in \(duration)\(problem.map { ", but cannot be kept: \($0)" } ?? ".")")
    }
    guard let folder = options.cacheFolder else {
      sayThatItIsBuilt("It is not kept; swoop build makes one to keep.")
      let result = try TensorRTBuild(library: device.library, device: device).build(source, options: settings) { _ in
        Interruption.signal == nil
      }
      sayThatItIsDone(nil)
      return try TensorRTEngine(result, title: path, device: device)
    }
    // Ctrl-C stops a build that is under way.
    let cache = TensorRTEngineCache(folder: "\(folder)/tensorrt")
    let (engine, outcome) = try cache.engine(
      for: source, on: device, options: settings, program: "swoop \(SwoopVersion.current)",
      progress: { _ in Interruption.signal == nil },
      waiting: {
        onNotice("Another process builds the TensorRT engine of \(name) for \(device.device); this one waits for it.")
      },
      building: { sayThatItIsBuilt("It is kept in \(cache.folder), and the next run starts at once.") })
    if case .notKept(let reason) = outcome { sayThatItIsDone(reason) } else { sayThatItIsDone(nil) }
    return engine
  }

  private func onnxRuntime(_ device: ONNXRuntimeOptions.Device) throws -> any Engine {
    var settings = ONNXRuntimeOptions()
    settings.device = device
    settings.precision = precision
    settings.goal = options.execution == .asynchronous ? .throughput : .latency
    settings.threads = options.threads > 0 ? options.threads : nil
    settings.deviceMemoryLimit = options.deviceMemoryLimit
    guard case .cuda(let index) = device else {
      return try onProcessor { try ONNXRuntimeEngine(modelPath: $0, options: settings) }
    }
    try open(index)
    settings.providerOptions = options.providerOptions
    let batch = if case .exactly(let count) = options.batch { count } else { ONNXRuntimeEngine.usualDeviceBatch }
    settings.usesGraphs = options.usesGraphs(batch: batch)
    return try ONNXRuntimeEngine(modelPath: path, options: settings)
  }

  /// Loads the model on the processor, without its box branch where that is wanted and can be had.
  private func onProcessor(_ load: (String) throws -> any Engine) throws -> any Engine {
    // Pictures of different shapes have different anchors.
    let isPossible = FilePath.fileExtension(of: path) == "onnx" && configuration.resize != .rectangle
    switch options.boxes {
    case .all: return try load(path)
    case .auto:
      guard isPossible, let model = try? DetachedModel(modelPath: path, configuration: configuration) else {
        return try load(path)
      }
      do {
        return try CandidateBoxEngine(model, load: load)
      } catch let error as InferenceError where error.code == .runtimeUnavailable {
        throw error
      } catch {
        // The whole model is what was asked for, and says best what is wrong with it.
        return try load(path)
      }
    case .candidates:
      guard isPossible else {
        throw SwoopError(
          .usage,
          configuration.resize == .rectangle
            ? "--boxes candidates needs one size for all pictures, and --resize rectangle gives them different ones. Leave one of "
              + "the two out."
            : "--boxes candidates needs an ONNX model, and \(name) is none. Leave it out.")
      }
      let model: DetachedModel
      do {
        model = try DetachedModel(modelPath: path, configuration: configuration)
      } catch {
        throw SwoopError(
          .model,
          "--boxes candidates cannot be had with \(name): \(error). Leave it out: the network then computes all boxes.")
      }
      do {
        return try CandidateBoxEngine(model, load: load)
      } catch let error as InferenceError where error.code != .runtimeUnavailable {
        // By the user's name for it: the file that was loaded is in memory.
        throw InferenceError(error.code, "\(name) cannot be loaded without its box branch.", cause: "\(error)")
      }
    }
  }

  /// TensorRT runs networks on the GPU alone.
  private func refuseThreads() throws(SwoopError) {
    guard options.threads > 0 else { return }
    throw SwoopError(
      .usage,
      "--threads \(options.threads) has no effect on TensorRT: the network runs on the GPU. Leave it out; --workers sets how "
        + "many threads read and decode pictures.")
  }

  private var precision: RequestedPrecision {
    switch options.precision {
    case .fp32, nil: .fp32
    case .bf16: .bf16
    case .auto: .auto
    }
  }
}

extension DetachedModel {
  /// A model without its box branch, at the size that a configuration gives it.
  init(modelPath: String, configuration: DetectorConfiguration) throws {
    try self.init(modelPath: modelPath) { inputs, properties in
      let size = try InputPlan(inputs: inputs, metadata: ModelMetadata(properties), configuration: configuration).size
      return (size.height, size.width)
    }
  }
}
