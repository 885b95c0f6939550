public import Detection
internal import CandidateBoxes
internal import DeviceDetection
public import Inference
internal import Imaging

/// A model ready to find things in pictures: engine, preprocessing, head and suppression.
///
///     let detector = try Detector(model: "yolov8n.onnx")
///     for detection in try detector.detect(contentsOf: "photo.jpg").detections {
///       print(detector.labels[detection.classIndex], detection.score, detection.box)
///     }
///
/// Immutable, and shared by all threads of a run. For more than a handful of pictures use ``BatchRun``, which keeps
/// decoding and the network busy at the same time.
public final class Detector: Sendable {
  /// What executes the network: the model on each device of a run; all of them are alike.
  public let engines: [any Engine]
  /// What a user should know of how the model was loaded: a GPU that is not used or was left out, and why.
  public let notes: [String]
  public let configuration: DetectorConfiguration
  /// What the exporter wrote into the model.
  public let metadata: ModelMetadata
  /// How pictures become the network's input.
  public let input: InputPlan
  /// How the network's outputs become detections.
  public let postprocessor: Postprocessor
  /// The model's file name, without folders.
  public let modelName: String
  /// The SHA-256 of the model's file, in hexadecimal.
  public let modelDigest: String

  /// The first of ``engines``.
  public var engine: any Engine { engines[0] }

  /// The names of the classes; ``Labels`` makes up `class7` for one without a name.
  public var labels: Labels { metadata.labels }

  /// Loads a model and makes it ready.
  ///
  /// - Parameters:
  ///   - path: an `.onnx` file, a TensorRT `.engine` file or an OpenVINO `.xml` file.
  ///   - onNotice: told what takes long before it begins, and when it is done: an engine that is built, a wait for another
  ///     process that builds it. Called on the calling thread.
  /// - Throws: ``SwoopError`` for a file that is not there or no model, `InferenceError` from the runtime,
  ///   `DetectionError` where the outputs are of no known head or the configuration does not fit them.
  public convenience init(
    model path: String, options: EngineOptions = EngineOptions(),
    configuration: DetectorConfiguration = DetectorConfiguration(), onNotice: @escaping (String) -> Void = { _ in }
  ) throws {
    let digest = try FileDigest.sha256(ofFile: path)
    var loader = EngineLoader(
      path, digest: digest, options: options, configuration: configuration, onNotice: onNotice)
    let engines = try loader.load()
    try self.init(
      engines: engines, modelName: FilePath.lastComponent(of: path), modelDigest: digest, configuration: configuration,
      notes: loader.notes)
  }

  /// Makes a detector over an engine that is loaded already.
  ///
  /// - Parameters:
  ///   - modelName: the model's file name, for records.
  ///   - modelDigest: the SHA-256 of the model's file in hexadecimal, for records.
  public convenience init(
    engine: any Engine, modelName: String, modelDigest: String, configuration: DetectorConfiguration
  ) throws {
    try self.init(
      engines: [engine], modelName: modelName, modelDigest: modelDigest, configuration: configuration, notes: [])
  }

  /// - Parameter engines: the same model on one or more devices of a kind.
  init(
    engines: [any Engine], modelName: String, modelDigest: String, configuration: DetectorConfiguration,
    notes: [String]
  ) throws {
    guard let engine = engines.first else { throw SwoopError(.usage, "There is no device to run the model on.") }
    self.notes = notes
    self.configuration = configuration
    self.modelName = modelName
    self.modelDigest = modelDigest
    metadata = ModelMetadata(engine.metadata)
    input = try InputPlan(inputs: engine.inputs, metadata: metadata, configuration: configuration)
    let head = try DetectionHead.resolve(
      inputs: engine.inputs, outputs: engine.outputs, metadata: metadata, kind: configuration.head,
      boxFormat: configuration.boxFormat)
    postprocessor = try Postprocessor(
      head: head, settings: try configuration.postprocessorSettings(labels: metadata.labels))
    let least = postprocessor.settings.confidence.least
    self.engines = engines.map { ($0 as? CandidateBoxEngine)?.with(scoreLimit: Float(least)) ?? $0 }
    if configuration.resize == .rectangle, !input.isSizeDynamic {
      throw SwoopError(
        .model,
        "--resize rectangle gives pictures of different shapes the least padding, so it needs a model with dynamic "
          + "height and width; the input \(engine.inputs[0]) is fixed. Export the model with dynamic axes, or use "
          + "--resize ultralytics.")
    }
  }

  /// The same model on the same devices with another configuration.
  ///
  /// A model whose boxes are computed for candidates alone stays at the size that it was loaded for; to change sizes, load it
  /// with ``EngineOptions/boxes`` as `all`.
  public func with(_ configuration: DetectorConfiguration) throws -> Detector {
    try Detector(
      engines: engines, modelName: modelName, modelDigest: modelDigest, configuration: configuration, notes: notes)
  }

  /// What identifies the run in the first line of its records.
  ///
  /// - Parameter decode: what decodes JPEG files: `cpu`, or the GPU's decoder in words.
  public func header(version: String = SwoopVersion.current, decode: String = "cpu") -> RunHeader {
    RunHeader(
      version: version,
      model: .init(file: modelName, sha256: modelDigest, labels: labels.all),
      engine: .init(
        runtime: engine.identity.runtime, version: engine.identity.version, device: deviceKind,
        precision: engine.identity.precision),
      settings: configuration.headerSettings(
        input: input, postprocessor: postprocessor, decode: decode,
        computesAllBoxes: !(engine is CandidateBoxEngine)))
  }

  /// The device without its number: results do not depend on which of several like ones a picture was on.
  private var deviceKind: String {
    let device = engine.identity.device
    guard device.hasPrefix("cuda:"), let end = device.firstIndex(of: " ") else { return device }
    return "cuda" + device[end...]
  }

  /// How a picture of a given size lies on the network's input.
  ///
  /// - Parameters: width and height in pixels, after orientation.
  public func geometry(imageWidth: Int, imageHeight: Int) throws(DetectionError) -> LetterboxGeometry {
    try LetterboxGeometry(
      configuration.resize, imageWidth: imageWidth, imageHeight: imageHeight, canvasWidth: input.size.width,
      canvasHeight: input.size.height, stride: metadata.stride ?? 32)
  }
}

extension Detector {
  /// Finds what is in one picture file.
  ///
  /// Makes an execution context of its own each time: for more than a handful of pictures use ``BatchRun``.
  ///
  /// - Returns: the record of the picture, with the path as its key.
  /// - Throws: ``ImageFailure`` for a picture that cannot be read; `InferenceError` where the network fails.
  public func detect(contentsOf path: String) throws -> ImageRecord {
    var options = EngineOptions()
    options.execution = .synchronous
    options.batch = .exactly(input.fixedBatch ?? 1)
    var result: ImageRecord?
    _ = try BatchRun(detector: self, options: options, workers: 1)
      .forEachRecord(of: try ImageSources([SourcePath(path)]).makeReader()) { result = $0 }
    guard let result else { throw ImageFailure(.notFound, "\(path) is not there") }
    if let failure = result.failure { throw failure }
    return result
  }
}

extension Detector: CustomStringConvertible {
  /// Two lines for people: the model and how its outputs are read; what runs it.
  public var description: String {
    let classes = labels.count == 1 ? "1 class" : "\(labels.count) classes"
    let batch = input.fixedBatch.map { "batch \($0)" } ?? "any batch"
    return """
      \(modelName): \(classes), input \(input.size) (\(batch), \(input.elementType)), head \(postprocessor.head.kind.rawValue)
      \(engine.identity)\(engine is CandidateBoxEngine ? ", boxes of candidates" : "")
      """
  }

  /// A writer of this detector's pictures into its input tensor; each thread has its own.
  func makeTensorWriter() -> TensorWriter {
    TensorWriter(format: tensorFormat, resampling: resampling, fill: configuration.resize.paddingValue)
  }

  /// The same on a device; each slot has its own.
  func makeDevicePreprocessor(_ kernels: DeviceKernels, capacity: Int) throws -> DevicePreprocessor {
    try DevicePreprocessor(
      kernels: kernels, format: tensorFormat, resampling: resampling, fill: configuration.resize.paddingValue,
      capacity: capacity)
  }

  private var tensorFormat: TensorFormat {
    guard let element = TensorFormat.Element(input.elementType) else {
      preconditionFailure("the input plan lets no other element types through")
    }
    return TensorFormat(
      element: element, layout: input.layout == .nchw ? .nchw : .nhwc,
      normalisation: configuration.resize == .pillow ? .originalRecipe : .divideBy255)
  }

  private var resampling: Resampling { configuration.resize == .pillow ? .pillowBicubic : .openCVLinear }
}
