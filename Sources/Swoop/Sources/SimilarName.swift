internal import Glibc

/// Finds what a mistyped path may have meant.
enum SimilarName {
  private static let nameLimit = 10_000

  /// A path that exists and whose last name differs in case or in at most two letters; `nil` where none does.
  static func find(_ path: SourcePath) -> String? {
    let bytes = Array(path.bytes)
    let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { bytes[...$0] } ?? []
    let name = Array(ImageKey.escaped(bytes[(slash.map { $0 + 1 } ?? 0)...]).lowercased().utf8)
    guard name.count > 1,
      let stream = (folder.isEmpty ? "." : SourcePath(bytes: folder)).withCString({ opendir($0) })
    else { return nil }
    defer { closedir(stream) }
    var best: (name: String, distance: Int)?
    var seen = 0
    while let entry = readdir(stream), seen < nameLimit {
      seen += 1
      let other = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if other.hasPrefix(".") { continue }
      let distance = distance(name, Array(other.lowercased().utf8))
      if distance <= min(2, name.count / 2), distance < best?.distance ?? .max { best = (other, distance) }
    }
    return best.map { ImageKey.escaped(folder) + $0.name }
  }

  /// The least count of insertions, deletions and replacements that make one of the other (Levenshtein).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard abs(a.count - b.count) <= 2 else { return .max }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
