extension CUDADevice {
  /// A number that the driver tells of a device, `CUdevice_attribute`.
  public struct Attribute: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let maximumThreadsPerBlock = Self(rawValue: 1)
    public static let maximumBlockWidth = Self(rawValue: 2)
    public static let maximumBlockHeight = Self(rawValue: 3)
    public static let maximumBlockDepth = Self(rawValue: 4)
    public static let maximumGridWidth = Self(rawValue: 5)
    public static let maximumGridHeight = Self(rawValue: 6)
    public static let maximumGridDepth = Self(rawValue: 7)
    /// Shared memory that a block may have without asking, in bytes: 49,152.
    public static let sharedMemoryPerBlock = Self(rawValue: 8)
    public static let warpSize = Self(rawValue: 10)
    /// In kilohertz.
    public static let clockRate = Self(rawValue: 13)
    public static let multiprocessorCount = Self(rawValue: 16)
    /// 1 where the device shares the host's memory.
    public static let isIntegrated = Self(rawValue: 18)
    /// In kilohertz.
    public static let memoryClockRate = Self(rawValue: 36)
    /// In bits.
    public static let memoryBusWidth = Self(rawValue: 37)
    /// In bytes.
    public static let secondLevelCacheSize = Self(rawValue: 38)
    public static let maximumThreadsPerMultiprocessor = Self(rawValue: 39)
    /// Copies that can run beside kernels: 0, 1 or 2 and more for both directions at once.
    public static let copyEngineCount = Self(rawValue: 40)
    public static let computeCapabilityMajor = Self(rawValue: 75)
    public static let computeCapabilityMinor = Self(rawValue: 76)
    /// In bytes.
    public static let sharedMemoryPerMultiprocessor = Self(rawValue: 81)
    /// The most shared memory that a block may have where its kernel asks, in bytes.
    public static let largestSharedMemoryPerBlock = Self(rawValue: 97)
    /// 1 where memory can be taken and given back in stream order; see ``DeviceMemoryPool``.
    public static let hasMemoryPools = Self(rawValue: 115)
  }
}

extension CUDAContext {
  /// Asks the driver for a number about the device. One that a driver is too old to know is an error.
  public func attribute(_ attribute: CUDADevice.Attribute) throws(CUDAError) -> Int {
    var value: Int32 = 0
    try functions.check(
      functions.deviceAttribute(&value, attribute.rawValue, device.handle),
      "cuDeviceGetAttribute(\(attribute.rawValue)) of \(device)")
    return Int(value)
  }
}
