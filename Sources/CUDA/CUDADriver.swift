internal import DynamicLibrary
internal import Glibc
internal import Synchronization

/// The CUDA driver of this machine (`libcuda.so.1`), opened at run time and never closed.
///
/// It is all that is needed of CUDA: no toolkit and no CUDA runtime.
public final class CUDADriver: Sendable {
  /// The file that was opened.
  public let path: String
  /// The CUDA version that the driver supports, as major * 1000 + minor * 10: 13000 for 13.0.
  public let version: Int
  /// The number of devices; at least one.
  public let deviceCount: Int

  let functions: CUDAFunctions
  private let contexts = Mutex<[Int: WeakContext]>([:])

  // By file, so that the driver is initialised once.
  private static let opened = Mutex<[String: CUDADriver]>([:])

  private struct WeakContext {
    weak var context: CUDAContext?
  }

  /// Opens and initialises the driver.
  ///
  /// Looked at are the file or folder in `SWOOP_CUDA`, `folders`, the system loader's folders, and where containers, WSL
  /// and NVIDIA's installer put it.
  ///
  /// - Throws: ``CUDAUnavailable`` with what to do.
  public static func open(folders: [String] = []) throws(CUDAUnavailable) -> CUDADriver {
    var search = LibrarySearch(
      title: "The CUDA driver", names: ["libcuda.so.1", "libcuda.so"], environmentVariable: "SWOOP_CUDA",
      advice: "Install NVIDIA's driver; in a container, start it with access to the GPU (docker run --gpus all).")
    search.configuredFolders = folders
    search.wellKnownFolders = [
      "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/nvidia/lib64",
      "/usr/lib/wsl/lib", "/usr/lib/nvidia-*",
    ]
    let library: DynamicLibrary
    do {
      library = try DynamicLibrary.open(search)
    } catch {
      throw .driverMissing(error.description)
    }
    return try adopt(library)
  }

  /// Opens one file, or one bare name through the system loader.
  public static func open(path: String) throws(CUDAUnavailable) -> CUDADriver {
    let library: DynamicLibrary
    do {
      library = try DynamicLibrary(path: path)
    } catch {
      throw .driverMissing("The CUDA driver could not be opened: \(error)")
    }
    return try adopt(library)
  }

  private static func adopt(_ library: DynamicLibrary) throws(CUDAUnavailable) -> CUDADriver {
    let file = library.file(providing: "cuInit") ?? library.path
    if let known = opened.withLock({ $0[file] }) { return known }
    let driver = try CUDADriver(library, path: file)
    return opened.withLock { drivers in
      if let known = drivers[file] { return known }
      drivers[file] = driver
      return driver
    }
  }

  private init(_ library: DynamicLibrary, path: String) throws(CUDAUnavailable) {
    let functions: CUDAFunctions
    do {
      functions = try CUDAFunctions(library)
    } catch {
      throw .driverTooOld(error.description)
    }
    func check(_ result: Int32, _ call: String) throws(CUDAUnavailable) {
      guard result != 0 else { return }
      // 100 is the driver's own way to say that there is no device.
      throw result == 100 ? .noDevice : .notInitialized(functions.error(result, call))
    }
    try check(functions.initialize(0), "cuInit")
    var version: Int32 = 0
    try check(functions.driverVersion(&version), "cuDriverGetVersion")
    var count: Int32 = 0
    try check(functions.deviceCount(&count), "cuDeviceGetCount")
    guard count > 0 else { throw .noDevice }
    self.functions = functions
    self.path = path
    self.version = Int(version)
    deviceCount = Int(count)
  }

  /// The CUDA version that the driver supports: `13.0`.
  public var versionText: String { "\(version / 1000).\(version % 1000 / 10)" }

  /// The device of an index, counted from 0 in the driver's order (which `CUDA_VISIBLE_DEVICES` changes).
  ///
  /// - Throws: ``CUDAUnavailable`` where there is none of that index.
  public func device(_ index: Int) throws(CUDAUnavailable) -> CUDADevice {
    guard (0..<deviceCount).contains(index) else { throw .noSuchDevice(index: index, count: deviceCount) }
    do {
      return try CUDADevice(index: index, functions: functions)
    } catch {
      throw .notInitialized(error)
    }
  }

  /// The primary context of a device: the one that the CUDA runtime, and so every library over it, uses too.
  ///
  /// One object per device as long as anything holds it.
  public func primaryContext(of device: CUDADevice) throws(CUDAError) -> CUDAContext {
    if let context = contexts.withLock({ $0[device.index]?.context }) { return context }
    let made = try CUDAContext(driver: self, device: device)
    return contexts.withLock { contexts in
      if let context = contexts[device.index]?.context { return context }
      contexts[device.index] = WeakContext(context: made)
      return made
    }
  }
}
