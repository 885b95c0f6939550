import SeededNumbers
import Swoop
import Testing

@Suite("Latency histograms")
struct LatencyHistogramTests {
  @Test("Percentiles are those of the sorted times, to a thousandth", arguments: [1, 2, 10, 1000, 20_000])
  func percentiles(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    // From ten microseconds to ten seconds, most of them short, as latencies are.
    let times = (0..<count).map { _ in UInt64(1e4 * Double.random(in: 1...1000, using: &random).squareRoot() * 31) }
    var histogram = LatencyHistogram()
    for time in times { histogram.record(nanoseconds: time) }
    let sorted = times.sorted()
    #expect(histogram.count == count)
    for percentile in [50.0, 90, 95, 99, 100] {
      let exact = Double(sorted[max(0, Int((percentile / 100 * Double(count)).rounded(.up)) - 1)]) / 1e6
      #expect(abs(histogram.percentile(percentile) - exact) <= exact * 0.001, "p\(percentile)")
    }
    #expect(abs(histogram.mean - Double(times.reduce(0, +)) / Double(count) / 1e6) <= histogram.mean * 0.001)
    #expect(histogram.shortest <= histogram.percentile(50) && histogram.percentile(50) <= histogram.longest)
  }

  @Test("Streams added together are as one stream that had them all")
  func addition() {
    var random = SplitMix64(seed: 1)
    var parts = [LatencyHistogram](repeating: LatencyHistogram(), count: 5)
    var whole = LatencyHistogram()
    for index in 0..<5000 {
      // Each stream has another speed, so that an average of their percentiles would be wrong.
      let time = UInt64.random(in: 1_000...2_000, using: &random) << UInt64(index % 5 * 3)
      parts[index % 5].record(nanoseconds: time)
      whole.record(nanoseconds: time)
    }
    var sum = LatencyHistogram()
    for part in parts { sum.add(part) }
    #expect(sum.count == whole.count)
    for percentile in stride(from: 0.0, through: 100, by: 2.5) {
      #expect(sum.percentile(percentile) == whole.percentile(percentile))
    }
  }

  @Test("The curve rises to 100 % without saying anything twice")
  func curve() {
    var histogram = LatencyHistogram()
    #expect(histogram.curve.isEmpty && histogram.percentile(50) == 0 && histogram.longest == 0 && histogram.mean == 0)
    for time in 1...3000 { histogram.record(nanoseconds: UInt64(time) * 1_000_000) }
    let curve = histogram.curve
    #expect(curve.last?.percentile == 100)
    #expect(
      zip(curve, curve.dropFirst()).allSatisfy { $0.percentile < $1.percentile && $0.milliseconds <= $1.milliseconds })
  }
}
