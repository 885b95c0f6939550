internal import Synchronization

/// The primary context of a device, retained as long as this object lives; streams, events and memory hold it.
public final class CUDAContext: @unchecked Sendable {
  // Sendable: immutable but for the mutex.

  public let driver: CUDADriver
  public let device: CUDADevice
  private let handle: CUDAFunctions.Handle
  private let teardownError = Mutex<CUDAError?>(nil)

  init(driver: CUDADriver, device: CUDADevice) throws(CUDAError) {
    let functions = driver.functions
    var handle: CUDAFunctions.Handle?
    try functions.check(
      functions.retainPrimaryContext(&handle, device.handle), "cuDevicePrimaryCtxRetain of \(device)")
    guard let handle else { throw functions.error(1, "cuDevicePrimaryCtxRetain of \(device)") }
    self.driver = driver
    self.device = device
    self.handle = handle
  }

  deinit { _ = driver.functions.releasePrimaryContext(device.handle) }

  var functions: CUDAFunctions { driver.functions }

  /// Runs `body` with this context current on the calling thread, and puts back what was current before.
  ///
  /// Everything in this package that calls the driver does so by itself; other libraries (TensorRT) must be called inside.
  ///
  /// - Throws: ``CUDAError`` where the context is broken, or an earlier release of memory failed; what `body` throws.
  public func withCurrent<Result>(_ body: () throws -> Result) throws -> Result {
    try enter()
    defer { leave() }
    return try body()
  }

  /// As ``withCurrent(_:)`` for calls of the driver alone: the error is the driver's.
  func calling<Result>(_ body: () throws(CUDAError) -> Result) throws(CUDAError) -> Result {
    try enter()
    defer { leave() }
    return try body()
  }

  private func enter() throws(CUDAError) {
    if let error = teardownError.withLock({ $0.take() }) { throw error }
    try functions.check(functions.pushContext(handle), "cuCtxPushCurrent of \(device)")
  }

  private func leave() {
    var previous: CUDAFunctions.Handle?
    _ = functions.popContext(&previous)
  }

  /// Frees something where nothing can be thrown. The error is kept and thrown by the next call on this context; being
  /// unable to free says that the context is broken, which that call would find anyway.
  func releasing(_ call: String, _ body: (CUDAFunctions) -> Int32) {
    guard functions.pushContext(handle) == 0 else { return }
    defer { leave() }
    let result = body(functions)
    if result != 0 { teardownError.withLock { $0 = functions.error(result, call) } }
  }

  /// The device's free memory and all of it, in bytes, as the driver sees it now.
  public func memory() throws(CUDAError) -> (free: Int, total: Int) {
    try calling { () throws(CUDAError) in
      var free = 0
      var total = 0
      try functions.check(functions.memoryInformation(&free, &total), "cuMemGetInfo on \(device)")
      return (free, total)
    }
  }

  /// Waits for everything on the device.
  public func synchronize() throws(CUDAError) {
    try calling { () throws(CUDAError) in
      try functions.check(functions.synchronizeContext(), "cuCtxSynchronize on \(device)")
    }
  }
}
