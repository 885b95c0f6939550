internal import COpenVINO
public import Tensors

/// A tensor in host memory: OpenVINO's own, or the caller's lent to it.
///
/// Not `Sendable`: nothing orders accesses to its bytes.
public final class HostTensor {
  public let library: OpenVINOLibrary
  let handle: OpaquePointer
  // Keeps lent memory, or the request that an output belongs to, alive.
  private let owner: AnyObject?

  init(library: OpenVINOLibrary, handle: OpaquePointer, owner: AnyObject?) {
    self.library = library
    self.handle = handle
    self.owner = owner
  }

  /// Makes a tensor whose memory OpenVINO allocates.
  public convenience init(
    library: OpenVINOLibrary, elementType: ElementType, shape: [Int]
  ) throws(OpenVINOError) {
    let code = try library.code(of: elementType, for: "ov_tensor_create")
    let handle = try library.make("ov_tensor_create") { out in
      withShape(shape) { library.functions.tensorCreate(code, $0, out) }
    }
    self.init(library: library, handle: handle, owner: nil)
  }

  /// Makes a tensor over memory of the caller's, which OpenVINO reads and writes in place.
  ///
  /// - Parameters:
  ///   - shape: the axes' lengths; row-major and dense.
  ///   - bytes: at least as many bytes as the shape needs; 64-byte alignment is best.
  ///   - owner: what keeps `bytes` alive; held as long as the tensor lives. Where it is `nil`, the caller sees to that.
  public convenience init(
    library: OpenVINOLibrary, elementType: ElementType, shape: [Int], bytes: UnsafeMutableRawBufferPointer,
    owner: AnyObject?
  ) throws(OpenVINOError) {
    let call: StaticString = "ov_tensor_create_from_host_ptr"
    let code = try library.code(of: elementType, for: call)
    guard let needed = byteCount(of: shape, elementType), needed <= bytes.count, let start = bytes.baseAddress
    else {
      throw OpenVINOError(
        status: .invalidParameter, call: "\(call)",
        message: "\(bytes.count) bytes are too few for \(shape) of \(elementType)")
    }
    let handle = try library.make(call) { out in
      withShape(shape) { library.functions.tensorWrap(code, $0, start, out) }
    }
    self.init(library: library, handle: handle, owner: owner)
  }

  deinit { library.functions.tensorFree(handle) }

  /// The lengths of the axes, outermost first.
  public func shape() throws(OpenVINOError) -> [Int] {
    var shape = ov_shape()
    try library.check("ov_tensor_get_shape", library.functions.tensorShape(handle, &shape))
    defer { library.functions.shapeFree(&shape) }
    return UnsafeBufferPointer(start: shape.dims, count: shape.dims == nil ? 0 : Int(max(0, shape.rank))).map {
      Int($0)
    }
  }

  /// Changes the shape. Memory of OpenVINO's own grows as needed; lent memory must be large enough.
  public func reshape(to shape: [Int]) throws(OpenVINOError) {
    try library.check(
      "ov_tensor_set_shape", withShape(shape) { library.functions.tensorSetShape(handle, $0) })
  }

  public func elementType() throws(OpenVINOError) -> ElementType {
    var code: ov_element_code = 0
    try library.check("ov_tensor_get_element_type", library.functions.tensorElement(handle, &code))
    return library.elementCodes.type(of: code)
  }

  /// The memory at the current shape. Valid as long as the tensor lives and keeps its shape; an output of a request is
  /// overwritten by the request's next execution.
  public func bytes() throws(OpenVINOError) -> UnsafeMutableRawBufferPointer {
    let count = try library.number("ov_tensor_get_byte_size") {
      library.functions.tensorByteCount(handle, $0)
    }
    guard count > 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    var start: UnsafeMutableRawPointer?
    try library.check("ov_tensor_data", library.functions.tensorData(handle, &start))
    return UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : count)
  }
}

extension OpenVINOLibrary {
  fileprivate func code(of type: ElementType, for call: StaticString) throws(OpenVINOError) -> Int32 {
    guard let code = elementCodes.code(of: type) else {
      throw OpenVINOError(
        status: .invalidParameter, call: "\(call)", message: "OpenVINO has no element type \(type)")
    }
    return code
  }
}

private func withShape<Result>(_ lengths: [Int], _ body: (ov_shape) -> Result) -> Result {
  var dims = lengths.map(Int64.init)
  return dims.withUnsafeMutableBufferPointer { body(ov_shape(rank: Int64($0.count), dims: $0.baseAddress)) }
}

/// The bytes of a dense tensor, or `nil` where they cannot be counted.
private func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
  guard var count = type.byteCount else { return nil }
  for length in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: length)
    guard length >= 0, !overflow else { return nil }
    count = product
  }
  return count
}
