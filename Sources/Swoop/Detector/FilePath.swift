/// Parts of a path, by its slashes and dots alone.
enum FilePath {
  static func lastComponent(of path: String) -> String {
    let trimmed = path.last == "/" ? String(path.dropLast()) : path
    return trimmed.lastIndex(of: "/").map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
  }

  /// The extension in lower case, without its dot; empty where there is none.
  static func fileExtension(of path: String) -> String {
    let name = lastComponent(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}
