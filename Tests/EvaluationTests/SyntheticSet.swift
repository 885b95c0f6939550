import Evaluation
import SeededNumbers

/// The random sets of `Fixtures/make_figures.py`, number by number.
struct SyntheticSet {
  var truth = GroundTruth()
  var detections: [ScoredBox] = []

  init(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    func side() -> Double {
      switch below(3) {
      case 0: Double(8 + below(112)) / 4
      case 1: Double(132 + below(240)) / 4
      default: Double(388 + below(800)) / 4
      }
    }
    func box() -> EvaluationBox {
      let x = Double(below(1600)) / 4
      let y = Double(below(1600)) / 4
      let width = side()
      return EvaluationBox(x: x, y: y, width: width, height: below(2) == 0 ? width : side())
    }
    func score() -> Double { Double(1 + below(32)) / 32 }

    let imageCount = 1 + below(12)
    let categoryCount = 1 + below(4)
    truth.images = (0..<imageCount).map { GroundTruth.Image(name: "\($0)", id: $0 + 1) }
    truth.categories = (0..<categoryCount).map { GroundTruth.Category(name: "\($0)", id: $0) }
    var nextID = below(2)
    for image in 0..<imageCount {
      let isCrowded = below(8) == 0
      for category in 0..<categoryCount {
        for _ in 0..<below(5) {
          let box = box()
          var area = box.width * box.height
          if below(4) == 0 { area /= 2 }
          truth.objects.append(
            GroundTruth.Object(
              image: image, category: category, box: box, area: area, isCrowd: below(8) == 0, id: nextID))
          nextID += 1
          for _ in 0..<below(3) {
            let x = box.x + Double(below(17) - 8) / 64 * box.width
            let y = box.y + Double(below(17) - 8) / 64 * box.height
            let width = box.width * Double(56 + below(17)) / 64
            let near = EvaluationBox(x: x, y: y, width: width, height: box.height * Double(56 + below(17)) / 64)
            let isOther = below(8) == 0
            let found = isOther ? below(categoryCount) : category
            detections.append(ScoredBox(image: image, category: found, box: near, score: score()))
          }
        }
        for _ in 0..<below(4) {
          let box = box()
          detections.append(ScoredBox(image: image, category: category, box: box, score: score()))
        }
        if isCrowded && category == 0 {
          for _ in 0..<110 {
            let box = box()
            detections.append(ScoredBox(image: image, category: 0, box: box, score: score()))
          }
        }
      }
    }
    if !detections.isEmpty {
      let turn = below(detections.count)
      detections = Array(detections[turn...] + detections[..<turn])
    }
  }
}
