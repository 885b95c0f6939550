internal import CTensorRT

/// One object of TensorRT, freed once, when nothing refers to it any more.
///
/// Objects that TensorRT makes from another object hold that one, so whatever order Swift frees them in, TensorRT sees
/// children go before their parents.
final class NativeObject: @unchecked Sendable {
  // Sendable: immutable; who may call what at the same time is said by the types that own it.

  let address: UnsafeMutableRawPointer
  let library: TensorRTLibrary
  private let parent: NativeObject?
  private let destroy: (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer) -> Void

  init(
    _ address: UnsafeMutableRawPointer, library: TensorRTLibrary, parent: NativeObject? = nil,
    destroy: @escaping (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer) -> Void
  ) {
    self.address = address
    self.library = library
    self.parent = parent
    self.destroy = destroy
  }

  deinit { destroy(library.layout, address) }

  var layout: UnsafePointer<swoop_trt_layout> { library.layout }
}

/// One object of ours that TensorRT calls: a progress monitor, a profiler, an output allocator. Its context is kept alive
/// with it.
final class NativeImplementation: @unchecked Sendable {
  // Sendable: immutable.
  let address: UnsafeMutableRawPointer
  private let context: AnyObject

  init(_ address: UnsafeMutableRawPointer, context: AnyObject) {
    self.address = address
    self.context = context
  }

  deinit { swoop_trt_implementation_free(address) }
}
