internal import CTensorRT

/// Gives memory to outputs whose size only the execution finds out.
///
/// TensorRT calls it from the thread that enqueues or from threads of its own, while an execution runs.
public protocol OutputAllocator: AnyObject, Sendable {
  /// Gives an output device memory, at least `byteCount` bytes and aligned to `alignment`.
  ///
  /// - Parameters:
  ///   - current: what the output had before; it may be returned again if it is large enough.
  ///   - stream: the stream of the execution, where the version tells it.
  /// - Returns: the memory, or `nil` where there is none, which fails the execution.
  func memory(
    forOutput name: String, current: UnsafeMutableRawPointer?, byteCount: Int, alignment: Int,
    stream: ExecutionContext.Stream?
  ) -> UnsafeMutableRawPointer?

  /// Tells the output's true shape, before the execution ends.
  func outputShape(_ shape: [Int], of name: String)
}

extension OutputAllocator {
  func makeNative(_ layout: UnsafePointer<swoop_trt_layout>) -> NativeImplementation {
    let context = AllocatorContext(self)
    let address = swoop_trt_output_allocator_new(
      layout, Unmanaged.passUnretained(context).toOpaque(),
      { context, name, current, size, alignment, stream in
        guard let context, let name else { return nil }
        return Unmanaged<AllocatorContext>.fromOpaque(context).takeUnretainedValue().allocator.memory(
          forOutput: String(cString: name), current: current, byteCount: Int(clamping: size),
          alignment: Int(clamping: alignment), stream: stream)
      },
      { context, name, shape in
        guard let context, let name, let lengths = shape.pointee.lengths else { return }
        Unmanaged<AllocatorContext>.fromOpaque(context).takeUnretainedValue().allocator
          .outputShape(lengths, of: String(cString: name))
      })
    return NativeImplementation(address, context: context)
  }
}

private final class AllocatorContext: Sendable {
  let allocator: any OutputAllocator

  init(_ allocator: any OutputAllocator) { self.allocator = allocator }
}
