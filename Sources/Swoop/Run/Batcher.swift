/// Decides which image goes to which place of which slot, and when a slot ships.
///
/// A pure value: it holds no memory and takes no locks. A *slot* is the input memory of one execution context, with
/// `capacity` places (rows of the batch). All images of a slot share one input shape. Places are handed out before they
/// are written, so that several threads write at once straight into the tensor; a slot ships when it is full, or closed
/// early, and everything handed out has been written.
///
/// Which images share a batch never changes a result, so places are given in the order of asking.
package struct Batcher<Shape: Hashable> {
  /// A row of a slot.
  package struct Place: Hashable {
    package var slot: Int
    package var row: Int

    package init(slot: Int, row: Int) {
      self.slot = slot
      self.row = row
    }
  }

  /// A slot that is ready to run.
  package struct Shipment: Hashable {
    package var slot: Int
    package var shape: Shape
    /// How many rows are filled, from row 0 on: 1…capacity.
    package var count: Int

    package init(slot: Int, shape: Shape, count: Int) {
      self.slot = slot
      self.shape = shape
      self.count = count
    }
  }

  private struct Open {
    var shape: Shape
    var reserved = 0
    var written = 0
    /// No more places are given; it ships when the reserved ones are written.
    var isClosed = false
    /// When it was opened, in slots opened so far.
    var age: Int
  }

  private enum Slot {
    case free
    case open(Open)
    case shipped
    /// Lost for good.
    case retired
  }

  package let capacity: Int
  private var slots: [Slot]
  private var openedCount = 0

  package init(slotCount: Int, capacity: Int) {
    precondition(slotCount > 0 && capacity > 0)
    self.capacity = capacity
    slots = Array(repeating: .free, count: slotCount)
  }

  /// Whether no slot is open or shipped.
  package var isIdle: Bool {
    slots.allSatisfy { slot in
      switch slot {
      case .free, .retired: true
      case .open, .shipped: false
      }
    }
  }

  /// Asks for a place for an image of the given input shape.
  ///
  /// - Returns: the place, or `nil` if the caller has to wait for a slot to be released; and a slot that ships because
  ///   it was closed to make room.
  package mutating func reserve(_ shape: Shape) -> (place: Place?, shipment: Shipment?) {
    if let slot = indexOfOpenSlot(where: { $0.shape == shape && !$0.isClosed && $0.reserved < capacity }) {
      return (takeRow(of: slot), nil)
    }
    if let slot = slots.firstIndex(where: { if case .free = $0 { true } else { false } }) {
      slots[slot] = .open(Open(shape: shape, age: openedCount))
      openedCount += 1
      return (takeRow(of: slot), nil)
    }
    // Where one slot is full, closed or running, it comes back by itself. Where other shapes hold all of them open, the
    // one opened first has waited longest: close it.
    let allOpen = slots.allSatisfy { slot in
      switch slot {
      case .open(let open): !open.isClosed && open.reserved < capacity
      case .retired: true
      case .free, .shipped: false
      }
    }
    guard allOpen, let oldest = indexOfOpenSlot(where: { _ in true }) else { return (nil, nil) }
    return (nil, close(oldest))
  }

  /// Notes that a place has been written.
  ///
  /// - Returns: its slot, if that was the last thing it waited for.
  package mutating func markWritten(_ place: Place) -> Shipment? {
    guard case .open(var open) = slots[place.slot] else { preconditionFailure("place of a slot that is not open") }
    open.written += 1
    slots[place.slot] = .open(open)
    return shipIfComplete(place.slot)
  }

  /// Closes every open slot: no more images will come for now.
  package mutating func flush() -> [Shipment] {
    slots.indices
      .filter { if case .open(let open) = slots[$0] { !open.isClosed } else { false } }
      .sorted { age(of: $0) < age(of: $1) }
      .compactMap { close($0) }
  }

  /// Gives a shipped slot back.
  package mutating func release(_ slot: Int) {
    guard case .shipped = slots[slot] else { preconditionFailure("release of a slot that was not shipped") }
    slots[slot] = .free
  }

  /// Takes a slot out for good: one that was shipped, or is still being written. Places of it that were handed out lead
  /// nowhere then.
  ///
  /// - Returns: whether any slot is left.
  package mutating func retire(_ slot: Int) -> Bool {
    slots[slot] = .retired
    return slots.contains { if case .retired = $0 { false } else { true } }
  }

  /// Whether a slot was taken out.
  package func isRetired(_ slot: Int) -> Bool {
    if case .retired = slots[slot] { true } else { false }
  }

  private func age(of slot: Int) -> Int {
    if case .open(let open) = slots[slot] { open.age } else { .max }
  }

  private func indexOfOpenSlot(where accepts: (Open) -> Bool) -> Int? {
    slots.indices
      .filter { if case .open(let open) = slots[$0] { accepts(open) } else { false } }
      .min { age(of: $0) < age(of: $1) }
  }

  private mutating func takeRow(of slot: Int) -> Place {
    guard case .open(var open) = slots[slot] else { preconditionFailure("row of a slot that is not open") }
    let place = Place(slot: slot, row: open.reserved)
    open.reserved += 1
    slots[slot] = .open(open)
    return place
  }

  private mutating func close(_ slot: Int) -> Shipment? {
    guard case .open(var open) = slots[slot] else { return nil }
    open.isClosed = true
    slots[slot] = .open(open)
    return shipIfComplete(slot)
  }

  private mutating func shipIfComplete(_ slot: Int) -> Shipment? {
    guard case .open(let open) = slots[slot], open.written == open.reserved,
      open.isClosed || open.reserved == capacity
    else { return nil }
    slots[slot] = .shipped
    return Shipment(slot: slot, shape: open.shape, count: open.reserved)
  }
}
