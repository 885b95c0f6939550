/// The shape that a model declares for a tensor: one ``Dimension`` per axis, fixed or dynamic.
public struct TensorShape: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// One axis of a declared shape.
  public enum Dimension: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// An axis whose length the model states.
    case fixed(Int)
    /// An axis whose length each execution chooses, with the model's name for it where it has one.
    case dynamic(name: String?)

    public init(integerLiteral value: Int) { self = .fixed(value) }

    /// The stated length, or `nil` for a dynamic axis.
    public var length: Int? {
      if case .fixed(let length) = self { length } else { nil }
    }
  }

  /// The axes, outermost first.
  public var dimensions: [Dimension]

  public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  public init(arrayLiteral elements: Dimension...) { dimensions = elements }

  /// A shape with every axis fixed.
  public init(lengths: [Int]) { dimensions = lengths.map(Dimension.fixed) }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  public var isDynamic: Bool { dimensions.contains { $0.length == nil } }

  public subscript(axis: Int) -> Dimension { dimensions[axis] }

  /// Whether a tensor of the given lengths is an instance of this shape: same rank, equal where fixed.
  public func admits(_ lengths: [Int]) -> Bool {
    lengths.count == rank && zip(dimensions, lengths).allSatisfy { $0.length == nil || $0.length == $1 }
  }
}

extension TensorShape: CustomStringConvertible {
  /// `(batch, 3, 640, 640)`; an unnamed dynamic axis is `?`.
  public var description: String {
    let axes = dimensions.map { dimension in
      switch dimension {
      case .fixed(let length): "\(length)"
      case .dynamic(let name): name ?? "?"
      }
    }
    return "(\(axes.joined(separator: ", ")))"
  }
}
