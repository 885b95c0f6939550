internal import ArgumentParser
internal import Swoop

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder for results, or - for JSON Lines on standard output. Default: runs/NAME, a new one each time.",
      valueName: "folder"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "What is written besides detections.jsonl: coco, yolo, csv, images, html; separated by commas.",
      valueName: "format,…"))
  var format: [String] = []

  @Flag(help: "Continue the run in the output folder where it was interrupted.")
  var resume = false

  @Flag(help: "Replace the results in the output folder.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false
}
