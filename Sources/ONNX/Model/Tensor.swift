public import Tensors

/// A constant tensor of a model: a weight, or the value of an attribute.
///
/// Elements are row-major and little-endian. A tensor that was loaded from a file refers to the file's bytes until it
/// is changed, so copying one costs nothing.
public struct Tensor: Sendable {
  /// The tensor's name in its graph; empty in an attribute.
  public var name: String
  /// The length of each axis, outermost first; empty for a scalar. As the file says it: lengths may be negative or
  /// their product may overflow until the model is checked.
  public var shape: [Int]
  /// The type of one element.
  public var elementType: ElementType
  var storage: Storage
  /// The message without what is held above: fields that have no meaning here, and unknown ones.
  var rest = ProtoTensor()

  enum Storage: Sendable {
    /// In the typed fields of the message (`float_data` and its like).
    case fields
    case bytes([UInt8])
    case file(FileBytes, Range<Int>)
  }

  /// A tensor with the given bytes: row-major, little-endian, `shape` elements of `elementType`.
  public init(name: String, shape: [Int], elementType: ElementType, bytes: [UInt8]) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    storage = .bytes(bytes)
  }

  /// A float32 tensor.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, shape: shape, elementType: .float32, bytes: floats.withUnsafeBytes(Array.init))
  }

  /// An int64 tensor.
  public init(name: String, shape: [Int], integers: [Int64]) {
    self.init(name: name, shape: shape, elementType: .int64, bytes: integers.withUnsafeBytes(Array.init))
  }

  /// The number of elements, or `nil` where the shape is invalid: a negative length, or a product over 2^63.
  public var elementCount: Int? {
    var count = 1
    for length in shape {
      guard length >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The number of bytes that shape and type call for, or `nil` for an invalid shape or a type without a size.
  public var byteCount: Int? {
    guard let elementCount, let bits = elementType.storedBitWidth else { return nil }
    let (total, overflow) = elementCount.multipliedReportingOverflow(by: bits)
    return overflow || total > .max - 7 ? nil : (total + 7) / 8
  }

  /// The number of bytes stored, which for a valid tensor equals ``byteCount``; typed fields count as if packed.
  public var storedByteCount: Int {
    switch storage {
    case .bytes(let bytes): bytes.count
    case .file(_, let range): range.count
    case .fields: fieldElementCount * ((elementType.storedBitWidth ?? 0) / 8)
    }
  }

  /// Calls `body` with the elements' bytes, valid only during the call.
  ///
  /// - Throws: ``ModelError`` with code `invalid` where the stored bytes are not as many as shape and type call for.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    guard let byteCount else {
      throw ModelError(.invalid, "tensor '\(name)' has no valid size: shape \(shape), type \(elementType)")
    }
    guard byteCount == storedByteCount else {
      throw ModelError(
        .invalid,
        "tensor '\(name)' of shape \(shape) and type \(elementType) needs \(byteCount) bytes, the file has \(storedByteCount)"
      )
    }
    switch storage {
    case .bytes(let bytes): return try bytes.withUnsafeBytes(body)
    case .file(let file, let range): return try file.withBytes(in: range, body)
    case .fields: return try packedFields().withUnsafeBytes(body)
    }
  }
}

extension Tensor {
  /// The elements as float32, for floating-point types of 16 and 32 bits and float64.
  ///
  /// - Throws: ``ModelError`` for another type, or for bytes that do not fit the shape.
  public func floats() throws -> [Float] {
    try withUnsafeBytes { bytes in
      switch elementType {
      case .float32: Self.load(bytes, as: Float.self)
      case .float64: Self.load(bytes, as: Double.self).map { Float($0) }
      case .float16: Self.load(bytes, as: UInt16.self).map { HalfPrecision.float(fromFloat16: $0) }
      case .bfloat16: Self.load(bytes, as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
      default:
        throw ModelError(.invalid, "tensor '\(name)' is \(elementType), expected a floating-point type")
      }
    }
  }

  /// The elements as int64, for integer types and booleans (0 and 1). An unsigned value over 2^63 wraps.
  ///
  /// - Throws: ``ModelError`` for another type, or for bytes that do not fit the shape.
  public func integers() throws -> [Int64] {
    try withUnsafeBytes { bytes in
      switch elementType {
      case .int64: Self.load(bytes, as: Int64.self)
      case .uint64: Self.load(bytes, as: UInt64.self).map { Int64(bitPattern: $0) }
      case .int32: Self.load(bytes, as: Int32.self).map { Int64($0) }
      case .uint32: Self.load(bytes, as: UInt32.self).map { Int64($0) }
      case .int16: Self.load(bytes, as: Int16.self).map { Int64($0) }
      case .uint16: Self.load(bytes, as: UInt16.self).map { Int64($0) }
      case .int8: Self.load(bytes, as: Int8.self).map { Int64($0) }
      case .uint8: bytes.map { Int64($0) }
      case .boolean: bytes.map { $0 == 0 ? 0 : 1 }
      default: throw ModelError(.invalid, "tensor '\(name)' is \(elementType), expected an integer type")
      }
    }
  }

  /// Bytes from a file have no alignment, so elements are copied as bytes.
  private static func load<T>(_ bytes: UnsafeRawBufferPointer, as type: T.Type) -> [T] {
    let count = bytes.count / MemoryLayout<T>.size
    return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<T>.size)))
      initialized = count
    }
  }

  private var fieldElementCount: Int {
    switch elementType {
    case .float32: rest.floatData.count
    case .float64: rest.doubleData.count
    case .int64: rest.int64Data.count
    case .uint64, .uint32: rest.uint64Data.count
    default: rest.int32Data.count
    }
  }

  /// The typed fields in the layout of `raw_data`. Types of up to 32 bits are stored one element a number.
  private func packedFields() -> [UInt8] {
    func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes(Array.init) }
    switch elementType {
    case .float32: return rest.floatData.withUnsafeBytes(Array.init)
    case .float64: return rest.doubleData.withUnsafeBytes(Array.init)
    case .int64: return bytes(rest.int64Data)
    case .uint64: return bytes(rest.uint64Data)
    case .uint32: return bytes(rest.uint64Data.map { UInt32(truncatingIfNeeded: $0) })
    case .int32: return bytes(rest.int32Data)
    default:
      return (elementType.storedBitWidth ?? 0) == 16
        ? bytes(rest.int32Data.map { UInt16(truncatingIfNeeded: $0) })
        : bytes(rest.int32Data.map { UInt8(truncatingIfNeeded: $0) })
    }
  }
}
