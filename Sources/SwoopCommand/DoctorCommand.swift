internal import ArgumentParser
internal import Swoop

/// `swoop doctor`: what this machine has, what each makes possible, and the command that adds what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show the runtimes, libraries, processor and GPUs there are, and how to add what is missing.",
    discussion: "Exit status: 0 detection can run here; 69 no runtime is usable.")

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let report = SystemReport.current()
    print(json ? report.json.text : report.description)
    if !report.canDetect { throw Exit.unavailable }
  }
}
