/// An element type in which models write boxes and scores.
///
/// `isFlagged` is the cheap first look at a score: it must hold for every score above the threshold behind the key and
/// for every NaN; for anything else it may or may not hold.
protocol OutputElement {
  /// A threshold in the form that `isFlagged` compares with.
  associatedtype Key
  /// As wide as the element, so that the compiler's vectors of both have one length.
  associatedtype Flag: FixedWidthInteger
  var float: Float { get }
  static func key(for threshold: Float) -> Key
  func isFlagged(_ key: Key) -> Bool
}

extension Float: OutputElement {
  @inline(__always) var float: Float { self }
  typealias Flag = UInt32
  @inline(__always) static func key(for threshold: Float) -> Float { threshold }
  // Written as a negation so that NaN is flagged by the same comparison.
  @inline(__always) func isFlagged(_ key: Float) -> Bool { !(self <= key) }
}

/// IEEE 754 binary16 by its bits. Converted by hand: without F16C, which the x86-64 baseline lacks, Swift's own
/// conversion is a function call for each element.
struct Float16Bits: OutputElement {
  var bits: UInt16
  typealias Flag = UInt16

  @inline(__always) var float: Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let sign = UInt32(bits & 0x8000) << 16
    if bits & 0x7C00 == 0x7C00 { return Float(bitPattern: magnitude | 0x7F80_0000 | sign) }
    // The exponents differ by 112; the product also makes subnormals right.
    return Float(bitPattern: (Float(bitPattern: magnitude) * 0x1p112).bitPattern | sign)
  }

  static func key(for threshold: Float) -> Int16 {
    sixteenBitKey(for: threshold, greatestFinite: 0x7BFF) { Float16Bits(bits: $0).float }
  }

  @inline(__always) func isFlagged(_ key: Int16) -> Bool { Int16(bitPattern: bits & 0x7FFF) > key }
}

/// bfloat16 by its bits: the upper half of a float32.
struct BFloat16Bits: OutputElement {
  var bits: UInt16
  typealias Flag = UInt16

  @inline(__always) var float: Float { Float(bitPattern: UInt32(bits) << 16) }

  static func key(for threshold: Float) -> Int16 {
    sixteenBitKey(for: threshold, greatestFinite: 0x7F7F) { BFloat16Bits(bits: $0).float }
  }

  @inline(__always) func isFlagged(_ key: Int16) -> Bool { Int16(bitPattern: bits & 0x7FFF) > key }
}

/// The bits of the greatest value that does not exceed the threshold: magnitudes are ordered as their bits are, so
/// elements can be compared as integers, eight at a time. -1 where everything exceeds it.
private func sixteenBitKey(for threshold: Float, greatestFinite: UInt16, value: (UInt16) -> Float) -> Int16 {
  var low = -1
  var high = Int(greatestFinite)
  while low < high {
    let middle = (low + high + 1) / 2
    if value(UInt16(middle)) <= threshold { low = middle } else { high = middle - 1 }
  }
  return Int16(low)
}
