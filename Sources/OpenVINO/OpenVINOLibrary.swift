internal import COpenVINO
public import DynamicLibrary

/// OpenVINO's C library, opened and checked: where everything else starts.
///
/// It is opened at run time, so nothing of OpenVINO is needed to build, and never closed.
///
///     let library = try OpenVINOLibrary.open()
///     print(library.version, library.path)
public final class OpenVINOLibrary: Sendable {
  /// The file it was loaded from.
  public let path: String
  /// OpenVINO's own version string: `2026.4.1-22982-… `.
  public let version: String

  let functions: Functions
  let elementCodes: ElementCodes

  /// Where ``open(_:)`` looks: `SWOOP_OPENVINO`, this project's runtimes folder, the system loader, pip's `openvino`
  /// package and Intel's own packages and archives.
  public static var search: LibrarySearch {
    var search = LibrarySearch(
      title: "OpenVINO's C library (libopenvino_c.so)",
      names: ["libopenvino_c.so", "libopenvino_c.so.*"],
      environmentVariable: "SWOOP_OPENVINO",
      advice: """
        Install OpenVINO 2025.0 or later: scripts/get-openvino, or `pip install openvino` (its wheels have the C library \
        since 2025.0), or Intel's packages; or set SWOOP_OPENVINO to the library or its folder.
        """)
    search.pythonFolders = ["openvino/libs"]
    search.wellKnownFolders = [
      "/opt/intel/openvino*/runtime/lib/*", "/opt/openvino*/runtime/lib/*", "/usr/lib/*-linux-gnu",
      "/usr/lib64",
      "/usr/local/lib",
    ]
    return search
  }

  /// Opens the first library that `search` finds and that has all the functions needed.
  ///
  /// - Throws: `LibraryLoadError` with every path tried and the reason against each.
  public static func open(_ search: LibrarySearch = OpenVINOLibrary.search) throws(LibraryLoadError)
    -> OpenVINOLibrary
  {
    try DynamicLibrary.open(search) { try OpenVINOLibrary($0) }
  }

  /// Wraps a library that is open already.
  ///
  /// - Throws: `SymbolMissingError` if it is not OpenVINO's C library or too old, ``OpenVINOUnusableError`` if its
  ///   answers make no sense.
  public init(_ library: DynamicLibrary) throws {
    let functions = try Functions(library)
    path = library.file(providing: "ov_core_create") ?? library.path
    self.functions = functions

    var version = ov_version()
    guard functions.version(&version) == 0, let build = version.build_number else {
      throw OpenVINOUnusableError(path: path, reason: "it does not tell its version")
    }
    self.version = String(cString: build)
    functions.versionFree(&version)

    guard let codes = ElementCodes(functions) else {
      throw OpenVINOUnusableError(
        path: path, reason: "version \(self.version) numbers element types in a way that is not known here")
    }
    elementCodes = codes
  }
}
