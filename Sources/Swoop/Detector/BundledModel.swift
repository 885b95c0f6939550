internal import CodesModel
internal import Glibc

/// The detector that Swoop brings along: machine-readable codes in photographs. See Models/codes/README.md.
///
/// Its file is part of the binary. Runtimes read models from files, so the first use writes it into the cache folder.
public enum BundledModel {
  /// The file's name, which carries its content's size so that another version is another file.
  private static var fileName: String { "codes-\(SwoopVersion.current)-\(swoop_codes_model_size()).onnx" }

  /// The path of the model's file, written there now if it is not there yet.
  ///
  /// - Parameter cacheFolder: where files are kept from run to run; `nil` uses a temporary folder.
  /// - Throws: ``SwoopError`` where it cannot be written.
  public static func path(cacheFolder: String?) throws(SwoopError) -> String {
    let bytes = UnsafeRawBufferPointer(start: swoop_codes_model_bytes(), count: swoop_codes_model_size())
    let folder = cacheFolder.map { "\($0)/models" } ?? "\(temporaryFolder)/swoop-\(getuid())"
    try makeFolder(folder)
    let path = "\(folder)/\(fileName)"
    // What lies there is compared, not trusted: the folder may be anybody's, or a disk may have been full.
    if holds(path, bytes) { return path }
    try write(bytes, to: path)
    return path
  }

  private static var temporaryFolder: String {
    getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  private static func makeFolder(_ path: String) throws(SwoopError) {
    var partial = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      partial += "/\(part)"
      if mkdir(partial, 0o700) != 0, errno != EEXIST, access(partial, F_OK) != 0 { throw failure("making", partial) }
    }
  }

  private static func holds(_ path: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return false }
    defer { close(file) }
    var info = stat()
    guard let expected = bytes.baseAddress, fstat(file, &info) == 0, Int(info.st_size) == bytes.count,
      let mapped = mmap(nil, bytes.count, PROT_READ, MAP_PRIVATE, file, 0), mapped != MAP_FAILED
    else { return false }
    defer { munmap(mapped, bytes.count) }
    return memcmp(mapped, expected, bytes.count) == 0
  }

  // Through a temporary name, so that another process never sees half a model.
  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(SwoopError) {
    let temporary = "\(path).\(getpid())"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw failure("writing", temporary) }
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        let error = failure("writing", temporary)
        close(file)
        unlink(temporary)
        throw error
      }
      written += count
    }
    guard close(file) == 0, rename(temporary, path) == 0 else {
      let error = failure("writing", path)
      unlink(temporary)
      throw error
    }
  }

  private static func failure(_ action: String, _ path: String) -> SwoopError {
    SwoopError(
      .output,
      "The bundled model is put into the cache folder before it runs, but \(action) \(path) failed: "
        + "\(String(cString: strerror(errno))). Choose another folder with --cache, or set SWOOP_HOME.")
  }
}
