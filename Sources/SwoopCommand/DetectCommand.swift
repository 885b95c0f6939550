internal import ArgumentParser
internal import Swoop

/// `swoop detect`: a folder in, every detection out.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Find objects in pictures: files, folders, globs, lists and archives.",
    discussion: """
      Every picture gets exactly one record, in order, in detections.jsonl: its boxes, none, or why it failed. \
      An interrupted run is continued with --resume and ends with the same bytes.

      Exit status: 0 done; 1 done, but some pictures failed; 64 wrong options; 66 nothing to read; 69 a library or device \
      is missing; 73 the output cannot be created; 74 writing failed; 130 interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Picture files, folders, quoted globs, .tar or .zip archives, @list.txt, or - for a list on standard input.",
      valueName: "source"))
  var sources: [String]

  @OptionGroup(title: "Model")
  var model: ModelOptions

  @OptionGroup(title: "Pictures")
  var preprocessing: PreprocessingOptions

  @OptionGroup(title: "Detections")
  var thresholds: ThresholdOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @Option(
    help: ArgumentHelp("Threads that read, decode and prepare pictures. 0: one a processor.", valueName: "n"))
  var workers = 0
}
