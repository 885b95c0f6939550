internal import ArgumentParser
internal import Swoop

@main
struct SwoopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swoop",
    abstract: "Batch object detection: a folder in, every detection out.",
    version: SwoopVersion.current,
    subcommands: [
      DetectCommand.self,
      InspectCommand.self,
      ConvertCommand.self,
      BuildCommand.self,
      BenchmarkCommand.self,
      DoctorCommand.self,
    ])
}
