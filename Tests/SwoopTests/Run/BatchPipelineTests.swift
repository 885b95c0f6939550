import Glibc
import Swoop
import Synchronization
import Testing
import TestSupport

/// A work whose network adds up: each row holds a number, and the output of a row is its own number doubled. It records
/// the largest batch and checks that a batch never mixes shapes.
private final class DoublingWork: BatchWork {
  struct Failure: Error, Equatable {
    var stage: String
    var item: Int
  }

  let slotCount: Int
  let slotCapacity: Int
  let renders: Bool
  /// Items that fail in `prepare`, as unreadable images do.
  let unreadable: @Sendable (Int) -> Bool
  let shape: @Sendable (Int) -> Int
  /// A stage and an item at which the whole run fails.
  let failure: Failure?
  let jitters: Bool
  /// Slots that are lost, by the stage, from their so many-eth call of it on.
  let losses: [Loss]

  struct Loss {
    var stage: String
    var slot: Int
    var call: Int
  }

  struct Lost: Error, Equatable {
    var slot: Int
  }

  let keepsItems: Bool
  /// Called with each item that is prepared, and before one is written into a slot.
  let onPrepare: @Sendable (_ item: Int) -> Void
  let onWrite: @Sendable (_ item: Int, _ slot: Int) throws -> Void
  private let calls = Mutex<[String: Int]>([:])

  private func lose(_ stage: String, slot: Int) throws {
    let call = calls.withLock { calls in
      calls["\(stage) \(slot)", default: 0] += 1
      return calls["\(stage) \(slot)", default: 0]
    }
    if losses.contains(where: { $0.stage == stage && $0.slot == slot && call >= $0.call }) {
      throw SlotLoss(Lost(slot: slot))
    }
  }

  let rows: Mutex<[[(value: Int, shape: Int)?]]>
  let batchSizes = Mutex<[Int]>([])
  let inFlight = Mutex<(now: Int, most: Int)>((0, 0))

  init(
    slots: Int, capacity: Int, renders: Bool = false, jitters: Bool = false, failure: Failure? = nil,
    losses: [Loss] = [], keepsItems: Bool = true,
    unreadable: @escaping @Sendable (Int) -> Bool = { _ in false },
    shape: @escaping @Sendable (Int) -> Int = { _ in 0 }, onPrepare: @escaping @Sendable (Int) -> Void = { _ in },
    onWrite: @escaping @Sendable (Int, Int) throws -> Void = { _, _ in }
  ) {
    slotCount = slots
    slotCapacity = capacity
    self.renders = renders
    self.jitters = jitters
    self.failure = failure
    self.losses = losses
    self.keepsItems = keepsItems
    self.onPrepare = onPrepare
    self.onWrite = onWrite
    self.unreadable = unreadable
    self.shape = shape
    rows = Mutex(Array(repeating: Array(repeating: nil, count: capacity), count: slots))
  }

  func prepareLane(_ slot: Int) throws { try lose("prepareLane", slot: slot) }

  func makeScratch() -> Int { 0 }

  func prepare(_ item: Int, scratch: inout Int) -> Prepared<Int, Int, Int> {
    inFlight.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
    onPrepare(item)
    if jitters { usleep(UInt32((item &* 7919) % 300)) }
    return unreadable(item) ? .output(-item) : .image(item, shape(item))
  }

  func write(_ image: Int, shape: Int, slot: Int, row: Int, scratch: inout Int) throws {
    if failure == Failure(stage: "write", item: image) { throw failure! }
    if jitters { usleep(UInt32((image &* 104_729) % 200)) }
    try onWrite(image, slot)
    try lose("write", slot: slot)
    rows.withLock { $0[slot][row] = (image, shape) }
  }

  func infer(slot: Int, shape: Int, count: Int) throws {
    try lose("infer", slot: slot)
    let values = rows.withLock { Array($0[slot].prefix(count)) }
    #expect(values.allSatisfy { $0?.shape == shape })
    batchSizes.withLock { $0.append(count) }
    if jitters { usleep(200) }
    if let failure, failure.stage == "infer", values.contains(where: { $0?.value == failure.item }) { throw failure }
  }

  func finish(_ image: Int, slot: Int, row: Int) throws -> Int {
    if failure == Failure(stage: "finish", item: image) { throw failure! }
    return rows.withLock { $0[slot][row]?.value == image ? 2 * image : .min }
  }

  func render(_ output: Int, of image: Int, scratch: inout Int) throws -> Int {
    if failure == Failure(stage: "render", item: image) { throw failure! }
    return output + 1
  }
}

extension BatchPipeline where Work == DoublingWork {
  /// Runs over 1…count and returns the outputs in the order the sink got them.
  fileprivate func outputs(count: Int, sink: (Int) throws -> Void = { _ in }) throws -> [Int] {
    var outputs: [Int] = []
    nonisolated(unsafe) var item = 0
    try run {
      item += 1
      return item <= count ? item : nil
    } sink: { output in
      outputs.append(output)
      try sink(output)
    }
    return outputs
  }
}

@Suite("Batch pipeline", .timeLimit(.minutes(1)))
struct BatchPipelineTests {
  @Test(
    "outputs come in order, each once, whatever the batch, the slots, the workers and the window",
    arguments: [(1, 1, 1, 1), (1, 8, 4, 1), (3, 4, 4, 64), (2, 7, 2, 9), (4, 32, 8, 200)])
  func order(slots: Int, capacity: Int, workers: Int, window: Int) throws {
    let work = DoublingWork(slots: slots, capacity: capacity, jitters: true)
    let outputs = try BatchPipeline(work: work, workerCount: workers, window: window).outputs(count: 150)
    #expect(outputs == (1...150).map { 2 * $0 })
    #expect(work.batchSizes.withLock { $0.reduce(0, +) } == 150)
  }

  @Test("full batches are run where images keep coming, and one short one at the end")
  func fullBatches() throws {
    let work = DoublingWork(slots: 1, capacity: 8)
    _ = try BatchPipeline(work: work, workerCount: 1, window: 64, patience: 50).outputs(count: 20)
    #expect(work.batchSizes.withLock { $0 } == [8, 8, 4])
  }

  @Test("fewer images than a batch, one, and none")
  func few() throws {
    for count in [0, 1, 3] {
      let work = DoublingWork(slots: 2, capacity: 32)
      let outputs = try BatchPipeline(work: work, workerCount: 2, window: 8).outputs(count: count)
      #expect(outputs == (0..<count).map { 2 * ($0 + 1) })
    }
  }

  @Test("an image that waits in an open slot is not held back by a window full of failures behind it")
  func stall() throws {
    let work = DoublingWork(slots: 1, capacity: 4, unreadable: { $0 > 1 })
    let outputs = try BatchPipeline(work: work, workerCount: 2, window: 1).outputs(count: 500)
    #expect(outputs == [2] + (2...500).map { -$0 })
  }

  @Test("many shapes and few slots make progress and never share a batch", arguments: [1, 2, 5])
  func shapes(slots: Int) throws {
    let work = DoublingWork(slots: slots, capacity: 4, jitters: true, unreadable: { $0 % 11 == 0 }, shape: { $0 % 7 })
    let outputs = try BatchPipeline(work: work, workerCount: 3, window: 16).outputs(count: 200)
    #expect(outputs == (1...200).map { $0 % 11 == 0 ? -$0 : 2 * $0 })
  }

  @Test("rendering happens to what was found and keeps the order")
  func rendering() throws {
    let work = DoublingWork(slots: 2, capacity: 3, renders: true, jitters: true, unreadable: { $0 % 5 == 0 })
    let outputs = try BatchPipeline(work: work, workerCount: 2, window: 8).outputs(count: 100)
    #expect(outputs == (1...100).map { $0 % 5 == 0 ? -$0 : 2 * $0 + 1 })
  }

  @Test("the number of items in flight stays within the window")
  func bounded() throws {
    let work = DoublingWork(slots: 2, capacity: 4)
    _ = try BatchPipeline(work: work, workerCount: 2, window: 12).outputs(count: 400) { _ in
      work.inFlight.withLock { $0.now -= 1 }
      usleep(100)
    }
    #expect(work.inFlight.withLock { $0.most } <= 12)
  }

  @Test(
    "an error of any stage ends the run and is what the caller gets", arguments: ["write", "infer", "finish", "render"])
  func failures(stage: String) throws {
    let failure = DoublingWork.Failure(stage: stage, item: 37)
    let work = DoublingWork(slots: 2, capacity: 4, renders: true, jitters: true, failure: failure)
    #expect(throws: failure) { try BatchPipeline(work: work, workerCount: 2, window: 16).outputs(count: 1000) }
  }

  @Test(
    "a slot that is lost while it is written or run hands its images to the others, and none is lost or doubled",
    arguments: ["write", "infer"], [(2, 1, 1), (2, 4, 1), (3, 4, 4), (4, 7, 8)])
  func lostSlots(stage: String, setting: (slots: Int, capacity: Int, workers: Int)) throws {
    // All but the last slot go, each at another image of a batch.
    let losses = (0..<setting.slots - 1).map { DoublingWork.Loss(stage: stage, slot: $0, call: 2 + 5 * $0) }
    let work = DoublingWork(
      slots: setting.slots, capacity: setting.capacity, renders: true, jitters: true, losses: losses,
      unreadable: { $0 % 13 == 0 }, shape: { $0 % 3 })
    let outputs = try BatchPipeline(work: work, workerCount: setting.workers, window: 16).outputs(count: 300)
    #expect(outputs == (1...300).map { $0 % 13 == 0 ? -$0 : 2 * $0 + 1 })
  }

  @Test("a slot that is lost before it has begun leaves all images to the others", arguments: [[0], [2], [0, 2]])
  func lostBeforeItBegan(slots: [Int]) throws {
    let work = DoublingWork(
      slots: 3, capacity: 4, jitters: true,
      losses: slots.map { DoublingWork.Loss(stage: "prepareLane", slot: $0, call: 1) },
      onWrite: { _, slot in #expect(!slots.contains(slot)) })
    let outputs = try BatchPipeline(work: work, workerCount: 2, window: 16).outputs(count: 100)
    #expect(outputs == (1...100).map { 2 * $0 })
  }

  @Test("a slot that is lost at the last image of its batch gives back those that lay in it already")
  func lostWhenAlmostFull() throws {
    let work = DoublingWork(slots: 2, capacity: 4, losses: [.init(stage: "write", slot: 0, call: 4)])
    let outputs = try BatchPipeline(work: work, workerCount: 1, window: 64, patience: 50).outputs(count: 4)
    #expect(outputs == [2, 4, 6, 8])
    #expect(work.batchSizes.withLock { $0 } == [4])
  }

  @Test(
    "an image that is being written while another meets the slot's end goes to another slot, whether it notices or not",
    arguments: [false, true])
  func lostUnderAnotherWriter(notices: Bool) throws {
    let seen = Mutex((isWriting: false, preparations: 0))
    let work = DoublingWork(
      slots: 2, capacity: 4,
      onPrepare: { item in if item == 2 { seen.withLock { $0.preparations += 1 } } },
      onWrite: { item, slot in
        guard slot == 0 else { return }
        if item == 1 {
          // Until the other image is back from the queue, so that the slot is out.
          seen.withLock { $0.isWriting = true }
          while seen.withLock({ $0.preparations }) < 2 { usleep(100) }
          if notices { throw SlotLoss(DoublingWork.Lost(slot: 0)) }
        } else {
          while !seen.withLock({ $0.isWriting }) { usleep(100) }
          throw SlotLoss(DoublingWork.Lost(slot: 0))
        }
      })
    let outputs = try BatchPipeline(work: work, workerCount: 2, window: 16).outputs(count: 9)
    #expect(outputs == (1...9).map { 2 * $0 })
    #expect(work.batchSizes.withLock { $0.reduce(0, +) } == 9)
  }

  @Test("with no slot left the run ends with the reason", arguments: ["prepareLane", "write", "infer"], [1, 2])
  func noSlotLeft(stage: String, slots: Int) throws {
    let losses = (0..<slots).map { DoublingWork.Loss(stage: stage, slot: $0, call: stage == "prepareLane" ? 1 : 3) }
    let work = DoublingWork(slots: slots, capacity: 4, jitters: true, losses: losses)
    #expect(throws: DoublingWork.Lost.self) {
      try BatchPipeline(work: work, workerCount: 3, window: 16).outputs(count: 1000)
    }
  }

  @Test("a work that keeps no items cannot go on with what lay in a lost slot, and says why")
  func keptNothing() throws {
    let work = DoublingWork(
      slots: 2, capacity: 4, losses: [.init(stage: "write", slot: 0, call: 3)], keepsItems: false)
    #expect(throws: DoublingWork.Lost(slot: 0)) {
      try BatchPipeline(work: work, workerCount: 1, window: 16).outputs(count: 100)
    }
  }

  @Test("an error of the sink ends the run, and so does one of the source")
  func edges() throws {
    struct Full: Error {}
    let work = DoublingWork(slots: 2, capacity: 4)
    #expect(throws: Full.self) {
      try BatchPipeline(work: work, workerCount: 2, window: 16).outputs(count: 1000) { if $0 > 100 { throw Full() } }
    }
    nonisolated(unsafe) var item = 0
    #expect(throws: Full.self) {
      try BatchPipeline(work: DoublingWork(slots: 2, capacity: 4), workerCount: 2, window: 16).run {
        item += 1
        if item > 50 { throw Full() }
        return item
      } sink: { _ in
      }
    }
  }

  @Test("a source that blocks does not hold back the images that came before")
  func slowSource() throws {
    let work = DoublingWork(slots: 1, capacity: 8)
    let taken = Mutex(0)
    nonisolated(unsafe) var item = 0
    try BatchPipeline(work: work, workerCount: 1, window: 16).run {
      item += 1
      if item == 4 {
        // The three images before must come out although their batch is not full and more may come.
        while taken.withLock({ $0 }) < 3 { usleep(1000) }
      }
      return item <= 5 ? item : nil
    } sink: { _ in
      taken.withLock { $0 += 1 }
    }
    #expect(taken.withLock { $0 } == 5)
  }
}
