internal import CSystem
internal import Glibc

/// Where to look for a runtime's library: wherever pip, apt, a tarball or this project's own scripts put it.
///
/// Where the environment variable is set (a file or a folder), it alone is looked at: who names a library wants that one or
/// an error. Otherwise the order is: the folders that the caller configured, this project's own runtimes folder, the
/// system loader (`LD_LIBRARY_PATH` and `ld.so.cache`), packages of the Pythons on this machine, and well-known
/// installation folders.
public struct LibrarySearch: Sendable {
  /// The library in words, for errors.
  public var title: String
  /// File names to look for, best first. A trailing `*` stands for any version: `libnvrtc.so.*`.
  public var names: [String]
  /// An environment variable that names the file or the folder it is in.
  public var environmentVariable: String?
  /// Folders to look in before all others.
  public var configuredFolders: [String] = []
  /// Folders relative to a Python's `site-packages`: `openvino/libs`. A component `*` stands for any folder.
  public var pythonFolders: [String] = []
  /// Absolute folders of tarballs and vendor packages; a component may contain `*`.
  public var wellKnownFolders: [String] = []
  /// Whether its symbols are made visible to libraries opened later (`RTLD_GLOBAL`).
  public var isGlobal = false
  /// What to install, for the error.
  public var advice: String

  public init(title: String, names: [String], environmentVariable: String? = nil, advice: String) {
    self.title = title
    self.names = names
    self.environmentVariable = environmentVariable
    self.advice = advice
  }

  /// The paths to try, in order, without repeats. Files are listed only where they exist; bare names stand for the
  /// system loader's own search.
  public func candidates() -> [String] {
    if let named = fromEnvironment() { return named }
    var seen = Set<String>()
    return
      (inFolders(configuredFolders) + inFolders(Self.projectFolders(for: pythonFolders))
      + fromLoader()
      + inFolders(pythonFolders.flatMap { sub in PythonEnvironment.sitePackages().map { "\($0)/\(sub)" } })
      + inFolders(wellKnownFolders)).filter { seen.insert($0).inserted }
  }

  private func fromEnvironment() -> [String]? {
    guard let variable = environmentVariable, let value = environment(variable) else {
      return nil
    }
    // A path that does not exist stays in the list, and so does the first name in a folder that has none of them: then
    // the error says what was looked for.
    guard isFolder(value) else { return [value] }
    var seen = Set<String>()
    let found = inFolders([value]).filter { seen.insert($0).inserted }
    return found.isEmpty ? names.prefix(1).map { "\(value)/\($0)" } : found
  }

  private func fromLoader() -> [String] {
    names.filter { !$0.contains("*") }
  }

  private func inFolders(_ folders: [String]) -> [String] {
    folders.flatMap { folder in names.flatMap { matches("\(folder)/\($0)") } }
  }

  /// The folder of this project's own runtimes: `SWOOP_RUNTIMES`, or `runtimes` in `SWOOP_HOME`, or that of the user's
  /// cache; `nil` where there is not even a home folder. Wheels are unpacked below it, each in a folder of its own.
  public static var runtimesFolder: String? {
    environment("SWOOP_RUNTIMES")
      ?? environment("SWOOP_HOME").map { "\($0)/runtimes" }
      ?? environment("XDG_CACHE_HOME").map { "\($0)/swoop/runtimes" }
      ?? homeFolder().map { "\($0)/.cache/swoop/runtimes" }
  }

  // The layout of an unpacked wheel is that of site-packages.
  private static func projectFolders(for pythonFolders: [String]) -> [String] {
    guard let root = runtimesFolder else { return [] }
    return pythonFolders.map { "\(root)/*/\($0)" }
  }
}

/// Existing files that a path with `*` matches; newest version first where several do.
func matches(_ pattern: String) -> [String] {
  guard pattern.contains("*") else { return access(pattern, F_OK) == 0 ? [pattern] : [] }
  var result = glob_t()
  defer { globfree(&result) }
  guard glob(pattern, 0, nil, &result) == 0 else { return [] }
  let found = (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
  return found.sorted { swoop_compare_versions($0, $1) > 0 }
}

func isFolder(_ path: String) -> Bool {
  var info = stat()
  return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
}
