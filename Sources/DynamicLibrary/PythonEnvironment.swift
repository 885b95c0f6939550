internal import Glibc

/// The Python package folders on this machine, found by looking at folders: no interpreter is started.
public enum PythonEnvironment {
  /// Every `site-packages` and `dist-packages` folder: the active virtual or Conda environment first, then those of the
  /// interpreters on `PATH`, the user's own, and the system's.
  public static func sitePackages() -> [String] {
    var prefixes = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap(environment)
    for folder in (environment("PATH") ?? "").split(separator: ":") {
      for name in ["python3", "python"] {
        let program = "\(folder)/\(name)"
        guard access(program, X_OK) == 0 else { continue }
        prefixes.append(parent(of: String(folder)))
        if let real = realpath(program, nil) {
          // .../versions/3.11.7/bin/python3.11 → .../versions/3.11.7
          prefixes.append(parent(of: parent(of: String(cString: real))))
          free(real)
        }
      }
    }
    if let home = homeFolder() {
      prefixes.append("\(home)/.local")
      prefixes += matches("\(home)/.pyenv/versions/*")
    }
    prefixes += ["/usr/local", "/usr"]
    var folders = (environment("PYTHONPATH") ?? "").split(separator: ":").map(String.init)
    for prefix in prefixes {
      folders += matches("\(prefix)/lib/python3*/site-packages")
      folders += matches("\(prefix)/lib/python3*/dist-packages")
      folders += matches("\(prefix)/lib/python3/dist-packages")
    }
    var seen = Set<String>()
    return folders.filter { seen.insert($0).inserted }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
