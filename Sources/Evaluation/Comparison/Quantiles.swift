/// The middle, the far end and the worst of a set of differences.
public struct Quantiles: Hashable, Sendable {
  /// How many values there are.
  public var count: Int
  /// Half of them are not above this.
  public var median: Double
  /// 99 of 100 are not above this.
  public var p99: Double
  /// The greatest.
  public var worst: Double

  /// The quantiles of values, by the nearest rank: each is one of the values. All 0 of none.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    count = sorted.count
    func rank(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[max(Int((share * Double(sorted.count)).rounded(.up)) - 1, 0)]
    }
    median = rank(0.5)
    p99 = rank(0.99)
    worst = sorted.last ?? 0
  }
}
