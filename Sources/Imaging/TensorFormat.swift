public import Tensors

/// The elements that an input tensor wants.
public struct TensorFormat: Hashable, Sendable {
  /// The type of one element.
  public enum Element: String, CaseIterable, Hashable, Sendable {
    case float32, float16, uint8

    /// Bytes of one element.
    public var byteCount: Int {
      switch self {
      case .float32: 4
      case .float16: 2
      case .uint8: 1
      }
    }
  }

  /// The order of the axes for one picture of height H and width W.
  public enum Layout: String, CaseIterable, Hashable, Sendable {
    /// [3, H, W].
    case nchw
    /// [H, W, 3].
    case nhwc
  }

  /// The order of the three channels.
  public enum ChannelOrder: String, CaseIterable, Hashable, Sendable {
    case rgb, bgr
  }

  /// What becomes of a byte x of a picture. Tensors of bytes take x itself.
  public enum Normalisation: Hashable, Sendable {
    /// x / 255, the float32 division of Ultralytics and NumPy; rounded again for float16.
    case divideBy255
    /// x * factor in float32; rounded again for float16. The original recipe's factor is 0.0039215697906911373.
    case multiply(Float)
    /// x as a number, 0...255.
    case none

    /// The original recipe's factor, which is not 1/255: 0.0039215697906911373.
    public static let originalRecipe = Normalisation.multiply(0.003_921_569_790_691_137_3)
  }

  public var element: Element
  public var layout: Layout
  public var channelOrder: ChannelOrder
  /// For `uint8` this is not consulted: bytes are raw.
  public var normalisation: Normalisation

  public init(
    element: Element = .float32, layout: Layout = .nchw, channelOrder: ChannelOrder = .rgb,
    normalisation: Normalisation = .divideBy255
  ) {
    self.element = element
    self.layout = layout
    self.channelOrder = channelOrder
    self.normalisation = normalisation
  }
}

extension TensorFormat.Element {
  /// The element type of a tensor, or `nil` where pictures are not written in it.
  public init?(_ type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .float16: self = .float16
    case .uint8: self = .uint8
    default: return nil
    }
  }
}

/// Every byte's value as a tensor element, exactly; and, for vector code, two constants that give the same in two
/// operations.
package struct ValueTable {
  package let float32: [Float]
  package let float16: [UInt16]
  /// fma(x, high, x * low) equals `float32[x]` for every byte x. With 1/255 split in two floats the sum is exact enough
  /// to round as the division does; a test goes through all 256.
  package let high, low: Float
  /// The same in float16, each operation rounded, where that gives all of `float16`, as it does for 1/255; otherwise `nil`.
  package let halves: (high: Float16, low: Float16)?

  package init(_ normalisation: TensorFormat.Normalisation) {
    switch normalisation {
    case .divideBy255:
      high = 1 / 255
      low = Float(1 / 255 - Double(high))
      float32 = (0...255).map { Float($0) / 255 }
    case .multiply(let factor):
      high = factor
      // A zero of the factor's sign: 0 times a negative factor is -0, and -0 + 0 would not be.
      low = factor.sign == .minus ? -0.0 : 0
      float32 = (0...255).map { Float($0) * factor }
    case .none:
      high = 1
      low = 0
      float32 = (0...255).map { Float($0) }
    }
    let float16 = float32.map { Float16($0).bitPattern }
    self.float16 = float16
    let factor = Double(high) + Double(low)
    let halfHigh = Float16(factor)
    let halfLow = Float16(factor - Double(halfHigh))
    // Products and sums are exact in 64 bits: both terms are multiples of 2^-24 and below 2^25.
    let isExact = float16.indices.allSatisfy { x in
      let part = Float16(Double(x) * Double(halfLow))
      return Float16(Double(x) * Double(halfHigh) + Double(part)).bitPattern == float16[x]
    }
    halves = isExact ? (halfHigh, halfLow) : nil
  }
}
