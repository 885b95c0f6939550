internal import Glibc
internal import Swoop

/// Files that are written in one go: reports, tables, plots.
enum WholeFile {
  /// Writes a whole file, or to standard output.
  static func write(_ text: String, to path: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0), to: path) }
  }

  /// Writes a whole file, or to standard output.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBytes { try write($0, to: path) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    let file = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw SwoopError(.output, "\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    defer { if file != 1 { close(file) } }
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw SwoopError(.output, "\(path) could not be written: \(String(cString: strerror(errno))).")
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Makes a folder and those above it, where they are missing.
  static func makeFolder(_ path: String) throws {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      guard mkdir(made, 0o777) == 0 || errno == EEXIST else {
        throw SwoopError(.output, "The folder \(made) cannot be made: \(String(cString: strerror(errno))).")
      }
    }
  }
}
