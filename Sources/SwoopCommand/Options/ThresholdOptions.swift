internal import ArgumentParser
internal import Detection
internal import Swoop

/// What counts as a detection.
struct ThresholdOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Boxes must score more than this; repeat with a class for its own: --confidence 0.25 --confidence person=0.4.",
      valueName: "[class=]value"))
  var confidence: [ThresholdArgument] = []

  @Option(
    help: ArgumentHelp(
      "Of two boxes of a class that overlap more than this, the better one stays; repeatable with a class.",
      valueName: "[class=]value"))
  var iou: [ThresholdArgument] = []

  @Option(
    help: ArgumentHelp(
      "Only these classes: names or numbers, separated by commas or given several times.", valueName: "class,…"))
  var classes: [String] = []

  @Option(
    name: .customLong("max-detections"),
    help: ArgumentHelp(
      "At most this many boxes a picture, 300 by default; what is cut is counted in its record.", valueName: "n"))
  var maximumDetections: Int?

  @Option(
    help: ArgumentHelp(
      """
      exact: overlaps are compared within each class. ultralytics: with float32 class offsets, as that tool computes \
      them. Default: exact, but none for a model that has suppressed its boxes itself.
      """, valueName: "way"))
  var suppression: SuppressionRule?

  @Flag(help: "Boxes of different classes suppress one another too.")
  var agnostic = false

  @Flag(name: .customLong("multi-label"), help: "A box counts for every class over the threshold, not the best alone.")
  var isMultiLabel = false

  @Flag(name: .customLong("raw"), help: "No suppression: every candidate over the threshold is a record's box.")
  var isRaw = false

  @Option(
    help: ArgumentHelp(
      "How the outputs are read, where names, shapes and metadata do not tell: see swoop inspect.", valueName: "head"))
  var head: DetectionHead.Kind?

  @Option(
    name: .customLong("box-format"),
    help: ArgumentHelp("How the tensor bbox states a box: xyxy or cxcywh.", valueName: "format"))
  var boxFormat: BoxFormat?

  func validate() throws {
    if isRaw, suppression != nil {
      throw ValidationError("--raw leaves suppression out, so --suppression says nothing. Leave one of the two out.")
    }
    if let maximumDetections, maximumDetections < 1 {
      throw ValidationError("--max-detections \(maximumDetections) is less than 1.")
    }
  }

  /// Puts the choices into a configuration.
  func apply(to configuration: inout DetectorConfiguration) {
    for threshold in confidence {
      if let label = threshold.label {
        configuration.confidenceByClass[label] = threshold.value
      } else {
        configuration.confidence = threshold.value
      }
    }
    for threshold in iou {
      if let label = threshold.label {
        configuration.iouByClass[label] = threshold.value
      } else {
        configuration.iou = threshold.value
      }
    }
    configuration.classes = classes.flatMap { $0.split(separator: ",").map { String($0) } }
    configuration.maximumDetections = maximumDetections
    configuration.suppression =
      switch suppression {
      case _ where isRaw: .none
      case .exact: .exact
      case .ultralytics: .ultralytics
      case nil: .automatic
      }
    configuration.isClassAgnostic = agnostic
    configuration.isMultiLabel = isMultiLabel
    configuration.head = head
    configuration.boxFormat = boxFormat
  }
}

/// How overlap is computed.
enum SuppressionRule: String, ExpressibleByArgument, CaseIterable {
  case exact, ultralytics
}
