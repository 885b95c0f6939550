import CandidateBoxes
import Glibc
import HeadSamples
import ONNX
import SeededNumbers
import Testing

@Suite("boxes of candidates")
struct BoxComputerTests {
  /// The branch computed for every anchor, as plainly as can be, in float64.
  private static func reference(_ branch: BoxBranch, level: Int, features: [Float]) -> [[Double]] {
    let level = branch.levels[level]
    let (rows, columns) = (level.rows, level.columns)
    var values = features.map(Double.init)
    for convolution in level.convolutions {
      let (window, reach) = (convolution.windowSize, convolution.windowSize / 2)
      var result = [Double](repeating: 0, count: convolution.outputCount * rows * columns)
      for output in 0..<convolution.outputCount {
        for y in 0..<rows {
          for x in 0..<columns {
            var sum = Double(convolution.bias[output])
            for input in 0..<convolution.inputCount {
              for dy in 0..<window {
                for dx in 0..<window {
                  let (sourceY, sourceX) = (y + dy - reach, x + dx - reach)
                  guard (0..<rows).contains(sourceY), (0..<columns).contains(sourceX) else { continue }
                  let weight = convolution.weights[
                    ((output * convolution.inputCount + input) * window + dy) * window + dx]
                  sum += Double(weight) * values[(input * rows + sourceY) * columns + sourceX]
                }
              }
            }
            result[(output * rows + y) * columns + x] = convolution.hasSiLU ? sum / (1 + exp(-sum)) : sum
          }
        }
      }
      values = result
    }
    let stride = Double(level.stride)
    return (0..<rows * columns).map { anchor in
      let distances = (0..<4).map { side -> Double in
        let bins = (0..<branch.binCount).map { values[(side * branch.binCount + $0) * rows * columns + anchor] }
        guard bins.count > 1 else { return bins[0] }
        let shares = bins.map { exp($0) }
        return zip(shares, 0...).reduce(0) { $0 + $1.0 * Double($1.1) } / shares.reduce(0, +)
      }
      let (x, y) = (Double(anchor % columns) + 0.5, Double(anchor / columns) + 0.5)
      return [
        (2 * x - distances[0] + distances[2]) / 2 * stride, (2 * y - distances[1] + distances[3]) / 2 * stride,
        (distances[0] + distances[2]) * stride, (distances[1] + distances[3]) * stride,
      ]
    }
  }

  @Test(
    "are those that the whole branch gives, with every set of instructions",
    arguments: PointFunctions.all.map(\.name), [HeadSample.Style.apart, .withoutBins])
  func boxes(instructions: String, style: HeadSample.Style) throws {
    var model = HeadSample(style).model
    let branch = try model.detachBoxBranch()
    let functions = try #require(PointFunctions.all.first { $0.name == instructions })
    let computer = BoxComputer(branch, functions: functions)
    var random = SplitMix64(seed: 5)
    var scratch = BoxComputer.Scratch()
    for round in 0..<8 {
      // From none to all.
      let limit: Float = round == 0 ? 100 : round == 7 ? -.infinity : 6 - 2 * Float(round)
      let rows = 4 + HeadSample.classCount
      var output = [Float](repeating: -7, count: rows * HeadSample.anchorCount)
      var candidates: [Int32] = []
      var expected: [Int32] = []
      var first = 0
      for (index, level) in branch.levels.enumerated() {
        let count = level.rows * level.columns
        let features = (0..<level.convolutions[0].inputCount * count).map { _ in random.float(-2..<2) }
        var logits = (0..<HeadSample.classCount * count).map { _ in random.float(-6..<6) }
        if round == 3 { logits[5] = .nan }
        computer.compute(
          level: index, logits: logits, features: features, limit: limit, into: &output, candidates: &candidates,
          scratch: &scratch)
        let boxes = Self.reference(branch, level: index, features: features)
        for anchor in 0..<count {
          let scores = (0..<HeadSample.classCount).map { logits[$0 * count + anchor] }
          let isCandidate = scores.contains { !($0 <= limit) }
          if isCandidate { expected.append(Int32(first + anchor)) }
          let column = (0..<rows).map { output[$0 * HeadSample.anchorCount + first + anchor] }
          guard isCandidate else {
            #expect(column.allSatisfy { $0 == -7 })
            continue
          }
          for (found, wanted) in zip(column, boxes[anchor]) { #expect(abs(Double(found) - wanted) < 2e-4) }
          for (found, logit) in zip(column[4...], scores) {
            let wanted = 1 / (1 + exp(-Double(logit)))
            #expect(logit.isNaN ? found.isNaN : abs(Double(found) - wanted) < 1e-6)
          }
        }
        first += count
      }
      #expect(candidates == expected)
    }
  }
}
