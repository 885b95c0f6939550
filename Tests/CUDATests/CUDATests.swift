import CUDA
import FakeRuntimes
import Testing

@Suite struct CUDATests {
  let fake: FakeCUDADriver
  let driver: CUDADriver

  init() throws {
    fake = try FakeCUDADriver()
    driver = try CUDADriver.open(path: fake.path)
  }

  @Test("devices are described")
  func devices() throws {
    #expect(driver.deviceCount == 2)
    #expect(driver.versionText == "13.0")
    let device = try driver.device(1)
    #expect(device.name == "Fake GPU 1")
    #expect(device.description == "cuda:1 (Fake GPU 1)")
    #expect(device.computeCapability.description == "8.6")
    #expect(device.memoryByteCount == 4 << 30)
    #expect(device.uuid == String(repeating: "a1", count: 16))
    #expect(throws: CUDAUnavailable.noSuchDevice(index: 2, count: 2)) { try driver.device(2) }
    #expect(throws: CUDAUnavailable.self) { try driver.device(-1) }
  }

  @Test("one file is one driver, and one device has one context")
  func identity() throws {
    #expect(try CUDADriver.open(path: fake.path) === driver)
    let device = try driver.device(0)
    let context = try driver.primaryContext(of: device)
    #expect(try driver.primaryContext(of: device) === context)
    #expect(fake.liveCount("context") == 1)
  }

  @Test("a driver that is not there is named with the loader's reason")
  func missing() {
    let error = #expect(throws: CUDAUnavailable.self) { try CUDADriver.open(path: "/nowhere/libcuda.so.1") }
    #expect(error?.description.contains("/nowhere/libcuda.so.1") == true)
  }

  @Test("a driver without devices says so")
  func noDevice() throws {
    let other = try FakeCUDADriver()
    other.fail("cuInit", code: 100)
    #expect(throws: CUDAUnavailable.noDevice) { try CUDADriver.open(path: other.path) }
    let broken = try FakeCUDADriver()
    broken.fail("cuInit", code: 999)
    let error = #expect(throws: CUDAUnavailable.self) { try CUDADriver.open(path: broken.path) }
    #expect(error?.description.contains("nvidia-smi") == true)
  }

  @Test("bytes go to the device and come back in stream order, and not before the stream is waited for")
  func copies() throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let stream = try CUDAStream(in: context)
    let host = try PinnedMemory(byteCount: 1000, in: context)
    let back = try PinnedMemory(byteCount: 1000, in: context)
    let memory = try DeviceMemory(byteCount: 1000, in: context)
    let other = try DeviceMemory(byteCount: 1000, in: context)
    for index in 0..<1000 { host.bytes[index] = UInt8(truncatingIfNeeded: index * 7) }
    for index in 0..<1000 { back.bytes[index] = 0 }
    #expect(memory.address % 256 == 0)
    try stream.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
    try stream.copy(memory.address, to: other.address, byteCount: 1000)
    try stream.fill(other.address, with: 9, byteCount: 10)
    try stream.copy(other.address, to: back.bytes)
    #expect(back.bytes[500] == 0)
    #expect(try !stream.isIdle())
    try stream.synchronize()
    #expect(try stream.isIdle())
    #expect(back.bytes[500] == host.bytes[500])
    #expect(back.bytes[3] == 9)
    #expect(fake.violations.isEmpty)
  }

  @Test("an event orders two streams")
  func events() throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let (first, second) = (try CUDAStream(in: context), try CUDAStream(in: context))
    let host = try PinnedMemory(byteCount: 16, in: context)
    let memory = try DeviceMemory(byteCount: 16, in: context)
    let event = try CUDAEvent(in: context)
    for index in 0..<16 { host.bytes[index] = 0 }
    try first.fill(memory.address, with: 5, byteCount: 16)
    try event.record(on: first)
    try second.wait(for: event)
    try second.copy(memory.address, to: host.bytes)
    try second.synchronize()
    #expect(host.bytes[15] == 5)
    #expect(try event.hasPassed())
    let start = try CUDAEvent(in: context, isTiming: true)
    try start.record(on: first)
    #expect(try event.milliseconds(since: start) > 0)
    try event.synchronize()
    try first.synchronize()
  }

  @Test("everything is freed once, children before their context")
  func lifetimes() throws {
    do {
      let context = try driver.primaryContext(of: driver.device(0))
      let stream = try CUDAStream(in: context)
      let pinned = try PinnedMemory(byteCount: 8, in: context)
      let memory = try DeviceMemory(byteCount: 8, in: context)
      let event = try CUDAEvent(in: context)
      #expect(fake.liveCount == 5)
      _ = (stream, pinned, memory, event)
    }
    #expect(fake.liveCount == 0)
    #expect(fake.violations.isEmpty)
  }

  @Test("too little device memory is an error that says how much was asked")
  func outOfMemory() throws {
    fake.setMemory(1 << 20)
    let context = try driver.primaryContext(of: driver.device(0))
    let error = #expect(throws: CUDAError.self) { _ = try DeviceMemory(byteCount: 2 << 20, in: context) }
    #expect(error?.isOutOfMemory == true)
    #expect(error?.description.contains("2097152 bytes") == true)
    #expect(try context.memory().total == 1 << 20)
  }

  @Test("a fault on the device is sticky, and is told as such")
  func sticky() throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let stream = try CUDAStream(in: context)
    fake.fail("cuStreamSynchronize", code: 700)
    let error = #expect(throws: CUDAError.self) { try stream.synchronize() }
    #expect(error?.isSticky == true)
    #expect(error?.name == "CUDA_ERROR_ILLEGAL_ADDRESS")
    #expect(throws: CUDAError.self) { try context.synchronize() }
  }

  @Test(
    "every call's failure is thrown, with the call's name",
    arguments: [
      "cuMemAlloc_v2", "cuMemHostAlloc", "cuStreamCreate", "cuEventCreate", "cuMemcpyHtoDAsync_v2",
      "cuMemcpyDtoHAsync_v2", "cuMemsetD8Async", "cuStreamSynchronize", "cuEventRecord", "cuCtxPushCurrent_v2",
      "cuDevicePrimaryCtxRetain", "cuMemGetInfo_v2", "cuCtxSynchronize",
    ])
  func failures(function: String) throws {
    fake.fail(function, code: 1)
    let error = #expect(throws: CUDAError.self) {
      let context = try driver.primaryContext(of: driver.device(0))
      let stream = try CUDAStream(in: context)
      let event = try CUDAEvent(in: context)
      let host = try PinnedMemory(byteCount: 64, in: context)
      let memory = try DeviceMemory(byteCount: 64, in: context)
      _ = try context.memory()
      try stream.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
      try stream.fill(memory.address, with: 0, byteCount: 64)
      try stream.copy(memory.address, to: host.bytes)
      try event.record(on: stream)
      try stream.synchronize()
      try context.synchronize()
    }
    #expect(error?.name == "CUDA_ERROR_INVALID_VALUE")
    #expect(error?.call.contains(function.prefix { $0 != "_" }) == true)
    #expect(fake.liveCount == 0)
  }

  @Test("what cannot be freed is told by the next call")
  func teardown() throws {
    let context = try driver.primaryContext(of: driver.device(0))
    fake.fail("cuMemFree_v2", code: 1)
    do { _ = try DeviceMemory(byteCount: 8, in: context) }
    #expect(throws: CUDAError.self) { try context.synchronize() }
    try context.synchronize()
  }
}
