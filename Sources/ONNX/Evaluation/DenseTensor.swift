package import Tensors

/// A tensor with its elements in memory, for evaluating operators on constants.
///
/// Floating-point types of up to 32 bits are held as float32 and rounded to their type when stored; integers and
/// booleans as int64. Float64 is not held: rounding it would change results.
package struct DenseTensor: Sendable {
  package enum Elements: Sendable {
    case floats([Float])
    case integers([Int64])

    package var count: Int {
      switch self {
      case .floats(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  package let elementType: ElementType
  /// The length of each axis, outermost first.
  package let shape: [Int]
  /// Row-major; as many as the product of ``shape``.
  package let elements: Elements

  /// - Precondition: as many elements as the shape says.
  package init(_ elementType: ElementType, _ shape: [Int], floats: [Float]) {
    precondition(floats.count == shape.reduce(1, *))
    self.elementType = elementType
    self.shape = shape
    switch elementType {
    case .float16: elements = .floats(floats.map { HalfPrecision.float(fromFloat16: HalfPrecision.float16($0)) })
    case .bfloat16: elements = .floats(floats.map { Float(bitPattern: UInt32(HalfPrecision.bfloat16($0)) << 16) })
    default: elements = .floats(floats)
    }
  }

  /// Integers wrap to the width of their type.
  ///
  /// - Precondition: as many elements as the shape says.
  package init(_ elementType: ElementType, _ shape: [Int], integers: [Int64]) {
    precondition(integers.count == shape.reduce(1, *))
    self.elementType = elementType
    self.shape = shape
    elements = .integers(
      integers.map { value in
        switch elementType {
        case .int8: Int64(Int8(truncatingIfNeeded: value))
        case .uint8: Int64(UInt8(truncatingIfNeeded: value))
        case .int16: Int64(Int16(truncatingIfNeeded: value))
        case .uint16: Int64(UInt16(truncatingIfNeeded: value))
        case .int32: Int64(Int32(truncatingIfNeeded: value))
        case .uint32: Int64(UInt32(truncatingIfNeeded: value))
        case .boolean: value == 0 ? 0 : 1
        default: value
        }
      })
  }

  /// The contents of a model's constant, or `nil` where it is not valid, of a type not held here, or larger than
  /// `limit` elements.
  package init?(_ tensor: Tensor, limit: Int = 1 << 40) {
    guard Self.count(tensor.shape, limit: limit) != nil else { return nil }
    switch tensor.elementType {
    case .float32, .float16, .bfloat16:
      guard let values = try? tensor.floats() else { return nil }
      self.init(tensor.elementType, tensor.shape, floats: values)
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .boolean:
      guard let values = try? tensor.integers() else { return nil }
      self.init(tensor.elementType, tensor.shape, integers: values)
    default: return nil
    }
  }

  package var count: Int { elements.count }

  /// The number of elements of a shape, or `nil` where it is over the limit or some partial product could overflow;
  /// an empty tensor may have long axes beside the one of length 0.
  static func count(_ shape: [Int], limit: Int) -> Int? {
    var product = 1
    for length in shape {
      guard length >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: Swift.max(length, 1))
      guard !overflow, next <= limit else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  package var floats: [Float]? { if case .floats(let values) = elements { values } else { nil } }
  package var integers: [Int64]? { if case .integers(let values) = elements { values } else { nil } }

  /// The same elements in the same order under another shape.
  ///
  /// - Precondition: the same number of elements.
  func reshaped(_ shape: [Int]) -> DenseTensor { DenseTensor(elementType, shape, elements) }

  init(_ elementType: ElementType, _ shape: [Int], _ elements: Elements) {
    switch elements {
    case .floats(let values): self.init(elementType, shape, floats: values)
    case .integers(let values): self.init(elementType, shape, integers: values)
    }
  }

  /// The elements at `positions`, under `shape`.
  func gathered(_ positions: [Int], shape: [Int]) -> DenseTensor {
    switch elements {
    case .floats(let values): DenseTensor(elementType, shape, floats: positions.map { values[$0] })
    case .integers(let values): DenseTensor(elementType, shape, integers: positions.map { values[$0] })
    }
  }

  /// A model's constant with these contents.
  package func tensor(named name: String) -> Tensor {
    func pack<T: FixedWidthInteger>(_ type: T.Type, _ values: [Int64]) -> [UInt8] {
      values.map { T(truncatingIfNeeded: $0) }.withUnsafeBytes(Array.init)
    }
    let bytes: [UInt8]
    switch elements {
    case .floats(let values):
      switch elementType {
      case .float16: bytes = values.map(HalfPrecision.float16).withUnsafeBytes(Array.init)
      case .bfloat16: bytes = values.map(HalfPrecision.bfloat16).withUnsafeBytes(Array.init)
      default: bytes = values.withUnsafeBytes(Array.init)
      }
    case .integers(let values):
      switch elementType.storedBitWidth {
      case 8: bytes = pack(UInt8.self, values)
      case 16: bytes = pack(UInt16.self, values)
      case 32: bytes = pack(UInt32.self, values)
      default: bytes = pack(Int64.self, values)
      }
    }
    return Tensor(name: name, shape: shape, elementType: elementType, bytes: bytes)
  }
}

/// Row-major index arithmetic.
package enum Strides {
  /// How far apart neighbours along each axis lie.
  package static func of(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    return strides
  }

  /// The positions in a row-major walk over `shape`, where each axis advances by its stride from `offset`.
  package static func walk(_ shape: [Int], _ strides: [Int], offset: Int = 0) -> [Int] {
    var positions = [offset]
    for (length, stride) in zip(shape, strides) {
      var next: [Int] = []
      next.reserveCapacity(positions.count * length)
      for position in positions { for step in 0..<length { next.append(position + step * stride) } }
      positions = next
    }
    return positions
  }
}
