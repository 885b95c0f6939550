/// The boxes that stay, so arranged that a new one is compared with few of them.
///
/// For boxes A and B with IoU above t, the same holds for their extents along each axis, from which follows that A's
/// centre lies within (1-t)/t half widths of B's centre, and likewise in height. So a box that stays is entered into
/// every cell of a grid that this reach around its centre touches, and a new box looks only into the cell of its own
/// centre. Cells are hashed; a collision costs a comparison and changes nothing. A box whose reach covers many cells goes
/// to a list that every new box looks through, which is also where all go when there are few.
struct KeptBoxes: Sendable {
  /// Places of boxes that everything is compared with.
  private var everywhere: [Int32] = []
  /// Places of all boxes that stay.
  private var all: [Int32] = []
  private var heads: [Int32] = []
  private var entries: [Entry] = []
  private var cellLength = 0.0
  private var reach = 0.0
  private var mask = 0
  private var usesGrid = false

  private struct Entry: Sendable {
    var place: Int32
    var next: Int32
  }

  /// Fewer boxes than this are compared directly.
  private static let gridCount = 192
  private static let maximumCells = 16
  /// Coordinates beyond this are not put into cells.
  private static let farAway = 1e9

  /// Forgets everything, and chooses the grid for the boxes to come.
  mutating func reset(boxes: UnsafeBufferPointer<SuppressionBox>, lowestThreshold: Float) {
    everywhere.removeAll(keepingCapacity: true)
    all.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    usesGrid = false
    guard boxes.count >= KeptBoxes.gridCount, lowestThreshold > 0.05 else { return }
    var sum = 0.0
    for box in boxes { sum += Double(max(box.x2 - box.x1, box.y2 - box.y1)) }
    let mean = sum / Double(boxes.count)
    guard mean > 1e-3, mean < 1e6 else { return }
    let threshold = min(Double(lowestThreshold), 1)
    // A thousandth more than the bound, far more than float32's rounding can move an IoU.
    reach = (1 - threshold) / threshold * 1.001
    cellLength = mean * max(1, reach)
    let size = 1 << (64 - min(boxes.count, 32_768).leadingZeroBitCount)
    mask = size - 1
    if heads.count < size { heads = [Int32](repeating: -1, count: size) }
    for index in 0..<size { heads[index] = -1 }
    usesGrid = true
  }

  /// Whether the box at a place stays, in which case it is entered.
  @inline(__always)
  mutating func keep(_ place: Int, of boxes: UnsafeBufferPointer<SuppressionBox>, threshold: Float) -> Bool {
    let box = boxes[place]
    for other in everywhere where box.overlaps(boxes[Int(other)], above: threshold) { return false }
    let entry = Int32(truncatingIfNeeded: place)
    guard usesGrid else {
      everywhere.append(entry)
      return true
    }
    let centreX = (Double(box.x1) + Double(box.x2)) / 2
    let centreY = (Double(box.y1) + Double(box.y2)) / 2
    if abs(centreX) < KeptBoxes.farAway && abs(centreY) < KeptBoxes.farAway {
      let cell = slot(
        Int((centreX / cellLength).rounded(.down)), Int((centreY / cellLength).rounded(.down)), box.group)
      var next = heads[cell]
      while next >= 0 {
        let current = entries[Int(next)]
        if box.overlaps(boxes[Int(current.place)], above: threshold) { return false }
        next = current.next
      }
    } else {
      for other in all where box.overlaps(boxes[Int(other)], above: threshold) { return false }
    }
    all.append(entry)
    enter(entry, box, centreX, centreY)
    return true
  }

  private mutating func enter(_ place: Int32, _ box: SuppressionBox, _ centreX: Double, _ centreY: Double) {
    // The hundredth of a pixel covers boxes so small that float32 areas vanish.
    let reachX = (Double(box.x2) - Double(box.x1)) / 2 * reach + 0.01
    let reachY = (Double(box.y2) - Double(box.y1)) / 2 * reach + 0.01
    let left = ((centreX - reachX) / cellLength).rounded(.down)
    let right = ((centreX + reachX) / cellLength).rounded(.down)
    let top = ((centreY - reachY) / cellLength).rounded(.down)
    let bottom = ((centreY + reachY) / cellLength).rounded(.down)
    guard (right - left + 1) * (bottom - top + 1) <= Double(KeptBoxes.maximumCells),
      max(abs(centreX) + reachX, abs(centreY) + reachY) < 2 * KeptBoxes.farAway
    else {
      everywhere.append(place)
      return
    }
    for y in Int(top)...Int(bottom) {
      for x in Int(left)...Int(right) {
        let cell = slot(x, y, box.group)
        entries.append(Entry(place: place, next: heads[cell]))
        heads[cell] = Int32(truncatingIfNeeded: entries.count - 1)
      }
    }
  }

  @inline(__always)
  private func slot(_ x: Int, _ y: Int, _ group: Int32) -> Int {
    let mixed = (x &* 73_856_093) ^ (y &* 19_349_663) ^ (Int(group) &* 83_492_791)
    return (mixed ^ (mixed >> 15)) & mask
  }
}
