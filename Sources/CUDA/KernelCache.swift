/// Compiled device code on disk, so that a kernel is compiled once for a machine and not for every process.
///
/// An entry is found by the SHA-256 of source, options and the device's compute capability, with NVRTC's version beside it.
/// Files appear whole, and are checked on reading: one that is damaged, cut off or not an entry is reported, compiled anew
/// and replaced. Any number of threads and processes may share a folder.
public struct KernelCache: Sendable {
  /// Where entries are kept, one file each; `nil` for nowhere.
  public let folder: String?
  private let compilerFolders: [String]
  private let report: (@Sendable (String) -> Void)?

  /// - Parameters:
  ///   - folder: where entries are kept; made when the first is written. `nil` compiles each time.
  ///   - compilerFolders: where to look for NVRTC first; see ``NVRTC/open(folders:newest:)``.
  ///   - report: is told, a sentence each, what kept the cache from helping: damaged entries, a folder that cannot be
  ///     written, an entry of another compiler taken for want of this one. None of these is an error, since kernels run all
  ///     the same. May be called on any thread.
  public init(folder: String?, compilerFolders: [String] = [], report: (@Sendable (String) -> Void)? = nil) {
    self.folder = folder
    self.compilerFolders = compilerFolders
    self.report = report
  }

  /// Loads the module of a source into a context: from the cache, or compiled by NVRTC and put into it.
  ///
  /// An entry counts for the version of NVRTC that is on the machine. Where that is missing, is newer than the driver's
  /// major version or cannot compile this source, an entry that another version made will do.
  ///
  /// - Parameters:
  ///   - source: CUDA C++, one translation unit.
  ///   - name: what the compiler's and the driver's messages call it.
  ///   - options: as for ``NVRTC/compile(_:name:options:for:)``.
  /// - Throws: ``CUDAError`` of the driver, as it is; ``NVRTCError`` where it is in no way to be had; `LibraryLoadError`
  ///   where OpenSSL's libcrypto, which computes SHA-256, is missing.
  public func module(
    _ source: String, name: String, options: [String] = [], in context: CUDAContext
  ) throws -> CUDAModule {
    let capability = context.device.computeCapability
    let shelf = try folder.map { folder in
      Shelf(
        folder: KernelCacheFolder(path: folder),
        key: try KernelCacheEntry.key(source: source, options: options, capability: capability))
    }
    let failure: NVRTCError
    do {
      let compiler = try NVRTC.open(folders: compilerFolders, newest: context.driver.version / 1000)
      let version = KernelCacheEntry.Version(major: compiler.version.major, minor: compiler.version.minor)
      if let shelf, let module = try stored(version, on: shelf, name: name, in: context) { return module }
      let target = try compiler.target(for: capability)
      let image = try compiler.compile(source, name: name, options: options, for: target)
      let module = try CUDAModule(image: image, name: name, in: context)
      // Kept only once the driver has taken it.
      if let shelf {
        keep(KernelCacheEntry(key: shelf.key, version: version, target: target.name, image: image), on: shelf)
      }
      return module
    } catch let error as NVRTCError {
      failure = error
    }
    guard let shelf else { throw failure }
    let versions = shelf.folder.names().compactMap { KernelCacheEntry.version(ofFile: $0, key: shelf.key) }
    for version in versions.sorted(by: >) {
      guard let module = try stored(version, on: shelf, name: name, in: context) else { continue }
      report?("\(name): compiled earlier by NVRTC \(version) and used now, because: \(failure)")
      return module
    }
    throw failure
  }

  /// The files that one source may be in.
  private struct Shelf {
    let folder: KernelCacheFolder
    let key: String
  }

  /// An entry's module; `nil` where there is no such entry, or none that is whole and suits the driver.
  private func stored(
    _ version: KernelCacheEntry.Version, on shelf: Shelf, name: String, in context: CUDAContext
  ) throws -> CUDAModule? {
    let file = KernelCacheEntry.fileName(key: shelf.key, version: version)
    func skip(_ reason: String) {
      report?("\(name): the compiled kernel \(shelf.folder.path)/\(file) is not used: \(reason)")
    }
    do {
      guard let content = try shelf.folder.read(file) else { return nil }
      let entry = try KernelCacheEntry(content, key: shelf.key, version: version)
      return try CUDAModule(image: entry.image, name: name, in: context)
    } catch let error as CUDAError {
      // Anything else says nothing about the entry: the context is broken, or memory is out.
      guard error.isUnusableImage else { throw error }
      skip(error.description)
    } catch let damage as KernelCacheEntry.Damage {
      skip(damage.description)
    } catch let failure as KernelCacheFolder.Failure {
      skip(failure.description)
    }
    return nil
  }

  private func keep(_ entry: KernelCacheEntry, on shelf: Shelf) {
    do {
      try shelf.folder.write(entry.encoded(), as: entry.fileName)
    } catch {
      report?("\(entry.target) code could not be kept in the kernel cache, and is compiled again next time: \(error)")
    }
  }
}
