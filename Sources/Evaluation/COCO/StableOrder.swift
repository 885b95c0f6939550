/// Stable sorts by counting, which is what keeps an evaluation linear.
enum StableOrder {
  /// The places regrouped by a key below `keyCount`, in order of key; equal keys keep their order.
  ///
  /// - Returns: the places, and where each key's begin (one more entry than keys).
  static func grouped(
    _ places: [Int32], keyCount: Int, key: (Int32) -> Int
  ) -> (places: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: keyCount + 1)
    for place in places { starts[key(place) + 1] += 1 }
    for index in 0..<keyCount { starts[index + 1] += starts[index] }
    var next = starts
    let result = [Int32](unsafeUninitializedCapacity: places.count) { buffer, count in
      for place in places {
        let group = key(place)
        (buffer.baseAddress.unsafelyUnwrapped + next[group]).initialize(to: place)
        next[group] += 1
      }
      count = places.count
    }
    return (result, starts)
  }

  /// The places by descending score; equal scores keep their order. NaN must not occur.
  static func byDescendingScore(_ places: [Int32], score: (Int32) -> Double) -> [Int32] {
    struct Entry {
      var key: UInt64
      var place: Int32
    }
    var entries = places.map { place -> Entry in
      // -0 counts as 0. Positive numbers sort as their bits; for negative ones all bits turn.
      let bits = (score(place) + 0).bitPattern
      let ascending = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
      return Entry(key: ~ascending, place: place)
    }
    var spare = entries
    // Least significant digit first; digits in which all keys agree, as the low ones of float32 numbers, are skipped.
    for shift in stride(from: UInt64(0), to: 64, by: 11) {
      var starts = [Int](repeating: 0, count: 2049)
      for entry in entries { starts[Int(entry.key >> shift & 2047) + 1] += 1 }
      if starts.contains(entries.count) { continue }
      for index in 0..<2048 { starts[index + 1] += starts[index] }
      for entry in entries {
        let digit = Int(entry.key >> shift & 2047)
        spare[starts[digit]] = entry
        starts[digit] += 1
      }
      swap(&entries, &spare)
    }
    return entries.map(\.place)
  }
}
