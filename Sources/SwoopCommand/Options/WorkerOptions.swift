internal import ArgumentParser

/// How many threads work beside the network.
struct WorkerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Threads that read, decode and prepare pictures. 0: one a processor.", valueName: "n"))
  var workers = 0

  func validate() throws {
    if workers < 0 { throw ValidationError("--workers \(workers) is negative.") }
  }
}
