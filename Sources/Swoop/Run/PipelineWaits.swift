internal import Glibc
internal import Synchronization

/// How long the threads of a run waited for one another: what tells which stage limits.
public struct PipelineWaits: Sendable, Hashable {
  /// Seconds that workers had nothing to read or draw, summed over them: the source is slow, or the sink holds it back.
  public var workersForItems = 0.0
  /// Seconds that workers held a decoded picture and no slot had room: the network is behind.
  public var workersForPlaces = 0.0
  /// Seconds that lanes had no batch to run, summed over them: what comes before the network is behind.
  public var lanesForBatches = 0.0
  public var workerCount = 0
  public var laneCount = 0
}

/// The clocks behind ``PipelineWaits``, shared by the threads of a pipeline.
final class WaitClocks: Sendable {
  final class Clock: Sendable {
    private let nanoseconds = Atomic<UInt64>(0)

    func add(since start: UInt64) {
      nanoseconds.wrappingAdd(now(CLOCK_MONOTONIC) &- start, ordering: .relaxed)
    }

    var seconds: Double { Double(nanoseconds.load(ordering: .relaxed)) / 1e9 }
  }

  let items = Clock()
  let places = Clock()
  let batches = Clock()

  func snapshot(workerCount: Int, laneCount: Int) -> PipelineWaits {
    PipelineWaits(
      workersForItems: items.seconds, workersForPlaces: places.seconds, lanesForBatches: batches.seconds,
      workerCount: workerCount, laneCount: laneCount)
  }
}
