internal import CImaging

/// The coefficients of Pillow's bicubic resize along one axis, in 22-bit fixed point.
///
/// For output d of n, from m inputs: scale = m / n, widened = max(scale, 1), centre = (d + 0.5) * scale; the taps are the
/// inputs from trunc(centre - 2 * widened + 0.5) to trunc(centre + 2 * widened + 0.5), clipped to the picture; the
/// coefficient of tap t is cubic((t - centre + 0.5) / widened), divided by the sum over the taps, times 2^22, rounded half
/// away from zero.
///
/// The arrays keep their memory from one size to the next.
package struct BicubicTable {
  package private(set) var inputs = 0
  package private(set) var outputs = 0
  /// The first input of each output.
  package private(set) var firsts: [Int32] = []
  /// The number of taps of each output.
  package private(set) var counts: [Int32] = []
  /// Where the output's coefficients start: a multiple of 4.
  package private(set) var starts: [Int64] = []
  /// Coefficients, each output's padded with zeros to `groups` groups of four, or to whole groups.
  package private(set) var coefficients: [Int32] = []
  /// The same, split for 16-bit multiplication: of every four taps the high parts (k >> 12), then the low (k & 4095).
  private(set) var pairs: [Int16] = []

  /// Groups of four taps that every output has, or 0 where they differ.
  private(set) var groups = 0

  private var weights: [Double] = []

  package init() {}

  package static let fractionBits = 22

  /// The longest side that is resized: the number of coefficients is about four times the longer of the two sides.
  package static let maximumSide = 1_000_000

  /// Fills the table; at once where it already holds these sizes. O(inputs + outputs).
  package mutating func prepare(inputs: Int, outputs: Int) {
    if self.inputs == inputs && self.outputs == outputs { return }
    self.inputs = inputs
    self.outputs = outputs
    firsts.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    coefficients.removeAll(keepingCapacity: true)
    pairs.removeAll(keepingCapacity: true)

    let scale = Double(inputs) / Double(outputs)
    let widened = max(scale, 1)
    let support = 2 * widened
    let inverse = 1 / widened
    func taps(_ output: Int) -> (centre: Double, first: Int, count: Int) {
      let centre = (Double(output) + 0.5) * scale
      let first = max(Int(centre - support + 0.5), 0)
      return (centre, first, min(Int(centre + support + 0.5), inputs) - first)
    }
    // Where the longest column is short, all get as many taps, so that the loops over them have one length.
    let most = (0..<outputs).reduce(0) { max($0, taps($1).count) }
    groups = (most + 3) / 4 <= Int(SWOOP_UNIFORM_GROUPS) ? (most + 3) / 4 : 0
    for output in 0..<outputs {
      let (centre, first, count) = taps(output)
      weights.removeAll(keepingCapacity: true)
      var sum = 0.0
      for tap in 0..<count {
        let weight = Self.cubic((Double(tap + first) - centre + 0.5) * inverse)
        weights.append(weight)
        sum += weight
      }
      let start = coefficients.count
      firsts.append(Int32(first))
      counts.append(Int32(count))
      starts.append(Int64(start))
      for weight in weights {
        let share = sum != 0 ? weight / sum : weight
        // Truncation after adding a half, not rounded(): the last bit of the sum counts.
        coefficients.append(Int32(share * Double(1 << Self.fractionBits) + (share < 0 ? -0.5 : 0.5)))
      }
      let end = start + 4 * max(groups, (count + 3) / 4)
      while coefficients.count < end { coefficients.append(0) }
      for group in stride(from: start, to: end, by: 4) {
        for tap in group..<group + 4 { pairs.append(Int16(coefficients[tap] >> 12)) }
        for tap in group..<group + 4 { pairs.append(Int16(coefficients[tap] & 4095)) }
      }
    }
  }

  /// Resizes one row of RGB bytes across.
  func convolve(_ row: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>, _ kernels: Kernels) {
    // The arrays are as long as `outputs` asks for, so no address is missing where there is work.
    firsts.withUnsafeBufferPointer { firsts in
      counts.withUnsafeBufferPointer { counts in
        starts.withUnsafeBufferPointer { starts in
          coefficients.withUnsafeBufferPointer { coefficients in
            pairs.withUnsafeBufferPointer { pairs in
              guard let firsts = firsts.baseAddress, let counts = counts.baseAddress,
                let starts = starts.baseAddress, let coefficients = coefficients.baseAddress,
                let pairs = pairs.baseAddress
              else { return }
              kernels.table.pointee.convolve_row(
                row, firsts, counts, starts, coefficients, pairs, groups, outputs, out)
            }
          }
        }
      }
    }
  }

  /// Keys' cubic with a = -0.5.
  static func cubic(_ distance: Double) -> Double {
    let a = -0.5
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }
}
