public import CUDA
package import DynamicLibrary
internal import Synchronization

/// A version of nvJPEG or of the CUDA runtime within it.
public struct NVJPEGVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var major: Int
  public var minor: Int
  public var patch: Int

  public init(_ major: Int, _ minor: Int = 0, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
  }

  public var description: String { "\(major).\(minor).\(patch)" }
}

/// NVIDIA's JPEG decoder (`libnvjpeg.so`), opened at run time and never closed.
///
/// It brings its own CUDA runtime; besides it only the driver is needed. Opening it needs no GPU; the first
/// ``NVJPEGHandle`` does. Versions 11 to 13 are known.
public final class NVJPEGLibrary: Sendable {
  /// The file that was opened.
  public let path: String
  public let version: NVJPEGVersion
  /// The version of the CUDA runtime that it was built with.
  public let cudaVersion: NVJPEGVersion

  let functions: NVJPEGFunctions

  // By file, so that one file is one object.
  private static let opened = Mutex<[String: NVJPEGLibrary]>([:])

  /// What to do where there is none.
  public static let advice = """
    Install nvJPEG (pip install nvidia-nvjpeg, for CUDA 12 nvidia-nvjpeg-cu12; or NVIDIA's CUDA toolkit), or set \
    SWOOP_NVJPEG to the library or the folder it is in.
    """

  /// Opens the first nvJPEG that this machine has.
  ///
  /// Looked at are the file or folder in `SWOOP_NVJPEG`, `folders`, this project's own runtimes folder, the system
  /// loader's folders, the pip packages of every Python on the path, and CUDA toolkits in their usual places. Where the
  /// variable is set, it alone is looked at.
  ///
  /// - Parameters:
  ///   - folders: looked in first.
  ///   - driver: the driver that it is to work with: libraries built for a newer CUDA than the driver's are passed over.
  /// - Throws: ``NVJPEGUnavailable`` with every path tried and what to install.
  public static func open(
    folders: [String] = [], for driver: CUDADriver? = nil
  ) throws(NVJPEGUnavailable) -> NVJPEGLibrary {
    do {
      return try DynamicLibrary.open(search(folders: folders)) { file in
        let library = try adopt(file)
        // Any driver of a major version runs what was built with a minor one of it.
        if let driver, library.cudaVersion.major > driver.version / 1000 {
          throw NVJPEGUnavailable.libraryTooNew(
            "\(library.path) is built with CUDA \(library.cudaVersion.major); the driver is for CUDA \(driver.versionText)."
          )
        }
        return library
      }
    } catch {
      throw .libraryMissing(error.description)
    }
  }

  /// Where the library is looked for.
  package static func search(folders: [String] = []) -> LibrarySearch {
    var search = LibrarySearch(
      title: "nvJPEG (libnvjpeg.so)",
      names: ["libnvjpeg.so.13", "libnvjpeg.so.12", "libnvjpeg.so.11", "libnvjpeg.so", "libnvjpeg.so.*"],
      environmentVariable: "SWOOP_NVJPEG", advice: advice)
    search.configuredFolders = folders
    search.pythonFolders = ["nvidia/cu13/lib", "nvidia/nvjpeg/lib", "nvidia/*/lib"]
    search.wellKnownFolders = [
      "/usr/local/cuda/lib64", "/usr/local/cuda*/lib64", "/usr/local/cuda*/targets/*/lib", "/opt/cuda/lib64",
      "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
    ]
    return search
  }

  /// Opens one file, or one bare name through the system loader.
  public static func open(path: String) throws(NVJPEGUnavailable) -> NVJPEGLibrary {
    let library: DynamicLibrary
    do {
      library = try DynamicLibrary(path: path)
    } catch {
      throw .libraryMissing("nvJPEG could not be opened: \(error)\n\(advice)")
    }
    return try adopt(library)
  }

  private static func adopt(_ library: DynamicLibrary) throws(NVJPEGUnavailable) -> NVJPEGLibrary {
    let file = library.file(providing: "nvjpegGetProperty") ?? library.path
    if let known = opened.withLock({ $0[file] }) { return known }
    let made = try NVJPEGLibrary(library, path: file)
    return opened.withLock { libraries in
      if let known = libraries[file] { return known }
      libraries[file] = made
      return made
    }
  }

  private init(_ library: DynamicLibrary, path: String) throws(NVJPEGUnavailable) {
    let functions: NVJPEGFunctions
    do {
      functions = try NVJPEGFunctions(library)
    } catch {
      throw .libraryTooOld(error.description)
    }
    // libraryPropertyType: 0 major, 1 minor, 2 patch.
    func version(_ ask: @convention(c) (Int32, UnsafeMutablePointer<Int32>) -> Int32) -> NVJPEGVersion {
      var values: [Int] = []
      for property: Int32 in 0...2 {
        var value: Int32 = 0
        values.append(ask(property, &value) == 0 ? Int(value) : 0)
      }
      return NVJPEGVersion(values[0], values[1], values[2])
    }
    let own = version(functions.property)
    // Before 11 the destination's row lengths were of another size.
    guard own.major >= 11 else {
      throw .libraryTooOld("\(path) is nvJPEG \(own); 11.0 is the oldest that is known here.")
    }
    self.functions = functions
    self.path = path
    self.version = own
    cudaVersion = version(functions.cudaProperty)
  }
}
