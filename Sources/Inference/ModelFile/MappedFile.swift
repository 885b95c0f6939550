internal import Glibc

/// A file's bytes, mapped and not read: pages come in as they are touched.
final class MappedFile {
  let bytes: UnsafeRawBufferPointer

  /// Maps a regular file.
  ///
  /// - Throws: ``InferenceError`` of code `modelUnreadable` that says why.
  init(path: String) throws(InferenceError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Self.unreadable(path) }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw Self.unreadable(path) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      let what = info.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is no regular file"
      throw InferenceError(.modelUnreadable, "The model \(path) \(what); name the model file itself.")
    }
    let count = Int(info.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
      throw Self.unreadable(path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }

  private static func unreadable(_ path: String) -> InferenceError {
    InferenceError(.modelUnreadable, "The model \(path) cannot be read: \(String(cString: strerror(errno))).")
  }
}
