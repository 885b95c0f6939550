import CUDA
import DeviceDetection
import FakeRuntimes
import Glibc
import Imaging
import NVJPEG
import Testing

/// A JPEG engine over fakes of its own, and one slot's stream.
struct DeviceJPEGStack {
  let cuda: FakeCUDADriver
  let fake: FakeNVJPEG
  let context: CUDAContext
  let engine: DeviceJPEGEngine
  let stream: CUDAStream
  let kernels: DeviceKernels

  init(
    options: DeviceJPEGEngine.Options = DeviceJPEGStack.options(), lacking: [String] = [],
    prepare: (FakeNVJPEG) -> Void = { _ in }
  ) throws {
    cuda = try FakeCUDADriver()
    cuda.setKernels(try FakeLibrary.built("KernelEmulator"))
    fake = try FakeNVJPEG(cuda: cuda.path, without: lacking)
    prepare(fake)
    let driver = try CUDADriver.open(path: cuda.path)
    context = try driver.primaryContext(of: driver.device(0))
    engine = try DeviceJPEGEngine(NVJPEGLibrary.open(path: fake.path), in: context, options: options)
    stream = try CUDAStream(in: context)
    let compiler = try FakeNVRTC()
    kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil, compilerFolders: [compiler.folder]))
  }

  /// Without reading codes, so that damaged data gets as far as the decoder.
  static func options() -> DeviceJPEGEngine.Options {
    var options = DeviceJPEGEngine.Options()
    options.readsCodes = false
    return options
  }

  func decoder(capacity: Int = 16, arenaLimit: Int = 1 << 20, checksWrites: Bool = true) throws -> DeviceJPEGDecoder {
    try DeviceJPEGDecoder(
      engine, on: stream, capacity: capacity, arenaLimit: arenaLimit, kernels: checksWrites ? kernels : nil)
  }

  /// Routes and decodes files as a slot does, and waits. Every pixel that nvJPEG is said to have decoded must be that of
  /// the CPU path; says which pictures are missing.
  @discardableResult
  func decode(
    _ files: [JPEGFile], _ decoder: DeviceJPEGDecoder, location: SourceLocation = #_sourceLocation
  ) throws -> [String?] {
    let memory = try PinnedMemory(byteCount: files.map(\.bytes.count).reduce(0, +), in: context)
    var pictures: [EncodedPicture] = []
    var at = 0
    for file in files {
      let slice = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[at..<at + file.bytes.count])
      slice.copyBytes(from: file.bytes)
      at += file.bytes.count
      let bytes = UnsafeRawBufferPointer(slice)
      pictures.append(EncodedPicture(bytes: bytes, routed: engine.route(bytes, DecodingOptions())))
    }
    let places = try decoder.decode(pictures)
    try #require(places.count == files.count)
    try decoder.stream.synchronize()
    let unwritten = decoder.unwritten()
    for (index, (file, place)) in zip(files, places).enumerated() {
      #expect(place.address % 256 == 0 && place.bytesPerRow == place.width * 3, sourceLocation: location)
      guard place.missing == nil, !unwritten.contains(index) else { continue }
      #expect(place.width == file.width && place.height == file.height, sourceLocation: location)
      let pixels = try read(place.address, count: file.pixels.count)
      #expect(pixels == file.pixels, "\(file.name)", sourceLocation: location)
    }
    return places.map(\.missing)
  }

  /// Bytes of the device, whatever is queued on the slot's stream.
  func read(_ address: UInt64, count: Int) throws -> [UInt8] {
    let other = try CUDAStream(in: context)
    let host = try PinnedMemory(byteCount: count, in: context)
    try other.copy(address, to: host.bytes)
    try other.synchronize()
    return Array(host.bytes)
  }
}

/// JPEG files of the decoders' tests, 37x29 pixels most of them.
struct JPEGFile {
  let name: String
  let bytes: [UInt8]
  /// The stored picture that the CPU path makes of it; empty where it is an error.
  let pixels: [UInt8]
  let width, height: Int

  init(_ name: String) throws {
    let folder = String(
      #filePath.dropLast("DeviceDetectionTests/DeviceJPEGStack.swift".count) + "ImagingTests/Fixtures/images")
    let file = try #require(fopen("\(folder)/\(name)", "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    self.init(name, bytes)
  }

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    let image = try? bytes.withUnsafeBytes {
      try ImageDecoder().decode($0, options: DecodingOptions(orientation: .ignore))
    }
    pixels = image.map { $0.withUnsafeBytes { Array($0) } } ?? []
    (width, height) = image.map { ($0.width, $0.height) } ?? (0, 0)
  }

  /// A file that looks well and whose coded data is damaged: found by decoding only.
  static func damaged() throws -> JPEGFile {
    let bytes = try JPEGFile("jpeg-444.jpg").bytes
    let engineFree = bytes.count
    for start in stride(from: engineFree - 200, to: engineFree - 60, by: 1) {
      var other = bytes
      for index in start..<start + 30 where other[index] != 0xFF && other[index - 1] != 0xFF { other[index] = 0x55 }
      let file = JPEGFile("damaged", other)
      if file.pixels.isEmpty, other.withUnsafeBytes({ JPEGSurvey($0).flaw }) == nil { return file }
    }
    return try #require(nil as JPEGFile?, "no damage was found that only decoding shows")
  }
}
