import Detection
import SeededNumbers
import Testing

@Suite("Suppression")
struct SuppressionTests {
  static func candidates(
    _ count: Int, spread: Float, sides: Range<Float>, classes: Int, levels: Int, random: inout SplitMix64
  ) -> [Candidate] {
    (0..<count).map { index in
      let x = random.float(0..<spread)
      let y = random.float(0..<spread)
      let width = random.int(0...20) == 0 ? 0 : random.float(sides)
      return Candidate(
        box: Box(x1: x, y1: y, x2: x + width, y2: y + random.float(sides)),
        // Few levels make many ties.
        score: Float(random.int(1...levels)) / Float(levels), classIndex: Int32(random.int(0...classes - 1)),
        anchor: Int32(index))
    }
  }

  struct Scene: Sendable, CustomTestStringConvertible {
    var count: Int
    var spread: Float
    var sides: Range<Float>
    var classes: Int
    var testDescription: String { "\(count) boxes of \(sides) in \(spread), \(classes) classes" }
  }

  static let scenes = [
    Scene(count: 0, spread: 1, sides: 1..<2, classes: 1),
    Scene(count: 60, spread: 100, sides: 20..<60, classes: 3),
    Scene(count: 300, spread: 300, sides: 10..<80, classes: 2),
    Scene(count: 260, spread: 5, sides: 90..<110, classes: 1),
    Scene(count: 300, spread: 600, sides: 0..<400, classes: 80),
    Scene(count: 300, spread: 2000, sides: 1..<3, classes: 1),
    Scene(count: 300, spread: 1e-18, sides: 1e-20..<1e-19, classes: 1),
    Scene(count: 300, spread: 3e9, sides: 1e9..<2e9, classes: 2),
    Scene(count: 300, spread: 1e30, sides: 1e29..<1e30, classes: 1),
  ]

  @Test("The fast way equals the plain rules", arguments: scenes)
  func againstOracle(scene: Scene) {
    var random = SplitMix64(seed: 7)
    var scratch = Suppression.Scratch()
    for threshold in [0.7, 0.45, 0.2, 0.06, 0.05, 0, 1] {
      let candidates = Self.candidates(
        scene.count, spread: scene.spread, sides: scene.sides, classes: scene.classes, levels: 50,
        random: &random)
      for rule in Suppression.Rule.allCases {
        for isAgnostic in [false, true] {
          let iou = ClassThresholds(threshold, exceptions: threshold == 0.45 ? [0: 0.9, 1: 0.1] : [:])
          let suppression = Suppression(rule: rule, isClassAgnostic: isAgnostic, iou: iou)
          let result = suppression.suppress(candidates, scratch: &scratch)
          let plain = plainSuppression(candidates, iou: iou, rule: rule, isClassAgnostic: isAgnostic)
          #expect(result.kept == plain, "IoU \(threshold), \(rule.rawValue), agnostic \(isAgnostic)")
          #expect(result.truncatedCount == 0)
        }
      }
    }
  }

  @Test("Suppressing what stayed changes nothing", arguments: scenes)
  func idempotence(scene: Scene) {
    var random = SplitMix64(seed: 8)
    var scratch = Suppression.Scratch()
    let candidates = Self.candidates(
      scene.count, spread: scene.spread, sides: scene.sides, classes: scene.classes, levels: 10,
      random: &random)
    for rule in Suppression.Rule.allCases {
      let suppression = Suppression(rule: rule, iou: ClassThresholds(0.5))
      let kept = suppression.suppress(candidates, scratch: &scratch).kept.map { candidates[$0] }
      #expect(suppression.suppress(kept, scratch: &scratch).kept == Array(kept.indices))
    }
  }

  @Test("The order of the candidates changes nothing", arguments: 0..<6)
  func permutation(seed: Int) {
    var random = SplitMix64(seed: seed)
    var scratch = Suppression.Scratch()
    let candidates = Self.candidates(
      seed < 3 ? 250 : 1600, spread: 400, sides: 10..<80, classes: 3, levels: 8, random: &random)
    let suppression = Suppression(iou: ClassThresholds(0.4))
    let expected = suppression.suppress(candidates, scratch: &scratch).kept.map { candidates[$0] }
    let shuffled = candidates.shuffled(using: &random)
    let kept = suppression.suppress(shuffled, scratch: &scratch).kept.map { shuffled[$0] }
    #expect(kept == expected)
  }

  @Test("An IoU equal to the threshold stays; one above it goes")
  func strictness() {
    // Overlap 1 of union 2.
    let boxes = [Box(x1: 0, y1: 0, x2: 1, y2: 2), Box(x1: 0, y1: 0, x2: 1, y2: 1)]
    let candidates = boxes.enumerated().map { Candidate(box: $1, score: 1, classIndex: 0, anchor: Int32($0)) }
    var scratch = Suppression.Scratch()
    #expect(Suppression(iou: ClassThresholds(0.5)).suppress(candidates, scratch: &scratch).kept == [0, 1])
    #expect(
      Suppression(iou: ClassThresholds(0.5.nextDown)).suppress(candidates, scratch: &scratch).kept == [0])
    // 0.7 as a float is below 0.7 as a double: an IoU of that float must stay, as torchvision compares.
    let wide = [Box(x1: 0, y1: 0, x2: 1, y2: 1), Box(x1: 0, y1: 0, x2: 1, y2: 0.7)]
    let pair = wide.enumerated().map { Candidate(box: $1, score: 1, classIndex: 0, anchor: Int32($0)) }
    #expect(Suppression(iou: ClassThresholds(0.7)).suppress(pair, scratch: &scratch).kept == [0, 1])
  }

  @Test("Equal scores are ordered by anchor, then class")
  func ties() {
    let box = Box(x1: 0, y1: 0, x2: 10, y2: 10)
    let candidates = [(4, 0), (2, 1), (2, 0), (9, 1)].map {
      Candidate(box: box, score: 0.5, classIndex: Int32($0.1), anchor: Int32($0.0))
    }
    var scratch = Suppression.Scratch()
    #expect(Suppression().suppress(candidates, scratch: &scratch).kept == [2, 1])
    #expect(Suppression(isClassAgnostic: true).suppress(candidates, scratch: &scratch).kept == [2])
  }

  @Test("The offset in float32 decides differently at high classes, as Ultralytics does")
  func offset() {
    // IoU 0.7006: above 0.7 exactly. At class 1202 the sum's steps are a pixel wide and the boxes become 10 by 7.
    let boxes = [Box(x1: 0.2, y1: 0.2, x2: 10.2, y2: 10.2), Box(x1: 0.2, y1: 0.2, x2: 10.2, y2: 7.206)]
    let candidates = boxes.enumerated().map {
      Candidate(box: $1, score: 1, classIndex: 1202, anchor: Int32($0))
    }
    var scratch = Suppression.Scratch()
    #expect(Suppression(rule: .exact).suppress(candidates, scratch: &scratch).kept == [0])
    #expect(Suppression(rule: .ultralytics).suppress(candidates, scratch: &scratch).kept == [0, 1])
  }

  @Test("Only the best candidates are looked at, and the rest is counted")
  func truncation() {
    var random = SplitMix64(seed: 3)
    var scratch = Suppression.Scratch()
    let candidates = Self.candidates(
      2000, spread: 1e5, sides: 1..<9, classes: 2, levels: 1 << 20, random: &random)
    for limit in [1, 100, 1999, 2000, 30_000] {
      let result = Suppression(maximumCandidates: limit).suppress(candidates, scratch: &scratch)
      #expect(result.truncatedCount == max(0, 2000 - limit))
      let best = candidates.sorted { $0.score > $1.score }.prefix(limit)
      #expect(result.kept.allSatisfy { candidates[$0].score >= best.last?.score ?? 0 })
    }
  }
}
