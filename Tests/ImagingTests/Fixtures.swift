internal import Glibc

/// Files beside this one.
enum Fixtures {
  static let folder = String(#filePath.dropLast("Fixtures.swift".count)) + "Fixtures"

  struct Unreadable: Error { var path: String }

  static func bytes(_ name: String) throws -> [UInt8] {
    let path = "\(folder)/\(name)"
    guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = ftell(file)
    rewind(file)
    var bytes = [UInt8](repeating: 0, count: count)
    guard fread(&bytes, 1, count, file) == count else { throw Unreadable(path: path) }
    return bytes
  }

  /// The fields of each line that is not a comment, split at blanks.
  static func table(_ name: String) throws -> [[String]] {
    try String(decoding: bytes(name), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ").map(String.init) }
  }
}
