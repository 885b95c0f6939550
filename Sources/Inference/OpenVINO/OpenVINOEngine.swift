internal import DynamicLibrary
public import OpenVINO
public import Tensors

/// A model compiled by OpenVINO: the engine of machines without an NVIDIA GPU.
///
/// Models with dynamic axes are compiled as they are, once. Measured with YOLOv8n at 640x640 (OpenVINO 2026.4, AVX-512):
/// a model compiled for one fixed batch takes 0 to 3 % less processor time per image than the dynamic one, which is within
/// the spread, and in float32 the two give bit-identical outputs for every batch size; in bfloat16 they differ from each
/// other, so mixing them would make results depend on the batch.
public final class OpenVINOEngine: Engine {
  public let identity: EngineIdentity
  public let inputs: [TensorDescriptor]
  public let outputs: [TensorDescriptor]
  public let metadata: [String: String]
  public let preferredContextCount: Int
  public let preferredBatchSize: Int

  /// The number of threads that compute, or `nil` where the device does not tell.
  public let threadCount: Int?
  /// What came of the cache of compiled models.
  public let cacheOutcome: OpenVINOCacheOutcome

  let compiled: CompiledModel
  let inputPorts: [Port]
  let outputPorts: [Port]

  /// Loads a model file and compiles it.
  ///
  /// - Parameters:
  ///   - modelPath: an `.onnx` file, or the `.xml` of an OpenVINO IR model with its `.bin` beside it.
  ///   - library: OpenVINO itself; `nil` opens the one that is found.
  /// - Throws: ``InferenceError``.
  public convenience init(
    modelPath: String, options: OpenVINOOptions = OpenVINOOptions(), library: OpenVINOLibrary? = nil
  ) throws {
    try self.init(
      file: ModelFile(path: modelPath), options: options, library: try library ?? Self.openLibrary())
  }

  private init(file: ModelFile, options: OpenVINOOptions, library: OpenVINOLibrary) throws {
    let core = try during(.runtimeUnavailable, "OpenVINO \(library.version) cannot be started.") {
      () throws(OpenVINOError) in try OpenVINOCore(library: library)
    }
    let settings = try OpenVINOSettings(options, core: core)
    let (compiled, outcome) = try settings.compile(file, with: core)
    self.compiled = compiled
    cacheOutcome = outcome
    (inputPorts, outputPorts) = try during(
      .modelInvalid, "The compiled model \(file.path) cannot be described."
    ) {
      () throws(OpenVINOError) in (try compiled.inputs(), try compiled.outputs())
    }
    guard !inputPorts.isEmpty, !outputPorts.isEmpty else {
      throw InferenceError(
        .modelInvalid,
        "The model \(file.path) has \(inputPorts.count) inputs and \(outputPorts.count) outputs; at least one of each is "
          + "needed.")
    }
    inputs = try Self.describe(inputPorts, "input", names: file.inputs)
    outputs = try Self.describe(outputPorts, "output", names: file.outputs)
    metadata = file.metadata

    let running = try settings.running(compiled)
    identity = EngineIdentity(
      runtime: "openvino", version: library.version, device: settings.deviceDescription,
      precision: running.precision)
    threadCount = running.threadCount
    // One execution more than can run at once, so that a stream that ends finds the next batch waiting.
    preferredContextCount = options.goal == .throughput ? running.requestCount + 1 : 2
    preferredBatchSize = Self.preferredBatchSize(
      inputs, ports: inputPorts, contextCount: preferredContextCount, sharesThreads: running.sharesThreads)
  }

  public func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext {
    try OpenVINOContext(engine: self, maximumInputShapes: maximumInputShapes)
  }

  private static func openLibrary() throws(InferenceError) -> OpenVINOLibrary {
    do {
      return try OpenVINOLibrary.open()
    } catch {
      throw InferenceError(.runtimeUnavailable, error.description)
    }
  }

  /// Names the tensors: as the model file does where it can be read, since OpenVINO may know a tensor by several names.
  private static func describe(
    _ ports: [Port], _ role: String, names: [ONNXSummary.Tensor]
  ) throws(InferenceError) -> [TensorDescriptor] {
    let named = names.count == ports.count ? names : nil
    var descriptors: [TensorDescriptor] = []
    for (index, port) in ports.enumerated() {
      let name = named?[index].name ?? port.name ?? "\(role)\(index)"
      guard let dimensions = port.shape.dimensions else {
        throw InferenceError(
          .modelUnsupported,
          "The \(role) \(name) has a shape whose number of axes is not known before the model runs; export the model with "
            + "the shapes of its inputs and outputs given.")
      }
      let axes = named?[index].axisNames
      descriptors.append(
        TensorDescriptor(
          name: name,
          shape: TensorShape(
            dimensions.enumerated().map { axis, dimension in
              if let length = dimension.length { return .fixed(length) }
              let known = axes?.count == dimensions.count ? axes?[axis] : nil
              return .dynamic(name: known.flatMap { $0.isEmpty ? nil : $0 })
            }),
          elementType: port.elementType))
    }
    guard Set(descriptors.map(\.name)).count == descriptors.count else {
      let list = descriptors.map(\.name).joined(separator: ", ")
      throw InferenceError(.modelInvalid, "Two \(role)s of the model have the same name: \(list).")
    }
    return descriptors
  }

  /// The fixed batch; else one image where each execution has one thread, and four where several threads share one, or
  /// fewer where the contexts' inputs would take over half a gigabyte.
  ///
  /// Measured with YOLOv8n at 640x640 on two processors, in milliseconds of processor time per image: two executions of one
  /// thread each took 92 to 97 at a batch of 1, 91 to 100 at 4 and 90 to 100 at 8 or 16; one execution of two threads 105 to
  /// 121 at 1, 104 to 118 at 4, 98 to 103 at 16. So batches save nothing where threads do not share, and small ones bound
  /// memory and shorten the end of a run.
  private static func preferredBatchSize(
    _ inputs: [TensorDescriptor], ports: [Port], contextCount: Int, sharesThreads: Bool
  ) -> Int {
    guard let input = inputs.first, input.shape.rank > 0 else { return 1 }
    if let fixed = input.shape[0].length { return max(1, fixed) }
    let limit = ports.first?.shape.dimensions?.first?.maximum ?? .max
    let image = input.shape.dimensions.dropFirst().reduce(Double(input.elementType.byteCount ?? 4)) {
      $0 * Double($1.length ?? 640)
    }
    let most = sharesThreads ? [4, 2] : []
    let byMemory = most.first { image * Double($0 * contextCount) <= 512e6 } ?? 1
    return max(1, min(byMemory, limit))
  }
}

/// Runs a call into OpenVINO and says in whole sentences what failed.
func during<Result>(
  _ code: InferenceError.Code, _ message: @autoclosure () -> String,
  _ body: () throws(OpenVINOError) -> Result
) throws(InferenceError) -> Result {
  do {
    return try body()
  } catch {
    throw InferenceError(code, message(), cause: error.description)
  }
}
