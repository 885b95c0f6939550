import CUDA
import FakeRuntimes
import Testing

@Suite("memory pools") struct PoolTests {
  let device: FakeDevice
  let stream: CUDAStream
  var fake: FakeCUDADriver { device.fake }
  var context: CUDAContext { device.context }

  init() throws {
    device = try FakeDevice()
    stream = try CUDAStream(in: device.context)
  }

  @Test("memory is taken and given back in stream order, without waiting")
  func order() throws {
    #expect(try DeviceMemoryPool.isAvailable(in: context))
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 1 << 20)
    let host = try PinnedMemory(byteCount: 16, in: context)
    do {
      let memory = try pool.allocate(byteCount: 16, on: stream)
      #expect(memory.byteCount == 16)
      #expect(memory.address % 256 == 0)
      try stream.fill(memory.address, with: 3, byteCount: 16)
      try stream.copy(memory.address, to: host.bytes)
      #expect(try pool.byteCounts().used == 16)
    }
    // Given back, but the stream has not come to it: what is queued before still finds it.
    #expect(try pool.byteCounts().used == 16)
    try stream.synchronize()
    #expect(host.bytes.allSatisfy { $0 == 3 })
    #expect(try pool.byteCounts().used == 0)
    try pool.trim()
    try pool.trim(keeping: -1)
    try pool.setReleaseThreshold(-1)
    #expect(fake.violations.isEmpty)
  }

  @Test("too much is an error that says how much was asked")
  func outOfMemory() throws {
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 0)
    let error = #expect(throws: CUDAError.self) { _ = try pool.allocate(byteCount: 1 << 40, on: stream) }
    #expect(error?.isOutOfMemory == true)
    #expect(error?.description.contains("1099511627776 bytes") == true)
  }

  @Test("memory is not taken for a stream that is captured, nor for another device's")
  func refused() throws {
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 0)
    try stream.beginCapture()
    let error = #expect(throws: CUDAError.self) { _ = try pool.allocate(byteCount: 8, on: stream) }
    #expect(error?.reason.contains("captured") == true)
    _ = try stream.endCapture()
    let other = try CUDAStream(in: device.driver.primaryContext(of: device.driver.device(1)))
    #expect(throws: CUDAError.self) { _ = try pool.allocate(byteCount: 8, on: other) }
    #expect(fake.violations.isEmpty)
  }

  @Test("a device without pools is told as such")
  func unavailable() throws {
    fake.setAttribute(115, 0)
    #expect(try !DeviceMemoryPool.isAvailable(in: context))
    let error = #expect(throws: CUDAError.self) { _ = try DeviceMemoryPool(in: context, releaseThreshold: 0) }
    #expect(error?.isNotSupported == true)
  }

  @Test("a driver without pools is told as such, with the one needed", arguments: ["cuDeviceGetDefaultMemPool"])
  func older(function: String) throws {
    let device = try FakeDevice(without: [function])
    device.fake.setVersion(11010)
    #expect(try !DeviceMemoryPool.isAvailable(in: device.context))
    let error = #expect(throws: CUDAError.self) { _ = try DeviceMemoryPool(in: device.context, releaseThreshold: 0) }
    #expect(error?.description.contains("CUDA 11.2 or newer, and the one here is for CUDA 11.1") == true)
  }

  @Test(
    "every call's failure is thrown, with the call's name",
    arguments: [
      "cuDeviceGetDefaultMemPool", "cuMemPoolSetAttribute", "cuMemPoolGetAttribute", "cuMemPoolTrimTo",
      "cuMemAllocAsync",
    ])
  func failures(function: String) throws {
    fake.fail(function, code: 1)
    let error = #expect(throws: CUDAError.self) {
      let pool = try DeviceMemoryPool(in: context, releaseThreshold: 0)
      _ = try pool.allocate(byteCount: 8, on: stream)
      _ = try pool.byteCounts()
      try pool.trim()
    }
    #expect(error?.call.contains(function) == true)
    try stream.synchronize()
    #expect(fake.liveCount("device") == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("what cannot be given back is told by the next call")
  func teardown() throws {
    let pool = try DeviceMemoryPool(in: context, releaseThreshold: 0)
    fake.fail("cuMemFreeAsync", code: 1)
    do { _ = try pool.allocate(byteCount: 8, on: stream) }
    let error = #expect(throws: CUDAError.self) { try context.synchronize() }
    #expect(error?.call.contains("cuMemFreeAsync of 8 bytes") == true)
  }
}
