import Detection
import Tensors
import Testing

@Suite("Postprocessor")
struct PostprocessorTests {
  static func head(_ kind: DetectionHead.Kind) throws -> DetectionHead {
    switch kind {
    case .endToEnd: try #require(DecodingTests.endToEnd)
    case .efficientNMS: try DetectionHead.resolve(inputs: [], outputs: HeadResolutionTests.four)
    case .split: try DetectionHead.resolve(inputs: [], outputs: HeadResolutionTests.three, boxFormat: .xyxy)
    default: try DecodingTests.head(kind, classCount: 2)
    }
  }

  /// A 640x480 image on 640x640: 80 rows of padding above.
  static func geometry() throws -> LetterboxGeometry {
    try LetterboxGeometry(
      .ultralytics, imageWidth: 640, imageHeight: 480, canvasWidth: 640, canvasHeight: 640)
  }

  /// Rows of cx, cy, w, h, score 0, score 1 through a YOLOv8 head.
  static func process(_ rows: [[Float]], _ change: (inout Postprocessor.Settings) -> Void = { _ in }) throws
    -> ImageDetections
  {
    var settings = Postprocessor.Settings()
    change(&settings)
    let postprocessor = try Postprocessor(head: head(.yolov8Transposed), settings: settings)
    var scratch = Postprocessor.Scratch()
    return try rows.flatMap { $0 }.withUnsafeBytes { bytes in
      try postprocessor.process(row: 0, geometry: geometry(), scratch: &scratch) {
        TensorView(name: $0, shape: [1, rows.count, 6], elementType: .float32, bytes: bytes)
      }
    }
  }

  static let rows: [[Float]] = [
    [100, 180, 40, 40, 0.5, 0], [101, 180, 40, 40, 0.9, 0], [100, 180, 40, 40, 0, 0.6],
    [600, 100, 100, 100, 0, 0.3],
    [300, 300, .nan, 10, 0.8, 0], [300, 300, 10, 10, 0.1, 0.2],
  ]

  @Test("Candidates become clipped detections in source pixels, best first, with their counts")
  func whole() throws {
    let result = try Self.process(Self.rows)
    #expect(
      result.detections == [
        Detection(box: Box(x1: 81, y1: 80, x2: 121, y2: 120), score: 0.9, classIndex: 0),
        Detection(box: Box(x1: 80, y1: 80, x2: 120, y2: 120), score: 0.6, classIndex: 1),
        Detection(box: Box(x1: 550, y1: 0, x2: 640, y2: 70), score: 0.3, classIndex: 1),
      ])
    #expect(result.candidateCount == 4)
    #expect(result.invalidCount == 1)
    #expect(result.truncatedCount == 0)
  }

  @Test("Every setting does what it says")
  func settings() throws {
    #expect(try Self.process(Self.rows) { $0.suppression = .none }.detections.count == 4)
    #expect(try Self.process(Self.rows) { $0.isClassAgnostic = true }.detections.count == 2)
    #expect(try Self.process(Self.rows) { $0.iou = ClassThresholds(0.99) }.detections.count == 4)
    #expect(
      try Self.process(Self.rows) { $0.iou = ClassThresholds(0.7, exceptions: [0: 0.99]) }.detections.count
        == 4)
    #expect(try Self.process(Self.rows) { $0.classes = [1] }.detections.map(\.classIndex) == [1, 1])
    #expect(
      try Self.process(Self.rows) { $0.confidence = ClassThresholds(0.25, exceptions: [0: 0.95]) }.detections
        .count == 2)
    #expect(try Self.process(Self.rows) { $0.suppression = .ultralytics }.detections.count == 3)
    let few = try Self.process(Self.rows) { $0.maximumDetections = 2 }
    #expect(few.detections.count == 2 && few.truncatedDetectionCount == 1)
    let raw = try Self.process(Self.rows) {
      $0.suppression = .none
      $0.maximumDetections = 3
    }
    #expect(raw.detections.map(\.score) == [0.9, 0.6, 0.5] && raw.truncatedDetectionCount == 1)
    let cut = try Self.process(Self.rows) { $0.maximumCandidates = 1 }
    #expect(cut.detections.count == 1 && cut.truncatedCandidateCount == 3)
    let multi = try Self.process(Self.rows) {
      $0.isMultiLabel = true
      $0.confidence = ClassThresholds(0.05)
    }
    #expect(multi.candidateCount == 6 && multi.detections.count == 5)
  }

  @Test("The limit of detections is 300 with suppression and none without")
  func limits() throws {
    let rows = (0..<400).map { index -> [Float] in
      let centre = (x: Float(index % 20) * 30 + 10, y: Float(index / 20) * 20 + 90)
      return [centre.x, centre.y, 9, 9, 0.5, 0]
    }
    let suppressed = try Self.process(rows)
    #expect(suppressed.detections.count == 300 && suppressed.truncatedDetectionCount == 100)
    #expect(suppressed.detections.first?.box.x1 == 5.5)
    #expect(try Self.process(rows) { $0.suppression = .none }.detections.count == 400)
  }

  @Test("A model that suppresses itself is not suppressed again unless asked")
  func endToEnd() throws {
    let values: [Float] = [0, 100, 50, 150, 0.5, 0, 0, 100, 50, 150, 0.75, 0]
    func count(_ choice: Postprocessor.SuppressionChoice) throws -> [Float] {
      var settings = Postprocessor.Settings()
      settings.suppression = choice
      let postprocessor = try Postprocessor(head: Self.head(.endToEnd), settings: settings)
      var scratch = Postprocessor.Scratch()
      return try values.withUnsafeBytes { bytes in
        try postprocessor.process(row: 0, geometry: Self.geometry(), scratch: &scratch) {
          TensorView(name: $0, shape: [1, 2, 6], elementType: .float32, bytes: bytes)
        }.detections.map(\.score)
      }
    }
    #expect(try count(.automatic) == [0.75, 0.5])
    #expect(try count(.none) == [0.75, 0.5])
    #expect(try count(.exact) == [0.75])
    #expect(try count(.ultralytics) == [0.75])
  }

  @Test(
    "An option that would do nothing, or means nothing, is an error", arguments: DetectionHead.Kind.allCases)
  func refusals(kind: DetectionHead.Kind) throws {
    let head = try Self.head(kind)
    func isRefused(_ change: (inout Postprocessor.Settings) -> Void) -> Bool {
      var settings = Postprocessor.Settings()
      change(&settings)
      do throws(DetectionError) {
        _ = try Postprocessor(head: head, settings: settings)
        return false
      } catch {
        return error.code == .invalidOption
      }
    }
    #expect(!isRefused { _ in })
    #expect(isRefused { $0.iou = ClassThresholds(0.5) } == head.isSuppressed)
    #expect(isRefused { $0.isClassAgnostic = true } == head.isSuppressed)
    #expect(isRefused { $0.isMultiLabel = true } == !head.hasClassScores)
    #expect(isRefused { ($0.iou, $0.suppression) = (ClassThresholds(0.5), .none) })
    #expect(!isRefused { ($0.iou, $0.suppression) = (ClassThresholds(0.5), .exact) })
    #expect(isRefused { $0.confidence = ClassThresholds(.nan) })
    #expect(isRefused { $0.confidence = ClassThresholds(0.5, exceptions: [-1: 0.5]) })
    #expect(isRefused { $0.confidence = ClassThresholds(0.5, exceptions: [1: 1.5]) })
    #expect(isRefused { $0.classes = [] })
    #expect(isRefused { $0.classes = [-1] })
    #expect(isRefused { $0.maximumDetections = 0 })
    #expect(isRefused { $0.maximumCandidates = 0 })
  }

  @Test("What happens to overlapping boxes is said")
  func description() throws {
    var settings = Postprocessor.Settings()
    #expect(try Postprocessor(head: Self.head(.yolov8)).suppressionDescription.hasPrefix("exact suppression"))
    #expect(try Postprocessor(head: Self.head(.endToEnd)).suppressionDescription.contains("itself"))
    settings.suppression = .exact
    #expect(
      try Postprocessor(head: Self.head(.endToEnd), settings: settings).suppressionDescription.contains(
        "second time"))
    settings.suppression = .none
    #expect(
      try Postprocessor(head: Self.head(.split), settings: settings).suppressionDescription.contains(
        "no suppression"))
  }
}
