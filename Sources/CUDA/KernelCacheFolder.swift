internal import Glibc

/// The files of a kernel cache. Any number of threads and processes may use one folder at once: a file appears whole, under
/// its name, or not at all.
struct KernelCacheFolder {
  let path: String

  /// Far more than the code of any module: a file that claims more is another's.
  private static let sizeLimit = 256 << 20

  /// A call of the system that failed.
  struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ doing: String, _ path: String) { description = "\(doing) \(path): \(String(cString: strerror(errno)))" }
  }

  /// The content of a file; `nil` where there is none of that name, or something that is no file.
  ///
  /// - Throws: ``Failure``, ``KernelCacheEntry/Damage`` for a file that is too large.
  func read(_ name: String) throws -> [UInt8]? {
    let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure("opening", "\(path)/\(name)")
    }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else { throw Failure("reading", "\(path)/\(name)") }
    guard information.st_mode & S_IFMT == S_IFREG else { return nil }
    guard information.st_size <= Self.sizeLimit else {
      throw KernelCacheEntry.Damage(description: "it has \(information.st_size) bytes, more than any compiled kernel")
    }
    var content = [UInt8](repeating: 0, count: Int(information.st_size))
    var filled = 0
    while filled < content.count {
      let count = content.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Failure("reading", "\(path)/\(name)") }
      // Cut off since its size was asked.
      if count == 0 { break }
      filled += count
    }
    return Array(content[..<filled])
  }

  /// The names in the folder; none where there is no folder.
  func names() -> [String] {
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// Writes a file under a temporary name and gives it its own; one of that name is replaced. Makes the folder where it is
  /// missing.
  ///
  /// - Throws: ``Failure``. Nothing is left behind.
  func write(_ content: [UInt8], as name: String) throws {
    try make(path)
    // The number of the process alone would not do: threads write too, and containers share folders and numbers.
    let temporary = "\(path)/.\(name)-\(getpid())-\(UInt64.random(in: .min ... .max))"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Failure("making", temporary) }
    var written = 0
    while written < content.count {
      let count = content.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    let failure = written < content.count ? Failure("writing", temporary) : nil
    guard close(file) == 0, failure == nil else {
      let failure = failure ?? Failure("writing", temporary)
      unlink(temporary)
      throw failure
    }
    guard rename(temporary, "\(path)/\(name)") == 0 else {
      let failure = Failure("naming", "\(path)/\(name)")
      unlink(temporary)
      throw failure
    }
  }

  /// Makes a folder and those it is in.
  private func make(_ folder: String) throws {
    if access(folder, F_OK) == 0 { return }
    if let slash = folder.lastIndex(of: "/"), slash > folder.startIndex { try make(String(folder[..<slash])) }
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw Failure("making the folder", folder) }
  }
}
