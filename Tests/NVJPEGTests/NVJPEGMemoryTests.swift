import CUDA
import FakeRuntimes
import Glibc
import NVJPEG
import Testing

@Suite struct NVJPEGMemoryTests {
  /// Takes a block the way nvJPEG does.
  private func take(_ memory: NVJPEGMemory, _ kind: NVJPEGMemory.Kind, _ byteCount: Int, _ stream: CUDAStream)
    -> (status: Int32, pointer: UnsafeMutableRawPointer?)
  {
    var pointer: UnsafeMutableRawPointer?
    let table = memory.tables[kind.rawValue]
    return (table.take(table.context, &pointer, byteCount, stream.handle), pointer)
  }

  private func give(_ memory: NVJPEGMemory, _ pointer: UnsafeMutableRawPointer?, _ stream: CUDAStream) -> Int32 {
    let table = memory.tables[0]
    return table.give(table.context, pointer, 0, stream.handle)
  }

  @Test("a block that came back is given again, and the driver is asked once", arguments: [0, 1])
  func reuse(kind: Int) throws {
    let stack = try NVJPEGStack()
    let kind = try #require(NVJPEGMemory.Kind(rawValue: kind))
    let call = kind == .device ? "cuMemAlloc_v2" : "cuMemHostAlloc"
    do {
      let memory = NVJPEGMemory(in: stack.context)
      let before = stack.cuda.callCount(call)
      let first = take(memory, kind, 5000, stack.stream)
      #expect(first.status == 0 && first.pointer != nil)
      #expect(give(memory, first.pointer, stack.stream) == 0)
      try stack.stream.synchronize()
      // Another size of the same power of two.
      let second = take(memory, kind, 8192, stack.stream)
      #expect(second.pointer == first.pointer)
      #expect(stack.cuda.callCount(call) == before + 1)
      #expect(memory.byteCount == 8192)
      let third = take(memory, kind, 8193, stack.stream)
      #expect(third.pointer != second.pointer && memory.byteCount == 8192 + 16384)
      #expect(stack.cuda.callCount("cuMemFree_v2") == 0 && stack.cuda.callCount("cuMemFreeHost") == 0)
    }
    #expect(stack.cuda.callCount(kind == .device ? "cuMemFree_v2" : "cuMemFreeHost") == 2)
    #expect(stack.cuda.violations.isEmpty)
  }

  @Test("a block is not given again while work in its stream may use it")
  func pending() throws {
    let stack = try NVJPEGStack()
    let memory = NVJPEGMemory(in: stack.context)
    let first = take(memory, .device, 4096, stack.stream)
    try stack.stream.fill(UInt64(UInt(bitPattern: first.pointer)), with: 1, byteCount: 4096)
    #expect(give(memory, first.pointer, stack.stream) == 0)
    let second = take(memory, .device, 4096, stack.stream)
    #expect(second.pointer != first.pointer)
    try stack.stream.synchronize()
    #expect(take(memory, .device, 4096, stack.stream).pointer == first.pointer)
  }

  @Test("nothing is a block, and what is none is refused")
  func wrongBlocks() throws {
    let stack = try NVJPEGStack()
    let memory = NVJPEGMemory(in: stack.context)
    #expect(give(memory, nil, stack.stream) == 0)
    #expect(give(memory, UnsafeMutableRawPointer(bitPattern: 64), stack.stream) != 0)
    #expect(take(memory, .device, -1, stack.stream).status != 0)
    #expect(take(memory, .device, .max, stack.stream).status != 0)
    let smallest = take(memory, .device, 0, stack.stream)
    #expect(smallest.status == 0 && smallest.pointer != nil)
  }

  @Test("a block without a mark waits for the device")
  func unmarked() throws {
    let stack = try NVJPEGStack()
    let memory = NVJPEGMemory(in: stack.context)
    let first = take(memory, .device, 4096, stack.stream)
    stack.cuda.fail("cuEventRecord", code: 400)
    let before = stack.cuda.callCount("cuCtxSynchronize")
    #expect(give(memory, first.pointer, stack.stream) == 0)
    #expect(stack.cuda.callCount("cuCtxSynchronize") == before + 1)
    #expect(take(memory, .device, 4096, stack.stream).pointer == first.pointer)
  }

  @Test("decoding batches of growing and shrinking files frees nothing on the device", .enabled(if: canDecode))
  func decoding() throws {
    let stack = try NVJPEGStack()
    let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(handle, capacity: 2)
    let files = try ["jpeg-grey", "jpeg-420", "jpeg-444"].map { try JPEGFile($0) }
    let memory = try DeviceMemory(byteCount: files.map(\.pixels.count).max() ?? 0, in: stack.context)
    func decode() throws {
      for file in files {
        try file.bytes.withUnsafeBytes { bytes in
          try decoder.decode(
            [NVJPEGPicture(bytes: bytes, address: memory.address, bytesPerRow: file.width * 3)], on: stack.stream)
        }
        #expect(try stack.read(memory, count: file.pixels.count) == file.pixels)
      }
    }
    try decode()
    let held = try #require(handle.heldByteCount)
    #expect(held > 0)
    let allocations = stack.cuda.callCount("cuMemAlloc_v2")
    for _ in 0..<3 { try decode() }
    #expect(handle.heldByteCount == held)
    #expect(stack.cuda.callCount("cuMemFree_v2") == 0)
    // The test's own reading takes page-locked memory, so device memory alone is counted.
    #expect(stack.cuda.callCount("cuMemAlloc_v2") == allocations)
    #expect(stack.fake.violations.isEmpty && stack.cuda.violations.isEmpty)
  }

  @Test("memory that runs out is nvJPEG's allocator failure", .enabled(if: canDecode))
  func outOfMemory() throws {
    let stack = try NVJPEGStack()
    let file = try JPEGFile("jpeg-420")
    let target = try DeviceMemory(byteCount: file.pixels.count, in: stack.context)
    let decoder = try NVJPEGBatchDecoder(
      NVJPEGHandle(stack.library, backend: .hardware, in: stack.context), capacity: 1)
    stack.cuda.fail("cuMemAlloc_v2", code: 2)
    let error = #expect(throws: NVJPEGError.self) {
      try file.bytes.withUnsafeBytes { bytes in
        try decoder.decode(
          [NVJPEGPicture(bytes: bytes, address: target.address, bytesPerRow: file.width * 3)], on: stack.stream)
      }
    }
    #expect(error?.isOutOfMemory == true)
  }

  @Test("a version without allocators that know streams keeps its own")
  func olderVersion() throws {
    let stack = try NVJPEGStack(lacking: ["nvjpegCreateExV2"])
    let handle = try NVJPEGHandle(stack.library, backend: .hardware, in: stack.context)
    #expect(handle.heldByteCount == nil)
    #expect(stack.fake.callCount("nvjpegCreateEx") == 1)
  }
}
