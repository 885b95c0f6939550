import Detection
import SeededNumbers
import Tensors
import Testing

@Suite("Decoding")
struct DecodingTests {
  static func float16(_ value: Float) -> UInt16 { Float16(value).bitPattern }
  static func bfloat16(_ value: Float) -> UInt16 { UInt16(value.bitPattern >> 16) }

  static let elementTypes: [ElementType] = [.float32, .float16, .bfloat16]

  /// Values as bytes of an element type, and what is left of them after rounding to it.
  static func encode(_ values: [Float], as type: ElementType) -> (bytes: [UInt8], rounded: [Float]) {
    switch type {
    case .float16:
      let bits = values.map(float16)
      return (bits.withUnsafeBytes(Array.init), bits.map { Float(Float16(bitPattern: $0)) })
    case .bfloat16:
      let bits = values.map(bfloat16)
      return (bits.withUnsafeBytes(Array.init), bits.map { Float(bitPattern: UInt32($0) << 16) })
    default: return (values.withUnsafeBytes(Array.init), values)
    }
  }

  static func head(_ kind: DetectionHead.Kind, classCount: Int) throws -> DetectionHead {
    let names = (0..<classCount).map { "\($0): 'c'" }.joined(separator: ",")
    let lengths =
      switch kind {
      case .yolov8: [-1, 4 + classCount, -1]
      case .yolov8Transposed: [-1, -1, 4 + classCount]
      default: [-1, -1, 5 + classCount]
      }
    return try DetectionHead.resolve(
      inputs: [], outputs: [HeadResolutionTests.output("output0", lengths)],
      metadata: ModelMetadata(["names": "{\(names)}"]), kind: kind)
  }

  /// A batch of random scores with ties, and (if asked for) poison: NaN, infinities, negative sizes.
  static func values(
    batch: Int, anchors: Int, channels: Int, firstClass: Int, isPoisoned: Bool, random: inout SplitMix64
  ) -> [[Float]] {
    (0..<batch * anchors).map { _ in
      var numbers = (0..<channels).map { channel -> Float in
        if channel < 4 { return random.float(1..<640) }
        // A coarse grid of values makes ties; most are low.
        let level: Float = Float(random.int(0...15)) / 16
        return channel < firstClass ? level : level * level * level
      }
      if isPoisoned && random.int(0...3) == 0 {
        let poison: [Float] = [.nan, -.nan, .infinity, -.infinity, -5, 1e30, -0.0, .leastNonzeroMagnitude]
        numbers[random.int(0...channels - 1)] = poison[random.int(0...poison.count - 1)]
      }
      return numbers
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var kind: DetectionHead.Kind
    var elementType: ElementType
    var isMultiLabel: Bool
    var testDescription: String { "\(kind.rawValue) \(elementType)\(isMultiLabel ? " multi-label" : "")" }
    static let all = [DetectionHead.Kind.yolov8, .yolov8Transposed, .yolov5].flatMap { kind in
      elementTypes.flatMap { type in
        [false, true].map { Case(kind: kind, elementType: type, isMultiLabel: $0) }
      }
    }
  }

  @Test("Fast decoding equals the plain rules on random scores, poison among them", arguments: Case.all)
  func againstOracle(given: Case) throws {
    var random = SplitMix64(seed: 42)
    let firstClass = given.kind == .yolov5 ? 5 : 4
    var candidates = Candidates()
    for (classCount, anchors) in [(1, 1), (3, 21), (80, 84), (5, 1300), (6, 2100), (7, 0)] {
      let head = try Self.head(given.kind, classCount: classCount)
      let channels = firstClass + classCount
      for round in 0..<6 {
        let rows = Self.values(
          batch: 2, anchors: anchors, channels: channels, firstClass: firstClass, isPoisoned: round > 1,
          random: &random)
        var flat: [Float] = []
        for image in 0..<2 {
          if given.kind == .yolov8 {
            for channel in 0..<channels { flat += (0..<anchors).map { rows[image * anchors + $0][channel] } }
          } else {
            for anchor in 0..<anchors { flat += rows[image * anchors + anchor] }
          }
        }
        let (bytes, rounded) = Self.encode(flat, as: given.elementType)
        let confidence = ClassThresholds(
          [0.25, 0.125, 0, 0.001][round % 4], exceptions: round % 2 == 0 ? [:] : [0: 0.5, 2: 0.0625])
        let classes: Set<Int>? = round == 5 ? [0, 2] : nil
        let shape = given.kind == .yolov8 ? [2, channels, anchors] : [2, anchors, channels]
        for image in 0..<2 {
          try bytes.withUnsafeBytes { bytes in
            try head.decode(
              row: image, confidence: confidence, classes: classes, isMultiLabel: given.isMultiLabel,
              into: &candidates
            ) { TensorView(name: $0, shape: shape, elementType: given.elementType, bytes: bytes) }
          }
          let plain = PlainDecoding(
            anchorCount: anchors, classCount: classCount, hasObjectness: firstClass == 5,
            confidence: confidence,
            classes: classes, isMultiLabel: given.isMultiLabel
          ) { anchor, channel in
            let base = image * anchors * channels
            return rounded[
              base + (given.kind == .yolov8 ? channel * anchors + anchor : anchor * channels + channel)]
          }
          #expect(candidates.elements == plain.candidates)
          #expect(candidates.invalidCount == plain.invalidCount)
        }
      }
    }
  }

  @Test(
    "Every float16 and bfloat16 number is read exactly and compared exactly",
    arguments: [ElementType.float16, .bfloat16])
  func sixteenBits(type: ElementType) throws {
    // One class; the scores are all 65,536 numbers there are, the boxes are one pixel.
    let anchors = 65_536
    let one: UInt16 = type == .float16 ? Self.float16(1) : Self.bfloat16(1)
    let bits = [UInt16](repeating: one, count: 4 * anchors) + (0..<anchors).map { UInt16($0) }
    let head = try Self.head(.yolov8, classCount: 1)
    var candidates = Candidates()
    for threshold in [0.0, 0.001, 0.25, 0.1, 1.0] {
      try bits.withUnsafeBytes { bytes in
        try head.decode(row: 0, confidence: ClassThresholds(threshold), into: &candidates) {
          TensorView(name: $0, shape: [1, 5, anchors], elementType: type, bytes: bytes)
        }
      }
      var expected: [Int32: Float] = [:]
      var invalid = 0
      for value in 0..<anchors {
        let number =
          type == .float16
          ? Float(Float16(bitPattern: UInt16(value))) : Float(bitPattern: UInt32(value) << 16)
        if number.isNaN || number == .infinity {
          invalid += 1
        } else if number > Float(threshold) {
          expected[Int32(value)] = number
        }
      }
      #expect(Dictionary(uniqueKeysWithValues: candidates.elements.map { ($0.anchor, $0.score) }) == expected)
      #expect(candidates.invalidCount == invalid)
    }
  }

  @Test("A score equal to the threshold is no candidate; the next number is")
  func strictness() throws {
    let head = try Self.head(.yolov8, classCount: 1)
    let threshold = Float(0.3)
    let values: [Float] = [5, 5, 5, 5, 2, 2, 2, 2] + [threshold, threshold.nextUp]
    var candidates = Candidates()
    try values.withUnsafeBytes { bytes in
      try head.decode(row: 0, confidence: ClassThresholds(0.3), into: &candidates) {
        TensorView(name: $0, shape: [1, 5, 2], elementType: .float32, bytes: bytes)
      }
    }
    #expect(candidates.elements.map(\.anchor) == [1])
    #expect(candidates.elements.first?.box == Box(x1: 4, y1: 4, x2: 6, y2: 6))
  }

  static let endToEnd = try? DetectionHead.resolve(
    inputs: [], outputs: [HeadResolutionTests.output("output0", [-1, -1, 6])], kind: .endToEnd)

  @Test(
    "End-to-end rows are taken above their class's threshold, damaged ones are counted",
    arguments: elementTypes)
  func endToEnd(type: ElementType) throws {
    let head = try #require(Self.endToEnd)
    let rows: [[Float]] = [
      [1, 2, 3, 4, 0.75, 0], [1, 2, 3, 4, 0.5, 1], [1, 2, 3, 4, 0.5, 2], [1, 2, 3, 4, 0.25, 0],
      [0, 0, 0, 0, 0, 0],
      [.nan, 2, 3, 4, 0.75, 0], [1, 2, .infinity, 4, 0.75, 0], [1, 2, 3, 4, .nan, 0],
      [1, 2, 3, 4, .infinity, 0],
      [3, 2, 1, 4, 0.75, 0], [1, 2, 3, 4, 0.75, -1], [1, 2, 3, 4, 0.75, .nan], [1, 2, 3, 4, 0.75, 1e30],
    ]
    let (bytes, _) = Self.encode(rows.flatMap { $0 }, as: type)
    var candidates = Candidates()
    try bytes.withUnsafeBytes { bytes in
      try head.decode(row: 0, confidence: ClassThresholds(0.25, exceptions: [1: 0.6]), into: &candidates) {
        TensorView(name: $0, shape: [1, rows.count, 6], elementType: type, bytes: bytes)
      }
    }
    let box = Box(x1: 1, y1: 2, x2: 3, y2: 4)
    #expect(
      candidates.elements == [
        Candidate(box: box, score: 0.75, classIndex: 0, anchor: 0),
        Candidate(box: box, score: 0.5, classIndex: 2, anchor: 2),
      ])
    #expect(candidates.invalidCount == 8)
  }

  /// Runs a head over tensors given as bytes by name.
  static func decode(
    _ head: DetectionHead, _ tensors: [String: (shape: [Int], type: ElementType, bytes: [UInt8])],
    row: Int = 0
  ) throws -> Candidates {
    var candidates = Candidates()
    var storage: [UnsafeMutableRawBufferPointer] = []
    defer { storage.forEach { $0.deallocate() } }
    try head.decode(row: row, confidence: ClassThresholds(0.25), into: &candidates) { name in
      let tensor = try #require(tensors[name])
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: tensor.bytes.count, alignment: 64)
      memory.copyBytes(from: tensor.bytes)
      storage.append(memory)
      return TensorView(
        name: name, shape: tensor.shape, elementType: tensor.type, bytes: UnsafeRawBufferPointer(memory))
    }
    return candidates
  }

  static func bytes<Element>(_ values: [Element]) -> [UInt8] { values.withUnsafeBytes(Array.init) }

  @Test("Three tensors make candidates, whatever number type the classes have", arguments: BoxFormat.allCases)
  func split(format: BoxFormat) throws {
    let head = try DetectionHead.resolve(inputs: [], outputs: HeadResolutionTests.three, boxFormat: format)
    let boxes: [Float] = format == .xyxy ? [10, 20, 30, 40] : [20, 30, 20, 20]
    let classes: [(ElementType, [UInt8])] = [
      (.int64, Self.bytes([Int64(2), 0, -1])), (.int32, Self.bytes([Int32(2), 0, -1])),
      (.float32, Self.bytes([Float(2), 0, -1])),
      (.float16, Self.bytes([Self.float16(2), 0, Self.float16(-1)])),
      (.uint8, Self.bytes([UInt8(2), 0, 255])),
    ]
    for (type, classBytes) in classes {
      let candidates = try Self.decode(
        head,
        [
          "bbox": ([1, 3, 4], .float32, Self.bytes(boxes + boxes + boxes)),
          "conf": (
            [1, 3], .float16, Self.bytes([Self.float16(0.5), Self.float16(0.125), Self.float16(0.75)])
          ),
          "class_id": ([1, 3], type, classBytes),
        ])
      let expected = Candidate(box: Box(x1: 10, y1: 20, x2: 30, y2: 40), score: 0.5, classIndex: 2, anchor: 0)
      #expect(candidates.elements.first == expected)
      // 255 is a possible class of a model; -1 is none.
      #expect(candidates.elements.count == (type == .uint8 ? 2 : 1))
      #expect(candidates.invalidCount == (type == .uint8 ? 0 : 1))
    }
  }

  @Test(
    "EfficientNMS gives as many rows as its count says, within what there is",
    arguments: [(0, 0, 0), (1, 1, 0), (3, 3, 0), (4, 3, 1), (-1, 0, 1), (Int(Int32.max), 3, 1)])
  func efficientNMS(count: Int, expected: Int, invalid: Int) throws {
    let head = try DetectionHead.resolve(inputs: [], outputs: HeadResolutionTests.four)
    let candidates = try Self.decode(
      head,
      [
        "num_dets": ([2, 1], .int32, Self.bytes([Int32(0), Int32(count)])),
        "det_boxes": ([2, 3, 4], .float32, Self.bytes([Float](repeating: 7, count: 24))),
        "det_scores": ([2, 3], .float32, Self.bytes([Float](repeating: 0.5, count: 6))),
        "det_classes": ([2, 3], .int32, Self.bytes([Int32](repeating: 1, count: 6))),
      ], row: 1)
    #expect(candidates.elements.count == expected)
    #expect(candidates.invalidCount == invalid)
  }

  @Test("Outputs that are not what the head was promised are errors that name the tensor")
  func unreadable() throws {
    let head = try Self.head(.yolov8, classCount: 3)
    let cases: [(shape: [Int], type: ElementType, count: Int, row: Int)] = [
      ([1, 7, 10], .float32, 279, 0), ([1, 7, 10], .float32, 280, 1), ([1, 7, 10], .float32, 280, -1),
      ([1, 8, 10], .float32, 320, 0),
      ([7, 10], .float32, 280, 0), ([1, 7, 10], .int32, 280, 0), ([1, 7, 10], .unknown("f8"), 280, 0),
      ([1, 7, -1], .float32, 280, 0), ([Int.max, 7, Int.max], .float32, 280, 0),
      ([1, 7, 10], .float64, 560, 0), ([], .float32, 4, 0),
    ]
    for given in cases {
      let error = #expect(throws: DetectionError.self) {
        var candidates = Candidates()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: given.count, alignment: 64)
        defer { memory.deallocate() }
        try head.decode(row: given.row, confidence: ClassThresholds(0.25), into: &candidates) {
          TensorView(
            name: $0, shape: given.shape, elementType: given.type, bytes: UnsafeRawBufferPointer(memory))
        }
      }
      #expect(error?.code == .unreadableOutput)
      #expect(error?.message.contains("output0") == true)
    }
  }
}
