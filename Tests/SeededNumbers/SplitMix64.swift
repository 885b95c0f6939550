/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for the same seed, everywhere, so that a random test that
/// fails can be repeated.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in 0..<1, one of 2^24 values.
  package mutating func unit() -> Float { Float(next() >> 40) / 16_777_216 }

  package mutating func float(_ range: Range<Float>) -> Float {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  package mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }

  package mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  package mutating func one<T>(of choices: [T]) -> T { choices[int(0...choices.count - 1)] }
}
