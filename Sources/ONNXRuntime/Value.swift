internal import CONNXRuntime
public import Tensors

/// A tensor that a session reads or writes: over memory of ONNX Runtime's own, or over the caller's, on the host or on a
/// device.
///
/// The value is immutable, its bytes are not: who writes them, and when, is the caller's to order.
public final class Value: Sendable {
  public let library: ONNXRuntimeLibrary
  /// The length of each axis, outermost first.
  public let shape: [Int]
  public let elementType: ElementType
  // Released once, in deinit. ONNX Runtime's values are counted references that may be used from any thread.
  nonisolated(unsafe) let pointer: OpaquePointer
  // Whatever owns the bytes, where the caller does. Kept, and never looked at.
  nonisolated(unsafe) private let owner: AnyObject?

  /// A tensor in host memory that ONNX Runtime takes from its allocator; the content is undefined at first.
  public init(library: ONNXRuntimeLibrary, shape: [Int], elementType: ElementType) throws(ONNXRuntimeError) {
    let code = try Self.code(of: elementType)
    let lengths = try Self.lengths(shape)
    self.library = library
    self.shape = shape
    self.elementType = elementType
    owner = nil
    pointer = try library.make("CreateTensorAsOrtValue") { table, value in
      ort_CreateTensorAsOrtValue_from(table)(library.allocator, lengths, lengths.count, code, &value)
    }
  }

  /// A tensor over the caller's host memory, which is not copied.
  ///
  /// - Parameters:
  ///   - bytes: dense and row-major; at least as many as the shape needs. Valid as long as the value and every binding
  ///     that it is bound to, or kept by `owner`.
  ///   - owner: kept as long as the value.
  public convenience init(
    over bytes: UnsafeMutableRawBufferPointer, shape: [Int], elementType: ElementType, memory: MemoryInfo,
    owner: AnyObject? = nil
  ) throws(ONNXRuntimeError) {
    try self.init(
      address: UInt(bitPattern: bytes.baseAddress), byteCount: bytes.count, shape: shape, elementType: elementType,
      memory: memory, owner: owner)
  }

  /// A tensor over the caller's memory on any device, which is not copied.
  ///
  /// - Parameters:
  ///   - address: the device address (a `CUdeviceptr`, or what `cudaMalloc` gave) of dense, row-major elements.
  ///   - byteCount: how much memory is there; at least as much as the shape needs.
  ///   - memory: which device the address belongs to.
  ///   - owner: kept as long as the value.
  public init(
    address: UInt, byteCount: Int, shape: [Int], elementType: ElementType, memory: MemoryInfo,
    owner: AnyObject? = nil
  ) throws(ONNXRuntimeError) {
    let code = try Self.code(of: elementType)
    let lengths = try Self.lengths(shape)
    library = memory.library
    self.shape = shape
    self.elementType = elementType
    self.owner = owner
    pointer = try memory.library.make("CreateTensorWithDataAsOrtValue") { table, value in
      ort_CreateTensorWithDataAsOrtValue_from(table)(
        memory.pointer, UnsafeMutableRawPointer(bitPattern: address), byteCount, lengths, lengths.count, code, &value)
    }
  }

  /// Takes over a value that ONNX Runtime made.
  init(taking pointer: OpaquePointer, library: ONNXRuntimeLibrary) throws(ONNXRuntimeError) {
    let description: (shape: [Int], elementType: ElementType)
    do {
      description = try Self.describe(pointer, library)
    } catch {
      ort_ReleaseValue_from(library.table)(pointer)
      throw error
    }
    self.library = library
    self.pointer = pointer
    shape = description.shape
    elementType = description.elementType
    owner = nil
  }

  deinit { ort_ReleaseValue_from(library.table)(pointer) }

  /// The number of elements.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The device that the tensor's memory belongs to, by ONNX Runtime's name: `Cpu`, `Cuda`.
  public func memoryName() throws(ONNXRuntimeError) -> String {
    let memory = try memoryPointer()
    let name: UnsafePointer<CChar>? = try library.read("MemoryInfoGetName", initial: nil) {
      ort_MemoryInfoGetName_from($0)(memory, &$1)
    }
    return name.map { String(cString: $0) } ?? ""
  }

  /// Which device of its kind the tensor's memory belongs to.
  public func memoryDevice() throws(ONNXRuntimeError) -> Int {
    let memory = try memoryPointer()
    return Int(try library.read("MemoryInfoGetId", initial: 0) { ort_MemoryInfoGetId_from($0)(memory, &$1) })
  }

  /// The address of the first element, on whichever device the memory belongs to; 0 for an empty tensor. Valid as long as
  /// the value.
  public func address() throws(ONNXRuntimeError) -> UInt {
    let data: UnsafeMutableRawPointer? = try library.read("GetTensorMutableData", initial: nil) {
      ort_GetTensorMutableData_from($0)(pointer, &$1)
    }
    return UInt(bitPattern: data)
  }

  /// The tensor's bytes in host memory, valid as long as the value.
  ///
  /// - Throws: ``ONNXRuntimeError`` if the memory is a device's, or the element type has no known size.
  public func bytes() throws(ONNXRuntimeError) -> UnsafeMutableRawBufferPointer {
    let memory = try memoryPointer()
    var kind: Int32 = 0
    ort_MemoryInfoGetDeviceType_from(library.table)(memory, &kind)
    guard kind == 0 else {
      throw ONNXRuntimeError(
        .invalidArgument, operation: "GetTensorMutableData",
        message: "The tensor is in the memory of \(try memoryName()) \(try memoryDevice()), not the host's. "
          + "Bind the output to host memory, or copy it.")
    }
    guard let size = elementType.byteCount else {
      throw ONNXRuntimeError(
        .invalidArgument, operation: "GetTensorMutableData",
        message: "The tensor's elements are of type \(elementType), which cannot be read as bytes.")
    }
    return UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: try address()), count: elementCount * size)
  }

  private func memoryPointer() throws(ONNXRuntimeError) -> OpaquePointer {
    try library.make("GetTensorMemoryInfo") { ort_GetTensorMemoryInfo_from($0)(pointer, &$1) }
  }

  private static func code(of type: ElementType) throws(ONNXRuntimeError) -> Int32 {
    guard let code = type.onnxCode else {
      throw ONNXRuntimeError(
        .invalidArgument, operation: "CreateTensor", message: "Tensors of type \(type) cannot be made here.")
    }
    return code
  }

  // Checks what could overflow here or in the runtime: the product of the lengths is used unchecked afterwards.
  private static func lengths(_ shape: [Int]) throws(ONNXRuntimeError) -> [Int64] {
    var count = 1
    for length in shape {
      let product = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !product.overflow, product.partialValue <= Int.max / 16 else {
        throw ONNXRuntimeError(
          .invalidArgument, operation: "CreateTensor",
          message: "\(shape) is not the shape of a tensor that fits in memory.")
      }
      count = product.partialValue
    }
    return shape.map { Int64($0) }
  }

  private static func describe(
    _ pointer: OpaquePointer, _ library: ONNXRuntimeLibrary
  ) throws(ONNXRuntimeError) -> (shape: [Int], elementType: ElementType) {
    guard try library.read("IsTensor", initial: 0, { ort_IsTensor_from($0)(pointer, &$1) }) != 0 else {
      throw ONNXRuntimeError(
        .invalidArgument, operation: "GetTensorTypeAndShape",
        message: "The value is not a tensor but a sequence, a map or another type of ONNX.")
    }
    let info = try library.make("GetTensorTypeAndShape") { ort_GetTensorTypeAndShape_from($0)(pointer, &$1) }
    defer { ort_ReleaseTensorTypeAndShapeInfo_from(library.table)(info) }
    let tensor = try TensorInformation(reading: info, library)
    return (tensor.lengths.map { Int($0) }, tensor.elementType)
  }
}
