internal import CONNXRuntime
public import DynamicLibrary

/// ONNX Runtime's shared library, opened at run time: `libonnxruntime.so`, from wherever pip, a tarball or the system
/// put it.
///
/// Nothing of ONNX Runtime is linked or needed to build. Every other type of this module is made from a library and
/// keeps it. It is never closed.
public final class ONNXRuntimeLibrary: Sendable {
  /// The file it was opened from.
  public let path: String
  /// The version that the library reports: `1.31.1`.
  public let version: String

  /// The lowest version of ONNX Runtime that has every function this module calls. Newer ones keep them all.
  public static let minimumVersion = "1.\(ort_api_version).0"

  // The OrtApi table: constant data inside the library, which is never closed.
  nonisolated(unsafe) let table: UnsafeRawPointer
  // The default CPU allocator: owned by the library, thread-safe, never freed.
  nonisolated(unsafe) let allocator: OpaquePointer
  private let dynamic: DynamicLibrary

  /// Finds and opens the library.
  ///
  /// The order is: the environment variable `SWOOP_ONNXRUNTIME` (the file or its folder), `folders`, the project's own
  /// runtimes folder, the system loader, the packages `onnxruntime` and `onnxruntime-gpu` of the Pythons on this machine,
  /// and the folders that tarballs are commonly unpacked to.
  ///
  /// - Throws: `LibraryLoadError` with every path tried where none could be opened; ``ONNXRuntimeError`` where one was,
  ///   but is not ONNX Runtime or is older than ``minimumVersion``.
  public convenience init(folders: [String] = []) throws {
    try self.init(DynamicLibrary.open(Self.search(folders: folders)))
  }

  /// Opens the library at a path, or by a bare name through the system loader.
  public convenience init(path: String) throws {
    try self.init(DynamicLibrary(path: path))
  }

  private init(_ dynamic: DynamicLibrary) throws {
    self.dynamic = dynamic
    path = dynamic.file(providing: Self.entryPoint) ?? dynamic.path
    let getBase = try dynamic.require(Self.entryPoint, as: OrtGetApiBase_function.self)
    guard let base = getBase()?.pointee else {
      throw ONNXRuntimeError(.failed, operation: Self.entryPoint, message: "\(path) returned no API.")
    }
    version = base.get_version_string().map { String(cString: $0) } ?? "unknown"
    table = try Self.negotiate(path: path, version: version) { base.get_api($0) }
    var allocator: OpaquePointer?
    if let status = ort_GetAllocatorWithDefaultOptions_from(table)(&allocator) {
      throw ONNXRuntimeError(consuming: status, operation: "GetAllocatorWithDefaultOptions", table: table)
    }
    guard let allocator else {
      throw ONNXRuntimeError(
        .failed, operation: "GetAllocatorWithDefaultOptions", message: "\(path) gave no allocator.")
    }
    self.allocator = allocator
  }

  /// The table of functions, asked for at the lowest version that serves: a library gives it for every version up to its
  /// own, and its beginning is the same for all of them.
  package static func negotiate(
    path: String, version: String, table: (UInt32) -> UnsafeRawPointer?
  ) throws(ONNXRuntimeError) -> UnsafeRawPointer {
    if let table = table(UInt32(ort_api_version)) { return table }
    throw ONNXRuntimeError(
      .failed, operation: "GetApi",
      message: "\(path) is ONNX Runtime \(version), and \(minimumVersion) or newer is needed. "
        + "Install a newer one: pip install --upgrade onnxruntime")
  }

  private static let entryPoint = "OrtGetApiBase"

  /// Where the library is looked for.
  public static func search(folders: [String] = []) -> LibrarySearch {
    var search = LibrarySearch(
      title: "ONNX Runtime (libonnxruntime.so)",
      // pip's wheels carry the versioned file alone; tarballs and Debian add the others.
      names: ["libonnxruntime.so", "libonnxruntime.so.1", "libonnxruntime.so.1.*"],
      environmentVariable: "SWOOP_ONNXRUNTIME",
      advice: "Install it with: pip install onnxruntime. Or set SWOOP_ONNXRUNTIME to the library or its folder.")
    search.configuredFolders = folders
    search.pythonFolders = ["onnxruntime/capi", "onnxruntime_gpu/capi"]
    search.wellKnownFolders = [
      "/opt/onnxruntime*/lib", "/usr/local/onnxruntime*/lib", "/usr/local/lib", "/usr/lib/x86_64-linux-gnu",
      "/usr/lib/aarch64-linux-gnu",
    ]
    return search
  }

  /// The library's own account of its build: commit, build type, compiler flags.
  public var buildInformation: String {
    ort_GetBuildInfoString_from(table)().map { String(cString: $0) } ?? ""
  }

  /// The execution providers that this build has, best first, by ONNX Runtime's names: `CUDAExecutionProvider`,
  /// `CPUExecutionProvider`. That a provider is in the build does not mean that its device or its libraries are there.
  public func availableProviders() throws(ONNXRuntimeError) -> [String] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var count: Int32 = 0
    try check(ort_GetAvailableProviders_from(table)(&names, &count), "GetAvailableProviders")
    guard let names else { return [] }
    defer { discard(ort_ReleaseAvailableProviders_from(table)(names, count)) }
    return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
  }
}
