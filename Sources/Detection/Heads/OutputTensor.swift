// For the linker alone: rounding is a call into libm on processors without SSE4.1, and this is what links it.
internal import Glibc
internal import Tensors

/// One output of a run, checked: its memory holds what its shape says, and is aligned.
struct OutputTensor {
  let name: String
  let shape: [Int]
  let elementType: ElementType
  private let base: UnsafeRawPointer

  init(_ view: TensorView) throws(DetectionError) {
    name = view.name
    shape = view.shape
    elementType = view.elementType
    guard let byteCount = view.elementType.byteCount else {
      throw DetectionError(
        .unreadableOutput,
        "The output \(view.name) has elements of \(view.elementType), which cannot be read.")
    }
    var needed = byteCount
    for length in view.shape {
      let (product, overflowed) = needed.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflowed else {
        throw DetectionError(
          .unreadableOutput, "The output \(view.name) has the impossible shape \(view.shape).")
      }
      needed = product
    }
    guard view.bytes.count >= needed else {
      throw DetectionError(
        .unreadableOutput,
        "The output \(view.name) of shape \(view.shape) and type \(view.elementType) needs \(needed) bytes, "
          + "but its memory has \(view.bytes.count).")
    }
    guard let base = view.bytes.baseAddress, needed > 0 else {
      // Nothing is read from an empty tensor; the address only has to exist.
      base = UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
      return
    }
    guard Int(bitPattern: base) % byteCount == 0 else {
      throw DetectionError(
        .unreadableOutput,
        "The memory of the output \(view.name) is not aligned to its \(byteCount)-byte elements.")
    }
    self.base = base
  }

  func failure(expected: String) -> DetectionError {
    DetectionError(
      .unreadableOutput,
      "The output \(name) has the shape \(shape) and type \(elementType); expected \(expected).")
  }

  /// The elements of one image: row `row` of axis 0, `count` elements each.
  func elements<Element>(_ type: Element.Type, row: Int, count: Int) -> UnsafePointer<Element> {
    (base + row * count * MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
  }

  /// The product of the axes after the first.
  var elementsPerRow: Int { shape.dropFirst().reduce(1, *) }

  func requireRow(_ row: Int) throws(DetectionError) {
    guard let batch = shape.first, row >= 0, row < batch else {
      throw failure(expected: "a batch of more than \(row)")
    }
  }

  /// A reader of single elements as float32, for the small tensors where speed does not matter.
  func floats(row: Int) throws(DetectionError) -> (Int) -> Float {
    let count = elementsPerRow
    switch elementType {
    case .float32:
      let pointer = elements(Float.self, row: row, count: count)
      return { pointer[$0] }
    case .float16:
      let pointer = elements(Float16Bits.self, row: row, count: count)
      return { pointer[$0].float }
    case .bfloat16:
      let pointer = elements(BFloat16Bits.self, row: row, count: count)
      return { pointer[$0].float }
    default: throw failure(expected: "float32, float16 or bfloat16")
    }
  }

  /// A reader of single elements as whole numbers; `nil` for what is none or does not fit.
  func integers(row: Int) throws(DetectionError) -> (Int) -> Int? {
    let count = elementsPerRow
    func reader<Element: BinaryInteger>(_ type: Element.Type) -> (Int) -> Int? {
      let pointer = elements(type, row: row, count: count)
      return { Int(exactly: pointer[$0]) }
    }
    switch elementType {
    case .int8: return reader(Int8.self)
    case .int16: return reader(Int16.self)
    case .int32: return reader(Int32.self)
    case .int64: return reader(Int64.self)
    case .uint8: return reader(UInt8.self)
    case .uint16: return reader(UInt16.self)
    case .uint32: return reader(UInt32.self)
    case .uint64: return reader(UInt64.self)
    case .float32, .float16, .bfloat16:
      let float = try floats(row: row)
      return { wholeNumber(float($0)) }
    default: throw failure(expected: "integers or float32")
    }
  }
}

/// The whole number nearest to a class index that a model wrote as a float; `nil` for NaN, infinities and huge values.
func wholeNumber(_ value: Float) -> Int? { Int(exactly: value.rounded()) }
