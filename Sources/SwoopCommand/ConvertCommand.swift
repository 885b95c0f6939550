internal import ArgumentParser
internal import ONNX
internal import Tensors

/// `swoop convert`: edits a model file without Python.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Edit an ONNX model: outputs, batch, size, precision, input, suppression.",
    discussion: """
      Edits combine; they are made in this order: batch, size, simplify, outputs, suppression, precision, input, names, \
      metadata. The new model is checked before it is written. With --embed-suppression the outputs are those of the \
      suppression (num_dets, det_boxes, det_scores, det_classes), with or without --split-outputs.

      Exit status: 0 written; 64 the options make no sense for this model; 65 the model is damaged or does not allow the \
      edit, with the node that prevents it; 66 it is not there; 73 the new file cannot be written.
      """)

  @Argument(help: "The model to read.", completion: .file(extensions: ["onnx"]))
  var input: String

  @Argument(help: "The file to write; may be the same.", completion: .file(extensions: ["onnx"]))
  var output: String

  @Option(help: ArgumentHelp("Images in a batch: a number, or 'dynamic'.", valueName: "N"))
  var batch: String?

  @Option(help: ArgumentHelp("Size of the image in pixels, or 'dynamic'.", valueName: "HxW"))
  var size: String?

  @Flag(help: "Fold constants and batch normalisation, remove what does nothing.")
  var simplify = false

  @Flag(help: "Answer with three tensors: bbox (B,N,4), conf (B,N), class_id (B,N) int32.")
  var splitOutputs = false

  @Option(
    help: ArgumentHelp(
      "With --split-outputs: the format of bbox, xyxy if not given, or cxcywh. With --embed-suppression: that of a model whose outputs are split already and that does not say it.",
      valueName: "FORMAT"))
  var boxFormat: String?

  @Option(
    help: ArgumentHelp(
      "Layout of the head where it cannot be found out: channels:CLASSES (YOLOv8-like), objectness:CLASSES (YOLOv5-like), end-to-end.",
      valueName: "LAYOUT"))
  var head: String?

  @Option(help: ArgumentHelp("Embed non-maximum suppression: onnx or efficientnms.", valueName: "OPERATOR"))
  var embedSuppression: String?

  @Option(
    help: ArgumentHelp("Least score that embedded suppression keeps: 0.25 if not given.", valueName: "SCORE"))
  var confidence: Float?

  @Option(
    help: ArgumentHelp(
      "Overlap at which embedded suppression drops a box: 0.7 if not given.", valueName: "IOU"))
  var iou: Float?

  @Option(
    help: ArgumentHelp(
      "Most boxes that embedded suppression keeps of an image: 300 if not given.", valueName: "N"))
  var maxDetections: Int?

  @Option(help: ArgumentHelp("fp16 or bf16, strongly typed.", valueName: "TYPE"))
  var precision: String?

  @Flag(inversion: .prefixedNo, help: "With --precision: inputs and outputs keep their types.")
  var keepIo = true

  @Option(
    help: ArgumentHelp(
      "With --precision: a node or operator that stays in fp32; NAME* for all nodes whose names begin so.",
      valueName: "NAME|OP"))
  var keepFp32: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help:
      "With --precision: the first convolution, decoding of the head, normalisation layers and softmax stay in fp32."
  )
  var defaultIslands = true

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("uint8-nhwc: take raw RGB bytes (B,H,W,3).", valueName: "FORMAT"))
  var inputFormat: String?

  @Option(help: ArgumentHelp("Give a tensor another name.", valueName: "OLD=NEW"))
  var rename: [String] = []

  @Option(help: ArgumentHelp("Set a metadata entry.", valueName: "KEY=VALUE"))
  var metadata: [String] = []

  @Option(help: ArgumentHelp("Keep the weights in a file of this name beside the model.", valueName: "FILE"))
  var weightsFile: String?

  func run() throws {
    try Exit.onError { try convert() }
  }

  private func convert() throws {
    let edits = try edits()
    var model = try Model(path: input)
    try model.check()
    let nodes = model.graph.nodes.count
    try model.apply(edits)
    try model.check()
    do {
      try model.save(to: output, weights: weightsFile.map { .beside(name: $0) } ?? .automatic)
    } catch let error as ModelError where error.code == .file {
      Console.error("error: \(error)")
      throw Exit.cannotCreate
    }
    print("\(output): \(nodes) nodes before, \(model.graph.nodes.count) now")
    for value in model.graph.requiredInputs { print("  input  \(value)") }
    for value in model.graph.outputs { print("  output \(value)") }
  }

  /// The options as edits.
  func edits() throws -> ModelEdits {
    var edits = ModelEdits()
    edits.batch = try batch.map { try axis($0, option: "--batch") }
    edits.size = try size.map(Self.parseSize)
    edits.simplifies = simplify
    edits.splitsOutputs = splitOutputs
    edits.boxFormat = try boxFormat.map { text in
      guard let format = BoxCoordinates(rawValue: text) else {
        throw ValidationError("--box-format is '\(text)'; it can be xyxy or cxcywh")
      }
      return format
    }
    guard boxFormat == nil || splitOutputs || embedSuppression != nil else {
      throw ValidationError("--box-format goes with --split-outputs or --embed-suppression")
    }
    edits.head = try head.map(Self.parseHead)
    if let embedSuppression {
      let kinds: [String: SuppressionOperator] = ["onnx": .onnx, "efficientnms": .efficientNMS]
      guard let kind = kinds[embedSuppression] else {
        throw ValidationError("--embed-suppression is '\(embedSuppression)'; it can be onnx or efficientnms")
      }
      edits.suppression = .init(
        kind: kind, confidence: confidence ?? 0.25, iou: iou ?? 0.7, maximum: maxDetections ?? 300)
    } else if confidence != nil || iou != nil || maxDetections != nil {
      throw ValidationError("--confidence, --iou and --max-detections go with --embed-suppression")
    }
    guard head == nil || splitOutputs || embedSuppression != nil else {
      throw ValidationError("--head goes with --split-outputs or --embed-suppression")
    }
    if let precision {
      switch precision {
      case "fp16": edits.precision = .float16
      case "bf16": edits.precision = .bfloat16
      default: throw ValidationError("--precision is '\(precision)'; it can be fp16 or bf16")
      }
    } else if !keepFp32.isEmpty || !keepIo || !defaultIslands {
      throw ValidationError("--keep-fp32, --no-keep-io and --no-default-islands go with --precision")
    }
    edits.precisionOptions = PrecisionOptions(
      keepsInputsAndOutputs: keepIo, keptInFloat32: Set(keepFp32), usesDefaultIslands: defaultIslands)
    if let inputFormat {
      guard inputFormat == "uint8-nhwc" else {
        throw ValidationError("--input is '\(inputFormat)'; it can be uint8-nhwc")
      }
      edits.takesRawImages = true
    }
    for pair in rename {
      let (old, new) = try Self.split(pair, option: "--rename")
      guard edits.names.updateValue(new, forKey: old) == nil else {
        throw ValidationError("--rename names '\(old)' twice")
      }
    }
    for pair in metadata {
      let (key, value) = try Self.split(pair, option: "--metadata")
      guard !edits.metadata.contains(where: { $0.key == key }) else {
        throw ValidationError("--metadata sets '\(key)' twice")
      }
      edits.metadata.append((key, value))
    }
    return edits
  }

  private func axis(_ text: String, option: String) throws -> AxisLength {
    if text == "dynamic" { return .dynamic }
    guard let number = Int(text), number > 0 else {
      throw ValidationError("\(option) is '\(text)'; it can be a number from 1 on, or dynamic")
    }
    return .fixed(number)
  }

  static func parseSize(_ text: String) throws -> (height: AxisLength, width: AxisLength) {
    if text == "dynamic" { return (.dynamic, .dynamic) }
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count <= 2, parts.allSatisfy({ $0 > 0 }) else {
      throw ValidationError(
        "--size is '\(text)'; it can be HEIGHTxWIDTH, one number for a square, or dynamic")
    }
    return (.fixed(parts[0]), .fixed(parts[parts.count - 1]))
  }

  private static func parseHead(_ text: String) throws -> HeadLayout {
    if text == "end-to-end" { return .endToEnd }
    let parts = text.split(separator: ":")
    if parts.count == 2, let classes = Int(parts[1]), classes > 0, classes < 1 << 20 {
      if parts[0] == "channels" { return .channelsFirst(classes: classes) }
      if parts[0] == "objectness" { return .objectness(classes: classes) }
    }
    throw ValidationError("--head is '\(text)'; it can be channels:CLASSES, objectness:CLASSES or end-to-end")
  }

  private static func split(_ pair: String, option: String) throws -> (String, String) {
    guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
      throw ValidationError("\(option) is '\(pair)'; it must have the form NAME=VALUE")
    }
    return (String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
  }
}
