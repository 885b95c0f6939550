/// Device memory that is taken and given back in stream order, from the pool that the driver keeps for each device.
///
/// Unlike ``DeviceMemory``, which makes the host wait for the device when it is freed: neither taking nor freeing waits.
/// Other libraries of the process share the pool.
public final class DeviceMemoryPool: @unchecked Sendable {
  // Sendable: immutable; the driver takes calls from any thread.

  public let context: CUDAContext
  private let handle: CUDAFunctions.Handle

  /// `CUmemPool_attribute`.
  private enum Attribute {
    static let releaseThreshold: Int32 = 4
    static let reserved: Int32 = 5
    static let used: Int32 = 7
  }

  /// Whether the driver and the device of a context have such pools: CUDA 11.2, and most devices since Pascal.
  public static func isAvailable(in context: CUDAContext) throws(CUDAError) -> Bool {
    let pools = context.functions.pools
    guard pools.defaultPool != nil, pools.allocate != nil, pools.free != nil else { return false }
    return try context.attribute(.hasMemoryPools) != 0
  }

  /// The device's own pool.
  ///
  /// - Parameter releaseThreshold: bytes that the pool keeps when the device is waited for, instead of giving them back to
  ///   the system: what is taken again and again costs then nothing. The driver's own value is 0. It holds for everyone
  ///   who uses the pool.
  /// - Throws: ``CUDAError``; `isNotSupported` where there is no such pool.
  public init(in context: CUDAContext, releaseThreshold: Int) throws(CUDAError) {
    let functions = context.functions
    let call = "cuDeviceGetDefaultMemPool of \(context.device)"
    let defaultPool = try functions.newer(functions.pools.defaultPool, call, since: "11.2")
    guard try Self.isAvailable(in: context) else {
      throw functions.refusal(CUDAError.notSupported, call, "this device has no stream-ordered memory")
    }
    var handle: CUDAFunctions.Handle?
    try functions.check(defaultPool(&handle, context.device.handle), call)
    guard let handle else { throw functions.error(CUDAError.notSupported, call) }
    self.context = context
    self.handle = handle
    try setReleaseThreshold(releaseThreshold)
  }

  /// Changes how many bytes the pool keeps; negative is none.
  public func setReleaseThreshold(_ byteCount: Int) throws(CUDAError) {
    let functions = context.functions
    let call = "cuMemPoolSetAttribute of \(context.device)"
    let set = try functions.newer(functions.pools.setAttribute, call, since: "11.2")
    var value = UInt64(max(0, byteCount))
    try context.calling { () throws(CUDAError) in
      try functions.check(set(handle, Attribute.releaseThreshold, &value), call)
    }
  }

  /// The bytes that the pool holds of the device's memory, and those of them that are in use.
  public func byteCounts() throws(CUDAError) -> (reserved: Int, used: Int) {
    (try value(Attribute.reserved), try value(Attribute.used))
  }

  private func value(_ attribute: Int32) throws(CUDAError) -> Int {
    let functions = context.functions
    let call = "cuMemPoolGetAttribute(\(attribute)) of \(context.device)"
    let get = try functions.newer(functions.pools.attribute, call, since: "11.2")
    return try context.calling { () throws(CUDAError) in
      var value: UInt64 = 0
      try functions.check(get(handle, attribute, &value), call)
      return Int(clamping: value)
    }
  }

  /// Gives memory that is not in use back to the system, but for so many bytes.
  public func trim(keeping byteCount: Int = 0) throws(CUDAError) {
    let functions = context.functions
    let call = "cuMemPoolTrimTo of \(context.device)"
    let trim = try functions.newer(functions.pools.trim, call, since: "11.2")
    try context.calling { () throws(CUDAError) in try functions.check(trim(handle, max(0, byteCount)), call) }
  }

  /// Takes memory, at least one byte, that work put into the stream from here on may use. Its content is whatever was
  /// there.
  ///
  /// - Throws: ``CUDAError``; `isOutOfMemory` where the device has no room. Not while the stream is captured: a graph would
  ///   own the memory.
  public func allocate(byteCount: Int, on stream: CUDAStream) throws(CUDAError) -> PooledMemory {
    let functions = context.functions
    let call = "cuMemAllocAsync of \(byteCount) bytes on \(context.device)"
    let allocate = try functions.newer(functions.pools.allocate, call, since: "11.2")
    guard stream.context === context else {
      throw functions.refusal(CUDAError.invalidValue, call, "the stream belongs to \(stream.context.device)")
    }
    guard try !stream.isCapturing() else {
      throw functions.refusal(CUDAError.captureUnsupported, call, "the stream is being captured; take memory before")
    }
    var address: UInt64 = 0
    try context.calling { () throws(CUDAError) in
      try functions.check(allocate(&address, max(1, byteCount), stream.handle), call)
    }
    return PooledMemory(address: address, byteCount: byteCount, stream: stream)
  }
}

/// Memory of a ``DeviceMemoryPool``. When nothing refers to it any more, it is given back in the order of the stream that it
/// was taken on: after the work that is in the stream by then.
///
/// Work on other streams is not known to it: make ``stream`` wait for an event behind that work before letting go. Where
/// the stream is being captured by then, the giving back becomes part of the capture; do not let go meanwhile.
public final class PooledMemory: Sendable {
  /// The device address, `CUdeviceptr`; aligned to 256 bytes at least. Not to be read or written by the host.
  public let address: UInt64
  public let byteCount: Int
  public let stream: CUDAStream

  init(address: UInt64, byteCount: Int, stream: CUDAStream) {
    self.address = address
    self.byteCount = byteCount
    self.stream = stream
  }

  deinit {
    let (address, handle) = (address, stream.handle)
    stream.context.releasing("cuMemFreeAsync of \(byteCount) bytes on \(stream.context.device)") {
      $0.pools.free?(address, handle) ?? 0
    }
  }
}
