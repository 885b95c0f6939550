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

  func validate() throws {
    if resume, overwrite { throw ValidationError("--resume and --overwrite exclude each other.") }
    if resume, output == nil { throw ValidationError("--resume needs --output: which run goes on?") }
    if output == "-" {
      if resume || overwrite {
        throw ValidationError("--resume and --overwrite need a folder; --output - writes to standard output.")
      }
      let others = try formats().subtracting([.jsonl]).map(\.rawValue).sorted()
      if !others.isEmpty {
        throw ValidationError(
          "The format \(others.joined(separator: ", ")) needs a folder; only jsonl goes to standard output.")
      }
    }
    _ = try formats()
  }

  /// The formats asked for; `jsonl` is always one.
  func formats() throws -> Set<OutputFormat> {
    var formats: Set<OutputFormat> = [.jsonl]
    for word in format.flatMap({ $0.split(separator: ",") }) {
      guard let format = OutputFormat(rawValue: String(word)) else {
        let known = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--format \(word) is not known; known are \(known).")
      }
      formats.insert(format)
    }
    return formats
  }

  /// The folder that the run writes to, or `nil` for standard output.
  ///
  /// - Parameter sources: their first names the folder where none was given.
  func folder(for sources: [String]) -> String? {
    if let output { return output == "-" ? nil : output }
    return DefaultFolder.firstFree(for: sources)
  }
}
