import CUDA
import FakeRuntimes
import Glibc

/// A fake driver of its own, device 0 of it, and the kernels of the tests.
struct FakeDevice {
  let fake: FakeCUDADriver
  let driver: CUDADriver
  let context: CUDAContext

  /// - Parameter symbols: functions that the driver is to lack.
  init(without symbols: [String] = []) throws {
    fake = try FakeCUDADriver(without: symbols)
    driver = try CUDADriver.open(path: fake.path)
    context = try driver.primaryContext(of: driver.device(0))
    fake.setKernels(try FakeLibrary.built("TestKernels"))
  }

  /// A kernel of a module of its own.
  func kernel(_ name: String) throws -> CUDAKernel {
    try CUDAModule(image: Array("the image".utf8), name: "test", in: context).kernel(name)
  }
}

/// Integers on a device, and pinned memory to see them in.
struct DeviceIntegers {
  let memory: DeviceMemory
  private let host: PinnedMemory
  private let count: Int

  init(_ values: [Int32], in context: CUDAContext, on stream: CUDAStream) throws {
    count = values.count
    memory = try DeviceMemory(byteCount: 4 * count, in: context)
    host = try PinnedMemory(byteCount: 4 * count, in: context)
    for (index, value) in values.enumerated() {
      host.bytes.storeBytes(of: value, toByteOffset: 4 * index, as: Int32.self)
    }
    try stream.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
    try stream.synchronize()
  }

  var address: UInt64 { memory.address }

  /// Waits for the stream and reads them.
  func values(_ stream: CUDAStream) throws -> [Int32] {
    try stream.copy(memory.address, to: host.bytes)
    try stream.synchronize()
    return (0..<count).map { host.bytes.load(fromByteOffset: 4 * $0, as: Int32.self) }
  }
}

/// A folder that is removed with all in it.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/swoop-cuda-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FolderError() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  struct FolderError: Error {}

  deinit {
    for name in names { if remove("\(path)/\(name)") != 0 { rmdir("\(path)/\(name)") } }
    rmdir(path)
  }

  /// All names in it, sorted.
  var names: [String] {
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var content = [UInt8](repeating: 0, count: 1 << 16)
    return Array(content[..<fread(&content, 1, content.count, file)])
  }

  func write(_ content: [UInt8], to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fwrite(content, 1, content.count, file)
    fclose(file)
  }
}
