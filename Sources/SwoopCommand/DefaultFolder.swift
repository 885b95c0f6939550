internal import Glibc

/// The output folder of a run that names none: `runs/photos`, then `runs/photos-2` and so on.
enum DefaultFolder {
  /// The first name that nothing has yet.
  ///
  /// - Parameter sources: the words of the command line; the first one gives the name.
  static func firstFree(for sources: [String]) -> String {
    let base = "runs/\(name(for: sources.first ?? ""))"
    var path = base
    var number = 2
    while access(path, F_OK) == 0 {
      path = "\(base)-\(number)"
      number += 1
    }
    return path
  }

  /// A source's last component without its extension, with nothing in it that a shell or a glob would read.
  static func name(for source: String) -> String {
    let parts = source.split(separator: "/").filter { $0 != "." && $0 != ".." && !$0.contains("*") }
    var name = parts.last.map { String($0) } ?? ""
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
    let plain = name.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".unicodeScalars.contains(scalar)
        ? Character(scalar) : "-"
    }
    let trimmed = String(plain).drop { "-.".contains($0) }
    return trimmed.isEmpty ? "detect" : String(trimmed)
  }
}
