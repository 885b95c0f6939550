import SeededNumbers
import Swoop
import Testing

@Suite("Batcher")
struct BatcherTests {
  @Test("a slot ships when its last place is written, whatever the order of writing")
  func shipsWhenFull() throws {
    var batcher = Batcher<String>(slotCount: 2, capacity: 3)
    let places = try (0..<3).map { _ in try #require(batcher.reserve("a").place) }
    #expect(places.map(\.row) == [0, 1, 2])
    #expect(batcher.markWritten(places[2]) == nil)
    #expect(batcher.markWritten(places[0]) == nil)
    #expect(batcher.markWritten(places[1]) == .init(slot: 0, shape: "a", count: 3))
  }

  @Test("the next slot opens while the first is still being written")
  func opensNext() throws {
    var batcher = Batcher<String>(slotCount: 2, capacity: 1)
    let first = try #require(batcher.reserve("a").place)
    let second = try #require(batcher.reserve("a").place)
    #expect(first.slot != second.slot)
    #expect(batcher.reserve("a").place == nil)
  }

  @Test("a flush ships what is written at once and the rest when its writers are done")
  func flush() throws {
    var batcher = Batcher<String>(slotCount: 3, capacity: 4)
    let a = try #require(batcher.reserve("a").place)
    let b = try #require(batcher.reserve("b").place)
    #expect(batcher.markWritten(a) == nil)
    #expect(batcher.flush() == [.init(slot: a.slot, shape: "a", count: 1)])
    #expect(batcher.flush() == [])
    #expect(batcher.markWritten(b) == .init(slot: b.slot, shape: "b", count: 1))
  }

  @Test("a new shape closes the slot that was opened first when all are open, and only one")
  func closesOldest() throws {
    var batcher = Batcher<String>(slotCount: 2, capacity: 4)
    let a = try #require(batcher.reserve("a").place)
    let b = try #require(batcher.reserve("b").place)
    #expect(batcher.markWritten(a) == nil)
    #expect(batcher.markWritten(b) == nil)
    let answer = batcher.reserve("c")
    #expect(answer.place == nil)
    #expect(answer.shipment == .init(slot: a.slot, shape: "a", count: 1))
    // Asking again before the slot is back must not close the other one.
    #expect(batcher.reserve("c").shipment == nil)
    batcher.release(a.slot)
    #expect(batcher.reserve("c").place == .init(slot: a.slot, row: 0))
  }

  @Test("a slot that is taken out while it is written gives and ships nothing more, and the last one leaves none")
  func retirement() throws {
    var batcher = Batcher<String>(slotCount: 2, capacity: 3)
    let a = try #require(batcher.reserve("a").place)
    let b = try #require(batcher.reserve("b").place)
    _ = batcher.markWritten(a)
    #expect(batcher.retire(a.slot) == true)
    #expect(batcher.isRetired(a.slot) && !batcher.isRetired(b.slot))
    // A second worker that meets the same end.
    #expect(batcher.retire(a.slot) == true)
    // A shape that had the slot now closes the other one, and waits for it.
    #expect(batcher.reserve("a").place == nil)
    #expect(batcher.markWritten(b) == .init(slot: b.slot, shape: "b", count: 1))
    batcher.release(b.slot)
    #expect(batcher.reserve("a").place == .init(slot: b.slot, row: 0))
    #expect(batcher.flush() == [])
    #expect(batcher.retire(b.slot) == false)
    #expect(batcher.isIdle)
  }

  @Test("every image of a random run ships exactly once with its own shape", arguments: 1...12 as ClosedRange<UInt64>)
  func conserves(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let capacity = Int(random.next() % 5) + 1
    var batcher = Batcher<Int>(slotCount: Int(random.next() % 4) + 1, capacity: capacity)
    var unwritten: [(place: Batcher<Int>.Place, shape: Int)] = []
    var running: [Batcher<Int>.Shipment] = []
    var placed = 0
    var shipped = 0

    func take(_ shipment: Batcher<Int>.Shipment?) {
      guard let shipment else { return }
      #expect((1...capacity).contains(shipment.count))
      running.append(shipment)
      shipped += shipment.count
    }
    while placed < 200 {
      switch random.next() % 4 {
      case 0, 1:
        let shape = Int(random.next() % 3)
        let answer = batcher.reserve(shape)
        take(answer.shipment)
        if let place = answer.place {
          unwritten.append((place, shape))
          placed += 1
        }
      case 2 where !unwritten.isEmpty:
        let written = unwritten.remove(at: Int(random.next() % UInt64(unwritten.count)))
        let shipment = batcher.markWritten(written.place)
        if let shipment { #expect(shipment.shape == written.shape) }
        take(shipment)
      case 3 where !running.isEmpty:
        batcher.release(running.remove(at: Int(random.next() % UInt64(running.count))).slot)
      default: break
      }
    }
    batcher.flush().forEach(take)
    for written in unwritten { take(batcher.markWritten(written.place)) }
    for shipment in running { batcher.release(shipment.slot) }
    #expect(shipped == placed)
    #expect(batcher.isIdle)
  }
}
