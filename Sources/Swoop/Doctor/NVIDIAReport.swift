internal import DynamicLibrary
internal import Glibc

/// What the NVIDIA driver says of itself and its GPUs. Asked through `libcuda.so.1`, which the driver brings: no toolkit is
/// needed, and no context is made on any GPU.
public struct NVIDIAReport: Hashable, Sendable {
  public struct GPU: Hashable, Sendable {
    /// `NVIDIA H100 80GB HBM3`.
    public var name: String
    /// Major and minor: 9.0.
    public var computeCapability: String
    /// The memory on it, in bytes.
    public var memory: Int
  }

  /// The file of libcuda.
  public var path: String
  /// The kernel module's version: `550.54.14`; `nil` where the kernel does not tell.
  public var driverVersion: String?
  /// The newest CUDA that the driver runs: 12.4 is 12040.
  public var cudaVersion: Int
  public var gpus: [GPU]

  /// Why there is none.
  struct Unavailable: Error {
    var reason: String
    /// Whether libcuda itself is missing.
    var isMissing: Bool
  }

  static var search: LibrarySearch {
    var search = LibrarySearch(
      title: "The CUDA driver (libcuda.so.1)", names: ["libcuda.so.1"], environmentVariable: "SWOOP_CUDA",
      advice: "It comes with NVIDIA's driver; containers get it with docker run --gpus all.")
    search.wellKnownFolders = ["/usr/local/nvidia/lib64", "/usr/lib/wsl/lib", "/usr/lib64", "/usr/lib/*-linux-gnu"]
    return search
  }

  /// Asks the driver.
  static func current() throws(Unavailable) -> NVIDIAReport {
    let library: DynamicLibrary
    do {
      library = try DynamicLibrary.open(search)
    } catch {
      throw Unavailable(reason: RuntimeProbes.reason(error), isMissing: true)
    }
    do {
      return try ask(library)
    } catch let unavailable as Unavailable {
      throw unavailable
    } catch {
      throw Unavailable(reason: "\(error)", isMissing: false)
    }
  }

  // Names and numbers from cuda.h: CUresult 0 is success; CUdevice is an int; attributes 75 and 76 are the compute
  // capability.
  private static func ask(_ library: DynamicLibrary) throws -> NVIDIAReport {
    typealias Text = UnsafePointer<CChar>?
    let initialize: @convention(c) (UInt32) -> Int32 = try library.require("cuInit")
    let version: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32 = try library.require("cuDriverGetVersion")
    let count: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32 = try library.require("cuDeviceGetCount")
    let device: @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32 = try library.require("cuDeviceGet")
    let name: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32) -> Int32 = try library.require(
      "cuDeviceGetName")
    let memory: @convention(c) (UnsafeMutablePointer<Int>, Int32) -> Int32 = try library.require("cuDeviceTotalMem_v2")
    let attribute: @convention(c) (UnsafeMutablePointer<Int32>, Int32, Int32) -> Int32 = try library.require(
      "cuDeviceGetAttribute")
    let errorText: @convention(c) (Int32, UnsafeMutablePointer<Text>) -> Int32 = try library.require("cuGetErrorString")

    func check(_ result: Int32, _ call: String) throws(Unavailable) {
      guard result != 0 else { return }
      var text: Text = nil
      _ = errorText(result, &text)
      let words = text.map { String(cString: $0) } ?? "error \(result)"
      throw Unavailable(reason: "\(library.path): \(call) fails: \(words)", isMissing: false)
    }

    var cuda: Int32 = 0
    try check(version(&cuda), "cuDriverGetVersion")
    try check(initialize(0), "cuInit")
    var total: Int32 = 0
    try check(count(&total), "cuDeviceGetCount")
    var gpus: [GPU] = []
    for index in 0..<max(0, total) {
      var handle: Int32 = 0
      try check(device(&handle, index), "cuDeviceGet")
      var buffer = [CChar](repeating: 0, count: 256)
      try check(name(&buffer, Int32(buffer.count), handle), "cuDeviceGetName")
      var bytes = 0
      try check(memory(&bytes, handle), "cuDeviceTotalMem")
      var capability: (Int32, Int32) = (0, 0)
      try check(attribute(&capability.0, 75, handle), "cuDeviceGetAttribute")
      try check(attribute(&capability.1, 76, handle), "cuDeviceGetAttribute")
      let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      gpus.append(
        GPU(
          name: String(decoding: text, as: UTF8.self), computeCapability: "\(capability.0).\(capability.1)",
          memory: bytes))
    }
    let module = SystemFile.text("/sys/module/nvidia/version").map { String(Substring($0).trimmed) }
    return NVIDIAReport(
      path: library.file(providing: "cuInit") ?? library.path, driverVersion: module, cudaVersion: Int(cuda), gpus: gpus
    )
  }

  /// Whether the machine has an NVIDIA display or 3D controller, with or without a driver for it.
  static func hasHardware(devices: String = "/sys/bus/pci/devices") -> Bool {
    SystemFile.names(in: devices).contains { name in
      let vendor = SystemFile.text("\(devices)/\(name)/vendor").map { Substring($0).trimmed }
      let kind = SystemFile.text("\(devices)/\(name)/class").map { Substring($0).trimmed }
      return vendor == "0x10de" && kind?.hasPrefix("0x03") == true
    }
  }
}
