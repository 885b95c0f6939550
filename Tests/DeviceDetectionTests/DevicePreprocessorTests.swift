internal import CUDA
internal import DeviceDetection
internal import FakeRuntimes
internal import Imaging
internal import SeededNumbers
internal import Testing

@Suite struct DevicePreprocessorTests {
  /// Pictures in the fake's device memory, and a tensor with room for a row more.
  private final class Batch {
    let geometries: [Geometry]
    let memory: [DeviceMemory]
    let tensor: DeviceMemory
    let expected: [UInt8]
    let row: Int

    init(
      _ geometries: [Geometry], _ preprocessor: DevicePreprocessor, on stream: CUDAStream,
      using random: inout SplitMix64
    ) throws {
      self.geometries = geometries
      let writer = TensorWriter(
        format: preprocessor.format, resampling: preprocessor.resampling, fill: preprocessor.fill)
      row = preprocessor.byteCount(for: geometries[0].placement)
      var expected: [UInt8] = []
      var memory: [DeviceMemory] = []
      let context = stream.context
      for geometry in geometries {
        let stored = try geometry.stored(using: &random)
        let pinned = try PinnedMemory(byteCount: geometry.byteCount, in: context)
        geometry.copy(stored, to: pinned.bytes)
        memory.append(try DeviceMemory(byteCount: geometry.byteCount, in: context))
        try stream.copy(UnsafeRawBufferPointer(pinned.bytes), to: memory[memory.count - 1].address)
        try stream.synchronize()
        expected += try geometry.expected(stored, writer)
      }
      self.memory = memory
      self.expected = expected
      tensor = try DeviceMemory(byteCount: row * (geometries.count + 1), in: context)
      try stream.fill(tensor.address, with: 0xA5, byteCount: tensor.byteCount)
    }

    var pictures: [DevicePicture] { zip(geometries, memory).map { $0.picture(at: $1.address) } }

    /// Whether the tensor is what the CPU writes, and the row behind untouched.
    func isRight(on stream: CUDAStream) throws -> Bool {
      let back = try PinnedMemory(byteCount: tensor.byteCount, in: stream.context)
      try stream.copy(tensor.address, to: back.bytes)
      try stream.synchronize()
      return back.bytes.elementsEqual(expected + [UInt8](repeating: 0xA5, count: row))
    }
  }

  @Test("batches of mixed sizes follow each other on a stream", arguments: Resampling.allCases)
  func batches(resampling: Resampling) throws {
    let device = try FakeDevice()
    do {
      let stream = try CUDAStream(in: device.context)
      let preprocessor = try DevicePreprocessor(
        kernels: device.kernels(), format: TensorFormat(element: .float16), resampling: resampling, fill: 114,
        capacity: 5)
      var random = SplitMix64(seed: 3)
      let batches = try (1...5).map { count in
        try Batch(
          (0..<count).map { _ in Geometry.random(96, 48, using: &random) }, preprocessor, on: stream, using: &random)
      }
      let (copies, launches) = (
        device.driver.callCount("cuMemcpyHtoDAsync_v2"), device.driver.callCount("cuLaunchKernel")
      )
      for batch in batches { try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream) }
      for batch in batches { #expect(try batch.isRight(on: stream)) }
      // Two of a batch where it has pictures for one kernel and for another.
      #expect(
        (batches.count...2 * batches.count).contains(device.driver.callCount("cuLaunchKernel") - launches))
      #expect(device.driver.callCount("cuMemcpyHtoDAsync_v2") - copies == batches.count)
    }
    #expect(device.driver.violations == "")
    // The context, which the fake device holds.
    #expect(device.driver.liveCount == 1)
  }

  @Test("a batch like the last sends nothing, one of known sizes only its records", arguments: Resampling.allCases)
  func steadyState(resampling: Resampling) throws {
    let device = try FakeDevice()
    let stream = try CUDAStream(in: device.context)
    let preprocessor = try DevicePreprocessor(
      kernels: device.kernels(), format: TensorFormat(), resampling: resampling, fill: 0, capacity: 2)
    var random = SplitMix64(seed: 4)
    let placement = Placement(canvasWidth: 64, canvasHeight: 32, left: 0, top: 4, width: 64, height: 24)
    let geometries = (0..<2).map { _ in Geometry(width: 100, height: 60, orientation: 1, placement: placement) }
    let (first, second) = (
      try Batch(geometries, preprocessor, on: stream, using: &random),
      try Batch(geometries, preprocessor, on: stream, using: &random)
    )
    func calls() -> [Int] {
      ["cuMemcpyHtoDAsync_v2", "cuMemAlloc_v2", "cuMemHostAlloc", "cuLaunchKernel"].map { device.driver.callCount($0) }
    }
    try preprocessor.enqueue(first.pictures, into: first.tensor.address, on: stream)
    let before = calls()
    for _ in 0..<3 { try preprocessor.enqueue(first.pictures, into: first.tensor.address, on: stream) }
    #expect(zip(calls(), before).map(-) == [0, 0, 0, 3])
    try preprocessor.enqueue(second.pictures, into: second.tensor.address, on: stream)
    #expect(zip(calls(), before).map(-) == [1, 0, 0, 4])
    #expect(try first.isRight(on: stream))
    #expect(try second.isRight(on: stream))
    #expect(device.driver.violations == "")
  }

  @Test("tables that outgrow their memory get more, and are sent again")
  func growth() throws {
    let device = try FakeDevice()
    do {
      let stream = try CUDAStream(in: device.context)
      let preprocessor = try DevicePreprocessor(
        kernels: device.kernels(), format: TensorFormat(element: .uint8), resampling: .pillowBicubic, fill: 9,
        capacity: 1)
      let before = preprocessor.deviceByteCount
      var random = SplitMix64(seed: 5)
      for (width, height) in [(40, 30), (400_000, 1), (1, 300_000), (40, 30), (500_000, 1)] {
        let placement = Placement(canvasWidth: 16, canvasHeight: 8, left: 1, top: 1, width: 14, height: 6)
        let batch = try Batch(
          [Geometry(width: width, height: height, orientation: 1, placement: placement)], preprocessor, on: stream,
          using: &random)
        try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream)
        #expect(try batch.isRight(on: stream))
      }
      #expect(preprocessor.deviceByteCount > before)
    }
    #expect(device.driver.violations == "")
    // The context, which the fake device holds.
    #expect(device.driver.liveCount == 1)
  }

  @Test("another stream waits for the last one's batch")
  func streams() throws {
    let device = try FakeDevice()
    let streams = try (0..<2).map { _ in try CUDAStream(in: device.context) }
    let preprocessor = try DevicePreprocessor(
      kernels: device.kernels(), format: TensorFormat(), resampling: .openCVLinear, fill: 0, capacity: 1)
    var random = SplitMix64(seed: 6)
    let batches = try streams.map {
      try Batch([Geometry.random(32, 32, using: &random)], preprocessor, on: $0, using: &random)
    }
    for (batch, stream) in zip(batches, streams) {
      try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream)
    }
    for (batch, stream) in zip(batches, streams) { #expect(try batch.isRight(on: stream)) }
  }

  @Test("a driver's failure is thrown, and the next batch is right again")
  func failures() throws {
    let device = try FakeDevice()
    let stream = try CUDAStream(in: device.context)
    let preprocessor = try DevicePreprocessor(
      kernels: device.kernels(), format: TensorFormat(), resampling: .pillowBicubic, fill: 0, capacity: 1)
    var random = SplitMix64(seed: 9)
    let placement = Placement.stretched(width: 32, height: 16)
    // Sizes that differ, so that something is sent even where a picture gets the memory that the last one had.
    for (function, size) in [("cuMemcpyHtoDAsync_v2", 40), ("cuEventRecord", 57), ("cuLaunchKernel", 90)] {
      let batch = try Batch(
        [Geometry(width: size, height: size, orientation: 1, placement: placement)], preprocessor, on: stream,
        using: &random)
      device.driver.fail(function, code: 2)
      let error = #expect(throws: CUDAError.self) {
        try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream)
      }
      #expect(error?.isOutOfMemory == true)
      try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream)
      #expect(try batch.isRight(on: stream))
    }
    device.driver.fail("cuLaunchKernel", code: 700)
    let batch = try Batch([Geometry.random(32, 16, using: &random)], preprocessor, on: stream, using: &random)
    let error = #expect(throws: CUDAError.self) {
      try preprocessor.enqueue(batch.pictures, into: batch.tensor.address, on: stream)
    }
    #expect(error?.isSticky == true)
  }

  @Test("arguments that no kernel could take are refused by name, and nothing is queued")
  func arguments() throws {
    let device = try FakeDevice()
    let stream = try CUDAStream(in: device.context)
    let kernels = try device.kernels()
    let preprocessor = try DevicePreprocessor(
      kernels: kernels, format: TensorFormat(), resampling: .pillowBicubic, fill: 0, capacity: 2)
    let good = DevicePicture(
      address: 4096, bytesPerRow: 30, width: 10, height: 10, placement: .stretched(width: 8, height: 8))
    func message(_ pictures: [DevicePicture], into address: UInt64 = 4096) -> String {
      do {
        try preprocessor.enqueue(pictures, into: address, on: stream)
        return "nothing was thrown"
      } catch { return "\(error)" }
    }
    func changed(_ change: (inout DevicePicture) -> Void) -> DevicePicture {
      var picture = good
      change(&picture)
      return picture
    }
    let cases: [(DevicePicture, String)] = [
      (changed { $0.width = 0 }, "picture 1 of the batch: 0x10 pixels"),
      (changed { $0.height = .max }, "pixels are no picture"),
      (changed { $0.address = 0 }, "device address is 0"),
      (changed { $0.bytesPerRow = 29 }, "rows 29 bytes apart do not hold 10 pixels"),
      (changed { $0.bytesPerRow = .max }, "bytes apart"),
      (changed { $0.orientation = 0 }, "orientation 0"),
      (changed { $0.orientation = 9 }, "orientation 9"),
      (changed { $0.placement.left = 1 }, "not within its canvas"),
      (changed { $0.placement.width = -1 }, "not within its canvas"),
      (changed { $0.placement = .stretched(width: 8, height: 9) }, "one tensor has one size"),
      (changed { ($0.width, $0.bytesPerRow) = (1_000_001, 3_000_003) }, "too large"),
    ]
    for (picture, text) in cases {
      #expect(message([good, picture]).contains(text), "\(message([good, picture]))")
    }
    #expect(message([good, good, good]).contains("3 pictures; there is room for 2"))
    #expect(message([good], into: 0).contains("address 0"))
    #expect(message([good], into: 4098).contains("4098 is not one of float32"))
    let enormous = changed { $0.placement = .stretched(width: 400_000_000, height: 400_000_000) }
    #expect(message([enormous]).contains("too large"))
    let launches = device.driver.callCount("cuLaunchKernel")
    try preprocessor.enqueue([], into: 4096, on: stream)
    #expect(device.driver.callCount("cuLaunchKernel") == launches)
    for capacity in [0, -1, 65536] {
      #expect(throws: ImageError.self) {
        try DevicePreprocessor(
          kernels: kernels, format: TensorFormat(), resampling: .openCVLinear, fill: 0, capacity: capacity)
      }
    }
  }
}
