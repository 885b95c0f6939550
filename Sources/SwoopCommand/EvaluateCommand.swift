internal import ArgumentParser
internal import Detection
internal import Evaluation
internal import EvaluationFiles
internal import EvaluationReport
internal import Imaging
internal import Swoop

/// `swoop evaluate`: how right a model's detections are.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judge detections against ground truth: COCO's figures, mistakes, plots.",
    discussion: """
      The detections come from a model that is run now over the sources, or from a file (--detections). The twelve \
      figures are those of pycocotools; mistakes and confusion are counted at one confidence (--at).

      Images are matched with the ground truth by name, with as many folders as both sides write; a name that could be \
      several images is an error. Classes are matched by name, or by number where one side has no names.

      swoop evaluate photos/ --model yolov8n.onnx --ground-truth instances.json --output runs/evaluation
      swoop evaluate --detections runs/photos --ground-truth labels/ --require map50=0.90

      Exit status: 0 done; 1 done, but some pictures failed; 3 a requirement is not fulfilled; 64 wrong options; 65 a file is damaged or does not \
      match; 66 nothing to read; 69 a library or device is missing; 70 an error inside the runtime; 73 a file or folder \
      cannot be made; 74 writing failed; 130, 143 interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Pictures: files, folders, globs or archives. With --detections only for the report's gallery.",
      valueName: "source"))
  var sources: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model to run: an .onnx file or an OpenVINO .xml file.", valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Detections in place of a model: a run's folder, its detections.jsonl or coco.json, or COCO's list of results.",
      valueName: "file"))
  var detections: String?

  @Option(
    name: [.customLong("ground-truth"), .customShort("g")],
    help: ArgumentHelp(
      "A COCO file, a folder of YOLO label files, or a folder of Pascal VOC files.", valueName: "path"))
  var groundTruth: String

  @Option(
    help: ArgumentHelp(
      "A figure that must be reached, as map50=0.90; repeatable. Figures: map, map50, map75, map-small, map-medium, "
        + "map-large, mar1, mar10, mar100, mar-small, mar-medium, mar-large.", valueName: "figure=value"))
  var require: [String] = []

  @Option(help: ArgumentHelp("The confidence at which mistakes and confusion are counted.", valueName: "value"))
  var at = 0.25

  @OptionGroup(title: "Results")
  var results: ResultOptions

  @OptionGroup
  var running: JudgedRunOptions

  func validate() throws {
    switch (model, detections) {
    case (nil, nil): throw ValidationError("Give --model, with sources, or --detections: what is to be judged?")
    case (_?, _?): throw ValidationError("--model and --detections exclude each other.")
    case (_?, nil) where sources.isEmpty: throw ValidationError("--model needs sources: which pictures?")
    default: break
    }
    guard (0...1).contains(at) else { throw ValidationError("--at \(at) is not within 0 to 1.") }
    _ = try requirements()
  }

  func run() throws {
    try Exit.onError { try evaluate() }
  }

  private func evaluate() throws {
    Interruption.install()
    let console = Console(isQuiet: results.quiet)
    let images = sources.isEmpty ? nil : try ImageSources(SourcePath.arguments(sources))
    var failures = 0
    let set: DetectionSet
    var facts: [String] = []
    if let model, let images {
      // The figures are areas under curves: they need what a user would never look at, down to 1 in 1000.
      let run = try running.runner(confidence: 0.001, console).run(model, images, prefersMultiLabel: true)
      set = run.detections
      failures = run.failures
      facts = run.facts
    } else {
      set = try DetectionSet.read(detections ?? "")
    }
    let truth = try GroundTruthFile(path: groundTruth, images: set.groundTruthImages, labels: set.labelList)
    let result = try EvaluationResult(truth, set, confidence: at)
    let requirements = try requirements()

    for warning in result.warnings { console.note("note: \(warning)") }
    try results.write(
      text: "\(result)", json: result.json.text,
      page: {
        try result.page(
          EvaluationResult.PageDetails(
            title: FileName.last(of: model ?? detections ?? set.source),
            facts: facts + ["ground truth \(FileName.last(of: groundTruth))", Calendar.today()],
            requirements: requirements, pictures: running.pictures(images), color: ClassColor.css))
      }, plots: { result.plots(color: ClassColor.css) }, name: "evaluation", console)

    for requirement in requirements { console.note(requirement.sentence(result.coco.figures)) }
    guard requirements.allSatisfy({ $0.isFulfilled(by: result.coco.figures) }) else {
      if results.quiet {
        for requirement in requirements where !requirement.isFulfilled(by: result.coco.figures) {
          Console.error(requirement.sentence(result.coco.figures))
        }
      }
      throw Exit.gateClosed
    }
    if failures > 0 { throw Exit.someImagesFailed }
  }

  private func requirements() throws -> [Requirement] {
    try require.flatMap { $0.split(separator: ",") }.map { text in
      guard let requirement = Requirement(String(text)) else {
        let names = COCOFigures.Name.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--require \(text): expected FIGURE=VALUE with a value from 0 to 1 and one of \(names).")
      }
      return requirement
    }
  }
}
