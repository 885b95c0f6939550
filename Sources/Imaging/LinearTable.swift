/// The taps of OpenCV's bilinear resize along one axis.
///
/// For output d of n, from m inputs: f = float32((d + 0.5) * (1 / (n / m)) - 0.5), s = floor(f), and f - s is the share of
/// input s + 1, in 11 bits, rounded half to even. Across, a tap outside the row moves onto its last pixel with all the
/// weight; down, the row numbers are clamped and the weights kept, as OpenCV does.
///
/// The arrays keep their memory from one size to the next.
struct LinearTable {
  private(set) var inputs = 0
  private(set) var outputs = 0
  /// The left input of each output, in elements of `spacing`.
  private(set) var offsets: [Int32] = []
  /// Two weights for each output, which sum to 2047, 2048 or 2049.
  private(set) var weights: [Int16] = []

  private let spacing: Int32
  private let clampsTaps: Bool

  /// For rows: offsets are in bytes of RGB, taps are clamped.
  static var horizontal: LinearTable { LinearTable(spacing: 3, clampsTaps: true) }
  /// For columns: offsets are row numbers and may be -1.
  static var vertical: LinearTable { LinearTable(spacing: 1, clampsTaps: false) }

  private init(spacing: Int32, clampsTaps: Bool) {
    self.spacing = spacing
    self.clampsTaps = clampsTaps
  }

  /// Fills the table; at once where it already holds these sizes. O(outputs).
  mutating func prepare(inputs: Int, outputs: Int) {
    if self.inputs == inputs && self.outputs == outputs { return }
    self.inputs = inputs
    self.outputs = outputs
    offsets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    let scale = 1 / (Double(outputs) / Double(inputs))
    for output in 0..<outputs {
      var fraction = Float((Double(output) + 0.5) * scale - 0.5)
      let floor = fraction.rounded(.down)
      fraction -= floor
      var tap = Int32(floor)
      if clampsTaps {
        if tap < 0 {
          tap = 0
          fraction = 0
        } else if tap >= inputs - 1 {
          tap = Int32(inputs - 1)
          fraction = 0
        }
      }
      offsets.append(tap * spacing)
      weights.append(Int16(((1 - fraction) * 2048).rounded(.toNearestOrEven)))
      weights.append(Int16((fraction * 2048).rounded(.toNearestOrEven)))
    }
  }
}
