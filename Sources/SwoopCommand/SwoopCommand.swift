internal import ArgumentParser

@main
struct SwoopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swoop",
    abstract: "Batch object detection: a folder in, every detection out.",
    subcommands: [DetectCommand.self, InspectCommand.self, BuildCommand.self, BenchmarkCommand.self])
}
