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
    help: ArgumentHelp("At most this many boxes a picture; what is cut is counted in its record.", valueName: "n"))
  var maximumDetections = DetectorConfiguration().maximumDetections

  @Option(
    help: ArgumentHelp(
      """
      exact: overlaps are compared within each class. ultralytics: with float32 class offsets, as that tool computes \
      them.
      """, valueName: "way"))
  var suppression: SuppressionMethod = .exact

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
}
