import Detection
import DeviceDetection
import FakeRuntimes
import OutputSamples
import Tensors
import Testing

@Suite("Postprocessing on the device")
struct DevicePostprocessorTests {
  typealias Recipe = OutputSample.Recipe

  @Test("Anything at all gives what the CPU gives, bit for bit", arguments: 0..<40)
  func anything(group: Int) throws {
    let harness = try PostprocessHarness()
    for seed in group * 50..<group * 50 + 50 {
      var tuning = DevicePostprocessor.Tuning.small
      // Small pieces and a short list make the paths for many candidates run over few.
      tuning.chunk = [4096, 64, 2, 16, 128][seed % 5]
      tuning.keptInShared = [1024, 0, 5, 64][seed / 5 % 4]
      let sample = try OutputSample(Recipe(seed: seed), seed: seed)
      let problem = try harness.difference(
        sample, capacity: sample.geometries.count + seed % 2, isDynamic: seed % 7 == 0, tuning: tuning,
        offset: seed % 3 == 0 ? 8 : 0)
      #expect(problem == nil)
    }
    #expect(harness.driver.violations == "")
  }

  @Test(
    "Every head in every float type, with damage", arguments: DetectionHead.Kind.allCases,
    [ElementType.float32, .float16, .bfloat16])
  func heads(kind: DetectionHead.Kind, type: ElementType) throws {
    let harness = try PostprocessHarness()
    for (seed, anchors) in [1, 63, 128, 301].enumerated() {
      var recipe = Recipe()
      recipe.kind = kind
      recipe.elementType = type
      recipe.anchors = anchors
      recipe.damage = 0.1
      recipe.density = 0.6
      recipe.classCount = 11
      let sample = try OutputSample(recipe, seed: seed)
      let problem = try harness.difference(sample)
      #expect(problem == nil)
      let found = try sample.expected()
      #expect(anchors < 100 || found.contains { $0.invalidCount > 0 } && found.contains { !$0.detections.isEmpty })
    }
  }

  @Test(
    "Classes and counts in every type that heads read",
    arguments: [
      ElementType.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float16, .bfloat16,
    ])
  func classTypes(type: ElementType) throws {
    let harness = try PostprocessHarness()
    for kind in [DetectionHead.Kind.split, .efficientNMS] {
      var recipe = Recipe()
      recipe.kind = kind
      recipe.classType = type
      // The head on the CPU wants whole numbers for the count, as a model declares them.
      recipe.countType = [.float32, .float16, .bfloat16].contains(type) ? .int8 : type
      recipe.damage = 0.2
      recipe.density = 0.8
      for seed in 0..<6 {
        let problem = try harness.difference(OutputSample(recipe, seed: seed))
        #expect(problem == nil)
      }
    }
  }

  @Test("Ties are broken by anchor, whatever order candidates arrive in")
  func ties() throws {
    let harness = try PostprocessHarness()
    for seed in 0..<8 {
      var recipe = Recipe()
      recipe.scoreSteps = 1 + seed % 4
      recipe.density = 1
      recipe.places = 200
      recipe.anchors = 300
      recipe.settings.maximumDetections = 40
      recipe.settings.maximumCandidates = [30_000, 150][seed % 2]
      recipe.kind = [.yolov8, .yolov8Transposed, .split][seed % 3]
      let sample = try OutputSample(recipe, seed: seed)
      let problem = try harness.difference(sample)
      #expect(problem == nil)
      let found = try sample.expected()
      #expect(found.contains { $0.truncatedDetectionCount > 0 })
      #expect(found.contains { zip($0.detections, $0.detections.dropFirst()).contains { $0.score == $1.score } })
    }
  }

  @Test("More candidates than are sorted at once, all in one place or all apart, with the real sizes")
  func many() throws {
    let harness = try PostprocessHarness()
    for (seed, places) in [1, 3000].enumerated() {
      var recipe = Recipe()
      recipe.kind = .split
      recipe.classType = .uint16
      recipe.images = 2
      recipe.anchors = 9000
      recipe.classCount = seed == 0 ? 1 : 80
      recipe.density = 1
      recipe.damage = 0
      recipe.places = places
      recipe.settings.confidence = ClassThresholds(0)
      recipe.settings.isClassAgnostic = seed == 0
      let sample = try OutputSample(recipe, seed: seed)
      let problem = try harness.difference(sample, tuning: DevicePostprocessor.Tuning())
      #expect(problem == nil)
      #expect(try sample.expected().allSatisfy { $0.candidateCount > 8900 })
    }
  }

  @Test("The offsets of the ultralytics rule lose digits in the same way", arguments: [80, 1000, 65_536])
  func offsets(classCount: Int) throws {
    let harness = try PostprocessHarness()
    for seed in 0..<6 {
      var recipe = Recipe()
      recipe.kind = .split
      recipe.classType = .int32
      recipe.classCount = classCount
      recipe.anchors = 330
      recipe.density = 1
      recipe.places = 4
      recipe.settings.suppression = .ultralytics
      recipe.settings.iou = ClassThresholds([0.3, 0.5, 0.7][seed % 3])
      let problem = try harness.difference(OutputSample(recipe, seed: seed))
      #expect(problem == nil)
    }
  }

  @Test("Every way to lie on the canvas", arguments: LetterboxGeometry.Mode.allCases)
  func geometries(mode: LetterboxGeometry.Mode) throws {
    let harness = try PostprocessHarness()
    var sample = try OutputSample(Recipe(), seed: 4)
    let sizes = [(640, 480), (1, 4000), (4000, 1), (333, 777), (1920, 1080), (64, 64), (12_000, 11_999)]
    sample.geometries = []
    for (width, height) in sizes {
      sample.geometries = try (0..<3).map { _ in
        try LetterboxGeometry(mode, imageWidth: width, imageHeight: height, canvasWidth: 640, canvasHeight: 384)
      }
      let problem = try harness.difference(sample)
      #expect(problem == nil)
    }
  }

  @Test("Thresholds and limits of IoU by class, classes to keep, and suppression over all of them")
  func thresholds() throws {
    let harness = try PostprocessHarness()
    let changes: [(inout Postprocessor.Settings) -> Void] = [
      { $0.confidence = ClassThresholds(0.3, exceptions: [0: 0.9, 3: 0.05]) },
      { $0.classes = [1, 4] },
      { $0.iou = ClassThresholds(0.5, exceptions: [0: 0, 1: 1, 2: 0.9]) },
      { ($0.iou, $0.isClassAgnostic) = (ClassThresholds(0.45, exceptions: [4: 0.8]), true) },
      { ($0.suppression, $0.isClassAgnostic) = (.ultralytics, true) },
      { ($0.suppression, $0.maximumDetections) = (.none, 70) },
    ]
    for change in changes {
      var recipe = Recipe()
      recipe.density = 0.8
      change(&recipe.settings)
      let problem = try harness.difference(OutputSample(recipe, seed: 1))
      #expect(problem == nil)
    }
  }

  @Test("Every number of 16 bits is read as the CPU reads it", arguments: [ElementType.float16, .bfloat16])
  func sixteenBits(type: ElementType) throws {
    let harness = try PostprocessHarness()
    var recipe = Recipe()
    recipe.elementType = type
    recipe.anchors = 4096
    recipe.images = 16
    recipe.classCount = 1
    recipe.settings.confidence = ClassThresholds(0)
    recipe.settings.suppression = .none
    recipe.settings.maximumDetections = 4096
    var sample = try OutputSample(recipe, seed: 0)
    // Image i, anchor j: the pattern 4096 i + j as centre and as score; boxes of no size.
    var bits = [UInt16](repeating: 0, count: sample.tensors[0].bytes.count / 2)
    for image in 0..<16 {
      for channel in [0, 1, 4] {
        for anchor in 0..<4096 { bits[(image * 5 + channel) * 4096 + anchor] = UInt16(image * 4096 + anchor) }
      }
    }
    sample.tensors[0].bytes = bits.withUnsafeBytes { Array($0) }
    let whole = try LetterboxGeometry(
      .stretch, imageWidth: 1 << 24, imageHeight: 1 << 24, canvasWidth: 1 << 24, canvasHeight: 1 << 24)
    sample.geometries = [LetterboxGeometry](repeating: whole, count: 16)
    let problem = try harness.difference(sample, tuning: DevicePostprocessor.Tuning())
    #expect(problem == nil)
    // Above zero and finite: 31,743 in float16; in bfloat16 fewer are left, since sums of the largest overflow.
    #expect(try sample.expected().reduce(0) { $0 + $1.detections.count } > 31_000)
  }
}
