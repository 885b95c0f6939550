internal import CandidateBoxes
public import Detection
public import Inference
public import Tensors

/// What a model is and how it would be read: what `swoop inspect` shows. Unlike a ``Detector`` it also describes a model
/// that cannot be used, with the reason.
public struct ModelDescription: Sendable {
  /// The file's name, without folders.
  public var file: String
  /// The SHA-256 of the file in hexadecimal.
  public var digest: String
  public var engine: EngineIdentity
  public var inputs: [TensorDescriptor]
  public var outputs: [TensorDescriptor]
  /// What the exporter embedded, as it stands in the file.
  public var properties: [String: String]
  /// The same, understood.
  public var metadata: ModelMetadata
  /// How pictures become its input, or why they cannot.
  public var input: Result<InputPlan, any Error>
  /// How its outputs are read, or why that cannot be told.
  public var head: Result<DetectionHead, DetectionError>
  /// Whether boxes can be computed for candidates alone, or why not; `nil` where that is no question: on a GPU, and for
  /// files other than ONNX.
  public var candidateBoxes: Result<Void, any Error>?

  /// Loads a model and describes it.
  ///
  /// - Parameter onNotice: told what takes long; see ``Detector/init(model:options:configuration:onNotice:)``.
  /// - Throws: ``SwoopError`` or `InferenceError` where the file cannot be loaded at all.
  public init(
    model path: String, options: EngineOptions = EngineOptions(),
    configuration: DetectorConfiguration = DetectorConfiguration(), onNotice: @escaping (String) -> Void = { _ in }
  ) throws {
    file = FilePath.lastComponent(of: path)
    digest = try FileDigest.sha256(ofFile: path)
    // As the file has it, not as it is run.
    var options = options
    options.boxes = .all
    var loader = EngineLoader(
      path, digest: digest, options: options, configuration: configuration, onNotice: onNotice)
    let engine = try loader.load()[0]
    self.engine = engine.identity
    inputs = engine.inputs
    outputs = engine.outputs
    properties = engine.metadata
    let metadata = ModelMetadata(engine.metadata)
    self.metadata = metadata
    input = Result {
      try InputPlan(inputs: engine.inputs, metadata: metadata, configuration: configuration)
    }
    head = Result { () throws(DetectionError) in
      try DetectionHead.resolve(
        inputs: engine.inputs, outputs: engine.outputs, metadata: metadata, kind: configuration.head,
        boxFormat: configuration.boxFormat)
    }
    if FilePath.fileExtension(of: path) == "onnx", engine.cuda == nil {
      candidateBoxes = Result { _ = try DetachedModel(modelPath: path, configuration: configuration) }
    }
  }
}

extension ModelDescription: CustomStringConvertible {
  /// Several lines for people.
  public var description: String {
    var lines = ["\(file)", "  sha256   \(digest)", "  runs on  \(engine)", "", "inputs"]
    lines += inputs.map { "  \($0)" }
    lines += ["", "outputs"]
    lines += outputs.map { "  \($0)" }
    lines += ["", "input"]
    switch input {
    case .success(let plan):
      let layout = plan.layout == .nchw ? "planes of red, green, blue" : "interleaved red, green, blue"
      let range = plan.elementType == .uint8 ? "0…255" : "0…1"
      let batch = plan.fixedBatch.map { "exactly \($0) a batch" } ?? "any number a batch"
      let size = plan.isSizeDynamic ? "\(plan.size) unless --size says otherwise" : "\(plan.size)"
      lines.append("  pictures of \(size), \(layout), \(range), \(batch)")
    case .failure(let error): lines.append("  cannot be used: \(error)")
    }
    lines += ["", "head"]
    switch head {
    case .success(let head):
      lines.append("  \(head.kind.rawValue): \(head.kind), boxes as \(head.boxFormat.rawValue)")
      lines.append("  chosen because \(head.reason)")
      switch candidateBoxes {
      case .success?: lines.append("  boxes can be computed for candidates alone (--boxes)")
      case .failure(let reason)?: lines.append("  boxes are computed for every anchor: \(reason)")
      case nil: break
      }
    case .failure(let error):
      lines.append("  " + error.message.replacing("\n", with: "\n  "))
    }
    if !metadata.labels.isEmpty {
      lines += ["", "classes"]
      lines += metadata.labels.all.enumerated().map { "  \($0)  \($1)" }
    }
    if !properties.isEmpty {
      lines += ["", "metadata"]
      lines += properties.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    }
    if !metadata.warnings.isEmpty {
      lines += ["", "to note"]
      lines += metadata.warnings.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}
