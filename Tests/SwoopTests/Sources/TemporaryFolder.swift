internal import Glibc

/// A folder for one test, removed with all that is in it when the object goes.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/swoop-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no folder for the test: \(String(cString: strerror(errno)))")
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { Self.remove(path) }

  /// The absolute path of a name in it.
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a file with its folders.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8> = "x".utf8) -> String {
    write(Array(name.utf8), bytes)
    return self(name)
  }

  /// The same for a name that need not be text.
  func write(_ name: [UInt8], _ bytes: some Sequence<UInt8> = "x".utf8) {
    if let slash = name.lastIndex(of: UInt8(ascii: "/")) {
      makeFolder(String(decoding: name[..<slash], as: UTF8.self))
    }
    var full = Array(path.utf8) + [UInt8(ascii: "/")] + name
    full.append(0)
    let file = full.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
    }
    precondition(file >= 0, "cannot create \(name): \(String(cString: strerror(errno)))")
    let contents = Array(bytes)
    var written = 0
    while written < contents.count {
      let count = contents.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress! + written, contents.count - written)
      }
      precondition(count > 0, "cannot write \(name): \(String(cString: strerror(errno)))")
      written += count
    }
    close(file)
  }

  func makeFolder(_ name: String) {
    var current = path
    for component in name.split(separator: "/") {
      current += "/\(component)"
      precondition(mkdir(current, 0o755) == 0 || errno == EEXIST, "cannot create \(current)")
    }
  }

  func link(_ name: String, to target: String) {
    precondition(symlink(target, self(name)) == 0, "cannot link \(name)")
  }

  /// The bytes of a file in it; empty where there is none.
  func read(_ name: String) -> [UInt8] {
    let file = open(self(name), O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  func text(_ name: String) -> String { String(decoding: read(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool {
    var info = stat()
    return lstat(self(name), &info) == 0
  }

  /// The names in a folder, sorted.
  func list(_ name: String = "") -> [String] {
    guard let stream = opendir(self(name)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFDIR {
      // Names that are not text are removed by the bytes, so the stream is read as bytes.
      if let stream = opendir(path) {
        while let entry = readdir(stream) {
          withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
              if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return }
              if unlinkat(dirfd(stream), name, 0) == 0 { return }
              remove("\(path)/\(String(cString: name))")
            }
          }
        }
        closedir(stream)
      }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
