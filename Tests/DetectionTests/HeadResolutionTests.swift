import Detection
import SeededNumbers
import Tensors
import Testing

@Suite("Head resolution")
struct HeadResolutionTests {
  typealias Kind = DetectionHead.Kind

  /// `images (batch, 3, 640, 640)` unless sides are given; `nil` sides are dynamic.
  static func input(_ height: Int? = 640, _ width: Int? = 640) -> [TensorDescriptor] {
    func side(_ length: Int?, _ name: String) -> TensorShape.Dimension {
      length.map { .fixed($0) } ?? .dynamic(name: name)
    }
    return [
      TensorDescriptor(
        name: "images",
        shape: TensorShape([.dynamic(name: "batch"), 3, side(height, "height"), side(width, "width")]),
        elementType: .float32)
    ]
  }

  /// Lengths of -1 are dynamic.
  static func output(_ name: String, _ lengths: [Int], _ type: ElementType = .float32) -> TensorDescriptor {
    TensorDescriptor(
      name: name, shape: TensorShape(lengths.map { $0 < 0 ? .dynamic(name: nil) : .fixed($0) }),
      elementType: type)
  }

  static func metadata(classes: Int, _ more: [String: String] = [:]) -> ModelMetadata {
    let names = (0..<classes).map { "\($0): 'c\($0)'" }.joined(separator: ", ")
    return ModelMetadata((classes > 0 ? ["names": "{\(names)}"] : [:]).merging(more) { $1 })
  }

  static func resolve(
    _ lengths: [Int], classes: Int = 0, _ more: [String: String] = [:], side: Int? = 640, kind: Kind? = nil
  ) throws(DetectionError) -> DetectionHead {
    try DetectionHead.resolve(
      inputs: input(side, side), outputs: [output("output0", lengths)],
      metadata: metadata(classes: classes, more),
      kind: kind)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var lengths: [Int]
    var classes = 0
    var more: [String: String] = [:]
    var side: Int? = 640
    var expected: Kind
    var count: Int?
    var testDescription: String {
      "\(lengths), \(classes) classes, \(more), side \(side.map(String.init) ?? "?")"
    }
  }

  @Test(
    "A single tensor is recognised where the facts leave one reading",
    arguments: [
      Case(
        lengths: [-1, 7, -1], classes: 3, more: ["end2end": "False"], side: nil, expected: .yolov8, count: 3),
      Case(lengths: [1, 84, 8400], classes: 80, expected: .yolov8, count: 80),
      Case(lengths: [1, 84, 8400], expected: .yolov8, count: 80),
      Case(lengths: [1, 84, 8400], side: nil, expected: .yolov8, count: 80),
      Case(lengths: [-1, 84, -1], side: nil, expected: .yolov8, count: 80),
      Case(lengths: [1, 6, 8400], classes: 2, expected: .yolov8, count: 2),
      Case(lengths: [1, 6, 8400], expected: .yolov8, count: 2),
      Case(lengths: [1, 5, 8400], classes: 1, expected: .yolov8, count: 1),
      Case(lengths: [1, 7, 84], classes: 3, side: 64, expected: .yolov8, count: 3),
      Case(lengths: [1, 369, 84], classes: 365, side: 64, expected: .yolov8, count: 365),
      Case(lengths: [1, 8400, 84], classes: 80, expected: .yolov8Transposed, count: 80),
      Case(lengths: [1, 8400, 84], classes: 80, side: nil, expected: .yolov8Transposed, count: 80),
      Case(
        lengths: [1, 8400, 6], classes: 2, more: ["end2end": "False"], expected: .yolov8Transposed, count: 2),
      Case(lengths: [1, 25200, 85], classes: 80, expected: .yolov5, count: 80),
      Case(lengths: [1, 25200, 85], expected: .yolov5, count: 80),
      Case(lengths: [1, -1, 85], classes: 80, side: nil, expected: .yolov5, count: 80),
      Case(lengths: [1, 25200, 6], classes: 1, more: ["end2end": "False"], expected: .yolov5, count: 1),
      Case(lengths: [1, 300, 6], classes: 80, more: ["end2end": "True"], expected: .endToEnd),
      Case(
        lengths: [-1, -1, 6], classes: 80, more: ["args": "{'nms': True}", "end2end": "False"],
        expected: .endToEnd),
      Case(lengths: [1, 300, 6], classes: 2, more: ["end2end": "True"], side: nil, expected: .endToEnd),
    ])
  func recognised(given: Case) throws {
    let head = try Self.resolve(given.lengths, classes: given.classes, given.more, side: given.side)
    #expect(head.kind == given.expected)
    #expect(head.classCount == given.count)
    #expect(head.tensors == ["output0"])
    #expect(head.boxFormat == (given.expected == .endToEnd ? .xyxy : .cxcywh))
    #expect(!head.reason.isEmpty)
  }

  struct Choice: Sendable, CustomTestStringConvertible {
    var lengths: [Int]
    var classes = 0
    var side: Int? = 640
    var choices: [Kind]
    var testDescription: String { "\(lengths), \(classes) classes, side \(side.map(String.init) ?? "?")" }
  }

  @Test(
    "A tensor that can be read in several ways is an error that lists them, and each of them can be asked for",
    arguments: [
      Choice(lengths: [1, 300, 6], classes: 80, choices: [.endToEnd]),
      Choice(lengths: [1, 300, 6], choices: [.endToEnd]),
      Choice(lengths: [1, 8400, 6], classes: 2, choices: [.yolov8Transposed, .endToEnd]),
      Choice(lengths: [1, 8400, 6], classes: 1, choices: [.yolov5, .endToEnd]),
      Choice(lengths: [1, 25200, 6], classes: 1, choices: [.yolov5, .endToEnd]),
      Choice(lengths: [1, 8400, 85], choices: [.yolov8Transposed, .yolov5]),
      Choice(lengths: [1, 8400, 85], classes: 80, choices: [.yolov5]),
      Choice(lengths: [1, -1, 85], side: nil, choices: [.yolov8Transposed, .yolov5]),
      Choice(lengths: [1, 84, 84], classes: 80, side: 64, choices: [.yolov8, .yolov8Transposed]),
      Choice(lengths: [1, 56, 8400], choices: [.yolov8]),
    ])
  func ambiguous(given: Choice) throws {
    let error = #expect(throws: DetectionError.self) {
      try Self.resolve(given.lengths, classes: given.classes, side: given.side)
    }
    #expect(error?.code == .ambiguousHead)
    for kind in Kind.allCases {
      #expect(
        error?.message.contains("--head \(kind.rawValue) ") == given.choices.contains(kind),
        "\(error?.message ?? "")")
    }
    for kind in given.choices {
      #expect(
        try Self.resolve(given.lengths, classes: given.classes, side: given.side, kind: kind).kind == kind)
    }
  }

  @Test(
    "What is not box detection is refused by name",
    arguments: [
      ([[1, 116, 8400], [1, 32, 160, 160]], 80, [:], "segmentation"),
      ([[1, 116, 8400]], 80, [:], "mask coefficients"),
      ([[1, 84, 8400]], 80, ["task": "segment"], "\"segment\""),
      ([[1, 56, 8400]], 1, ["kpt_shape": "[17, 3]"], "pose"),
      ([[1, 56, 8400]], 1, ["task": "pose"], "\"pose\""),
      ([[1, 20, 21504]], 15, [:], "OBB"),
      ([[1, 80]], 80, [:], "classifier"),
      ([[1, 3, 80, 80, 85], [1, 3, 40, 40, 85]], 80, [:], "before decoding"),
      ([[1, 300, 6]], 80, ["head": "RTDETRDecoder"], "RT-DETR"),
      ([[1, 300, 38]], 80, ["end2end": "True"], "end2end"),
      ([[1, 85, 9999]], 0, [:], "8400"),
      ([[1, 100, 8400]], 80, [:], "84"),
      ([[1, 84, 8400], [1, 84, 8400]], 80, [:], "rank 3"),
      ([], 80, [:], "no outputs"),
    ] as [([[Int]], Int, [String: String], String)])
  func unsupported(shapes: [[Int]], classes: Int, more: [String: String], word: String) {
    let error = #expect(throws: DetectionError.self) {
      try DetectionHead.resolve(
        inputs: Self.input(), outputs: shapes.enumerated().map { Self.output("output\($0)", $1) },
        metadata: Self.metadata(classes: classes, more))
    }
    #expect(error?.code == .unsupportedModel)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("Detectors with other conventions are told apart by the names of their outputs")
  func otherDetectors() {
    let sets: [([(String, [Int])], String)] = [
      ([("labels", [1, 300]), ("boxes", [1, 300, 4]), ("scores", [1, 300])], "RT-DETR"),
      ([("dets", [1, 300, 4]), ("labels", [1, 300, 91])], "RF-DETR"),
    ]
    for (outputs, word) in sets {
      let error = #expect(throws: DetectionError.self) {
        try DetectionHead.resolve(inputs: Self.input(), outputs: outputs.map { Self.output($0.0, $0.1) })
      }
      #expect(error?.code == .unsupportedModel)
      #expect(error?.message.contains(word) == true)
    }
  }

  static let four = [
    output("num_dets", [-1, 1], .int32), output("det_boxes", [-1, 100, 4]), output("det_scores", [-1, 100]),
    output("det_classes", [-1, 100], .int32),
  ]

  @Test("EfficientNMS is recognised by its names, in any order, with either set of names")
  func efficientNMS() throws {
    let others = zip(Self.four, ["num_dets", "bboxes", "scores", "labels"]).map { output, name in
      TensorDescriptor(name: name, shape: output.shape, elementType: output.elementType)
    }
    for outputs in [Self.four, others] {
      for rotation in 0..<4 {
        let turned = Array(outputs[rotation...] + outputs[..<rotation])
        let head = try DetectionHead.resolve(
          inputs: Self.input(), outputs: turned, metadata: Self.metadata(classes: 80))
        #expect(head.kind == .efficientNMS)
        #expect(head.tensors == outputs.map(\.name))
        #expect(head.isSuppressed)
      }
    }
    let extra = try DetectionHead.resolve(
      inputs: Self.input(), outputs: Self.four + [Self.output("det_indices", [-1, 100], .int32)])
    #expect(extra.reason.contains("not read: det_indices"))
  }

  @Test("Four tensors with wrong shapes or types are refused by name")
  func damagedEfficientNMS() {
    let wrong = [
      Self.output("num_dets", [-1, 2], .int32), Self.output("num_dets", [-1, 1]),
      Self.output("det_boxes", [-1, 100, 5]),
      Self.output("det_boxes", [-1, 400]), Self.output("det_scores", [-1, 99]),
      Self.output("det_scores", [-1, 100], .int32),
      Self.output("det_classes", [-1, 100, 80], .int32),
    ]
    for tensor in wrong {
      let outputs = Self.four.map { $0.name == tensor.name ? tensor : $0 }
      let error = #expect(throws: DetectionError.self) {
        try DetectionHead.resolve(inputs: [], outputs: outputs)
      }
      #expect(error?.message.contains(tensor.name) == true)
    }
  }

  static let three = [
    output("bbox", [-1, -1, 4]), output("conf", [-1, -1]), output("class_id", [-1, -1], .int64),
  ]

  @Test("The three tensors are recognised in any order; how boxes are written must be said")
  func split() throws {
    for rotation in 0..<3 {
      let turned = Array(Self.three[rotation...] + Self.three[..<rotation])
      let error = #expect(throws: DetectionError.self) {
        try DetectionHead.resolve(inputs: [], outputs: turned)
      }
      #expect(error?.code == .ambiguousHead)
      for format in BoxFormat.allCases {
        #expect(error?.message.contains("--box-format \(format.rawValue)") == true)
        let head = try DetectionHead.resolve(inputs: [], outputs: turned, boxFormat: format)
        #expect(head.kind == .split)
        #expect(head.tensors == ["bbox", "conf", "class_id"])
        #expect(head.boxFormat == format)
        let stated = try DetectionHead.resolve(
          inputs: [], outputs: turned, metadata: ModelMetadata(["box_format": format.rawValue]))
        #expect(stated.boxFormat == format)
      }
    }
  }

  @Test("Three tensors with other names can be asked for where types or names tell them apart")
  func splitByShape() throws {
    let outputs = [
      Self.output("a", [1, 50], .int32), Self.output("b", [1, 50, 4]), Self.output("c", [1, 50]),
    ]
    let head = try DetectionHead.resolve(inputs: [], outputs: outputs, kind: .split, boxFormat: .xyxy)
    #expect(head.tensors == ["b", "c", "a"])
    let vague = outputs.map { TensorDescriptor(name: $0.name, shape: $0.shape, elementType: .float32) }
    let error = #expect(throws: DetectionError.self) {
      try DetectionHead.resolve(inputs: [], outputs: vague, kind: .split, boxFormat: .xyxy)
    }
    #expect(error?.code == .headMismatch)
  }

  @Test("A head that does not fit is refused whoever asks for it", arguments: Kind.allCases)
  func forced(kind: Kind) {
    for lengths in [[1, 5], [1, 80, 80, 255], [1, 3, 3]] {
      let error = #expect(throws: DetectionError.self) { try Self.resolve(lengths, classes: 80, kind: kind) }
      #expect(error?.code == .headMismatch, "\(error?.message ?? "")")
    }
  }

  @Test("A box format or an element type that a head cannot have is an error")
  func mismatches() {
    let error = #expect(throws: DetectionError.self) {
      try DetectionHead.resolve(
        inputs: Self.input(), outputs: [Self.output("output0", [1, 84, 8400])], boxFormat: .xyxy)
    }
    #expect(error?.code == .headMismatch)
    let typed = #expect(throws: DetectionError.self) {
      try DetectionHead.resolve(
        inputs: Self.input(), outputs: [Self.output("output0", [1, 84, 8400], .int8)])
    }
    #expect(typed?.message.contains("int8") == true)
  }

  @Test("Any shapes at all give a head or an error", arguments: 0..<20)
  func anything(seed: Int) {
    var random = SplitMix64(seed: seed)
    let names = [
      "output0", "output1", "bbox", "conf", "class_id", "num_dets", "det_boxes", "det_scores", "det_classes",
    ]
    let lengths = [-1, 0, 1, 4, 5, 6, 7, 84, 85, 300, 8400, 25200, Int.max]
    let types: [ElementType] = [.float32, .float16, .int32, .int64, .unknown("f8")]
    for _ in 0..<200 {
      let outputs = names.shuffled(using: &random).prefix(random.int(0...5)).map { name in
        Self.output(
          name, (0..<random.int(0...5)).map { _ in lengths.randomElement(using: &random) ?? 1 },
          types.randomElement(using: &random) ?? .float32)
      }
      let sides = [nil, 0, 1, 64, 640, Int.max]
      let kinds: [Kind?] = [nil, nil, nil] + Kind.allCases
      do throws(DetectionError) {
        let head = try DetectionHead.resolve(
          inputs: Self.input(
            sides.randomElement(using: &random) ?? 640, sides.randomElement(using: &random) ?? 640),
          outputs: Array(outputs),
          metadata: Self.metadata(classes: [0, 0, 1, 2, 80].randomElement(using: &random) ?? 0),
          kind: kinds.randomElement(using: &random) ?? nil,
          boxFormat: [nil, .xyxy, .cxcywh].randomElement(using: &random) ?? nil)
        #expect(Set(head.tensors).isSubset(of: outputs.map(\.name)))
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
