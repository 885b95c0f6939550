internal import ArgumentParser
internal import Swoop

/// Where the results of a judgement go.
struct ResultOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder for everything: the page, the figures as JSON, and the plots there are as SVG and PNG.",
      valueName: "folder")
  )
  var output: String?

  @Option(help: ArgumentHelp("Write the figures as JSON to this file; - is standard output.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the page to this file.", valueName: "file"))
  var html: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors and results.")
  var quiet = false

  func validate() throws {
    if html == "-" { throw ValidationError("--html needs a file.") }
    if output == "-" { throw ValidationError("--output needs a folder; --json - writes to standard output.") }
  }

  /// Writes what was asked for; the tables go to standard output unless JSON does.
  ///
  /// - Parameters:
  ///   - page, plots: made only where they are wanted; plots as SVG.
  ///   - name: of the files in the folder: `evaluation.json`, `evaluation.html`.
  func write(
    text: String, json: String, page: () throws -> String, plots: () -> [(name: String, svg: String)], name: String,
    _ console: Console
  ) throws {
    if let path = self.json { try WholeFile.write(json + "\n", to: path) }
    if self.json != "-" { try WholeFile.write(text + "\n", to: "-") }
    guard html != nil || output != nil else { return }
    let page = try page()
    if let html {
      try WholeFile.write(page, to: html)
      console.note("page: \(html)")
    }
    guard let output else { return }
    try WholeFile.makeFolder(output)
    try WholeFile.write(page, to: "\(output)/\(name).html")
    try WholeFile.write(json + "\n", to: "\(output)/\(name).json")
    let plots = try PlotFiles.write(plots(), to: "\(output)/\(PlotFiles.folder)", console)
    console.note(
      "written to \(output): "
        + (["\(name).html", "\(name).json"] + plots.map { "\(PlotFiles.folder)/\($0)" }).joined(separator: ", "))
  }
}
