internal import CUDA
internal import Glibc
public import TensorRT
internal import Tensors

/// Builds engines from ONNX models.
///
/// It needs a builder: the full TensorRT, which needs a GPU for it, or TensorRT for RTX, which does not.
public struct TensorRTBuild: Sendable {
  /// What came of a build.
  public struct Result: Sendable {
    /// The plan's bytes and their owner.
    public let plan: Plan
    public let record: EngineRecord
    /// What the user should know, in sentences.
    public let notes: [String]

    /// Writes the engine and its record beside it; neither is ever seen half-written.
    ///
    /// - Throws: ``InferenceError`` with the system's reason.
    public func write(to path: String, header: EngineFile.Header = .none) throws(InferenceError) {
      try plan.withUnsafeBytes { bytes throws(InferenceError) in
        try EngineFile.write(plan: bytes, header: header, record: record, to: path)
      }
    }
  }

  /// The model's file and what identifies it.
  public struct Source: Sendable {
    public var path: String
    /// The SHA-256 of the file in hexadecimal.
    public var digest: String

    public init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }

    /// The file's name without folders.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  public let library: TensorRTLibrary
  /// The GPU to build for; `nil` builds without one.
  public let device: TensorRTDevice?
  /// The version of the program, for records.
  public var program = "swoop"

  /// - Throws: ``InferenceError`` for a library without a builder.
  public init(library: TensorRTLibrary, device: TensorRTDevice?) throws(InferenceError) {
    guard library.hasBuilder else {
      throw InferenceError(
        .optionUnsupported,
        "\(library.path) (\(library.version), \(library.kind.rawValue)) only runs engines. Building needs the full TensorRT or TensorRT for RTX."
      )
    }
    self.library = library
    self.device = device
  }

  /// Builds an engine. Takes from a fraction of a second to many minutes.
  ///
  /// - Parameter progress: called from TensorRT's threads, where the version can be watched; `false` stops the build.
  /// - Throws: ``InferenceError`` with what TensorRT said; a build that was stopped throws `executionFailed`.
  public func build(
    _ source: Source, options: TensorRTBuildOptions, progress: (@Sendable (BuildProgress) -> Bool)? = nil
  ) throws(InferenceError) -> Result {
    let model = try ModelFile(path: source.path)
    guard model.format == .onnx else {
      throw InferenceError(.modelInvalid, "\(source.path) is no ONNX model; engines are built from ONNX.")
    }
    return try tensorRT("No engine was built from \(source.path).") {
      guard let device else { return try build(source, model, options, progress) }
      return try device.cuda.withCurrent { try build(source, model, options, progress) }
    }
  }

  private func build(
    _ source: Source, _ model: ModelFile, _ options: TensorRTBuildOptions,
    _ progress: (@Sendable (BuildProgress) -> Bool)?
  ) throws -> Result {
    var notes: [String] = []
    let builder = try Builder(library)
    let plugins = EngineCode.plugins + options.plugins
    if !plugins.isEmpty { try EngineCode.load(plugins, with: Runtime(library)) }
    let network = try builder.makeNetwork()
    try parse(source, model, into: network)
    network.setName(source.name)
    let configuration = try builder.makeConfiguration()
    let precision = try apply(options, to: configuration, builder, model, &notes)
    let inputs = try addProfile(options, network, builder, configuration, model)
    if let progress {
      if configuration.hasProgressMonitor {
        try configuration.setProgressMonitor(progress)
      } else {
        notes.append("\(library.version) does not tell how far a build is.")
      }
    }
    let start = ContinuousClock.now
    let plan = try builder.build(network, configuration)
    let seconds = (ContinuousClock.now - start).seconds
    if let path = options.timingCache {
      // What took minutes to build is not thrown away for a file that only saves time.
      do { try storeTimingCache(configuration, path) } catch { notes.append("The timing cache was not kept: \(error)") }
    }
    var checksum = ContentHash()
    plan.withUnsafeBytes { checksum.add($0) }
    let record = EngineRecord(
      swoop: program, model: source.name, modelDigest: source.digest, tensorRT: library.version.description,
      gpu: device?.gpu, computeCapabilities: options.computeCapabilities, precision: precision, inputs: inputs,
      settings: options.commandLine, buildSeconds: (seconds * 100).rounded() / 100, planByteCount: plan.byteCount,
      planChecksum: checksum.hexadecimal, metadata: model.metadata)
    return Result(plan: plan, record: record, notes: notes)
  }

  private func parse(_ source: Source, _ model: ModelFile, into network: Network) throws {
    // Few models need TensorRT's own plugins; for one that does, the reason why they are missing is worth telling.
    var pluginProblem: TensorRTError?
    if library.kind == .full {
      do throws(TensorRTError) { try library.loadStandardPlugins() } catch { pluginProblem = error }
    }
    do throws(TensorRTError) {
      try network.parse(onnx: model.bytes.bytes, path: source.path)
    } catch {
      guard let pluginProblem, error.code == .modelUnsupported else { throw error }
      throw TensorRTError(
        error.code, "\(error.message)\nTensorRT's own plugins were not loaded: \(pluginProblem.message)",
        lines: error.lines)
    }
  }

  // MARK: Options

  /// Sets what was asked for and returns the precision that executes.
  private func apply(
    _ options: TensorRTBuildOptions, to configuration: BuilderConfiguration, _ builder: Builder, _ model: ModelFile,
    _ notes: inout [String]
  ) throws -> String {
    if let bytes = options.workspaceByteCount { try configuration.setLimit(bytes, of: .workspace) }
    if options.isVersionCompatible { try configuration.set(.versionCompatible) }
    if let level = options.hardwareCompatibility { try configuration.setHardwareCompatibility(level) }
    if let level = options.optimizationLevel { try configuration.setOptimizationLevel(level) }
    if !options.computeCapabilities.isEmpty { try configuration.setComputeCapabilities(options.computeCapabilities) }
    if options.isDetailed { try configuration.setProfilingVerbosity(.detailed) }
    if options.isRefittable { try configuration.set(.refit) }
    if !options.plugins.isEmpty { try? configuration.setPluginsToSerialize(options.plugins) }
    try configuration.shareProfiles()
    if let path = options.timingCache { try loadTimingCache(configuration, path, &notes) }
    if builder.isAlwaysStronglyTyped {
      switch options.precision {
      case .fp32:
        try configuration.set(.tf32, to: false)
      case .auto: break
      case .fp16: try configuration.set(.fp16)
      case .bf16: try configuration.set(.bf16)
      case .int8: try configuration.set(.int8)
      }
      return model.weightPrecision
    }
    switch options.precision {
    case .fp32:
      try configuration.set(.tf32, to: false)
      return "fp32"
    case .fp16, .auto:
      try configuration.set(.fp16)
      return "fp16"
    case .bf16:
      try configuration.set(.bf16)
      return "bf16"
    case .int8:
      try configuration.set(.int8)
      try configuration.set(.fp16)
      return "int8"
    }
  }

  /// Gives every dynamic input its bounds and returns the bounds of all inputs.
  private func addProfile(
    _ options: TensorRTBuildOptions, _ network: Network, _ builder: Builder, _ configuration: BuilderConfiguration,
    _ model: ModelFile
  ) throws -> [EngineRecord.Input] {
    let profile = try builder.makeOptimizationProfile()
    var isDynamic = false
    var inputs: [EngineRecord.Input] = []
    for input in network.inputs {
      var bounds: (low: [Int], usual: [Int], high: [Int]) = ([], [], [])
      for (axis, dimension) in input.shape.dimensions.enumerated() {
        let range: TensorRTBuildOptions.Range
        if let length = dimension.length {
          try checkFixed(axis, of: input, length: length, options)
          range = try TensorRTBuildOptions.Range(max(1, length))
        } else {
          range = try self.range(axis, of: input, options, model)
          isDynamic = true
        }
        bounds.low.append(range.minimum)
        bounds.usual.append(range.optimum)
        bounds.high.append(range.maximum)
      }
      if input.shape.isDynamic {
        try profile.setShapes(of: input.name, minimum: bounds.low, optimum: bounds.usual, maximum: bounds.high)
      }
      inputs.append(
        EngineRecord.Input(
          name: input.name, elementType: input.elementType.description, minimum: bounds.low, optimum: bounds.usual,
          maximum: bounds.high))
    }
    if isDynamic { try configuration.add(profile) }
    return inputs
  }

  /// The axes of height and width of an input of pictures, (batch, channels, height, width) or with the channels last;
  /// `nil` for other inputs.
  private func sideAxes(_ input: TensorDescriptor) -> (height: Int, width: Int)? {
    guard input.shape.rank == 4 else { return nil }
    return input.shape[3].length.map { $0 <= 4 } == true ? (1, 2) : (2, 3)
  }

  private func range(
    _ axis: Int, of input: TensorDescriptor, _ options: TensorRTBuildOptions, _ model: ModelFile
  ) throws(InferenceError) -> TensorRTBuildOptions.Range {
    if axis == 0 { return options.batch }
    let sides = sideAxes(input)
    if axis == sides?.height, let range = options.height { return range }
    if axis == sides?.width, let range = options.width { return range }
    if let size = model.inputSize, axis == sides?.height || axis == sides?.width {
      return try TensorRTBuildOptions.Range(axis == sides?.height ? size.height : size.width)
    }
    throw InferenceError(
      .optionUnsupported,
      """
      The input \(input) leaves axis \(axis) open, and nothing says how long it is. \
      \(sides == nil ? "Export the model with that axis fixed." : "Give --size.")
      """)
  }

  /// Refuses what was asked of an axis that the model fixes otherwise.
  private func checkFixed(
    _ axis: Int, of input: TensorDescriptor, length: Int, _ options: TensorRTBuildOptions
  ) throws(InferenceError) {
    let sides = sideAxes(input)
    let (asked, name): (TensorRTBuildOptions.Range?, String) =
      switch axis {
      case 0: (options.binding.contains(.batch) ? options.batch : nil, "batch")
      case sides?.height: (options.binding.contains(.size) ? options.height : nil, "size")
      case sides?.width: (options.binding.contains(.size) ? options.width : nil, "size")
      default: (nil, "")
      }
    guard let asked, !(asked.minimum...asked.maximum).contains(length) else { return }
    throw InferenceError(
      .optionUnsupported,
      """
      --\(name) \(asked) was asked for, but the model fixes axis \(axis) of its input \(input) to \(length). Leave \
      --\(name) out, or export the model with a dynamic \(name).
      """)
  }

  // MARK: Timing cache

  private func loadTimingCache(_ configuration: BuilderConfiguration, _ path: String, _ notes: inout [String]) throws {
    let file = access(path, F_OK) == 0 ? try MappedFile(path: path) : nil
    do {
      try configuration.setTimingCache(file?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    } catch {
      guard file != nil else { throw error }
      notes.append("The timing cache \(path) was not taken and will be replaced: \(error.message)")
      try configuration.setTimingCache(UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }

  private func storeTimingCache(_ configuration: BuilderConfiguration, _ path: String) throws {
    guard let cache = try configuration.timingCache() else { return }
    try cache.withUnsafeBytes { bytes throws(InferenceError) in try EngineFile.write([], bytes, to: path) }
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension ModelFile {
  /// The input size that the exporter wrote down: `[640, 640]`, height first.
  var inputSize: (height: Int, width: Int)? {
    guard let text = metadata["imgsz"] else { return nil }
    switch PythonLiteral.json(text) {
    case .integer(let side) where side > 0: return (side, side)
    case .array(let sides):
      let lengths = sides.compactMap(\.integer).filter { $0 > 0 }
      return lengths.count == 2 ? (lengths[0], lengths[1]) : nil
    default: return nil
    }
  }

  /// The types of the weights as a precision: one where they are all of one type, otherwise `mixed`.
  ///
  /// Scalars and small constants say nothing: an exporter leaves those in float32.
  var weightPrecision: String {
    var types = Set<Int>()
    var model = ProtobufReader(bytes.bytes)
    do {
      while let field = try model.next() {
        guard field.number == 7, case .bytes(let bytes) = field.value else { continue }
        var graph = model.nested(bytes)
        while let field = try graph.next() {
          guard field.number == 5, case .bytes(let tensor) = field.value, tensor.count >= 256 else { continue }
          var reader = graph.nested(tensor)
          while let field = try reader.next() {
            if field.number == 2, case .integer(let type) = field.value, type <= 32 { types.insert(Int(type)) }
          }
        }
      }
    } catch {
      return "mixed"
    }
    // Numbers of onnx.proto3: 1 float, 10 float16, 16 bfloat16, 2 and 3 the 8-bit integers; 7 is shapes and indices.
    types.subtract([6, 7])
    if !types.isDisjoint(with: [2, 3]) { return "int8" }
    switch types {
    case [], [1]: return "fp32"
    case [10]: return "fp16"
    case [16]: return "bf16"
    default: return "mixed"
    }
  }
}
