package import DynamicLibrary
internal import Synchronization

/// NVIDIA's run-time compiler (`libnvrtc.so`), opened at run time and never closed: it makes device code of CUDA C++.
///
/// It needs neither a GPU nor a driver.
public final class NVRTC: Sendable {
  /// The file that was opened.
  public let path: String
  /// `(13, 0)`.
  public let version: (major: Int, minor: Int)
  /// What it compiles for, from the oldest to the newest.
  public let architectures: [CUDADevice.ComputeCapability]

  private let functions: NVRTCFunctions

  // By file.
  private static let opened = Mutex<[String: NVRTC]>([:])

  /// Opens NVRTC.
  ///
  /// Looked at are the file or folder in `SWOOP_NVRTC`, `folders`, this project's own runtimes folder, the system loader's
  /// folders, pip's packages (`nvidia/cu13/lib`, `nvidia/cuda_nvrtc/lib`) and libraries of the Pythons on the path, and
  /// CUDA toolkits. 11.2 and newer will do.
  ///
  /// - Parameters:
  ///   - folders: where to look before anywhere else but `SWOOP_NVRTC`.
  ///   - newest: the newest major version that will do; `nil` for any. A driver loads code of compilers up to its own
  ///     major version.
  /// - Throws: ``NVRTCError/libraryMissing(_:)``.
  public static func open(folders: [String] = [], newest: Int? = nil) throws(NVRTCError) -> NVRTC {
    do {
      return try find(folders: folders, newest: newest)
    } catch {
      throw .libraryMissing(error.description)
    }
  }

  /// As ``open(folders:newest:)``, with the error in parts.
  package static func find(folders: [String] = [], newest: Int? = nil) throws(LibraryLoadError) -> NVRTC {
    try DynamicLibrary.open(search(folders: folders, newest: newest)) { library in
      let compiler = try adopt(library)
      if let newest, compiler.version.major > newest {
        throw Unsuitable("it is NVRTC \(compiler.versionText), whose code the driver, for CUDA \(newest), cannot load")
      }
      return compiler
    }
  }

  /// Opens one file, or one bare name through the system loader.
  public static func open(path: String) throws(NVRTCError) -> NVRTC {
    do {
      return try adopt(DynamicLibrary(path: path))
    } catch {
      throw .libraryMissing("NVRTC could not be opened: \(error)")
    }
  }

  /// The pip package of a major version.
  package static func pythonPackage(newest: Int) -> String {
    newest <= 12 ? "nvidia-cuda-nvrtc-cu\(newest)" : "nvidia-cuda-nvrtc"
  }

  private static func search(folders: [String], newest: Int?) -> LibrarySearch {
    let package = pythonPackage(newest: newest ?? 13)
    var search = LibrarySearch(
      title: "NVRTC, which compiles device code,",
      names: ["libnvrtc.so.*", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"],
      environmentVariable: "SWOOP_NVRTC",
      advice:
        "Install it: scripts/get-nvrtc (in Swoop's checkout), or the pip package \(package), or the CUDA toolkit; "
        + "or set SWOOP_NVRTC to the library or its folder.")
    search.configuredFolders = folders
    // The last is a Python environment's own lib folder, where Conda puts it.
    search.pythonFolders = ["nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib", "nvidia/*/lib", "../.."]
    search.wellKnownFolders = [
      "/usr/local/cuda/lib64", "/usr/local/cuda*/lib64", "/usr/local/cuda*/targets/*/lib", "/opt/cuda/lib64",
      "/usr/lib/*-linux-gnu", "/usr/lib64",
    ]
    return search
  }

  private static func adopt(_ library: DynamicLibrary) throws -> NVRTC {
    let file = library.file(providing: "nvrtcVersion") ?? library.path
    if let known = opened.withLock({ $0[file] }) { return known }
    let compiler = try NVRTC(library, path: file)
    return opened.withLock { compilers in
      if let known = compilers[file] { return known }
      compilers[file] = compiler
      return compiler
    }
  }

  /// Why a library that was found will not do.
  private struct Unsuitable: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private init(_ library: DynamicLibrary, path: String) throws {
    do {
      functions = try NVRTCFunctions(library)
    } catch {
      throw Unsuitable("it lacks \(error.symbol): NVRTC 11.2 or newer is needed")
    }
    let functions = functions
    func check(_ result: Int32, _ call: String) throws {
      guard result != 0 else { return }
      throw Unsuitable("\(call) failed: \(Self.text(of: result, functions)) (\(result))")
    }
    var (major, minor): (Int32, Int32) = (0, 0)
    try check(functions.version(&major, &minor), "nvrtcVersion")
    var count: Int32 = 0
    try check(functions.architectureCount(&count), "nvrtcGetNumSupportedArchs")
    // Far more than there are: a guard against another library's idea of the function.
    guard (1...4096).contains(count) else { throw Unsuitable("it says that it knows \(count) architectures") }
    var numbers = [Int32](repeating: 0, count: Int(count))
    try check(functions.architectures(&numbers), "nvrtcGetSupportedArchs")
    self.path = path
    version = (Int(major), Int(minor))
    architectures = numbers.filter { $0 >= 10 }
      .map { CUDADevice.ComputeCapability(major: Int($0) / 10, minor: Int($0) % 10) }.sorted()
    guard !architectures.isEmpty else { throw Unsuitable("it knows no architecture") }
  }

  /// `13.0`.
  public var versionText: String { "\(version.major).\(version.minor)" }

  private static func text(of result: Int32, _ functions: NVRTCFunctions) -> String {
    functions.errorText(result).map { String(cString: $0) } ?? "error \(result)"
  }

  /// What to compile for: the device's own architecture where it is known, else the newest older one as PTX, which the
  /// driver compiles for the device when it loads it.
  struct Target: Hashable, Sendable {
    var capability: CUDADevice.ComputeCapability
    var isBinary: Bool

    /// `sm_90`, `compute_90`.
    var name: String { "\(isBinary ? "sm" : "compute")_\(capability.major)\(capability.minor)" }
  }

  /// - Throws: ``NVRTCError/deviceTooOld(_:version:oldest:)``.
  func target(for capability: CUDADevice.ComputeCapability) throws(NVRTCError) -> Target {
    if architectures.contains(capability) { return Target(capability: capability, isBinary: true) }
    guard let older = architectures.last(where: { $0 < capability }) else {
      throw .deviceTooOld(capability, version: versionText, oldest: architectures[0])
    }
    return Target(capability: older, isBinary: false)
  }

  /// Compiles CUDA C++.
  ///
  /// May be called from several threads at once.
  ///
  /// - Parameters:
  ///   - source: one translation unit. Functions to be found by their plain name are declared `extern "C"`.
  ///   - name: what the compiler's messages call it, as a file's name.
  ///   - options: as for nvcc, `--std=c++17`; the architecture is set from `capability` and not to be among them.
  ///   - capability: of the device that is to run it.
  /// - Returns: a cubin; PTX where the device is newer than this NVRTC.
  /// - Throws: ``NVRTCError``; with the compiler's log where it does not compile.
  public func compile(
    _ source: String, name: String, options: [String] = [], for capability: CUDADevice.ComputeCapability
  ) throws(NVRTCError) -> [UInt8] {
    try compile(source, name: name, options: options, for: target(for: capability))
  }

  func compile(
    _ source: String, name: String, options: [String], for target: Target
  ) throws(NVRTCError) -> [UInt8] {
    for (text, place) in [(source, "The source of \(name)"), (name, "The name \(name)")] where text.utf8.contains(0) {
      throw .nullCharacter(in: place)
    }
    for option in options where option.utf8.contains(0) {
      throw .nullCharacter(in: "The option \(option) for \(name)")
    }
    var program: NVRTCFunctions.Program?
    try check(functions.create(&program, source, name, 0, nil, nil), "nvrtcCreateProgram of \(name)", nil)
    defer { _ = functions.destroy(&program) }
    let arguments = CStringList(["--gpu-architecture=\(target.name)"] + options)
    let result = withExtendedLifetime(arguments) {
      functions.compile(program, Int32(arguments.count), arguments.pointers)
    }
    // Errors of the source, and options that are not known.
    if result == 6 || result == 5 {
      let log = log(of: program)
      throw .compilationFailed(
        name: name, architecture: target.name, log: log.isEmpty ? Self.text(of: result, functions) : log)
    }
    try check(result, "nvrtcCompileProgram of \(name)", program)
    return target.isBinary
      ? try content(of: program, functions.cubinSize, functions.cubin, "nvrtcGetCUBIN of \(name)")
      : try content(of: program, functions.ptxSize, functions.ptx, "nvrtcGetPTX of \(name)").filter { $0 != 0 }
  }

  private func check(_ result: Int32, _ call: String, _ program: NVRTCFunctions.Program?) throws(NVRTCError) {
    guard result != 0 else { return }
    throw .callFailed(
      call: call, code: result, reason: Self.text(of: result, functions), log: program.map { log(of: $0) } ?? "")
  }

  private func content(
    of program: NVRTCFunctions.Program?, _ size: NVRTCFunctions.Size, _ content: NVRTCFunctions.Content, _ call: String
  ) throws(NVRTCError) -> [UInt8] {
    var count = 0
    try check(size(program, &count), "\(call)'s size", program)
    guard count > 0 else { throw .callFailed(call: call, code: 0, reason: "the image is empty", log: log(of: program)) }
    let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: count)
    defer { buffer.deallocate() }
    buffer.initialize(repeating: 0)
    try check(content(program, buffer.baseAddress), call, program)
    return buffer.map { UInt8(bitPattern: $0) }
  }

  /// What the compiler wrote; empty where it wrote nothing, or that cannot be had either.
  private func log(of program: NVRTCFunctions.Program?) -> String {
    var count = 0
    guard functions.logSize(program, &count) == 0, count > 1 else { return "" }
    var text = [CChar](repeating: 0, count: count)
    guard functions.log(program, &text) == 0 else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Strings as a C function takes a list of them; freed with the object.
private final class CStringList {
  let count: Int
  let pointers: UnsafePointer<UnsafePointer<CChar>?>
  private let storage: UnsafeMutablePointer<UnsafePointer<CChar>?>

  init(_ strings: [String]) {
    count = strings.count
    storage = .allocate(capacity: max(1, strings.count))
    for (index, string) in strings.enumerated() {
      let text = Array(string.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
      copy.initialize(from: text, count: text.count)
      (storage + index).initialize(to: UnsafePointer(copy))
    }
    pointers = UnsafePointer(storage)
  }

  deinit {
    for index in 0..<count { storage[index]?.deallocate() }
    storage.deallocate()
  }
}
