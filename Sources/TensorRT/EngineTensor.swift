internal import CTensorRT
public import Tensors

/// An input or output of an engine.
public struct EngineTensor: Sendable, Hashable {
  public enum Mode: Sendable, Hashable {
    case input, output
  }

  public var name: String
  public var mode: Mode
  /// The length of each axis, outermost first; -1 where each execution chooses or computes it.
  public var shape: [Int]
  public var elementType: ElementType
  /// How the elements lie in memory.
  public var format: TensorFormat
  /// The format in TensorRT's words: `Row major linear FP32 format (kLINEAR)`.
  public var formatDescription: String
  /// Whether its bytes are to be in host memory: the values of shape tensors are.
  public var isOnHost: Bool
  /// Whether its values, not only its shape, decide shapes.
  public var isShapeInference: Bool
  /// For vectorised formats, the axis that is split and the number of elements of it that lie together; otherwise `nil`.
  public var vectorization: Vectorization?

  /// The axis of a tensor that a vectorised format splits.
  public struct Vectorization: Sendable, Hashable {
    public var axis: Int
    public var elementCount: Int
  }

  init(_ engine: NativeObject, name: String) throws(TensorRTError) {
    let (layout, address, library) = (engine.layout, engine.address, engine.library)
    let mark = library.hub.mark
    self.name = name
    let mode = swoop_trt_ICudaEngine_getTensorIOMode(layout, address, name)
    switch mode {
    case library.value(of: SWOOP_TRT_TensorIOMode_kINPUT): self.mode = .input
    case library.value(of: SWOOP_TRT_TensorIOMode_kOUTPUT): self.mode = .output
    default:
      throw library.failure(
        .layoutMismatch, "\(library.version) says that the tensor \(name) is of mode \(mode).", since: mark)
    }
    guard let shape = swoop_trt_ICudaEngine_getTensorShape(layout, address, name).lengths else {
      throw library.failure(.layoutMismatch, "\(library.version) gives no shape for the tensor \(name).", since: mark)
    }
    self.shape = shape
    elementType = ElementType(native: swoop_trt_ICudaEngine_getTensorDataType(layout, address, name), in: library)
    format = TensorFormat(native: swoop_trt_ICudaEngine_getTensorFormat(layout, address, name), in: library)
    formatDescription =
      swoop_trt_ICudaEngine_getTensorFormatDesc(layout, address, name).map { String(cString: $0) } ?? ""
    isOnHost =
      swoop_trt_ICudaEngine_getTensorLocation(layout, address, name)
      == library.value(of: SWOOP_TRT_TensorLocation_kHOST)
    isShapeInference = swoop_trt_ICudaEngine_isShapeInferenceIO(layout, address, name)
    let axis = swoop_trt_ICudaEngine_getTensorVectorizedDim(layout, address, name)
    let components = swoop_trt_ICudaEngine_getTensorComponentsPerElement(layout, address, name)
    vectorization =
      axis >= 0 && axis < shape.count && components > 1
      ? Vectorization(axis: Int(axis), elementCount: Int(components)) : nil
  }

  /// Name, shape and element type as the package's runtimes share them; -1 becomes a dynamic axis without a name.
  public var descriptor: TensorDescriptor {
    TensorDescriptor(
      name: name, shape: TensorShape(shape.map { $0 < 0 ? .dynamic(name: nil) : .fixed($0) }), elementType: elementType)
  }

  /// The number of bytes of a tensor of this kind with the given lengths, the padding of vectorised formats included.
  ///
  /// - Returns: `nil` where a length is negative, the element type's size is not known, or the product overflows.
  public func byteCount(shape lengths: [Int]) -> Int? {
    guard let bits = elementType.bitWidth, lengths.allSatisfy({ $0 >= 0 }) else { return nil }
    var count = 1
    for (axis, length) in lengths.enumerated() {
      var length = length
      if let vectorization, vectorization.axis == axis {
        let (sum, overflow) = length.addingReportingOverflow(vectorization.elementCount - 1)
        guard !overflow else { return nil }
        length = sum / vectorization.elementCount * vectorization.elementCount
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      count = product
    }
    let (total, overflow) = count.multipliedReportingOverflow(by: bits)
    return overflow ? nil : (total + 7) / 8
  }
}

/// How the elements of a tensor lie in memory, in TensorRT's terms.
public enum TensorFormat: Sendable, Hashable, CaseIterable {
  /// Row-major: the last axis varies fastest.
  case linear
  case chw2, hwc8, chw4, chw16, chw32, dhwc8, cdhw32, hwc, dlaLinear, dlaHWC4, hwc16, dhwc
  /// A format that this package does not know.
  case other

  init(native: Int32, in library: TensorRTLibrary) {
    let known: [(swoop_trt_enumerator, TensorFormat)] = [
      (SWOOP_TRT_TensorFormat_kLINEAR, .linear), (SWOOP_TRT_TensorFormat_kCHW2, .chw2),
      (SWOOP_TRT_TensorFormat_kHWC8, .hwc8), (SWOOP_TRT_TensorFormat_kCHW4, .chw4),
      (SWOOP_TRT_TensorFormat_kCHW16, .chw16), (SWOOP_TRT_TensorFormat_kCHW32, .chw32),
      (SWOOP_TRT_TensorFormat_kDHWC8, .dhwc8), (SWOOP_TRT_TensorFormat_kCDHW32, .cdhw32),
      (SWOOP_TRT_TensorFormat_kHWC, .hwc), (SWOOP_TRT_TensorFormat_kDLA_LINEAR, .dlaLinear),
      (SWOOP_TRT_TensorFormat_kDLA_HWC4, .dlaHWC4), (SWOOP_TRT_TensorFormat_kHWC16, .hwc16),
      (SWOOP_TRT_TensorFormat_kDHWC, .dhwc),
    ]
    self = known.first { library.value(of: $0.0) == native }?.1 ?? .other
  }
}

extension swoop_trt_dims {
  /// The lengths, or `nil` where TensorRT says that there is no such shape (a negative or impossible number of axes).
  var lengths: [Int]? {
    guard (0...8).contains(count) else { return nil }
    return withUnsafeBytes(of: d) { bytes in
      bytes.bindMemory(to: Int64.self).prefix(Int(count)).map { Int($0) }
    }
  }

  /// - Returns: `nil` for more than 8 axes, which TensorRT cannot express.
  init?(_ lengths: [Int]) {
    guard lengths.count <= 8 else { return nil }
    self.init()
    count = Int32(lengths.count)
    withUnsafeMutableBytes(of: &d) { bytes in
      let values = bytes.bindMemory(to: Int64.self)
      for (axis, length) in lengths.enumerated() { values[axis] = Int64(length) }
    }
  }
}
