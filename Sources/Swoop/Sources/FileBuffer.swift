internal import Glibc

/// Reads whole files into memory that is used again for the next file.
///
/// It never waits for a file that is not a regular one, and never reads more than the limit. An object belongs to one
/// thread at a time.
public final class FileBuffer {
  private var storage: UnsafeMutableRawBufferPointer

  // Memory above this size is given back once files are small again.
  private static let keptCapacity = 1 << 24

  public init() {
    storage = .allocate(byteCount: 1 << 18, alignment: 64)
  }

  deinit { storage.deallocate() }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file; symbolic links are followed.
  ///   - limit: the most bytes that the file may have.
  /// - Returns: its bytes, at least one. They live until the next call, and no longer than this object.
  /// - Throws: ``ImageFailure`` with a code and a reason in words.
  public func read(_ path: SourcePath, limit: Int) throws(ImageFailure) -> UnsafeRawBufferPointer {
    let descriptor = try Self.open(path)
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Self.failure(errno) }
    if let failure = Self.refusal(info) { throw failure }
    guard info.st_size <= limit else { throw Self.tooLong(Int(info.st_size), limit: limit) }
    // One byte more than the size, so that the end is seen without another growth.
    reserve(Int(info.st_size) + 1, keeping: 0)
    var count = 0
    while true {
      if count == storage.count { reserve(storage.count * 2, keeping: count) }
      let part = Glibc.read(descriptor, storage.baseAddress! + count, storage.count - count)
      if part == 0 { break }
      guard part > 0 else {
        if errno == EINTR { continue }
        throw Self.failure(errno)
      }
      count += part
      guard count <= limit else { throw Self.tooLong(count, limit: limit) }
    }
    guard count > 0 else { throw ImageFailure(.empty, "the file has no bytes") }
    return UnsafeRawBufferPointer(rebasing: storage[..<count])
  }

  /// Keeps a copy of bytes that came otherwise, as if they had been read.
  func hold(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    reserve(bytes.count + 1, keeping: 0)
    storage.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(rebasing: storage[..<bytes.count])
  }

  private func reserve(_ needed: Int, keeping count: Int) {
    let isWasteful = storage.count > Self.keptCapacity && needed < storage.count / 4 && count == 0
    guard needed > storage.count || isWasteful else { return }
    // Some room to grow, since the next file is likely a little larger or smaller.
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: needed + needed / 4, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
    storage.deallocate()
    storage = larger
  }

  /// Opens a regular file for reading without ever waiting. What else has that name is refused before it is opened,
  /// because opening a device can act on it.
  private static func open(_ path: SourcePath) throws(ImageFailure) -> Int32 {
    try path.withCString { (name) throws(ImageFailure) in
      var info = stat()
      guard stat(name, &info) == 0 else {
        if errno == ENOENT, lstat(name, &info) == 0 {
          throw ImageFailure(.notFound, "the symbolic link leads to nothing")
        }
        throw failure(errno)
      }
      if let failure = refusal(info) { throw failure }
      let descriptor = Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
      guard descriptor >= 0 else { throw failure(errno) }
      return descriptor
    }
  }

  /// Why something that is not a regular file is not read; `nil` for a regular file.
  static func refusal(_ info: stat) -> ImageFailure? {
    switch info.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: ImageFailure(.isFolder, "it is a folder, not an image")
    case S_IFIFO: ImageFailure(.notRegularFile, "it is a named pipe, not a file")
    case S_IFSOCK: ImageFailure(.notRegularFile, "it is a socket, not a file")
    case S_IFCHR, S_IFBLK: ImageFailure(.notRegularFile, "it is a device, not a file")
    default: ImageFailure(.notRegularFile, "it is not a regular file")
    }
  }

  static func failure(_ number: Int32) -> ImageFailure {
    let code: ImageFailure.Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM: .permissionDenied
      case ENAMETOOLONG, EINVAL: .invalidName
      default: .unreadable
      }
    return ImageFailure(code, SystemError.words(number))
  }

  private static func tooLong(_ count: Int, limit: Int) -> ImageFailure {
    ImageFailure(.tooManyBytes, "it has \(count) bytes or more, and the limit is \(limit)")
  }
}
