internal import Histogram

/// How long executions took: an HDR histogram, so that percentiles of many streams together are exact to three digits
/// however many executions there were. Streams' histograms are added before anything is read from them.
public struct LatencyHistogram: Sendable {
  private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

  public init() {}

  /// The number of executions.
  public var count: Int { Int(clamping: histogram.totalCount) }

  public mutating func record(nanoseconds: UInt64) {
    // A histogram that resizes itself takes every value.
    _ = histogram.record(nanoseconds)
  }

  /// Takes the executions of another stream in.
  public mutating func add(_ other: LatencyHistogram) {
    histogram.add(other.histogram)
  }

  /// The time that so many of a hundred executions do not exceed, in milliseconds; 0 where there are none.
  public func percentile(_ percentile: Double) -> Double {
    count == 0 ? 0 : Double(histogram.valueAtPercentile(percentile)) / 1e6
  }

  /// The longest, in milliseconds.
  public var longest: Double { count == 0 ? 0 : Double(histogram.max) / 1e6 }

  /// The shortest, in milliseconds.
  public var shortest: Double { count == 0 ? 0 : Double(histogram.min) / 1e6 }

  /// The sum of all divided by their number, in milliseconds.
  public var mean: Double { count == 0 ? 0 : histogram.mean / 1e6 }

  /// The distribution, for plots: points of rising percentile, each with the milliseconds that it stands for.
  public var curve: [(percentile: Double, milliseconds: Double)] {
    guard count > 0 else { return [] }
    var points: [(percentile: Double, milliseconds: Double)] = []
    // The iterator gives a value again for each of its steps that the value covers; once is enough.
    for step in histogram.percentiles(ticksPerHalfDistance: 8) where step.percentile != points.last?.percentile {
      points.append((step.percentile, Double(step.value) / 1e6))
    }
    return points
  }
}
