internal import DynamicLibrary

/// The driver's functions that this package calls, by address. Those a driver may lack are optional.
///
/// Handles are opaque pointers: `CUcontext`, `CUstream`, `CUevent`. Device addresses are 64-bit integers, `CUdeviceptr`.
/// Kernels, graphs and memory pools have tables of their own.
struct CUDAFunctions: Sendable {
  typealias Handle = UnsafeMutableRawPointer

  let initialize: @convention(c) (UInt32) -> Int32
  let driverVersion: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32
  let errorName: @convention(c) (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
  let errorText: @convention(c) (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32

  let deviceCount: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32
  let device: @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
  let deviceName: @convention(c) (UnsafeMutablePointer<CChar>, Int32, Int32) -> Int32
  let deviceAttribute: @convention(c) (UnsafeMutablePointer<Int32>, Int32, Int32) -> Int32
  let deviceTotalMemory: @convention(c) (UnsafeMutablePointer<Int>, Int32) -> Int32
  let deviceUUID: (@convention(c) (UnsafeMutableRawPointer, Int32) -> Int32)?

  let retainPrimaryContext: @convention(c) (UnsafeMutablePointer<Handle?>, Int32) -> Int32
  let releasePrimaryContext: @convention(c) (Int32) -> Int32
  let setPrimaryContextFlags: (@convention(c) (Int32, UInt32) -> Int32)?
  let pushContext: @convention(c) (Handle?) -> Int32
  let popContext: @convention(c) (UnsafeMutablePointer<Handle?>) -> Int32
  let synchronizeContext: @convention(c) () -> Int32
  let memoryInformation: @convention(c) (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>) -> Int32

  let allocate: @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> Int32
  let free: @convention(c) (UInt64) -> Int32
  let allocateHost: @convention(c) (UnsafeMutablePointer<Handle?>, Int, UInt32) -> Int32
  let freeHost: @convention(c) (Handle?) -> Int32
  let copyToDevice: @convention(c) (UInt64, UnsafeRawPointer?, Int, Handle?) -> Int32
  let copyToHost: @convention(c) (UnsafeMutableRawPointer?, UInt64, Int, Handle?) -> Int32
  let copyOnDevice: @convention(c) (UInt64, UInt64, Int, Handle?) -> Int32
  let fill: @convention(c) (UInt64, UInt8, Int, Handle?) -> Int32

  let createStream: @convention(c) (UnsafeMutablePointer<Handle?>, UInt32) -> Int32
  let createPrioritizedStream: (@convention(c) (UnsafeMutablePointer<Handle?>, UInt32, Int32) -> Int32)?
  let priorityRange: (@convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32)?
  let destroyStream: @convention(c) (Handle?) -> Int32
  let synchronizeStream: @convention(c) (Handle?) -> Int32
  let queryStream: @convention(c) (Handle?) -> Int32
  let waitForEvent: @convention(c) (Handle?, Handle?, UInt32) -> Int32

  let createEvent: @convention(c) (UnsafeMutablePointer<Handle?>, UInt32) -> Int32
  let destroyEvent: @convention(c) (Handle?) -> Int32
  let recordEvent: @convention(c) (Handle?, Handle?) -> Int32
  let synchronizeEvent: @convention(c) (Handle?) -> Int32
  let queryEvent: @convention(c) (Handle?) -> Int32
  let elapsedTime: @convention(c) (UnsafeMutablePointer<Float>, Handle?, Handle?) -> Int32

  let kernels: CUDAKernelFunctions
  let graphs: CUDAGraphFunctions
  let pools: CUDAPoolFunctions

  /// Reads the addresses. Names with `_v2` are the 64-bit forms, which the driver's header means by the plain names.
  init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    initialize = try library.require("cuInit")
    driverVersion = try library.require("cuDriverGetVersion")
    errorName = try library.require("cuGetErrorName")
    errorText = try library.require("cuGetErrorString")
    deviceCount = try library.require("cuDeviceGetCount")
    device = try library.require("cuDeviceGet")
    deviceName = try library.require("cuDeviceGetName")
    deviceAttribute = try library.require("cuDeviceGetAttribute")
    deviceTotalMemory = try library.require("cuDeviceTotalMem_v2")
    deviceUUID =
      library.symbol("cuDeviceGetUuid_v2", as: (@convention(c) (UnsafeMutableRawPointer, Int32) -> Int32).self)
      ?? library.symbol("cuDeviceGetUuid", as: (@convention(c) (UnsafeMutableRawPointer, Int32) -> Int32).self)
    retainPrimaryContext = try library.require("cuDevicePrimaryCtxRetain")
    releasePrimaryContext = try library.require("cuDevicePrimaryCtxRelease_v2")
    setPrimaryContextFlags = library.symbol(
      "cuDevicePrimaryCtxSetFlags_v2", as: (@convention(c) (Int32, UInt32) -> Int32).self)
    pushContext = try library.require("cuCtxPushCurrent_v2")
    popContext = try library.require("cuCtxPopCurrent_v2")
    synchronizeContext = try library.require("cuCtxSynchronize")
    memoryInformation = try library.require("cuMemGetInfo_v2")
    allocate = try library.require("cuMemAlloc_v2")
    free = try library.require("cuMemFree_v2")
    allocateHost = try library.require("cuMemHostAlloc")
    freeHost = try library.require("cuMemFreeHost")
    copyToDevice = try library.require("cuMemcpyHtoDAsync_v2")
    copyToHost = try library.require("cuMemcpyDtoHAsync_v2")
    copyOnDevice = try library.require("cuMemcpyDtoDAsync_v2")
    fill = try library.require("cuMemsetD8Async")
    createStream = try library.require("cuStreamCreate")
    createPrioritizedStream = library.symbol(
      "cuStreamCreateWithPriority", as: (@convention(c) (UnsafeMutablePointer<Handle?>, UInt32, Int32) -> Int32).self)
    priorityRange = library.symbol(
      "cuCtxGetStreamPriorityRange",
      as: (@convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32).self)
    destroyStream = try library.require("cuStreamDestroy_v2")
    synchronizeStream = try library.require("cuStreamSynchronize")
    queryStream = try library.require("cuStreamQuery")
    waitForEvent = try library.require("cuStreamWaitEvent")
    createEvent = try library.require("cuEventCreate")
    destroyEvent = try library.require("cuEventDestroy_v2")
    recordEvent = try library.require("cuEventRecord")
    synchronizeEvent = try library.require("cuEventSynchronize")
    queryEvent = try library.require("cuEventQuery")
    elapsedTime = try library.require("cuEventElapsedTime")
    kernels = try CUDAKernelFunctions(library)
    graphs = CUDAGraphFunctions(library)
    pools = CUDAPoolFunctions(library)
  }

  /// The error of a result code, in the driver's words.
  func error(_ result: Int32, _ call: String) -> CUDAError {
    func text(_ get: @convention(c) (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32) -> String? {
      var pointer: UnsafePointer<CChar>?
      guard get(result, &pointer) == 0, let pointer else { return nil }
      return String(cString: pointer)
    }
    return CUDAError(
      code: result, name: text(errorName) ?? "error \(result)",
      reason: text(errorText) ?? "the driver has no words for it",
      call: call)
  }

  /// Throws unless the result is success.
  func check(_ result: Int32, _ call: @autoclosure () -> String) throws(CUDAError) {
    guard result != 0 else { return }
    throw error(result, call())
  }

  /// A function that older drivers lack.
  ///
  /// - Throws: ``CUDAError`` that names the driver needed and the one found.
  func newer<Function>(
    _ function: Function?, _ name: String, since version: String
  ) throws(CUDAError) -> Function {
    if let function { return function }
    var number: Int32 = 0
    let found =
      driverVersion(&number) == 0 ? "CUDA \(number / 1000).\(number % 1000 / 10)" : "a version it does not tell"
    throw CUDAError(
      code: CUDAError.notSupported, name: "CUDA_ERROR_NOT_SUPPORTED",
      reason: "this needs an NVIDIA driver for CUDA \(version) or newer, and the one here is for \(found); "
        + "install a newer driver",
      call: name)
  }

  /// An error that this package finds before the driver would, which often has no words for it.
  func refusal(_ code: Int32, _ call: String, _ reason: String) -> CUDAError {
    var error = error(code, call)
    error.reason = reason
    return error
  }
}
