import CUDA
import DeviceDetection
import FakeRuntimes
import Imaging
import NVJPEG
import Synchronization
import Testing

@Suite(.enabled(if: ImagingSupport.current().libraries.contains { $0.name == "libjpeg-turbo" && $0.problem == nil }))
struct DeviceJPEGDecoderTests {
  private static let good = [
    "jpeg-420.jpg", "jpeg-grey.jpg", "jpeg-progressive.jpg", "jpeg-444.jpg", "jpeg-411.jpg", "jpeg-mpo.jpg",
    "jpeg-restart.jpg", "jpeg-progressive.jpg", "jpeg-orientation-5.jpg", "jpeg-422.jpg",
  ]

  @Test("a batch of every kind has the CPU's pixels, the engines' part in one call")
  func mixed() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    let files = try (Self.good + ["jpeg-cmyk.jpg", "jpeg-no-end-marker.jpg", "png-rgb.png"]).map { try JPEGFile($0) }
    let missing = try stack.decode(files, decoder)
    #expect(missing[..<10].allSatisfy { $0 == nil })
    #expect(missing[10...].allSatisfy { $0 != nil })
    // One for the engines, one for 4:1:1.
    #expect(stack.fake.callCount("nvjpegDecodeBatched") == 2)
    #expect(stack.fake.callCount("nvjpegDecodeJpegHost") == 2)
    #expect(decoder.refusalCount == 0 && decoder.unwritten().isEmpty)
    #expect(try stack.decode([], decoder).isEmpty)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("grey comes out as RGB")
  func grey() throws {
    let stack = try DeviceJPEGStack()
    let file = try JPEGFile("jpeg-grey.jpg")
    #expect(try stack.decode([file], stack.decoder()) == [nil])
    #expect(
      file.pixels.count == 37 * 29 * 3 && file.pixels[30] == file.pixels[31] && file.pixels[31] == file.pixels[32])
  }

  @Test("nothing is allocated once the batches are what they were")
  func steady() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    let files = try Self.good.map { try JPEGFile($0) }
    try stack.decode(files, decoder)
    let counted = [
      "nvjpegDecodeBatchedInitialize", "nvjpegJpegStateCreate", "nvjpegDecoderStateCreate", "nvjpegJpegStreamCreate",
      "nvjpegBufferDeviceCreate",
    ]
    let before = counted.map { stack.fake.callCount($0) }
    let memory = stack.cuda.callCount("cuMemAlloc_v2")
    for _ in 0..<4 { try stack.decode(files, decoder) }
    #expect(counted.map { stack.fake.callCount($0) } == before)
    #expect(stack.cuda.callCount("cuMemAlloc_v2") == memory)
    #expect(decoder.growthCount == 1)
    // Nor where there are fewer of them.
    try stack.decode(Array(files[..<4]), decoder)
    #expect(counted.map { stack.fake.callCount($0) } == before)
    #expect(stack.cuda.callCount("cuMemAlloc_v2") == memory)
  }

  @Test("a damaged picture fails alone: the others are decoded one by one")
  func damaged() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    var files = try Self.good.map { try JPEGFile($0) }
    files.insert(try JPEGFile.damaged(), at: 3)
    let missing = try stack.decode(files, decoder)
    #expect(missing[3]?.contains("NVJPEG_STATUS_BAD_JPEG") == true)
    #expect(missing.filter { $0 != nil }.count == 1)
    #expect(decoder.refusalCount == 1)
    // Nothing was written to it either, and that is known already.
    #expect(decoder.unwritten().isEmpty)
    // The whole batch, its eight pictures, and 4:1:1.
    #expect(stack.fake.callCount("nvjpegDecodeBatched") == 10)
    // The next batch is in one call again.
    files.remove(at: 3)
    #expect(try stack.decode(files, decoder).allSatisfy { $0 == nil })
    #expect(stack.fake.callCount("nvjpegDecodeBatched") == 12)
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("damaged pictures on the GPU's cores fail alone, too")
  func damagedHybrid() throws {
    let stack = try DeviceJPEGStack { $0.setHardware(false) }
    let decoder = try stack.decoder()
    var files = try Self.good.map { try JPEGFile($0) }
    files.append(try JPEGFile.damaged())
    let missing = try stack.decode(files, decoder)
    #expect(missing.dropLast().allSatisfy { $0 == nil } && missing[10] != nil)
    stack.fake.fail("nvjpegDecodeJpegHost", call: 1, status: 3)
    let again = try stack.decode(files, decoder)
    #expect(again[2]?.contains("nvjpegDecodeJpegHost") == true && again[7] == nil)
    stack.fake.fail("nvjpegDecodeJpegDevice", call: 2, status: 6)
    let third = try stack.decode(files, decoder)
    #expect(third[7]?.contains("NVJPEG_STATUS_EXECUTION_FAILED") == true && third[2] == nil)
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("what the engines left out is found after the stream has run")
  func skipped() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    let files = try Self.good.map { try JPEGFile($0) }
    try stack.decode(files, decoder)
    #expect(decoder.unwritten().isEmpty)
    // The engines get the longest file first, which is the 4:4:4 one; their second is the 4:2:2 one.
    stack.fake.skip(picture: 1)
    #expect(try stack.decode(files, decoder).allSatisfy { $0 == nil })
    #expect(decoder.unwritten() == [9])
    try stack.decode(files, decoder)
    #expect(decoder.unwritten().isEmpty)
    let trusting = try stack.decoder(checksWrites: false)
    #expect(trusting.unwritten().isEmpty)
    let launches = stack.cuda.callCount("cuLaunchKernel")
    try stack.decode(files, trusting)
    #expect(stack.cuda.callCount("cuLaunchKernel") == launches)
  }

  @Test("threads give the engines their batches one after another, and a failure lets the next one through")
  func turns() async throws {
    struct Refused: Error {}
    final class Counts: Sendable {
      let inside = Atomic<Int>(0)
      let most = Atomic<Int>(0)
    }
    let engine = try DeviceJPEGStack().engine
    let counts = Counts()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          for turn in 0..<50 {
            try? engine.inTurn { () throws(Refused) in
              let count = counts.inside.add(1, ordering: .relaxed).newValue
              counts.most.max(count, ordering: .relaxed)
              for _ in 0..<2000 { _ = counts.most.load(ordering: .relaxed) }
              counts.inside.subtract(1, ordering: .relaxed)
              if (task + turn) % 3 == 0 { throw Refused() }
            }
          }
        }
      }
    }
    #expect(counts.most.load(ordering: .relaxed) == 1 && counts.inside.load(ordering: .relaxed) == 0)
    #expect(throws: Refused.self) { try engine.inTurn { () throws(Refused) in throw Refused() } }
  }

  @Test("the engines write only when what uses the memory has run")
  func order() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder(checksWrites: false)
    let (first, second) = (try JPEGFile("jpeg-420.jpg"), try JPEGFile("jpeg-444.jpg"))
    let copy = try DeviceMemory(byteCount: first.pixels.count, in: stack.context)
    var place: PlacedPicture?
    try first.bytes.withUnsafeBytes {
      place = try decoder.decode([EncodedPicture(bytes: $0, routed: stack.engine.route($0, DecodingOptions()))])[0]
    }
    // Work of the first batch that has not run yet.
    try stack.stream.copy(try #require(place).address, to: copy.address, byteCount: first.pixels.count)
    try stack.decode([second], decoder)
    #expect(try stack.read(copy.address, count: first.pixels.count) == first.pixels)
  }

  @Test("the memory grows to what is needed, and not beyond its limit")
  func arena() throws {
    let stack = try DeviceJPEGStack()
    let one = DeviceJPEGDecoder.byteCount(width: 37, height: 29)
    #expect(one % 256 == 0 && one >= 37 * 29 * 3)
    let decoder = try stack.decoder(arenaLimit: 3 * one)
    let file = try JPEGFile("jpeg-420.jpg")
    #expect(decoder.arenaByteCount == 0)
    try stack.decode([file], decoder)
    #expect(decoder.arenaByteCount == one + one / 4)
    let before = stack.cuda.liveCount("device")
    try stack.decode([file, file, file], decoder)
    #expect(decoder.arenaByteCount == 3 * one && decoder.growthCount == 2)
    let error = #expect(throws: DeviceJPEGError.self) { try stack.decode([file, file, file, file], decoder) }
    #expect(error == .batchTooLarge(byteCount: 4 * one, limit: 3 * one))
    try stack.decode([file, file], decoder)
    #expect(stack.cuda.liveCount("device") == before)
  }

  @Test("a device without room is a typed error, and the decoder goes on when there is room")
  func outOfMemory() throws {
    // An nvJPEG with memory of its own, so that the room is all the decoder's.
    let stack = try DeviceJPEGStack(lacking: ["nvjpegCreateExV2"])
    let decoder = try stack.decoder(checksWrites: false)
    let file = try JPEGFile("jpeg-420.jpg")
    stack.cuda.setMemory(2000)
    let error = #expect(throws: DeviceJPEGError.self) { try stack.decode([file], decoder) }
    guard case .outOfMemory(let byteCount, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(byteCount == DeviceJPEGDecoder.byteCount(width: 37, height: 29))
    // Room for what is needed beside nvJPEG's, and none for more.
    stack.cuda.setMemory(byteCount + 900)
    #expect(try stack.decode([file], decoder) == [nil])
    #expect(decoder.arenaByteCount == byteCount)
    stack.cuda.setMemory(1 << 20)
    stack.fake.fail("nvjpegDecodeBatched", status: 5)
    let other = #expect(throws: DeviceJPEGError.self) { try stack.decode([file], decoder) }
    #expect(other?.description.contains("NVJPEG_STATUS_ALLOCATOR_FAILURE") == true)
    #expect(try stack.decode([file], decoder) == [nil])
  }

  @Test("a failure of a whole batch that is no picture's costs a second try", arguments: [3, 4, 6, 8, 10])
  func transient(status: Int32) throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    let files = try Self.good.map { try JPEGFile($0) }
    stack.fake.fail("nvjpegDecodeBatched", status: status)
    #expect(try stack.decode(files, decoder).allSatisfy { $0 == nil })
    stack.fake.fail("nvjpegDecodeBatchedInitialize", call: 1, status: status)
    #expect(try stack.decode(Array(files[..<5]), decoder).allSatisfy { $0 == nil })
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("a broken context is an error of the batch, at whichever call it shows")
  func sticky() throws {
    let file = try JPEGFile("jpeg-420.jpg")
    for function in [
      "cuStreamSynchronize", "cuMemcpyHtoDAsync_v2", "cuLaunchKernel", "cuMemcpyDtoHAsync_v2", "cuCtxPushCurrent_v2",
    ] {
      let stack = try DeviceJPEGStack()
      let decoder = try stack.decoder()
      try stack.decode([file], decoder)
      stack.cuda.fail(function, code: 700)
      let error = #expect(throws: DeviceJPEGError.self) { try Self.decode(file, stack, decoder) }
      guard case .cuda(let cause)? = error else {
        Issue.record("\(function): \(String(describing: error))")
        continue
      }
      #expect(cause.isSticky)
    }
    // nvJPEG says that it failed, and the stream why.
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    try stack.decode([file], decoder)
    stack.fake.fail("nvjpegDecodeBatched", status: 6)
    stack.cuda.fail("cuStreamSynchronize", call: 2, code: 719)
    let error = #expect(throws: DeviceJPEGError.self) { try Self.decode(file, stack, decoder) }
    #expect(error?.description.contains("719") == true)
  }

  @Test("several slots decode at once over one engine")
  func slots() async throws {
    let stack = try DeviceJPEGStack()
    let files = try Self.good.map { try JPEGFile($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for slot in 0..<4 {
        group.addTask {
          let stream = try CUDAStream(in: stack.context)
          let decoder = try DeviceJPEGDecoder(
            stack.engine, on: stream, capacity: 10, arenaLimit: 1 << 20, kernels: stack.kernels)
          for round in 0..<3 {
            let turned = Array(files[(slot + round)...] + files[..<(slot + round)])
            let missing = try stack.decode(turned, decoder)
            #expect(missing.allSatisfy { $0 == nil })
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("everything is given back")
  func lifetimes() throws {
    let (cuda, fake): (FakeCUDADriver, FakeNVJPEG)
    do {
      let stack = try DeviceJPEGStack()
      (cuda, fake) = (stack.cuda, stack.fake)
      let decoder = try stack.decoder()
      try stack.decode(Self.good.map { try JPEGFile($0) } + [JPEGFile.damaged()], decoder)
      #expect(fake.liveCount > 0)
    }
    #expect(fake.liveCount == 0)
    #expect(cuda.liveCount == 0)
    #expect(fake.violations.isEmpty && cuda.violations.isEmpty)
  }

  @Test("nothing that looks well and is not crashes or goes unseen")
  func fuzz() throws {
    let stack = try DeviceJPEGStack()
    let decoder = try stack.decoder()
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for name in ["jpeg-420.jpg", "jpeg-progressive.jpg", "jpeg-restart.jpg", "jpeg-grey.jpg"] {
      let bytes = try JPEGFile(name).bytes
      var files: [JPEGFile] = []
      for _ in 0..<64 {
        var other = bytes
        other[random(other.count)] = UInt8(random(256))
        files.append(JPEGFile(name, other))
      }
      for start in stride(from: 0, to: files.count, by: 16) {
        // Whatever the device takes has the CPU's pixels; the stack checks.
        try stack.decode(Array(files[start..<start + 16]), decoder)
      }
    }
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  private static func decode(_ file: JPEGFile, _ stack: DeviceJPEGStack, _ decoder: DeviceJPEGDecoder) throws {
    try file.bytes.withUnsafeBytes {
      _ = try decoder.decode([EncodedPicture(bytes: $0, routed: stack.engine.route($0, DecodingOptions()))])
      try stack.stream.synchronize()
    }
  }
}
