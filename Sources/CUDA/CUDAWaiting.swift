/// How a thread waits for a device.
public enum CUDAWaiting: String, Sendable, Hashable, CaseIterable {
  /// The driver chooses: spinning where there are more processors than contexts.
  case auto
  /// Asking over and over: the lowest latency, and a whole processor for each thread that waits.
  case spin
  /// Asleep until the device reports: some microseconds later, and the processor is free meanwhile.
  case block
}

extension CUDADriver {
  /// Chooses how threads wait for a device, for everything that uses its primary context in this process. To be called
  /// before the context is first used.
  ///
  /// - Throws: ``CUDAError``, also where the context is in use with another way.
  public func setWaiting(_ waiting: CUDAWaiting, for device: CUDADevice) throws(CUDAError) {
    let call = "cuDevicePrimaryCtxSetFlags on \(device)"
    guard let set = functions.setPrimaryContextFlags else {
      throw CUDAError(code: 36, name: "missing", reason: "the driver is older than CUDA 11", call: call)
    }
    // CU_CTX_SCHED_AUTO, _SPIN and _BLOCKING_SYNC.
    let flags: UInt32 =
      switch waiting {
      case .auto: 0
      case .spin: 1
      case .block: 4
      }
    try functions.check(set(device.handle, flags), call)
  }
}
