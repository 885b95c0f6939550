internal import ArgumentParser
internal import Detection
internal import EvaluationFiles
internal import EvaluationReport
internal import Glibc
internal import Swoop

/// `swoop compare`: what two sets of detections have in common, and what not.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models, engines, precisions or result files on the same pictures.",
    discussion: """
      A and B are each a file or folder of results, or a model, which is then run over the sources. Options of the run \
      hold for both; those that end in -b hold for B alone.

      swoop compare runs/before runs/after
      swoop compare yolov8n.onnx yolov8s.onnx photos/ --ground-truth instances.json
      swoop compare yolov8n.onnx yolov8n.onnx photos/ --precision-b bf16 --allow lost=1%,added=1%,score=0.02,move=2

      What --allow names may be: lost, added, relabelled (a count, or with % a share of A's boxes), score (the greatest \
      change of a box's confidence), move (the greatest move of an edge in pixels), map and map50 (how far AP may fall).

      Exit status: 0 done; 1 done, but some pictures failed in one of the two; 3 something differs by more than allowed; 64 \
      wrong options; 65 a file is damaged or does not match; 66 nothing to read; 69 a library or device is missing; 70 an \
      error inside the runtime; 73 a file or folder cannot be made; 74 writing failed; 130, 143 interrupted.
      """)

  @Argument(help: ArgumentHelp("Results (a run's folder, .jsonl, .json) or a model (.onnx, .xml).", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("The same, to compare with it.", valueName: "b"))
  var second: String

  @Argument(
    help: ArgumentHelp(
      "Pictures for models to run on: files, folders, globs or archives. With results only for the gallery.",
      valueName: "source"))
  var sources: [String] = []

  @Option(
    name: [.customLong("ground-truth"), .customShort("g")],
    help: ArgumentHelp(
      "Also compare both with this: a COCO file, a folder of YOLO label files, or of Pascal VOC files.",
      valueName: "path"))
  var groundTruth: String?

  @Option(help: ArgumentHelp("How much two boxes must overlap (IoU) to be one.", valueName: "value"))
  var overlap = 0.5

  @Option(
    help: ArgumentHelp(
      "What may differ, as lost=0,score=0.01; repeatable. More ends with status 3.", valueName: "name=limit,…"))
  var allow: [String] = []

  @OptionGroup(title: "Results")
  var results: ResultOptions

  @Option(
    name: .customLong("engine-b"), help: ArgumentHelp("The runtime for B, where it is not A's.", valueName: "runtime"))
  var secondEngine: RuntimeChoice?

  @Option(
    name: .customLong("precision-b"),
    help: ArgumentHelp("The precision for B, where it is not A's.", valueName: "precision"))
  var secondPrecision: PrecisionChoice?

  @Option(
    name: .customLong("boxes-b"),
    help: ArgumentHelp("Which boxes are computed for B, where it is not as for A.", valueName: "which"))
  var secondBoxes: BoxChoice?

  @OptionGroup
  var running: JudgedRunOptions

  func validate() throws {
    guard overlap > 0, overlap <= 1 else { throw ValidationError("--overlap \(overlap) is not above 0 and at most 1.") }
    let models = [first, second].filter(Self.isModel)
    if let model = models.first, sources.isEmpty {
      throw ValidationError("\(model) is a model: give the pictures to run it on behind A and B.")
    }
    if secondEngine != nil || secondPrecision != nil || secondBoxes != nil, !Self.isModel(second) {
      throw ValidationError(
        "--engine-b, --precision-b and --boxes-b need a model as B; \(second) is a file of results.")
    }
    if groundTruth == nil, let allowance = try allowances().first(where: \.needsTruth) {
      throw ValidationError("--allow \(allowance.name.rawValue) needs --ground-truth.")
    }
  }

  func run() throws {
    try Exit.onError { try compare() }
  }

  private func compare() throws {
    Interruption.install()
    let console = Console(isQuiet: results.quiet)
    let images = sources.isEmpty ? nil : try ImageSources(SourcePath.arguments(sources))
    var secondOptions = running.runtime.engineOptions
    if let secondEngine { secondOptions.runtime = secondEngine }
    var firstOptions = running.runtime.engineOptions
    if Self.isModel(first), Self.isModel(second) {
      // What has an effect on one of two models is no mistake.
      if Self.isEngine(first) != Self.isEngine(second) {
        if Self.isEngine(first) { firstOptions.precision = nil } else { secondOptions.precision = nil }
      }
      let onTensorRT = (Self.isOnTensorRT(first, firstOptions), Self.isOnTensorRT(second, secondOptions))
      if onTensorRT.0 != onTensorRT.1 {
        if onTensorRT.0 { firstOptions.threads = 0 } else { secondOptions.threads = 0 }
      }
    }
    if let secondPrecision { secondOptions.precision = secondPrecision }
    if let secondBoxes { secondOptions.boxes = secondBoxes }
    let a = try load(first, images, firstOptions, console)
    let b = try load(second, images, secondOptions, console)
    let truth = try groundTruth.map { path in
      try GroundTruthFile(path: path, images: a.groundTruthImages, labels: a.labelList)
    }
    // Files are compared as they are unless asked otherwise; models at the confidence that people run them with.
    let hasModels = Self.isModel(first) || Self.isModel(second)
    let confidence = askedConfidence ?? (hasModels ? DetectorConfiguration().confidence : 0)
    let result = try ComparisonResult(
      a, b, names: names, confidence: confidence, overlap: overlap, truth: truth)
    let allowances = try allowances()

    for warning in result.warnings { console.note("note: \(warning)") }
    try results.write(
      text: "\(result)", json: result.json.text,
      page: { try result.page(date: Calendar.today(), allowances: allowances, pictures: running.pictures(images)) },
      plots: { [] },
      name: "comparison", console)
    for allowance in allowances where !results.quiet || !allowance.isKept(by: result) {
      Console.error(allowance.sentence(result))
    }
    guard allowances.allSatisfy({ $0.isKept(by: result) }) else { throw Exit.gateClosed }
    if !result.failuresOfFirst.isEmpty || !result.failuresOfSecond.isEmpty { throw Exit.someImagesFailed }
  }

  private func load(
    _ path: String, _ images: ImageSources?, _ options: EngineOptions, _ console: Console
  ) throws -> DetectionSet {
    guard Self.isModel(path), let images else { return try DetectionSet.read(path) }
    var runner = running.runner(options, console)
    // AP is the area under a curve that goes on far below the confidence at which boxes are compared. What is kept above
    // that confidence does not depend on what lies below.
    if groundTruth != nil { runner.configure { $0.confidence = min($0.confidence, 0.001) } }
    return try runner.run(path, images, prefersMultiLabel: false).detections
  }

  private var askedConfidence: Double? { running.thresholds.confidence.last { $0.label == nil }?.value }

  /// What A and B are called: by their files' names, with what else tells them apart.
  private var names: (String, String) {
    var names = [first, second].map { path in
      Self.isModel(path) ? FileName.last(of: path) : path
    }
    if let secondEngine { names[1] += " \(secondEngine.rawValue)" }
    if let secondPrecision {
      if !Self.isEngine(first) { names[0] += " \((running.runtime.precision ?? .fp32).rawValue)" }
      names[1] += " \(secondPrecision.rawValue)"
    }
    if names[0] == names[1] { names = ["\(names[0]) (A)", "\(names[1]) (B)"] }
    return (names[0], names[1])
  }

  private func allowances() throws -> [Allowance] {
    try allow.flatMap { $0.split(separator: ",") }.map { text in
      guard let allowance = Allowance(String(text)) else {
        let names = Allowance.Name.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(
          "--allow \(text): expected NAME=LIMIT, for counts also NAME=LIMIT%, with one of \(names).")
      }
      return allowance
    }
  }

  /// Whether a path is a model to be run rather than results to be read. Folders and JSON are results.
  private static func isModel(_ path: String) -> Bool {
    let name = FileName.last(of: path).lowercased()
    return isEngine(path) || name.hasSuffix(".onnx") || name.hasSuffix(".xml")
  }

  /// Whether a path is an engine that TensorRT built.
  private static func isEngine(_ path: String) -> Bool {
    let name = FileName.last(of: path).lowercased()
    return [".engine", ".plan", ".trt"].contains { name.hasSuffix($0) }
  }

  private static func isOnTensorRT(_ path: String, _ options: EngineOptions) -> Bool {
    isEngine(path) || options.runtime == .tensorrt
  }
}
