package import Detection
internal import SeededNumbers
package import Tensors

extension OutputSample {
  /// What a random sample is made of.
  package struct Recipe {
    package var kind = DetectionHead.Kind.yolov8
    package var elementType = ElementType.float32
    /// Of the tensor of classes, for heads that have one.
    package var classType = ElementType.int64
    package var countType = ElementType.int32
    package var boxFormat = BoxFormat.xyxy
    package var images = 3
    /// Rows of the tensors beyond the images.
    package var spareRows = 0
    package var anchors = 200
    package var classCount = 5
    /// The part of the anchors that has a score worth looking at.
    package var density: Float = 0.3
    /// The part of the numbers that are none, or are impossible.
    package var damage: Float = 0.01
    /// Scores are multiples of one over this, so that many are equal; 0 for any.
    package var scoreSteps = 0
    /// Boxes lie around so many places.
    package var places = 6
    package var settings = Postprocessor.Settings()

    package init() {}

    /// Anything at all, by a seed.
    package init(seed: Int) {
      var random = SplitMix64(seed: seed)
      kind = random.one(of: DetectionHead.Kind.allCases)
      elementType = random.one(of: [.float32, .float32, .float16, .float16, .bfloat16])
      classType = random.one(of: [.int32, .int64, .float32, .float16, .int8, .uint8, .int16, .uint16, .uint32, .uint64])
      countType = random.one(of: [.int32, .int64, .uint32, .uint64])
      boxFormat = random.one(of: [.xyxy, .cxcywh])
      images = random.int(1...4)
      spareRows = random.one(of: [0, 0, 2])
      anchors = random.one(of: [0, 1, 2, 4, 31, 32, 64, 65, 100, 128, 200, 256, 300, 333])
      classCount = random.one(of: [1, 2, 3, 5, 8, 9, 17, 80])
      density = random.one(of: [0, 0.02, 0.2, 0.5, 1])
      damage = random.one(of: [0, 0, 0.002, 0.05])
      scoreSteps = random.one(of: [0, 0, 4, 16])
      places = random.one(of: [1, 3, 10, 100])
      settings.confidence = ClassThresholds(Double(random.one(of: [0, 0.001, 0.25, 0.25, 0.5, 0.9] as [Float])))
      if random.chance(0.3) {
        for _ in 0..<3 {
          settings.confidence.exceptions[random.int(0...classCount)] = Double(random.int(0...16)) / 16
        }
      }
      if random.chance(0.3) { settings.classes = Set((0...2).map { _ in random.int(0...classCount) }) }
      settings.maximumDetections = random.one(of: [nil, 1, 5, 300])
      settings.maximumCandidates = random.one(of: [30_000, 30_000, 1, 10, 64, 100])
      let isSuppressed = kind == .endToEnd || kind == .efficientNMS
      settings.suppression = random.one(of: [.automatic, .automatic, .exact, .ultralytics, .none])
      if settings.suppression == .none && settings.maximumDetections == nil { settings.maximumDetections = 50 }
      if settings.suppression != .none, !isSuppressed || settings.suppression != .automatic {
        if random.chance(0.6) { settings.iou = ClassThresholds(Double(random.int(0...20)) / 20) }
        if random.chance(0.3), settings.iou != nil {
          for _ in 0..<3 { settings.iou?.exceptions[random.int(0...classCount)] = Double(random.int(0...16)) / 16 }
        }
        if random.chance(0.3) { settings.isClassAgnostic = random.chance(0.7) }
      }
    }
  }

  /// Makes a sample.
  package init(_ recipe: Recipe, seed: Int) throws {
    var maker = SampleMaker(recipe: recipe, random: SplitMix64(seed: seed &* 7919 &+ 1))
    tensors = maker.tensors()
    geometries = try (0..<recipe.images).map { _ in try maker.geometry() }
    let descriptors = tensors.map { tensor in
      TensorDescriptor(
        name: tensor.name,
        shape: TensorShape([.dynamic(name: nil)] + tensor.shape.dropFirst().map { .fixed($0) }),
        elementType: tensor.elementType)
    }
    let head = try DetectionHead.resolve(
      inputs: [], outputs: descriptors, kind: recipe.kind, boxFormat: recipe.kind == .split ? recipe.boxFormat : nil)
    postprocessor = try Postprocessor(head: head, settings: recipe.settings)
    title = "seed \(seed): \(recipe)"
  }
}

/// Puts numbers into tensors.
struct SampleMaker {
  let recipe: OutputSample.Recipe
  var random: SplitMix64

  private var rows: Int { recipe.images + recipe.spareRows }

  mutating func geometry() throws -> LetterboxGeometry {
    let mode = random.one(of: LetterboxGeometry.Mode.allCases)
    let canvas = random.one(of: [(640, 640), (320, 640), (96, 64), (1280, 736)])
    return try LetterboxGeometry(
      mode, imageWidth: random.one(of: [random.int(1...4000), 640, 1]),
      imageHeight: random.one(of: [random.int(1...3000), 480, 1]), canvasWidth: canvas.0, canvasHeight: canvas.1)
  }

  mutating func tensors() -> [OutputSample.Tensor] {
    let anchors = recipe.anchors
    switch recipe.kind {
    case .yolov8, .yolov8Transposed, .yolov5:
      let first = recipe.kind == .yolov5 ? 5 : 4
      let channels = first + recipe.classCount
      let isChannelsFirst = recipe.kind == .yolov8
      var values = [Float](repeating: 0, count: rows * anchors * channels)
      for row in 0..<rows {
        let places = self.places()
        for anchor in 0..<anchors {
          let numbers = scoredAnchor(places, first: first)
          for channel in 0..<channels {
            let index = isChannelsFirst ? channel * anchors + anchor : anchor * channels + channel
            values[row * anchors * channels + index] = numbers[channel]
          }
        }
      }
      return [
        tensor("output0", isChannelsFirst ? [rows, channels, anchors] : [rows, anchors, channels], values)
      ]
    case .endToEnd:
      var values: [Float] = []
      for _ in 0..<rows {
        let places = self.places()
        for _ in 0..<anchors { values += corners(places) + [score(), classNumber()] }
      }
      return [tensor("output0", [rows, anchors, 6], values)]
    case .split, .efficientNMS:
      let isSplit = recipe.kind == .split
      var (boxes, scores, classes): ([Float], [Float], [Float]) = ([], [], [])
      for _ in 0..<rows {
        let places = self.places()
        for _ in 0..<anchors {
          boxes += isSplit && recipe.boxFormat == .cxcywh ? centre(places) : corners(places)
          scores.append(score())
          classes.append(classNumber())
        }
      }
      let names = isSplit ? ["bbox", "conf", "class_id"] : ["det_boxes", "det_scores", "det_classes"]
      let tail = random.chance(0.2) ? [1] : []
      var result = [
        tensor(names[0], [rows, anchors, 4], boxes), tensor(names[1], [rows, anchors] + tail, scores),
        numberTensor(names[2], [rows, anchors], classes, recipe.classType),
      ]
      if !isSplit {
        let counts = (0..<rows).map { _ in
          Float(random.one(of: [anchors, anchors, random.int(0...anchors), anchors + 1, -1]))
        }
        result.insert(numberTensor("num_dets", [rows, 1], counts, recipe.countType), at: 0)
      }
      return result
    }
  }

  // MARK: Numbers

  private mutating func places() -> [(Float, Float, Float, Float)] {
    (0..<recipe.places).map { _ in
      (random.float(0..<640), random.float(0..<640), random.float(4..<200), random.float(4..<200))
    }
  }

  /// Centre and size near one of the places, on a grid coarse enough for equal boxes.
  private mutating func centre(_ places: [(Float, Float, Float, Float)]) -> [Float] {
    let place = places[random.int(0...places.count - 1)]
    func near(_ value: Float, _ random: inout SplitMix64) -> Float {
      let moved = value + Float(random.int(-6...6)) * random.one(of: [0, 1, 2])
      return random.chance(0.5) ? moved.rounded() : moved
    }
    var numbers = [
      near(place.0, &random), near(place.1, &random), near(place.2, &random), near(place.3, &random),
    ]
    if random.chance(recipe.damage * 4) { numbers[random.int(0...3)] = damaged() }
    return numbers
  }

  private mutating func corners(_ places: [(Float, Float, Float, Float)]) -> [Float] {
    let numbers = centre(places)
    return [
      numbers[0] - numbers[2] / 2, numbers[1] - numbers[3] / 2, numbers[0] + numbers[2] / 2,
      numbers[1] + numbers[3] / 2,
    ]
  }

  private mutating func damaged() -> Float {
    random.one(of: [
      .nan, -.nan, Float(bitPattern: 0x7F81_0000), Float(bitPattern: 0xFF81_0000), .infinity, -.infinity, -5, -0.0, 0,
      .leastNormalMagnitude, 6e4, -6e4, 3e38, -3e38, 1e20,
      .leastNonzeroMagnitude,
    ])
  }

  private mutating func score() -> Float {
    if random.chance(recipe.damage) { return damaged() }
    guard random.chance(recipe.density) else { return random.unit() * 0.1 }
    let value = random.unit()
    guard recipe.scoreSteps > 0 else { return value }
    return (value * Float(recipe.scoreSteps)).rounded() / Float(recipe.scoreSteps)
  }

  /// Box, objectness where there is one, and scores of all classes, of which few are high.
  private mutating func scoredAnchor(_ places: [(Float, Float, Float, Float)], first: Int) -> [Float] {
    var numbers = centre(places)
    if first == 5 { numbers.append(score()) }
    let isHigh = random.chance(0.7)
    for _ in 0..<recipe.classCount {
      if isHigh && random.chance(2 / Float(recipe.classCount)) {
        numbers.append(score())
      } else if random.chance(recipe.damage / Float(recipe.classCount)) {
        numbers.append(damaged())
      } else {
        numbers.append(random.unit() * 0.05)
      }
    }
    return numbers
  }

  private mutating func classNumber() -> Float {
    if random.chance(recipe.damage) {
      return random.one(of: [-1, 65_535, 65_536, 1e9, -0.4, -0.5, 0.5, 1.5, 1e30, .nan, .infinity, 65_535.5, 70_000])
    }
    return Float(random.int(0...recipe.classCount - 1))
  }

  // MARK: Bytes

  private mutating func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> OutputSample.Tensor {
    numberTensor(name, shape, values, recipe.elementType)
  }

  private func numberTensor(_ name: String, _ shape: [Int], _ values: [Float], _ type: ElementType)
    -> OutputSample.Tensor
  {
    func bytes<T>(_ elements: [T]) -> [UInt8] {
      elements.withUnsafeBytes { Array($0) } + [UInt8](repeating: 0, count: 64)
    }
    func integers<T: FixedWidthInteger>(_ type: T.Type) -> [UInt8] {
      bytes(values.map { value in value.isNaN ? T.max : T(clamping: Int64(min(max(value, -9e18), 9e18).rounded())) })
    }
    let encoded: [UInt8] =
      switch type {
      case .float16: bytes(values.map { HalfPrecision.bits(of: $0) })
      case .bfloat16: bytes(values.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) })
      case .int8: integers(Int8.self)
      case .int16: integers(Int16.self)
      case .int32: integers(Int32.self)
      case .int64: integers(Int64.self)
      case .uint8: integers(UInt8.self)
      case .uint16: integers(UInt16.self)
      case .uint32: integers(UInt32.self)
      case .uint64: integers(UInt64.self)
      default: bytes(values)
      }
    return OutputSample.Tensor(name: name, shape: shape, elementType: type, bytes: encoded)
  }
}

/// float16 by its bits. By hand: Swift has no Float16 on every processor.
enum HalfPrecision {
  /// Rounds towards zero, which is near enough for made-up numbers.
  static func bits(of value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    if value.isNaN { return sign | 0x7C00 | max(1, UInt16(truncatingIfNeeded: value.bitPattern >> 13) & 0x3FF) }
    let magnitude = value.magnitude
    if magnitude.isInfinite { return sign | 0x7C00 }
    if magnitude >= 65_504 { return sign | 0x7BFF }
    if magnitude < 0x1p-14 { return sign | UInt16(magnitude * 0x1p24) }
    let bits = magnitude.bitPattern
    return sign | UInt16(truncatingIfNeeded: (bits >> 13) - (112 << 10))
  }
}
