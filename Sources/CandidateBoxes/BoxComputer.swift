internal import Glibc
package import ONNX

/// The box branch of a model, ready to compute boxes of chosen anchors. Immutable; contexts bring their ``Scratch``.
package final class BoxComputer: Sendable {
  struct Level: Sendable {
    var rows, columns: Int
    var stride: Float
    /// The place of the level's first anchor among all.
    var firstAnchor: Int
    var channels: Int
    var convolutions: [PointConvolution]
    var anchorCount: Int { rows * columns }
  }

  let levels: [Level]
  /// Of all levels.
  package let anchorCount: Int
  package let classCount: Int
  private let binCount: Int
  private let functions: PointFunctions

  package init(_ branch: BoxBranch, functions: PointFunctions? = nil) {
    var levels: [Level] = []
    var count = 0
    for level in branch.levels {
      var width = level.convolutions[0].inputCount
      let channels = width
      var convolutions: [PointConvolution] = []
      for convolution in level.convolutions {
        convolutions.append(PointConvolution(convolution, inputWidth: width))
        width = convolutions[convolutions.count - 1].width
      }
      levels.append(
        Level(
          rows: level.rows, columns: level.columns, stride: level.stride, firstAnchor: count, channels: channels,
          convolutions: convolutions))
      count += level.rows * level.columns
    }
    self.levels = levels
    anchorCount = count
    classCount = branch.classCount
    binCount = branch.binCount
    self.functions = functions ?? .best
  }

  /// Memory that calls reuse; one for each thread.
  package struct Scratch {
    fileprivate var marks: [UInt8] = []
    /// For each point of a level, its row in the list at hand, or -1.
    fileprivate var places: [Int32] = []
    fileprivate var points: [[Int32]] = []
    fileprivate var rows: [Int32] = []
    fileprivate var values: [[Float]] = [[], []]

    package init() {}
  }

  /// Finds the anchors of a level with a score that may be above a limit, and writes their scores and boxes.
  ///
  /// - Parameters:
  ///   - logits: (classes, rows, columns).
  ///   - features: (channels, rows, columns).
  ///   - limit: in logits; an anchor none of whose scores is above it is left out. One that is no number is not.
  ///   - output: (4 + classes, anchors) of all levels; what is not written stays.
  ///   - candidates: gets the anchors that were written, by their place among all.
  /// - Complexity: one look at each score, and the branch's work for each anchor found and, for all convolutions but the
  ///   last, those in its window.
  package func compute(
    level index: Int, logits: UnsafePointer<Float>, features: UnsafePointer<Float>, limit: Float,
    into output: UnsafeMutablePointer<Float>, candidates: inout [Int32], scratch: inout Scratch
  ) {
    let level = levels[index]
    let count = level.anchorCount
    if scratch.marks.count < count { scratch.marks = [UInt8](repeating: 0, count: count) }
    functions.mark(logits, planes: classCount, count: count, above: limit, into: &scratch.marks)
    let last = level.convolutions.count
    while scratch.points.count <= last { scratch.points.append([]) }
    Self.gather(scratch.marks, count, into: &scratch.points[last])
    guard !scratch.points[last].isEmpty else { return }

    writeScores(level, scratch.points[last], logits, output)
    convolve(level, features, &scratch)
    writeBoxes(level, scratch.points[last], scratch.values[last & 1], width: level.convolutions[last - 1].width, output)
    for point in scratch.points[last] { candidates.append(Int32(level.firstAnchor) + point) }
  }

  private static func gather(_ marks: [UInt8], _ count: Int, into points: inout [Int32]) {
    points.removeAll(keepingCapacity: true)
    marks.withUnsafeBytes { marks in
      var place = 0
      // Eight at a time: most are 0.
      while place + 8 <= count {
        if marks.loadUnaligned(fromByteOffset: place, as: UInt64.self) != 0 {
          for offset in place..<place + 8 where marks[offset] != 0 { points.append(Int32(offset)) }
        }
        place += 8
      }
      while place < count {
        if marks[place] != 0 { points.append(Int32(place)) }
        place += 1
      }
    }
  }

  private func writeScores(
    _ level: Level, _ points: [Int32], _ logits: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<classCount {
      let plane = logits + index * level.anchorCount
      let target = output + (4 + index) * anchorCount + level.firstAnchor
      for point in points { target[Int(point)] = 1 / (1 + expf(-plane[Int(point)])) }
    }
  }

  // MARK: The convolutions

  /// Leaves the last convolution's outputs in `values[last & 1]`, a row for each candidate.
  private func convolve(_ level: Level, _ features: UnsafePointer<Float>, _ scratch: inout Scratch) {
    if scratch.places.count < level.anchorCount {
      scratch.places = [Int32](repeating: -1, count: level.anchorCount)
    }
    // From the last to the first: what each reads, the one before it computes. `points[0]` are those of the features.
    for (index, convolution) in level.convolutions.enumerated().reversed() {
      Self.neighbourhood(
        of: scratch.points[index + 1], reach: convolution.windowSize / 2, level, &scratch.places,
        into: &scratch.points[index])
    }
    Self.gather(features, channels: level.channels, level, scratch.points[0], into: &scratch.values[0])
    for (index, convolution) in level.convolutions.enumerated() {
      for (row, point) in scratch.points[index].enumerated() { scratch.places[Int(point)] = Int32(row) }
      Self.list(
        scratch.points[index + 1], reach: convolution.windowSize / 2, level, places: scratch.places, into: &scratch.rows
      )
      for point in scratch.points[index] { scratch.places[Int(point)] = -1 }
      var output: [Float] = []
      swap(&output, &scratch.values[(index + 1) & 1])
      convolution(functions, rows: scratch.rows, input: scratch.values[index & 1], output: &output)
      swap(&output, &scratch.values[(index + 1) & 1])
    }
  }

  /// The features of chosen points, a row for each.
  private static func gather(
    _ features: UnsafePointer<Float>, channels: Int, _ level: Level, _ points: [Int32], into rows: inout [Float]
  ) {
    let count = points.count * channels
    if rows.count < count { rows = [Float](repeating: 0, count: count * 5 / 4) }
    rows.withUnsafeMutableBufferPointer { rows in
      // Channel by channel: points of a list are neighbours, and share lines of the cache.
      for channel in 0..<channels {
        let plane = features + channel * level.anchorCount
        var place = channel
        for point in points {
          rows[place] = plane[Int(point)]
          place += channels
        }
      }
    }
  }

  /// All points within reach of a list's, in ascending order.
  private static func neighbourhood(
    of points: [Int32], reach: Int, _ level: Level, _ places: inout [Int32], into result: inout [Int32]
  ) {
    result.removeAll(keepingCapacity: true)
    guard reach > 0 else { return result.append(contentsOf: points) }
    // `places` is -1 everywhere, before and after.
    for point in points {
      let (y, x) = Int(point).quotientAndRemainder(dividingBy: level.columns)
      for row in max(0, y - reach)...min(level.rows - 1, y + reach) {
        let start = row * level.columns
        for place in start + max(0, x - reach)...start + min(level.columns - 1, x + reach) where places[place] < 0 {
          places[place] = 0
          result.append(Int32(place))
        }
      }
    }
    for point in result { places[Int(point)] = -1 }
    result.sort()
  }

  /// For each point and place of the window, the row of the input.
  private static func list(
    _ points: [Int32], reach: Int, _ level: Level, places: [Int32], into rows: inout [Int32]
  ) {
    rows.removeAll(keepingCapacity: true)
    for point in points {
      let (y, x) = Int(point).quotientAndRemainder(dividingBy: level.columns)
      for row in y - reach...y + reach {
        for column in x - reach...x + reach {
          guard row >= 0, row < level.rows, column >= 0, column < level.columns else {
            rows.append(-1)
            continue
          }
          let place = row * level.columns + column
          rows.append(places[place])
        }
      }
    }
  }

  // MARK: The boxes

  /// Corners from distances, then centre and size, in the order of operations that exports have.
  private func writeBoxes(
    _ level: Level, _ points: [Int32], _ values: [Float], width: Int, _ output: UnsafeMutablePointer<Float>
  ) {
    values.withUnsafeBufferPointer { values in
      for (row, point) in points.enumerated() {
        let (y, x) = Int(point).quotientAndRemainder(dividingBy: level.columns)
        let start = row * width
        func distance(_ side: Int) -> Float {
          Self.expectation(
            UnsafeBufferPointer(rebasing: values[start + side * binCount..<start + (side + 1) * binCount]))
        }
        let (left, top) = (Float(x) + 0.5 - distance(0), Float(y) + 0.5 - distance(1))
        let (right, bottom) = (Float(x) + 0.5 + distance(2), Float(y) + 0.5 + distance(3))
        let target = output + level.firstAnchor + Int(point)
        target[0] = (left + right) / 2 * level.stride
        target[anchorCount] = (top + bottom) / 2 * level.stride
        target[2 * anchorCount] = (right - left) * level.stride
        target[3 * anchorCount] = (bottom - top) * level.stride
      }
    }
  }

  /// The expectation of a softmax over 0, 1, …; a single number stands for itself.
  private static func expectation(_ values: UnsafeBufferPointer<Float>) -> Float {
    guard values.count > 1 else { return values.first ?? 0 }
    var highest = values[0]
    for value in values where value > highest { highest = value }
    var (sum, weighted): (Float, Float) = (0, 0)
    for (bin, value) in values.enumerated() {
      let share = expf(value - highest)
      sum += share
      weighted += share * Float(bin)
    }
    return weighted / sum
  }
}
