internal import DynamicLibrary

extension LibrarySearch {
  static let tensorRTAdvice = """
    Install TensorRT (pip install tensorrt, or NVIDIA's packages or container) or TensorRT for RTX (pip install \
    tensorrt-rtx-cu13-libs), or set SWOOP_TENSORRT to the library or the folder it is in.
    """

  // NVIDIA's tarballs, Debian packages and containers.
  private static let folders = [
    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/tensorrt/lib",
    "/usr/local/tensorrt/targets/*/lib", "/usr/local/TensorRT*/lib", "/opt/tensorrt/lib", "/opt/tensorrt/targets/*/lib",
    "/opt/TensorRT*/lib", "/opt/nvidia/tensorrt*/lib", "/usr/local/cuda/lib64",
  ]

  /// Where the core library of one kind is looked for.
  static func tensorRT(_ kind: TensorRTLibrary.Kind, folders configured: [String]) -> LibrarySearch {
    let stem: String
    let majors: [Int]
    let package: String
    switch kind {
    case .full: (stem, majors, package) = ("libnvinfer", [11, 10, 9, 8], "tensorrt_libs")
    case .rtx: (stem, majors, package) = ("libtensorrt_rtx", [1], "tensorrt_rtx_libs")
    case .lean: (stem, majors, package) = ("libnvinfer_lean", [11, 10, 9, 8], "tensorrt_lean_libs")
    case .dispatch: (stem, majors, package) = ("libnvinfer_dispatch", [11, 10, 9, 8], "tensorrt_dispatch_libs")
    }
    var search = LibrarySearch(
      title: "TensorRT",
      names: majors.map { "\(stem).so.\($0)" } + ["\(stem).so", "\(stem).so.*"],
      environmentVariable: "SWOOP_TENSORRT", advice: tensorRTAdvice)
    search.configuredFolders = configured
    search.pythonFolders = [package, "\(package)/lib"]
    search.wellKnownFolders = Self.folders
    return search
  }

  /// Where a library that goes with a core library is looked for: beside it first.
  static func companion(_ names: [String], title: String, beside path: String, folders configured: [String])
    -> LibrarySearch
  {
    var search = LibrarySearch(title: title, names: names, advice: tensorRTAdvice)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) }
    search.configuredFolders = [folder].compactMap { $0 } + configured
    search.pythonFolders = ["tensorrt_libs", "tensorrt_rtx_libs", "tensorrt_rtx_libs/lib"]
    search.wellKnownFolders = Self.folders
    return search
  }
}

/// A library that goes with a core library: the ONNX parser or the standard plugins.
final class Companion: Sendable {
  enum Kind: Hashable, Sendable {
    case parser, plugins
  }

  let handle: DynamicLibrary
  /// What `getNvOnnxParserVersion` returns; the factory wants it back. 0 for plugins.
  let reportedVersion: Int32

  init(_ kind: Kind, of library: TensorRTLibrary, folders: [String]) throws(TensorRTError) {
    let names: [String]
    let title: String
    switch (kind, library.version.product) {
    case (.parser, .tensorRT):
      title = "TensorRT's ONNX parser"
      names = [
        "libnvonnxparser.so.\(library.version.major)", "libnvonnxparser.so.\(library.version.major).*",
        "libnvonnxparser.so",
      ]
    case (.parser, .rtx):
      title = "TensorRT for RTX's ONNX parser"
      names = ["libtensorrt_onnxparser_rtx.so.\(library.version.major)", "libtensorrt_onnxparser_rtx.so"]
    case (.plugins, .tensorRT):
      title = "TensorRT's plugins"
      names = [
        "libnvinfer_plugin.so.\(library.version.major)", "libnvinfer_plugin.so.\(library.version.major).*",
        "libnvinfer_plugin.so",
      ]
    case (.plugins, .rtx):
      throw TensorRTError(.featureUnsupported, "\(library.version) has no library of standard plugins.")
    }
    let entry = kind == .parser ? "createNvOnnxParser_INTERNAL" : "initLibNvInferPlugins"
    if library.handle.symbol(entry, as: UnsafeRawPointer.self) != nil {
      // A build that has everything in one library.
      handle = library.handle
    } else {
      do {
        handle = try DynamicLibrary.open(.companion(names, title: title, beside: library.path, folders: folders))
      } catch {
        throw TensorRTError(error)
      }
    }
    let report = handle.symbol("getNvOnnxParserVersion", as: (@convention(c) () -> Int32).self)
    reportedVersion = report?() ?? 0
  }
}
