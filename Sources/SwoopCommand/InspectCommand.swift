internal import ArgumentParser
internal import Detection
internal import Inference
internal import Swoop

/// `swoop inspect`: what a model is, and how Swoop would read it.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a model's inputs, outputs and metadata, the head chosen for it, and why.",
    discussion: """
      Exit status: 0 the model can be used; 65 it cannot, or is ambiguous: what is shown says why; 66 it is not there.
      """)

  @Argument(help: ArgumentHelp("An .onnx file, a TensorRT .engine or an OpenVINO .xml file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Read the outputs in this way.", valueName: "head"))
  var head: DetectionHead.Kind?

  @Option(
    name: .customLong("box-format"),
    help: ArgumentHelp("How the tensor bbox states a box: xyxy or cxcywh.", valueName: "format"))
  var boxFormat: BoxFormat?

  @Option(help: ArgumentHelp("Input size, as 640 or 480x640, where the model leaves it open.", valueName: "size"))
  var size: InputSize?

  @Flag(
    help: """
      Summarise an ONNX model's graph: operators, parameters, operations and memory at a size, and what prevents a \
      dynamic batch.
      """)
  var graph = false

  @Flag(help: "List the layers of a TensorRT engine; one built with --detailed says most.")
  var layers = false

  func run() throws {
    try Exit.onError {
      if graph {
        guard !layers, !EngineFile.isEngine(path: model) else {
          throw SwoopError(.usage, "--graph summarises ONNX models; for an engine there is --layers.")
        }
        print(try graphSummary(model, size: size.map { (height: $0.height, width: $0.width) }))
        return
      }
      if EngineFile.isEngine(path: model) {
        print(try engineSummary(path: model, layers: layers))
        return
      }
      if layers {
        throw SwoopError(
          .usage, "--layers lists the layers of TensorRT engines; \(model) is none. Build one: swoop build.")
      }
      var configuration = DetectorConfiguration()
      configuration.head = head
      configuration.boxFormat = boxFormat
      configuration.size = size
      let description = try ModelDescription(
        model: model, configuration: configuration, onNotice: { Console(isQuiet: false).note("note: \($0)") })
      print(description)
      if case .failure(let error) = description.input { throw Exit.status(for: error) }
      if case .failure(let error) = description.head { throw Exit.status(for: error) }
    }
  }
}
