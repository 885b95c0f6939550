internal import CTensorRT

/// The shapes that an engine must take, and the one it is made fastest for, of each dynamic input.
public struct OptimizationProfile: Sendable {
  // Belongs to the builder, which is kept by it, and is not freed by itself.
  nonisolated(unsafe) let address: UnsafeMutableRawPointer
  private let builder: NativeObject

  init(_ address: UnsafeMutableRawPointer, builder: NativeObject) {
    self.address = address
    self.builder = builder
  }

  /// Sets the bounds of an input's shape.
  ///
  /// - Throws: ``TensorRTError`` where ranks differ, a length is negative, or the bounds are not in order.
  public func setShapes(of input: String, minimum: [Int], optimum: [Int], maximum: [Int]) throws(TensorRTError) {
    let library = builder.library
    guard minimum.count == optimum.count, optimum.count == maximum.count else {
      throw TensorRTError(
        .argumentInvalid, "The profile's shapes for \(input) differ in rank: \(minimum), \(optimum), \(maximum).")
    }
    for axis in minimum.indices
    where !(0 <= minimum[axis] && minimum[axis] <= optimum[axis] && optimum[axis] <= maximum[axis]) {
      throw TensorRTError(
        .argumentInvalid,
        """
        The profile for \(input) is not in order on axis \(axis): minimum \(minimum[axis]), optimum \(optimum[axis]), \
        maximum \(maximum[axis]).
        """)
    }
    for (selector, shape) in [(ProfileSelector.minimum, minimum), (.optimum, optimum), (.maximum, maximum)] {
      let mark = library.hub.mark
      guard var dims = swoop_trt_dims(shape) else {
        throw TensorRTError(.argumentInvalid, "The shape \(shape) for \(input) has more than 8 axes.")
      }
      guard
        swoop_trt_IOptimizationProfile_setDimensions(
          library.layout, address, input, try selector.value(in: library), &dims)
      else {
        throw library.failure(.argumentInvalid, "The profile did not take \(shape) for \(input).", since: mark)
      }
    }
  }

  /// Sets the bounds of the values of a shape tensor, for models whose shapes are inputs themselves.
  public func setValues(of input: String, minimum: [Int], optimum: [Int], maximum: [Int]) throws(TensorRTError) {
    let library = builder.library
    for (selector, values) in [(ProfileSelector.minimum, minimum), (.optimum, optimum), (.maximum, maximum)] {
      let mark = library.hub.mark
      let native = try selector.value(in: library)
      let taken: Bool
      if library.has(SWOOP_TRT_IOptimizationProfile_setShapeValues_64) {
        let wide = values.map { Int64($0) }
        taken = swoop_trt_IOptimizationProfile_setShapeValues_64(
          library.layout, address, input, native, wide, Int32(clamping: wide.count))
      } else {
        let narrow = values.map { Int32(clamping: $0) }
        taken = swoop_trt_IOptimizationProfile_setShapeValues_32(
          library.layout, address, input, native, narrow, Int32(clamping: narrow.count))
      }
      guard taken else {
        throw library.failure(
          .argumentInvalid, "The profile did not take the values \(values) for \(input).", since: mark)
      }
    }
  }

  /// A bound as TensorRT has it, or `nil` where none is set.
  public func shape(of input: String, _ selector: ProfileSelector) throws(TensorRTError) -> [Int]? {
    swoop_trt_IOptimizationProfile_getDimensions(
      builder.layout, address, input, try selector.value(in: builder.library)
    ).lengths
  }

  /// Whether TensorRT finds the bounds that are set in order.
  public var isValid: Bool { swoop_trt_IOptimizationProfile_isValid(builder.layout, address) }
}
