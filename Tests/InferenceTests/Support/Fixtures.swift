import Glibc
import Testing

/// The models under Tests/Fixtures/models; the README there says what each computes.
enum Fixtures {
  static let folder: String = {
    // …/Tests/InferenceTests/Support/Fixtures.swift
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/Fixtures/models"
  }()

  static func model(_ name: String) -> String { "\(folder)/\(name).onnx" }

  /// A fresh folder below the system's temporary one, removed with everything in it afterwards.
  static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/swoop-tests-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer { remove(folder) }
    return try body(folder)
  }

  static func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { throw Failure("cannot open \(path)") }
    defer { close(file) }
    var info = stat()
    fstat(file, &info)
    var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
    let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Failure("cannot read \(path)") }
    return bytes
  }

  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else { throw Failure("cannot create \(path)") }
    defer { close(file) }
    let bytes = Array(bytes)
    let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Failure("cannot write \(path)") }
  }

  /// Makes the folders on the way to a file.
  static func makeFolders(below root: String, for name: String) throws {
    var path = root
    for part in name.split(separator: "/").dropLast() {
      path += "/\(part)"
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Failure("cannot make \(path)") }
    }
  }

  private static func remove(_ folder: String) {
    guard let entries = opendir(folder) else { return }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let path = "\(folder)/\(name)"
      var info = stat()
      if lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { remove(path) } else { unlink(path) }
    }
    closedir(entries)
    rmdir(folder)
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }
}
