internal import CUDA

/// Marks in a slot's stream that tell how long the device was at each stage of a batch.
struct DeviceClocks {
  enum Mark: Int, CaseIterable {
    case start, decoded, prepared, executed, finished
  }

  private let events: [CUDAEvent]

  init(in context: CUDAContext) throws(CUDAError) {
    var events: [CUDAEvent] = []
    for _ in Mark.allCases { events.append(try CUDAEvent(in: context, isTiming: true)) }
    self.events = events
  }

  func mark(_ mark: Mark, on stream: CUDAStream) throws(CUDAError) { try events[mark.rawValue].record(on: stream) }

  /// Adds what the device took for a batch; all marks must have passed.
  ///
  /// - Parameter network: the network's own time in milliseconds, where it is known: between the marks also lies the
  ///   time that it waited for other batches.
  func add(to timings: StageTimings, count: Int, network: Double?) throws {
    func milliseconds(_ from: Mark, _ to: Mark) throws -> Double {
      try events[to.rawValue].milliseconds(since: events[from.rawValue])
    }
    timings.add(.decode, items: count, seconds: try milliseconds(.start, .decoded) / 1000)
    timings.add(.preprocess, items: count, seconds: try milliseconds(.decoded, .prepared) / 1000)
    timings.add(.infer, items: count, seconds: try (network ?? milliseconds(.prepared, .executed)) / 1000)
    timings.add(.postprocess, items: count, seconds: try milliseconds(.executed, .finished) / 1000)
  }
}
