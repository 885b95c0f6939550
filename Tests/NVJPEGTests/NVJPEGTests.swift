import CUDA
import DynamicLibrary
import FakeRuntimes
import Glibc
import NVJPEG
import Testing

/// Whether libjpeg-turbo is here, with which the fake decodes.
let canDecode = (try? JPEGFile("jpeg-444")) != nil

@Suite struct NVJPEGTests {
  // MARK: The library

  @Test("the library tells its versions, and one file is one library")
  func library() throws {
    let stack = try NVJPEGStack()
    #expect(stack.library.version == NVJPEGVersion(13, 0, 1))
    #expect(stack.library.version.description == "13.0.1")
    #expect(stack.library.cudaVersion.major == 13)
    #expect(stack.library.path == stack.fake.path)
    #expect(try NVJPEGLibrary.open(path: stack.fake.path) === stack.library)
    #expect(NVJPEGVersion(12, 1) > NVJPEGVersion(12, 0, 9))
  }

  @Test("a library that is not there is named, with the command that installs one")
  func missing() {
    let error = #expect(throws: NVJPEGUnavailable.self) { try NVJPEGLibrary.open(path: "/nowhere/libnvjpeg.so.13") }
    #expect(error?.description.contains("/nowhere/libnvjpeg.so.13") == true)
    #expect(error?.description.contains("pip install nvidia-nvjpeg") == true)
    EnvironmentOverride.$values.withValue(["SWOOP_NVJPEG": "/nowhere"]) {
      let error = #expect(throws: NVJPEGUnavailable.self) { try NVJPEGLibrary.open() }
      #expect(error?.description.contains("/nowhere") == true)
    }
  }

  @Test("a library before 11, or without a function that is needed, is too old")
  func tooOld() throws {
    let cuda = try FakeCUDADriver()
    let old = try FakeNVJPEG(cuda: cuda.path)
    old.setVersion(10, 2, 89)
    let error = #expect(throws: NVJPEGUnavailable.self) { try NVJPEGLibrary.open(path: old.path) }
    #expect(error?.description.contains("nvJPEG 10.2.89") == true)
    let poor = try FakeNVJPEG(cuda: cuda.path, without: ["nvjpegDecodeBatched"])
    let lack = #expect(throws: NVJPEGUnavailable.self) { try NVJPEGLibrary.open(path: poor.path) }
    #expect(lack?.description.contains("nvjpegDecodeBatched") == true)
  }

  @Test("a library for a newer CUDA than the driver's is passed over")
  func tooNew() throws {
    let cuda = try FakeCUDADriver()
    let fake = try FakeNVJPEG(cuda: cuda.path)
    fake.setVersion(14, 0)
    let driver = try CUDADriver.open(path: cuda.path)
    let error = EnvironmentOverride.$values.withValue(["SWOOP_NVJPEG": fake.path]) {
      #expect(throws: NVJPEGUnavailable.self) { try NVJPEGLibrary.open(for: driver) }
    }
    #expect(error?.description.contains("built with CUDA 14; the driver is for CUDA 13.0") == true)
  }

  @Test("the library is found in configured folders, in pip's packages and by the variable")
  func search() throws {
    let cuda = try FakeCUDADriver()
    let fake = try FakeNVJPEG(cuda: cuda.path)
    var template = Array("/tmp/swoop-nvjpeg-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folders = ["site", "site/nvidia", "site/nvidia/cu13", "site/nvidia/cu13/lib"].map { "\(root)/\($0)" }
    for folder in folders { #expect(mkdir(folder, 0o700) == 0) }
    let link = "\(folders[3])/libnvjpeg.so.13"
    #expect(symlink(fake.path, link) == 0)
    defer {
      unlink(link)
      for folder in folders.reversed() + [root] { rmdir(folder) }
    }
    let real = try NVJPEGLibrary.open(path: fake.path)
    let driver = try CUDADriver.open(path: cuda.path)
    let configured = try EnvironmentOverride.$values.withValue(["SWOOP_NVJPEG": ""]) {
      try [NVJPEGLibrary.open(folders: [folders[3]]), NVJPEGLibrary.open(folders: [folders[3]], for: driver)]
    }
    #expect(configured.allSatisfy { $0 === real })
    let named = try EnvironmentOverride.$values.withValue(["SWOOP_NVJPEG": link]) { try NVJPEGLibrary.open() }
    #expect(named === real)
    var search = LibrarySearch(title: "x", names: ["libnvjpeg.so.13"], advice: "")
    search.pythonFolders = ["nvidia/cu13/lib"]
    EnvironmentOverride.$values.withValue(["PYTHONPATH": "\(root)/site"]) {
      #expect(search.candidates().contains(link))
    }
  }

  @Test(
    "the real library of this machine answers",
    .enabled(if: (try? NVJPEGLibrary.open()) != nil, "there is no nvJPEG on this machine"))
  func realLibrary() throws {
    let library = try NVJPEGLibrary.open()
    #expect(library.version >= NVJPEGVersion(11))
    #expect(library.cudaVersion >= NVJPEGVersion(11))
  }

  @Test("statuses have nvJPEG's names")
  func names() {
    let names = (0...10).map { NVJPEGStatus(rawValue: $0).name }
    #expect(Set(names).count == 11)
    #expect(names.allSatisfy { $0.hasPrefix("NVJPEG_STATUS_") })
    #expect(NVJPEGStatus(rawValue: 77).name == "NVJPEG_STATUS 77")
    let error = NVJPEGError.status(.badJPEG, call: "nvjpegDecode of 9 bytes")
    #expect(error.description == "nvjpegDecode of 9 bytes failed: NVJPEG_STATUS_BAD_JPEG (3)")
    #expect(NVJPEGError.status(.allocatorFailure, call: "x").isOutOfMemory)
    #expect(NVJPEGError.cuda(CUDAError(code: 2, name: "", reason: "", call: "")).isOutOfMemory)
    #expect(NVJPEGError.cuda(CUDAError(code: 2, name: "", reason: "", call: "")).status == nil)
  }

  // MARK: Handles and headers

  @Test("a device without JPEG engines says so")
  func noHardware() throws {
    let stack = try NVJPEGStack()
    stack.fake.setHardware(false)
    let error = #expect(throws: NVJPEGError.self) {
      try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    }
    #expect(error?.status == .archMismatch)
    #expect(error?.description.contains("NVJPEG_STATUS_ARCH_MISMATCH") == true)
    _ = try NVJPEGHandle(stack.library, backend: .automatic, in: stack.context)
    #expect(stack.fake.liveCount == 0)
  }

  @Test("flags are passed on, and the engines are counted")
  func handle() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(
      stack.library, backend: .hardware, flags: [.interpolatedColour, .strict], in: stack.context)
    #expect(stack.fake.flags(backend: 3) == 36)
    let hardware = try #require(try handle.hardware())
    #expect(hardware == (7, 1))
    let hybrid = try NVJPEGHandle(stack.library, backend: .hybrid, in: stack.context)
    #expect(try hybrid.hardware() == nil)
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("headers are read", .enabled(if: canDecode))
  func information() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .automatic, in: stack.context)
    let information = try JPEGFile("jpeg-420").bytes.withUnsafeBytes { try handle.information($0) }
    #expect(information.componentCount == 3 && information.subsampling == 2)
    #expect(information.sizes.map(\.width) == [37, 19, 19] && information.sizes.map(\.height) == [29, 15, 15])
    let error = #expect(throws: NVJPEGError.self) {
      try handle.information(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    #expect(error?.status == .badJPEG)
  }

  @Test(
    "what the engines take is asked, where the version can tell", .enabled(if: canDecode),
    arguments: [
      [], ["nvjpegJpegStreamParseHeader"], ["nvjpegDecodeBatchedSupported"],
      ["nvjpegDecodeBatchedSupported", "nvjpegDecodeBatchedSupportedEx", "nvjpegGetHardwareDecoderInfo"],
    ])
  func support(lacking: [String]) throws {
    let stack = try NVJPEGStack(lacking: lacking)
    let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    let bitstream = try NVJPEGBitstream(handle)
    let cannotTell = lacking.count == 3
    #expect(try (handle.hardware() == nil) == cannotTell)
    for (name, takes) in [("jpeg-420", true), ("jpeg-grey", true), ("jpeg-progressive", false), ("jpeg-411", false)] {
      try JPEGFile(name).bytes.withUnsafeBytes { bytes in
        try bitstream.parse(bytes, headerOnly: true)
        let answer = try handle.batchSupports(bitstream)
        #expect(answer == (cannotTell ? nil : takes), "\(name)")
      }
    }
    #expect(stack.fake.violations.isEmpty)
  }

  // MARK: Decoding

  @Test("a batch for the engines is decoded in one call, at once, to the CPU's pixels", .enabled(if: canDecode))
  func hardwareBatch() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(handle, capacity: 8)
    let files = try ["jpeg-420", "jpeg-grey", "jpeg-444", "jpeg-restart", "jpeg-mpo"].map { try JPEGFile($0) }
    for _ in 0..<2 {
      let memories = try files.map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
      try decode(files, memories, decoder, stack)
      for (file, memory) in zip(files, memories) {
        #expect(try stack.peek(memory, count: file.pixels.count) == file.pixels)
      }
    }
    #expect(stack.fake.callCount("nvjpegDecodeBatched") == 2)
    #expect(stack.fake.callCount("nvjpegDecodeBatchedInitialize") == 1)
    try decoder.decode([], on: stack.stream)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("a batch that is not full is filled up, and nvJPEG is told its size once", .enabled(if: canDecode))
  func partialBatches() throws {
    let stack = try NVJPEGStack()
    let decoder = try NVJPEGBatchDecoder(
      NVJPEGHandle(stack.library, backend: .hardware, in: stack.context), capacity: 8)
    let files = try ["jpeg-420", "jpeg-grey", "jpeg-444"].map { try JPEGFile($0) }
    for count in [2, 1, 3, 2] {
      let memories = try files[..<count].map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
      try decode(Array(files[..<count]), memories, decoder, stack, usualCount: 3, largest: (64, 64))
      for (file, memory) in zip(files, memories) {
        #expect(try stack.peek(memory, count: file.pixels.count) == file.pixels)
      }
    }
    #expect(stack.fake.callCount("nvjpegDecodeBatchedInitialize") == 1)
    #expect(stack.fake.callCount("nvjpegDecodeBatchedPreAllocate") == 1)
    let memory = try DeviceMemory(byteCount: files[0].pixels.count, in: stack.context)
    try decode([files[0]], [memory], decoder, stack, usualCount: 3, largest: (65, 1))
    #expect(stack.fake.callCount("nvjpegDecodeBatchedPreAllocate") == 2)
    // After a failure, pictures are tried one by one, each as a batch of one.
    stack.fake.fail("nvjpegDecodeBatched", status: 3)
    #expect(throws: NVJPEGError.self) { try decode([files[0]], [memory], decoder, stack, usualCount: 3) }
    for _ in 0..<2 { try decode([files[0]], [memory], decoder, stack, usualCount: 3) }
    #expect(stack.fake.callCount("nvjpegDecodeBatchedInitialize") == 2)
    // Where most calls have fewer now, they are not filled up to what they once had.
    let memories = try files[..<2].map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
    for usualCount in [3, 2, 2] { try decode(Array(files[..<2]), memories, decoder, stack, usualCount: usualCount) }
    #expect(stack.fake.callCount("nvjpegDecodeBatchedInitialize") == 4)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("no room in advance is no error", .enabled(if: canDecode), arguments: [5, 9] as [Int32])
  func noRoomInAdvance(status: Int32) throws {
    let stack = try NVJPEGStack()
    let decoder = try NVJPEGBatchDecoder(
      NVJPEGHandle(stack.library, backend: .hardware, in: stack.context), capacity: 2)
    let file = try JPEGFile("jpeg-420")
    let memory = try DeviceMemory(byteCount: file.pixels.count, in: stack.context)
    stack.fake.fail("nvjpegDecodeBatchedPreAllocate", status: status)
    try decode([file], [memory], decoder, stack, largest: (64, 64))
    #expect(try stack.peek(memory, count: file.pixels.count) == file.pixels)
  }

  @Test("batches on the GPU's cores are decoded in stream order, progressive ones too", .enabled(if: canDecode))
  func hybridBatch() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .gpuHybrid, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(handle, capacity: 2)
    let files = try ["jpeg-411", "jpeg-progressive"].map { try JPEGFile($0) }
    let memories = try files.map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
    try decode(files, memories, decoder, stack)
    #expect(try stack.peek(memories[0], count: 10) == [UInt8](repeating: 0xCD, count: 10))
    for (file, memory) in zip(files, memories) {
      #expect(try stack.read(memory, count: file.pixels.count) == file.pixels)
    }
  }

  @Test("a batch that fails does so as a whole, and the next starts afresh", .enabled(if: canDecode))
  func failedBatch() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(handle, capacity: 2)
    let files = try ["jpeg-420", "jpeg-progressive"].map { try JPEGFile($0) }
    let memories = try files.map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
    let error = #expect(throws: NVJPEGError.self) { try decode(files, memories, decoder, stack) }
    #expect(error?.status == .jpegNotSupported)
    #expect(error?.description.contains("nvjpegDecodeBatched of 2 pictures") == true)
    try decode([files[0], files[0]], memories, decoder, stack)
    try decode([files[0]], [memories[0]], decoder, stack)
    #expect(try stack.read(memories[0], count: files[0].pixels.count) == files[0].pixels)
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("single pictures are decoded through nvjpegDecode", .enabled(if: canDecode))
  func single() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .automatic, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(handle, capacity: 1)
    let file = try JPEGFile("jpeg-422")
    let memory = try DeviceMemory(byteCount: file.pixels.count, in: stack.context)
    try file.bytes.withUnsafeBytes {
      try decoder.decodeOne(
        NVJPEGPicture(bytes: $0, address: memory.address, bytesPerRow: file.width * 3), on: stack.stream)
    }
    #expect(try stack.read(memory, count: file.pixels.count) == file.pixels)
  }

  @Test("phases decode one after another with two sets of buffers", .enabled(if: canDecode))
  func phases() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .gpuHybrid, in: stack.context)
    let decoder = try NVJPEGPhasedDecoder(handle)
    let files = try ["jpeg-progressive", "jpeg-420", "jpeg-grey", "jpeg-progressive", "jpeg-444"].map {
      try JPEGFile($0)
    }
    let memories = try files.map { try DeviceMemory(byteCount: $0.pixels.count, in: stack.context) }
    for (file, memory) in zip(files, memories) {
      try file.bytes.withUnsafeBytes {
        try decoder.decode(
          NVJPEGPicture(bytes: $0, address: memory.address, bytesPerRow: file.width * 3), on: stack.stream)
      }
    }
    for (file, memory) in zip(files, memories) {
      #expect(try stack.read(memory, count: file.pixels.count) == file.pixels)
    }
    let bitstream = try NVJPEGBitstream(handle)
    try files[0].bytes.withUnsafeBytes {
      try bitstream.parse($0)
      let takes = try decoder.supports(bitstream)
      #expect(takes)
    }
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("everything is destroyed once, children before their handle", .enabled(if: canDecode))
  func lifetimes() throws {
    let stack = try NVJPEGStack()
    do {
      let file = try JPEGFile("jpeg-progressive")
      let memory = try DeviceMemory(byteCount: file.pixels.count, in: stack.context)
      let decoder = try NVJPEGPhasedDecoder(NVJPEGHandle(stack.library, backend: .gpuHybrid, in: stack.context))
      let batch = try NVJPEGBatchDecoder(
        NVJPEGHandle(stack.library, backend: .hardware, in: stack.context), capacity: 3)
      // Still queued when the decoder goes.
      try file.bytes.withUnsafeBytes {
        try decoder.decode(
          NVJPEGPicture(bytes: $0, address: memory.address, bytesPerRow: file.width * 3), on: stack.stream)
      }
      #expect(stack.fake.liveCount > 8)
      _ = batch
    }
    #expect(stack.fake.liveCount == 0)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test(
    "every call's failure is thrown with the call's name, and leaves nothing behind", .enabled(if: canDecode),
    arguments: [
      "nvjpegCreateExV2", "nvjpegGetHardwareDecoderInfo", "nvjpegGetImageInfo", "nvjpegJpegStateCreate", "nvjpegDecode",
      "nvjpegDecodeBatchedInitialize", "nvjpegDecodeBatched", "nvjpegDecodeBatchedPreAllocate",
      "nvjpegJpegStreamCreate", "nvjpegJpegStreamParse", "nvjpegJpegStreamParseHeader", "nvjpegDecodeBatchedSupported",
      "nvjpegDecoderCreate", "nvjpegDecoderJpegSupported", "nvjpegDecoderStateCreate", "nvjpegDecodeParamsCreate",
      "nvjpegDecodeParamsSetOutputFormat", "nvjpegBufferPinnedCreate", "nvjpegBufferDeviceCreate",
      "nvjpegStateAttachPinnedBuffer", "nvjpegStateAttachDeviceBuffer", "nvjpegDecodeJpegHost",
      "nvjpegDecodeJpegTransferToDevice", "nvjpegDecodeJpegDevice",
    ])
  func failures(function: String) throws {
    let stack = try NVJPEGStack()
    let file = try JPEGFile("jpeg-420")
    let memory = try DeviceMemory(byteCount: file.pixels.count, in: stack.context)
    stack.fake.fail(function, status: 8)
    let error = #expect(throws: NVJPEGError.self) {
      try file.bytes.withUnsafeBytes { bytes in
        let picture = NVJPEGPicture(bytes: bytes, address: memory.address, bytesPerRow: file.width * 3)
        let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
        _ = try handle.hardware()
        _ = try handle.information(bytes)
        let bitstream = try NVJPEGBitstream(handle)
        try bitstream.parse(bytes, headerOnly: true)
        _ = try handle.batchSupports(bitstream)
        let batch = try NVJPEGBatchDecoder(handle, capacity: 1)
        try batch.decode([picture], largest: (64, 64), on: stack.stream)
        try batch.decodeOne(picture, on: stack.stream)
        let phased = try NVJPEGPhasedDecoder(handle)
        _ = try phased.supports(bitstream)
        try phased.decode(picture, on: stack.stream)
      }
    }
    #expect(error?.status == .internalError)
    #expect(error?.description.contains(function) == true)
    try stack.stream.synchronize()
    #expect(stack.fake.liveCount == 0)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("a broken context is the driver's error")
  func brokenContext() throws {
    let stack = try NVJPEGStack()
    stack.cuda.fail("cuCtxPushCurrent_v2", code: 700)
    let error = #expect(throws: NVJPEGError.self) {
      try NVJPEGHandle(stack.library, backend: .automatic, in: stack.context)
    }
    guard case .cuda(let cause)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.isSticky)
  }

  private func decode(
    _ files: [JPEGFile], _ memories: [DeviceMemory], _ decoder: NVJPEGBatchDecoder, _ stack: NVJPEGStack,
    usualCount: Int = 1, largest: (width: Int, height: Int)? = nil
  ) throws {
    // One piece of pinned memory, as pipelines have it.
    let host = try PinnedMemory(byteCount: files.map(\.bytes.count).reduce(0, +), in: stack.context)
    var pictures: [NVJPEGPicture] = []
    var at = 0
    for (file, memory) in zip(files, memories) {
      let slice = UnsafeMutableRawBufferPointer(rebasing: host.bytes[at..<at + file.bytes.count])
      slice.copyBytes(from: file.bytes)
      at += file.bytes.count
      pictures.append(
        NVJPEGPicture(
          bytes: UnsafeRawBufferPointer(slice), address: memory.address, bytesPerRow: file.width * 3))
    }
    try decoder.decode(pictures, usualCount: usualCount, largest: largest, on: stack.stream)
  }
}
