/// Memory on a device, freed once when nothing refers to it any more.
public final class DeviceMemory: Sendable {
  public let context: CUDAContext
  /// The device address, `CUdeviceptr`; aligned to 256 bytes at least. Not to be read or written by the host.
  public let address: UInt64
  public let byteCount: Int

  /// Takes memory, at least one byte of it. Its content is whatever was there.
  ///
  /// - Throws: ``CUDAError``; `isOutOfMemory` where the device has no room.
  public init(byteCount: Int, in context: CUDAContext) throws(CUDAError) {
    var address: UInt64 = 0
    try context.calling { () throws(CUDAError) in
      let functions = context.functions
      try functions.check(
        functions.allocate(&address, max(1, byteCount)), "cuMemAlloc of \(byteCount) bytes on \(context.device)")
    }
    self.context = context
    self.address = address
    self.byteCount = byteCount
  }

  deinit {
    let address = address
    context.releasing("cuMemFree of \(byteCount) bytes on \(context.device)") { $0.free(address) }
  }

  /// The address as libraries over CUDA take it; not to be dereferenced by the host.
  public var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: UInt(address)) }
}

/// Page-locked (pinned) host memory, which the device reads and writes directly: copies of it are asynchronous.
public final class PinnedMemory: @unchecked Sendable {
  // Sendable: immutable itself; who writes the bytes when is the owner's business.

  public let context: CUDAContext
  /// The memory; aligned to a page.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Takes memory, at least one byte of it. Its content is whatever was there.
  ///
  /// - Throws: ``CUDAError``; `isOutOfMemory` where the host cannot lock as much.
  public init(byteCount: Int, in context: CUDAContext) throws(CUDAError) {
    var pointer: CUDAFunctions.Handle?
    try context.calling { () throws(CUDAError) in
      let functions = context.functions
      // Portable (1): pinned for every device of the process.
      try functions.check(
        functions.allocateHost(&pointer, max(1, byteCount), 1), "cuMemHostAlloc of \(byteCount) bytes")
    }
    self.context = context
    bytes = UnsafeMutableRawBufferPointer(start: pointer, count: byteCount)
  }

  deinit {
    let start = bytes.baseAddress
    context.releasing("cuMemFreeHost of \(bytes.count) bytes") { $0.freeHost(start) }
  }
}
