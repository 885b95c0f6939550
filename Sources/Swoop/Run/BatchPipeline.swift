internal import Glibc

/// Runs items through the stages of a ``BatchWork``, several at once, and hands the outputs over in the items' order.
///
///     source ─► queue ─► workers: read, decode, reserve a place, write ─► slots ─► lanes: infer, finish
///        ▲                  ▲                                              │            │
///        │                  └── places come back when a lane is done ◄─────┘            ▼
///        └── permits come back when the sink has taken an output ◄──── sink ◄── outputs, put back in order
///
/// One thread reads the source, `workerCount` threads read, decode and write, one *lane* for each slot runs the network in
/// it, and the calling thread is the sink. Memory is bounded by construction: at most `window` items are between source and sink,
/// and decoded pixels exist only in workers and slots.
///
/// Nothing can wait for ever: a slot that is not full ships as soon as the source has ended or waits for a permit and no
/// item is on its way into a place.
package final class BatchPipeline<Work: BatchWork>: Sendable {
  private let work: Work
  private let workerCount: Int
  private let window: Int
  private let queueCapacity: Int
  private let patience: Double
  private let monitor: Monitor<State, Condition>
  private let waiting = WaitClocks()

  /// How long threads have waited for one another so far.
  package var waits: PipelineWaits { waiting.snapshot(workerCount: workerCount, laneCount: work.slotCount) }

  private enum Condition: Hashable, CaseIterable {
    /// Workers wait for something to do.
    case task
    /// Workers wait for a place in a slot.
    case place
    /// Lanes wait for a slot to run.
    case shipment
    /// The sink waits for the next output.
    case output
    /// The source waits until it may issue another item.
    case permit
    /// The calling thread waits until all lanes are ready.
    case lane
  }

  private struct Queued: Sendable {
    var index: Int
    var item: Work.Item
  }

  /// An image that has its place.
  private struct Placed: Sendable {
    var index: Int
    var image: Work.Image
    /// What it was made from, where the slot may be lost.
    var item: Work.Item?
  }

  private struct Rendering: Sendable {
    var placed: Placed
    var output: Work.Output
  }

  private enum Task {
    case prepare(Queued)
    case render(Rendering)
  }

  private struct State {
    var batcher: Batcher<Work.Shape>
    var queue: [Queued] = []
    var renderings: [Rendering] = []
    var placed: [[Placed?]]
    var shipments: [Batcher<Work.Shape>.Shipment] = []
    var outputs: [Int: Work.Output] = [:]

    /// Items that the source has handed over.
    var issued = 0
    /// Items that have neither been written into a place nor failed.
    var unplaced = 0
    /// Outputs that the sink has taken.
    var taken = 0
    var readyLanes = 0
    var sourceHasEnded = false
    var sourceWaits = false
    /// The run is over: finished, or failed with ``failure``.
    var isOver = false
    var failure: (any Error)?

    /// Ships what is open if nothing more can join it for now. To be called after every change of what it looks at.
    mutating func flushIfStalled() {
      guard unplaced == 0, sourceHasEnded || sourceWaits else { return }
      shipments += batcher.flush()
    }

    /// Takes a lost slot out, and puts images that lay in it back into the queue. Without a slot the run is over.
    mutating func retire(_ slot: Int, _ images: [Placed], _ loss: SlotLoss) {
      guard batcher.retire(slot) else { return fail(loss.reason) }
      for placed in images {
        guard let item = placed.item else { return fail(loss.reason) }
        queue.append(Queued(index: placed.index, item: item))
        unplaced += 1
      }
    }

    mutating func fail(_ error: any Error) {
      if failure == nil { failure = error }
      isOver = true
    }
  }

  /// - Parameters:
  ///   - workerCount: threads that read, decode and write; at least 1.
  ///   - window: how many items may be between source and sink, those in slots included. It is raised to what the slots
  ///     and workers hold, since less would keep slots from filling.
  ///   - patience: seconds without an output after which images that wait for a full batch run without it.
  package init(work: Work, workerCount: Int, window: Int, patience: Double = 0.1) {
    self.patience = patience
    self.work = work
    self.workerCount = max(1, workerCount)
    self.window = max(window, work.slotCount * work.slotCapacity + self.workerCount)
    queueCapacity = 2 * self.workerCount
    monitor = Monitor(
      State(
        batcher: Batcher(slotCount: work.slotCount, capacity: work.slotCapacity),
        placed: Array(
          repeating: Array(repeating: nil, count: work.slotCapacity), count: work.slotCount)))
  }

  /// Runs until the source has ended and every output has been taken. To be called once.
  ///
  /// - Parameters:
  ///   - next: the source; called from one thread of the pipeline's own, until it returns `nil`.
  ///   - idle: called on the calling thread when no output came for `patience` seconds, for progress displays.
  ///   - sink: takes each output, in the items' order, on the calling thread.
  /// - Throws: the first error of any stage or of the sink. What was in flight then is dropped.
  package func run(
    next: @escaping () throws -> Work.Item?,
    idle: () throws -> Void = {},
    sink: (Work.Output) throws -> Void
  ) throws {
    var threads: [WorkerThread] = []
    defer { for thread in threads { thread.join() } }
    do {
      for slot in 0..<work.slotCount {
        threads.append(try WorkerThread("swoop lane \(slot)") { self.runLane(slot) })
      }
      try waitForLanes()
      let source = UncheckedSource(next: next)
      threads.append(try WorkerThread("swoop source") { self.readSource(source) })
      for number in 0..<workerCount {
        threads.append(try WorkerThread("swoop work \(number)") { self.runWorker() })
      }
      try drain(idle: idle, sink: sink)
    } catch {
      monitor.update(waking: .task, .place, .shipment, .permit) { $0.fail(error) }
      throw error
    }
  }

  // The closure is handed over to the source thread, and nobody else calls it.
  private struct UncheckedSource: @unchecked Sendable {
    let next: () throws -> Work.Item?
  }

  // MARK: Source

  private func readSource(_ source: UncheckedSource) {
    do {
      while waitForPermit(), let item = try source.next() {
        monitor.update(waking: .task) { state in
          state.queue.append(Queued(index: state.issued, item: item))
          state.issued += 1
          state.unplaced += 1
        }
      }
      monitor.update(waking: .shipment, .output, .task) { state in
        state.sourceHasEnded = true
        state.flushIfStalled()
      }
    } catch {
      fail(error)
    }
  }

  private func waitForPermit() -> Bool {
    monitor.wait(for: .permit) { state -> Bool? in
      if state.isOver { return false }
      if state.issued - state.taken < window, state.queue.count < queueCapacity {
        state.sourceWaits = false
        return true
      }
      if state.issued - state.taken >= window, !state.sourceWaits {
        state.sourceWaits = true
        state.flushIfStalled()
        monitor.signal(.shipment)
      }
      return nil
    }
  }

  // MARK: Workers

  private func runWorker() {
    var scratch = work.makeScratch()
    while let task = nextTask() {
      do {
        switch task {
        case .prepare(let queued): try prepare(queued, scratch: &scratch)
        case .render(let rendering):
          let output = try work.render(rendering.output, of: rendering.placed.image, scratch: &scratch)
          deliver(output, index: rendering.placed.index)
        }
      } catch {
        fail(error)
      }
    }
  }

  private func nextTask() -> Task? {
    let start = now(CLOCK_MONOTONIC)
    defer { waiting.items.add(since: start) }
    return monitor.wait(for: .task) { state -> Task?? in
      if state.isOver { return .some(nil) }
      // Rendering first: it lets go of pixels.
      if !state.renderings.isEmpty { return .render(state.renderings.removeFirst()) }
      if !state.queue.isEmpty {
        monitor.signal(.permit)
        return .prepare(state.queue.removeFirst())
      }
      return nil
    }
  }

  private func prepare(_ queued: Queued, scratch: inout Work.Scratch) throws {
    switch work.prepare(queued.item, scratch: &scratch) {
    case .output(let output):
      monitor.update(waking: .output, .shipment) { state in
        state.outputs[queued.index] = output
        state.unplaced -= 1
        state.flushIfStalled()
      }
    case .image(let image, let shape):
      guard let place = reserve(shape) else { return }
      do {
        try work.write(image, shape: shape, slot: place.slot, row: place.row, scratch: &scratch)
      } catch let loss as SlotLoss {
        return lose(place.slot, writing: queued, loss)
      }
      let placed = Placed(index: queued.index, image: image, item: work.keepsItems ? queued.item : nil)
      monitor.update(waking: .shipment) { state in
        if state.batcher.isRetired(place.slot) {
          // Another worker met the slot's end while this one wrote.
          state.queue.append(queued)
          return monitor.signal(.task)
        }
        state.placed[place.slot][place.row] = placed
        if let shipment = state.batcher.markWritten(place) { state.shipments.append(shipment) }
        state.unplaced -= 1
        state.flushIfStalled()
      }
    }
  }

  /// Takes a slot out that was lost while it was written, and has its images go through the stages again: the one at
  /// hand, and those that lie in it already. What other workers are writing into it, they put back themselves.
  private func lose(_ slot: Int, writing queued: Queued, _ loss: SlotLoss) {
    monitor.update(waking: .task, .place, .shipment, .output, .permit) { state in
      state.queue.append(queued)
      let placed = state.placed[slot].compactMap { $0 }
      for row in state.placed[slot].indices { state.placed[slot][row] = nil }
      state.retire(slot, placed, loss)
    }
  }

  /// Waits for a place; `nil` when the run is over.
  private func reserve(_ shape: Work.Shape) -> Batcher<Work.Shape>.Place? {
    let start = now(CLOCK_MONOTONIC)
    defer { waiting.places.add(since: start) }
    return monitor.wait(for: .place) { state -> Batcher<Work.Shape>.Place?? in
      if state.isOver { return .some(nil) }
      let answer = state.batcher.reserve(shape)
      if let shipment = answer.shipment {
        state.shipments.append(shipment)
        monitor.signal(.shipment)
      }
      return answer.place.map { .some($0) }
    }
  }

  // MARK: Lanes

  private func waitForLanes() throws {
    _ = try monitor.wait(for: .lane) { state -> Bool? in
      if let failure = state.failure { throw failure }
      return state.readyLanes == work.slotCount ? true : nil
    }
  }

  private func runLane(_ slot: Int) {
    do {
      try work.prepareLane(slot)
      monitor.update(waking: .lane) { $0.readyLanes += 1 }
    } catch let loss as SlotLoss {
      // The others are made ready all the same, and have its images.
      return monitor.update(waking: .lane) { state in
        state.readyLanes += 1
        state.retire(slot, [], loss)
      }
    } catch {
      return fail(error)
    }
    while let (shipment, images) = nextShipment(of: slot) {
      do {
        try work.infer(slot: shipment.slot, shape: shipment.shape, count: shipment.count)
        var finished: [(placed: Placed, output: Work.Output)] = []
        finished.reserveCapacity(images.count)
        for (row, placed) in images.enumerated() {
          finished.append((placed, try work.finish(placed.image, slot: shipment.slot, row: row)))
        }
        monitor.update(waking: .place, .output, .task) { state in
          state.batcher.release(shipment.slot)
          for (placed, output) in finished {
            if work.renders {
              state.renderings.append(Rendering(placed: placed, output: output))
            } else {
              state.outputs[placed.index] = output
            }
          }
        }
      } catch let loss as SlotLoss {
        // The lane ends with its slot.
        return lose(shipment.slot, images, loss)
      } catch {
        fail(error)
      }
    }
  }

  /// Takes a lost slot out, and has its images go through the stages again.
  private func lose(_ slot: Int, _ images: [Placed], _ loss: SlotLoss) {
    monitor.update(waking: .task, .place, .shipment, .output, .permit) { state in
      state.retire(slot, images, loss)
    }
  }

  private func nextShipment(of slot: Int) -> (Batcher<Work.Shape>.Shipment, [Placed])? {
    let start = now(CLOCK_MONOTONIC)
    defer { waiting.batches.add(since: start) }
    return monitor.wait(for: .shipment) { state -> (Batcher<Work.Shape>.Shipment, [Placed])?? in
      if state.isOver { return .some(nil) }
      guard let place = state.shipments.firstIndex(where: { $0.slot == slot }) else {
        // A slot that was lost while it was written ships no more.
        return state.batcher.isRetired(slot) ? .some(nil) : nil
      }
      let shipment = state.shipments.remove(at: place)
      let images = (0..<shipment.count).map { row in
        guard let placed = state.placed[shipment.slot][row] else { preconditionFailure("a row that was not written") }
        state.placed[shipment.slot][row] = nil
        return placed
      }
      return (shipment, images)
    }
  }

  // MARK: Sink

  private func deliver(_ output: Work.Output, index: Int) {
    monitor.update(waking: .output) { $0.outputs[index] = output }
  }

  private enum Arrival {
    case output(Work.Output)
    case finished
    case nothing
  }

  private func drain(idle: () throws -> Void, sink: (Work.Output) throws -> Void) throws {
    while true {
      let arrival = try monitor.wait(for: .output, timeout: patience) { state -> Arrival? in
        if let failure = state.failure { throw failure }
        if let output = state.outputs.removeValue(forKey: state.taken) { return .output(output) }
        if state.sourceHasEnded, state.taken == state.issued {
          state.isOver = true
          return .finished
        }
        return nil
      } onTimeout: { state -> Arrival in
        // A source that blocks (a slow pipe) must not hold back the images that are ready.
        if state.unplaced == 0 { state.shipments += state.batcher.flush() }
        return .nothing
      }
      switch arrival {
      case .output(let output):
        try sink(output)
        monitor.update(waking: .permit) { $0.taken += 1 }
      case .finished:
        monitor.wake(.task, .place, .shipment, .permit)
        return
      case .nothing:
        monitor.wake(.shipment)
        try idle()
      }
    }
  }

  private func fail(_ error: any Error) {
    monitor.update(waking: .task, .place, .shipment, .output, .permit, .lane) { $0.fail(error) }
  }
}
