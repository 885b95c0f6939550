import CandidateBoxes
import Detection
import Foundation
import Inference
import SeededNumbers
import Swoop
import Testing
import TestSupport

@Suite("Detector", .enabled(if: Fixtures.hasOpenVINO, "OpenVINO is not on this machine; scripts/setup gets it"))
struct DetectorTests {
  private static func options(
    _ execution: ExecutionMode, batch: CountChoice = .auto, requests: CountChoice = .auto
  ) -> EngineOptions {
    var options = EngineOptions()
    options.execution = execution
    options.batch = batch
    options.requests = requests
    return options
  }

  private static func configuration(_ model: String) -> DetectorConfiguration {
    var configuration = DetectorConfiguration()
    if model.hasPrefix("three-tensors") {
      configuration.boxFormat = model.hasSuffix("cxcywh") ? .cxcywh : .xyxy
    }
    return configuration
  }

  /// What a model must find in a picture: one box for each painted cell.
  private static func expected(_ picture: CellPicture) -> Set<Detection> {
    Set(
      picture.cells.map { cell, colour in
        let (x, y) = (Float(cell % 8 * 8), Float(cell / 8 * 8))
        return Detection(box: Box(x1: x, y1: y, x2: x + 8, y2: y + 8), score: 1, classIndex: colour.rawValue)
      })
  }

  private static let models = [
    "v8", "v8-batch1", "v8-batch4", "v8-float16", "v8-uint8", "v8-dynamic-size", "v5", "v5-batch1", "three-tensors",
    "three-tensors-batch4", "three-tensors-cxcywh", "end-to-end", "end-to-end-batch1", "efficient-nms",
    "efficient-nms-batch4",
  ]

  @Test(
    "every head, fixed and dynamic batch, finds in each picture exactly what is in it, in both ways of execution",
    arguments: models, ExecutionMode.allCases)
  func heads(model: String, execution: ExecutionMode) throws {
    let folder = try ScratchFolder()
    var random = SplitMix64(seed: 1)
    var pictures: [CellPicture] = []
    for index in 0..<11 {
      let picture = CellPicture.random(&random)
      pictures.append(picture)
      // Names that sort in the order of making.
      try folder.write("\(index + 10).ppm", picture.ppm())
    }
    let options = Self.options(execution)
    let detector = try Detector(
      model: Fixtures.model(model), options: options, configuration: Self.configuration(model))
    let run = try BatchRun(detector: detector, options: options, workers: 3)
    var records: [ImageRecord] = []
    let summary = try run.forEachRecord(of: try ImageSources([folder.path]).makeReader()) { records.append($0) }
    #expect(records.map(\.index) == Array(0..<11))
    #expect(records.map(\.key) == (10...20).map { "\($0).ppm" })
    for (record, picture) in zip(records, pictures) {
      #expect(Set(record.detections) == Self.expected(picture))
      #expect(record.width == 64 && record.height == 64)
    }
    #expect(summary.images == 11 && summary.failures == 0)
    #expect(summary.detections == pictures.reduce(0) { $0 + $1.cells.count })
  }

  @Test("a batch that a fixed model cannot have is refused, and its own is taken")
  func fixedBatch() throws {
    let detector = try Detector(model: Fixtures.model("v8-batch4"))
    #expect(try BatchRun(detector: detector).batchSize == 4)
    let error = #expect(throws: SwoopError.self) {
      try BatchRun(detector: detector, options: Self.options(.asynchronous, batch: .exactly(3)))
    }
    #expect(error?.message.contains("fixed batch of 4") == true)
  }

  @Test("records do not depend on batch, requests, workers or the way of execution", arguments: [1, 7, 32])
  func independence(batch: Int) throws {
    let folder = try ScratchFolder()
    var random = SplitMix64(seed: 7)
    for index in 0..<40 {
      // Sizes that need resizing, so that neighbours differ in more than their cells.
      try folder.write("\(index + 10).ppm", CellPicture.random(&random).ppm(scale: 1 + index % 3))
    }
    try folder.write("15.ppm", "P6\n64 64\n255\nshort".utf8)
    func lines(_ options: EngineOptions, workers: Int) throws -> [String] {
      let detector = try Detector(model: Fixtures.model("v8"), options: options)
      let output = try ScratchFolder()
      let results = try RunOutput(folder: output.path, formats: [], mode: .create, header: detector.header())
      let run = try BatchRun(detector: detector, options: options, workers: workers)
      _ = try run.run(try ImageSources([folder.path]).makeReader(), into: results)
      try results.finish()
      let text = try String(contentsOf: output.url.appendingPathComponent("detections.jsonl"), encoding: .utf8)
      return text.split(separator: "\n").map { String($0) }
    }
    let plain = try lines(Self.options(.synchronous, batch: .exactly(1)), workers: 1)
    #expect(plain.count == 41)
    #expect(plain[6].contains("\"failed\""))
    #expect(try lines(Self.options(.synchronous, batch: .exactly(batch)), workers: 4) == plain)
    #expect(try lines(Self.options(.asynchronous, batch: .exactly(batch)), workers: 4) == plain)
    #expect(
      try lines(Self.options(.asynchronous, batch: .exactly(batch), requests: .exactly(5)), workers: 1) == plain)
  }

  @Test("rectangles have the least padding, and batches of one shape, without changing the order")
  func rectangles() throws {
    let folder = try ScratchFolder()
    // 64 wide and 32 high or the other way round, red in the top left cell.
    for index in 0..<9 {
      let (width, height) = index % 2 == 0 ? (64, 32) : (32, 64)
      var pixels = [UInt8](repeating: 0, count: 3 * width * height)
      for y in 0..<8 { for x in 0..<8 { pixels[3 * (y * width + x)] = 255 } }
      try folder.write("\(index).ppm", Array("P6\n\(width) \(height)\n255\n".utf8) + pixels)
    }
    var configuration = DetectorConfiguration()
    configuration.resize = .rectangle
    let detector = try Detector(model: Fixtures.model("v8-dynamic-size"), configuration: configuration)
    #expect(try detector.geometry(imageWidth: 64, imageHeight: 32).canvasHeight == 32)
    let run = try BatchRun(
      detector: detector, options: Self.options(.asynchronous, batch: .exactly(4)), workers: 2)
    var records: [ImageRecord] = []
    _ = try run.forEachRecord(of: try ImageSources([folder.path]).makeReader()) { records.append($0) }
    #expect(records.map(\.index) == Array(0..<9))
    for record in records {
      #expect(
        record.detections == [Detection(box: Box(x1: 0, y1: 0, x2: 8, y2: 8), score: 1, classIndex: 0)])
    }
    let fixed = #expect(throws: SwoopError.self) {
      try Detector(model: Fixtures.model("v8"), configuration: configuration)
    }
    #expect(fixed?.message.contains("dynamic height and width") == true)
  }

  @Test("raw keeps every candidate: the duplicates of a cell too")
  func raw() throws {
    let folder = try ScratchFolder()
    try folder.write("a.ppm", CellPicture([9: .red, 20: .blue]).ppm())
    var configuration = DetectorConfiguration()
    configuration.suppression = .none
    let detector = try Detector(model: Fixtures.model("v8"), configuration: configuration)
    let record = try detector.detect(contentsOf: folder.url.appendingPathComponent("a.ppm").path)
    #expect(record.detections.count == 4)
    #expect(record.detections.map(\.score) == [1, 1, 0.75, 0.75])
  }

  @Test("what is cut by a limit is counted in the record and in the summary")
  func truncation() throws {
    let folder = try ScratchFolder()
    try folder.write("a.ppm", CellPicture([1: .red, 20: .blue, 40: .green]).ppm())
    var configuration = DetectorConfiguration()
    configuration.maximumDetections = 2
    let detector = try Detector(model: Fixtures.model("v8"), configuration: configuration)
    var records: [ImageRecord] = []
    let run = try BatchRun(detector: detector)
    let summary = try run.forEachRecord(of: try ImageSources([folder.path]).makeReader()) { records.append($0) }
    #expect(records[0].outcome == .detected(records[0].detections, truncated: 1))
    #expect(records[0].detections.count == 2)
    #expect(summary.truncatedImages == 1 && summary.truncatedDetections == 1)
  }

  @Test("thresholds and classes by name")
  func byName() throws {
    let folder = try ScratchFolder()
    let picture = try folder.write("a.ppm", CellPicture([1: .red, 20: .blue, 40: .green]).ppm()).path
    var configuration = DetectorConfiguration()
    configuration.classes = ["red", "2"]
    configuration.confidenceByClass = ["blue": 1]
    let detector = try Detector(model: Fixtures.model("v8"), configuration: configuration)
    #expect(try detector.detect(contentsOf: picture).detections.map(\.classIndex) == [0])
    configuration.classes = ["purple"]
    let error = #expect(throws: DetectionError.self) {
      try Detector(model: Fixtures.model("v8"), configuration: configuration)
    }
    #expect(error?.code == .invalidOption)
  }

  @Test("training weights and unknown files are refused with what to do", arguments: ["best.pt", "model.bin", "model"])
  func wrongFiles(name: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(name, [1, 2, 3]).path
    let error = #expect(throws: SwoopError.self) { try Detector(model: file) }
    #expect(error?.code == .model)
    #expect(error?.message.contains(".onnx") == true)
  }

  @Test("boxes are computed for candidates of the lowest confidence that the configuration asks for")
  func scoreLimit() throws {
    let path = Fixtures.root.appendingPathComponent("Models/codes/codes.onnx").path
    var options = Self.options(.synchronous)
    options.device = .cpu
    let detector = try Detector(model: path, options: options)
    #expect((detector.engine as? CandidateBoxEngine)?.scoreLimit == 0.25)
    var configuration = DetectorConfiguration()
    configuration.confidence = 0.5
    configuration.confidenceByClass = ["qr": 0.125]
    let other = try detector.with(configuration)
    #expect((other.engine as? CandidateBoxEngine)?.scoreLimit == 0.125)
    #expect((detector.engine as? CandidateBoxEngine)?.scoreLimit == 0.25)
    options.boxes = .all
    #expect(!(try Detector(model: path, options: options).engine is CandidateBoxEngine))
  }
}
