/// The order in which candidates are looked at: by score, highest first; equal scores by anchor, then class, then place.
struct ScoreOrder: Sendable {
  /// Upper half: the score's bits, turned so that smaller means higher; lower half: the candidate's place.
  private var keys: [UInt64] = []
  private var spare: [UInt64] = []

  /// The candidate that comes `place`-th.
  @inline(__always)
  subscript(place: Int) -> Int { Int(keys[place] & 0xFFFF_FFFF) }

  /// From here on a radix sort of the scores is faster than comparing.
  private static let radixCount = 1500

  mutating func sort(_ candidates: [Candidate]) {
    keys.removeAll(keepingCapacity: true)
    keys.reserveCapacity(candidates.count)
    var isOrdered = true
    var previous: (anchor: Int32, classIndex: Int32) = (.min, .min)
    for (place, candidate) in candidates.enumerated() {
      let current = (candidate.anchor, candidate.classIndex)
      isOrdered = isOrdered && previous <= current
      previous = current
      keys.append(UInt64(ScoreOrder.descendingKey(candidate.score)) << 32 | UInt64(truncatingIfNeeded: place))
    }
    // Heads deliver candidates by anchor and class; then the place alone breaks ties.
    if !isOrdered {
      keys.sort { first, second in
        guard first >> 32 == second >> 32 else { return first < second }
        let a = candidates[Int(first & 0xFFFF_FFFF)]
        let b = candidates[Int(second & 0xFFFF_FFFF)]
        return (a.anchor, a.classIndex, first) < (b.anchor, b.classIndex, second)
      }
    } else if keys.count < ScoreOrder.radixCount {
      keys.sort()
    } else {
      radixSort()
    }
  }

  /// Bits whose unsigned order is the descending order of the numbers. -0 counts as 0.
  @inline(__always)
  private static func descendingKey(_ score: Float) -> UInt32 {
    let bits = (score + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? ~(bits | 0x8000_0000) : bits
  }

  /// Least significant digit first, 11 bits at a time, of the upper halves; stable, so the places stay in order.
  private mutating func radixSort() {
    let count = keys.count
    if spare.count < count { spare = [UInt64](repeating: 0, count: count) }
    for shift in [32, 43, 54] {
      keys.withUnsafeMutableBufferPointer { keys in
        spare.withUnsafeMutableBufferPointer { spare in
          withUnsafeTemporaryAllocation(of: Int.self, capacity: 2048) { starts in
            starts.initialize(repeating: 0)
            for index in 0..<count { starts[Int(keys[index] >> UInt64(shift)) & 2047] += 1 }
            var sum = 0
            for digit in 0..<2048 {
              let length = starts[digit]
              starts[digit] = sum
              sum += length
            }
            for index in 0..<count {
              let digit = Int(keys[index] >> UInt64(shift)) & 2047
              spare[starts[digit]] = keys[index]
              starts[digit] += 1
            }
            for index in 0..<count { keys[index] = spare[index] }
          }
        }
      }
    }
  }
}
