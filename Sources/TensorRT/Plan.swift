internal import CTensorRT

/// A serialised engine, or another block of memory that TensorRT made: its bytes and their owner.
public final class Plan: Sendable {
  private let native: NativeObject
  /// The number of bytes.
  public let byteCount: Int
  nonisolated(unsafe) private let base: UnsafeRawPointer

  init(
    _ address: UnsafeMutableRawPointer?, library: TensorRTLibrary, parent: NativeObject, failing action: String,
    code: TensorRTError.Code = .creationFailed, since mark: UInt64, anyThread: Bool = false
  ) throws(TensorRTError) {
    guard let address, swoop_trt_is_library_object(address) else {
      throw library.failure(code, "\(library.version) did not \(action).", since: mark, anyThread: anyThread)
    }
    native = NativeObject(address, library: library, parent: parent, destroy: swoop_trt_IHostMemory_destroy)
    let size = swoop_trt_IHostMemory_size(library.layout, address)
    guard let data = swoop_trt_IHostMemory_data(library.layout, address), size > 0, let count = Int(exactly: size)
    else {
      throw library.failure(
        code, "\(library.version) did not \(action): it gave \(size) bytes.", since: mark, anyThread: anyThread)
    }
    base = UnsafeRawPointer(data)
    byteCount = count
  }

  /// Hands out the bytes for the duration of `body`.
  public func withUnsafeBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result)
    throws(Failure) -> Result
  {
    try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }
}
