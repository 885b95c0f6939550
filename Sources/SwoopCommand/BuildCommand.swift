internal import ArgumentParser
internal import Glibc
internal import Inference
internal import Swoop
internal import TensorRT

/// `swoop build`: an ONNX model in, a TensorRT engine out.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a TensorRT engine from an ONNX model.",
    discussion: """
      Engines run with the TensorRT, and on the kind of GPU, that they were built with. Beside the engine, NAME.json \
      says what built it, from which model, for which GPU and how. TensorRT for RTX builds without a GPU.

      Exit status: 0 built; 64 an option that this TensorRT does not have; 65 the model cannot be built; 66 it is not \
      there; 69 TensorRT or the GPU is missing; 70 TensorRT failed; 73 the engine cannot be written; 130 stopped.
      """)

  @Argument(help: ArgumentHelp("The .onnx file.", valueName: "model"))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The engine. Default: the model's name with .engine.", valueName: "file"))
  var output: String?

  @OptionGroup(title: "What it is built for")
  var target: BuildTargetOptions

  @OptionGroup(title: "How it is built")
  var settings: BuildSettingOptions

  @Option(
    help: ArgumentHelp("Metadata before the plan: none, or ultralytics, which that tool reads.", valueName: "kind"))
  var header: EngineFile.Header = .none

  @Flag(help: "Replace an engine that is there.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    try Exit.onError { try build() }
  }

  private func build() throws {
    let console = Console(isQuiet: quiet)
    var options = try TensorRTBuildOptions()
    try target.apply(to: &options)
    settings.apply(to: &options)
    let path = output ?? Self.defaultOutput(model)
    guard overwrite || access(path, F_OK) != 0 else {
      throw SwoopError(.output, "\(path) is there already. Give --overwrite to replace it, or another --output.")
    }
    // Found out now, not after the build.
    let folder = Self.folder(of: path)
    guard access(folder, W_OK | X_OK) == 0 else {
      throw SwoopError(.output, "\(path) cannot be written: \(folder): \(String(cString: strerror(errno))).")
    }
    let digest = try FileDigest.sha256(ofFile: model)
    let (library, device, reason) = try target.open()
    console.note("\(library.version) (\(library.path))\(device.map { ", \($0.device)" } ?? ", without a GPU")")
    // Its first line says what is missing; swoop doctor says the rest.
    if let reason { console.note("note: \(reason.prefix { $0 != "\n" })") }
    for warning in library.warnings { console.note("note: \(warning)") }
    // A build that cannot be watched cannot be asked to stop either: there Ctrl-C ends the process.
    if library.hasProgressMonitor { Interruption.install() } else { Interruption.leaveToSystem() }
    var build = try TensorRTBuild(library: library, device: device)
    build.program = "swoop \(SwoopVersion.current)"
    let bar = BuildProgressBar(isShown: !quiet && isatty(2) == 1)
    let result: TensorRTBuild.Result
    do {
      result = try build.build(.init(path: model, digest: digest), options: options) { event in
        bar.update(event)
        return Interruption.signal == nil
      }
      bar.finish()
    } catch {
      bar.finish()
      guard Interruption.signal == nil else { throw Self.stopped(console) }
      throw error
    }
    // It may have come after the last step that could be stopped.
    if Interruption.signal != nil { throw Self.stopped(console) }
    for note in result.notes { console.note("note: \(note)") }
    do {
      try result.write(to: path, header: header)
    } catch {
      throw SwoopError(.output, error.message)
    }
    console.note(Self.summary(result.record, path: path, header: header))
  }

  private static func stopped(_ console: Console) -> ExitCode {
    console.note("stopped; nothing was written")
    return Exit.interrupted(by: Interruption.signal ?? SIGINT)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func defaultOutput(_ model: String) -> String {
    (model.hasSuffix(".onnx") ? String(model.dropLast(5)) : model) + ".engine"
  }

  private static func summary(_ record: EngineRecord, path: String, header: EngineFile.Header) -> String {
    var lines = ["built \(path): \(record.planByteCount) bytes in \(record.buildSeconds) s, \(record.precision)"]
    for input in record.inputs {
      let shapes =
        input.minimum == input.maximum
        ? "\(input.maximum)" : "\(input.minimum) to \(input.maximum), best at \(input.optimum)"
      lines.append("  input \(input.name): \(shapes) \(input.elementType)")
    }
    lines.append("  for: \(record.builtWith)")
    lines.append("  record: \(EngineFile.recordPath(path))\(header == .none ? "" : "; header: \(header.rawValue)")")
    return lines.joined(separator: "\n")
  }
}
