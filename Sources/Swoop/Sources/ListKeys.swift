/// How the paths of a list become keys: by text alone, because a list is read once and may be endless.
///
/// Relative paths are relative to the working folder, as for every program that reads lists. Where the first path of
/// the list is absolute, the common folder is `/`, and all keys are whole paths without the `/` at the start.
struct ListKeys {
  /// The key of the working folder.
  var prefix: String
  /// The common folder as an absolute path with a `/` at its end.
  var common: [UInt8]

  func key(_ path: ArraySlice<UInt8>) -> String {
    guard path.first == UInt8(ascii: "/") else { return ImageKey.make(prefix: prefix, path: path) }
    if path.starts(with: common) { return ImageKey.make(prefix: "", path: path.dropFirst(common.count)) }
    // Outside the common folder: the `/` at the start is kept, escaped, so that no relative path has the same key.
    return ImageKey.make(prefix: "", path: path)
  }
}
