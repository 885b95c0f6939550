internal import Glibc
internal import Synchronization

/// The stages that an image passes, for timings and the bottleneck report.
public enum Stage: String, CaseIterable, Sendable {
  /// Reading the file's bytes, or the archive entry's.
  case read
  /// From bytes to RGB pixels, orientation applied.
  case decode
  /// Resizing, padding, normalising, writing into the input tensor.
  case preprocess
  /// The network: waiting for an execution, from its start to its outputs.
  case infer
  /// Head decoding, suppression, back to image coordinates.
  case postprocess
  /// Drawing and encoding annotated pictures and thumbnails.
  case render
  /// Writing records, in order.
  case write
}

/// How long each stage was busy, summed over all threads. Shared by them.
package final class StageTimings: Sendable {
  // One pair of counters a stage. Class instances, since arrays cannot hold atomics.
  private final class Counter: Sendable {
    let nanoseconds = Atomic<UInt64>(0)
    let processorNanoseconds = Atomic<UInt64>(0)
    let count = Atomic<Int>(0)
  }

  private let counters: [Counter]

  package init() {
    counters = Stage.allCases.map { _ in Counter() }
  }

  /// Runs `body` as part of a stage that handles `items` images.
  package func measure<Result>(_ stage: Stage, items: Int = 1, body: () throws -> Result) rethrows -> Result {
    let start = now(CLOCK_MONOTONIC)
    let processorStart = now(CLOCK_THREAD_CPUTIME_ID)
    defer {
      let counter = counters[Stage.allCases.firstIndex(of: stage)!]
      counter.nanoseconds.wrappingAdd(now(CLOCK_MONOTONIC) &- start, ordering: .relaxed)
      counter.processorNanoseconds.wrappingAdd(now(CLOCK_THREAD_CPUTIME_ID) &- processorStart, ordering: .relaxed)
      counter.count.wrappingAdd(items, ordering: .relaxed)
    }
    return try body()
  }

  /// Adds time that a device took.
  func add(_ stage: Stage, items: Int, seconds: Double) {
    let counter = counters[Stage.allCases.firstIndex(of: stage)!]
    counter.nanoseconds.wrappingAdd(UInt64(max(0, seconds) * 1e9), ordering: .relaxed)
    counter.count.wrappingAdd(items, ordering: .relaxed)
  }

  /// The sums so far.
  package func snapshot() -> [StageTiming] {
    zip(Stage.allCases, counters).map { stage, counter in
      StageTiming(
        stage: stage,
        images: counter.count.load(ordering: .relaxed),
        seconds: Double(counter.nanoseconds.load(ordering: .relaxed)) / 1e9,
        processorSeconds: Double(counter.processorNanoseconds.load(ordering: .relaxed)) / 1e9)
    }
  }
}

/// What one stage took in a run.
public struct StageTiming: Sendable, Hashable {
  public var stage: Stage
  /// How many images passed it.
  public var images: Int
  /// Seconds that threads spent in it, summed over the threads: more than the run's own time where several work at once.
  public var seconds: Double
  /// Seconds of processor time that those threads used in it. For ``Stage/infer`` this is the waiting thread's own, not
  /// the runtime's.
  public var processorSeconds: Double
}

func now(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
