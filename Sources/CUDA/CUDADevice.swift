internal import Glibc

/// A GPU as the driver describes it.
public struct CUDADevice: Sendable, Hashable {
  /// Its place in the driver's order, from 0.
  public let index: Int
  /// `NVIDIA H100 80GB HBM3`.
  public let name: String
  /// Compute capability, as (8, 6).
  public let computeCapability: ComputeCapability
  /// All its memory, in bytes.
  public let memoryByteCount: Int
  public let multiprocessorCount: Int
  /// The device's identity across reboots and orders, 16 bytes in hexadecimal; `nil` where the driver does not tell.
  public let uuid: String?
  /// The driver's number for it, `CUdevice`.
  let handle: Int32

  /// A compute capability: what an architecture can do.
  public struct ComputeCapability: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var major: Int
    public var minor: Int

    public init(major: Int, minor: Int) {
      self.major = major
      self.minor = minor
    }

    public static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    public var description: String { "\(major).\(minor)" }
  }

  init(index: Int, functions: CUDAFunctions) throws(CUDAError) {
    var handle: Int32 = 0
    try functions.check(functions.device(&handle, Int32(index)), "cuDeviceGet(\(index))")
    let device = handle
    func attribute(_ attribute: Attribute) throws(CUDAError) -> Int {
      var value: Int32 = 0
      try functions.check(
        functions.deviceAttribute(&value, attribute.rawValue, device),
        "cuDeviceGetAttribute(\(attribute.rawValue)) of device \(index)")
      return Int(value)
    }
    var name = [CChar](repeating: 0, count: 256)
    try functions.check(
      functions.deviceName(&name, Int32(name.count - 1), handle), "cuDeviceGetName of device \(index)")
    var memory = 0
    try functions.check(functions.deviceTotalMemory(&memory, handle), "cuDeviceTotalMem of device \(index)")
    self.index = index
    self.handle = handle
    self.name = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    computeCapability = ComputeCapability(
      major: try attribute(.computeCapabilityMajor), minor: try attribute(.computeCapabilityMinor))
    memoryByteCount = memory
    multiprocessorCount = try attribute(.multiprocessorCount)
    var bytes = [UInt8](repeating: 0, count: 16)
    if let uuid = functions.deviceUUID, uuid(&bytes, handle) == 0 {
      let digits = Array("0123456789abcdef")
      self.uuid = String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    } else {
      uuid = nil
    }
  }
}

extension CUDADevice: CustomStringConvertible {
  /// `cuda:0 (NVIDIA H100 80GB HBM3)`.
  public var description: String { "cuda:\(index) (\(name))" }
}
