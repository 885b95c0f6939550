import CUDA
import FakeRuntimes
import Glibc
import Imaging
import NVJPEG
import Testing

/// A fake nvJPEG over a fake CUDA driver of its own.
struct NVJPEGStack {
  let cuda: FakeCUDADriver
  let fake: FakeNVJPEG
  let library: NVJPEGLibrary
  let context: CUDAContext
  let stream: CUDAStream

  init(lacking: [String] = []) throws {
    cuda = try FakeCUDADriver()
    fake = try FakeNVJPEG(cuda: cuda.path, without: lacking)
    library = try NVJPEGLibrary.open(path: fake.path)
    let driver = try CUDADriver.open(path: cuda.path)
    context = try driver.primaryContext(of: driver.device(0))
    stream = try CUDAStream(in: context)
  }

  /// The bytes of device memory once the stream has run.
  func read(_ memory: DeviceMemory, count: Int) throws -> [UInt8] {
    try stream.synchronize()
    return try peek(memory, count: count)
  }

  /// The bytes of device memory now, whatever is queued on the stream.
  func peek(_ memory: DeviceMemory, count: Int) throws -> [UInt8] {
    let other = try CUDAStream(in: context)
    let host = try PinnedMemory(byteCount: count, in: context)
    try other.copy(memory.address, to: host.bytes)
    try other.synchronize()
    return Array(host.bytes)
  }
}

/// JPEG files of the decoders' tests, 37x29 pixels most of them.
struct JPEGFile {
  let bytes: [UInt8]
  /// What the CPU path makes of it: the stored picture.
  let pixels: [UInt8]
  let width, height: Int

  init(_ name: String) throws {
    let folder = String(#filePath.dropLast("NVJPEGTests/NVJPEGStack.swift".count)) + "ImagingTests/Fixtures/images"
    let file = try #require(fopen("\(folder)/\(name).jpg", "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    let image = try bytes.withUnsafeBytes {
      try ImageDecoder().decode($0, options: DecodingOptions(orientation: .ignore))
    }
    self.bytes = bytes
    pixels = image.withUnsafeBytes { Array($0) }
    (width, height) = (image.width, image.height)
  }
}
