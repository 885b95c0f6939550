internal import Glibc

/// An output folder that this process has for itself, by descriptor.
///
/// Everything in it is reached with `openat` from the descriptor, name by name, and never through a symbolic link: a
/// link planted in the folder is an error, so that nothing is written outside it. The folder's own path may be a link,
/// because the user named it.
final class OutputFolder {
  /// The folder that Swoop keeps its own state in.
  static let stateName = ".swoop"

  let path: String
  let descriptor: Int32
  /// The descriptor of `.swoop`.
  let state: Int32
  private let lock: Int32

  /// Makes the folder and its parents where they are missing, and locks it until the object goes or the process ends,
  /// however it ends.
  init(path: String) throws(OutputError) {
    self.path = path
    try Self.makeFolders(path)
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .cannotCreate("opening the output folder", path) }
    do throws(OutputError) {
      state = try Self.openFolder(Self.stateName, in: folder, path: path)
    } catch {
      close(folder)
      throw error
    }
    descriptor = folder
    lock = openat(state, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    // From here on the object is whole, and its deinit closes what was opened.
    guard lock >= 0 else { throw .cannotCreate("creating the lock in", "\(path)/\(Self.stateName)") }
    // Some network and user-space file systems have no locks; a run on one of those goes on without.
    let hasLock = flock(lock, LOCK_EX | LOCK_NB) == 0 || [ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL].contains(errno)
    guard hasLock else {
      guard errno == EWOULDBLOCK else { throw .cannotCreate("locking", "\(path)/\(Self.stateName)/lock") }
      throw OutputError(
        .inUse,
        """
        another run is writing to \(path). Wait until it has ended, or choose another folder with --output.
        """)
    }
  }

  deinit {
    // Closing the lock's descriptor releases the lock.
    for descriptor in [lock, state, descriptor] where descriptor >= 0 { close(descriptor) }
  }

  private static func makeFolders(_ path: String) throws(OutputError) {
    guard !path.isEmpty else { throw OutputError(.cannotCreate, "the output folder's name is empty") }
    var current = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      current += current.isEmpty || current.hasSuffix("/") ? String(component) : "/\(component)"
      if mkdir(current, 0o777) == 0 || errno == EEXIST { continue }
      // A parent that exists may forbid mkdir with another error, for example on a read-only file system.
      let error = SystemError.last("creating the folder", current)
      var info = stat()
      guard stat(current, &info) == 0 else { throw OutputError(.cannotCreate, error.description) }
    }
    var info = stat()
    guard stat(path, &info) == 0 else { throw .cannotCreate("creating the output folder", path) }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw OutputError(
        .cannotCreate, "\(path) is a file. --output needs a folder, or a name that is not taken yet.")
    }
  }

  /// Opens a folder inside another, making it where it is missing; never through a link.
  static func openFolder(_ name: String, in parent: Int32, path: String) throws(OutputError) -> Int32 {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
    var descriptor = openat(parent, name, flags)
    if descriptor < 0, errno == ENOENT {
      guard mkdirat(parent, name, 0o777) == 0 || errno == EEXIST else {
        throw creationError("creating the folder", "\(path)/\(name)")
      }
      descriptor = openat(parent, name, flags)
    }
    guard descriptor >= 0 else {
      if errno == ENOTDIR || errno == ELOOP {
        throw OutputError(
          .cannotCreate,
          """
          \(path)/\(name) is a symbolic link or a file where a folder of the run should be. Nothing is written through \
          links; remove it, or choose another folder with --output.
          """)
      }
      throw .cannotCreate("opening the folder", "\(path)/\(name)")
    }
    return descriptor
  }

  // A full disk shows itself in whatever call comes first; it is told apart from names that cannot be made.
  static func creationError(_ action: String, _ subject: String) -> OutputError {
    let code: OutputError.Code = [ENOSPC, EDQUOT, EIO].contains(errno) ? .writeFailed : .cannotCreate
    return OutputError(code, SystemError.last(action, subject).description)
  }

  /// Whether something of that name is there, a dangling link included.
  func contains(_ name: String) -> Bool {
    var info = stat()
    return fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0
  }

  /// Begins a file that will replace another: it is written under a temporary name in `.swoop`.
  func beginReplacing(_ name: String, inState: Bool = false) throws(OutputError) -> FileWriter {
    let temporary = "\(name).new"
    let file = openat(state, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard file >= 0 else { throw Self.creationError("creating", "\(path)/\(Self.stateName)/\(temporary)") }
    return FileWriter(
      descriptor: file, name: "\(path)/\(inState ? "\(Self.stateName)/" : "")\(name)", target: (name, inState)
    )
  }

  /// Moves a finished file to its place in one step: whoever looks sees the old file or the whole new one.
  func endReplacing(_ file: FileWriter) throws(OutputError) {
    guard let target = file.target else { return }
    try file.finish()
    guard renameat(state, "\(target.name).new", target.inState ? state : descriptor, target.name) == 0 else {
      throw Self.creationError("moving the finished file to", file.name)
    }
  }

  /// A file in `.swoop` that has no name any more, and goes when it is closed.
  func makeTemporary(_ name: String) throws(OutputError) -> FileWriter {
    let file = openat(state, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Self.creationError("creating", "\(path)/\(Self.stateName)/\(name)") }
    unlinkat(state, name, 0)
    return FileWriter(descriptor: file, name: "\(path)/\(Self.stateName)/\(name)", target: nil)
  }

  /// Removes a file, or a folder with all that is in it, without following links. Absent is fine.
  func remove(_ name: String) throws(OutputError) {
    try Self.remove(name, in: descriptor, path: path)
  }

  static func remove(_ name: String, in parent: Int32, path: String) throws(OutputError) {
    if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw .cannotCreate("removing", "\(path)/\(name)") }
    let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard folder >= 0 else { throw .cannotCreate("opening", "\(path)/\(name)") }
    defer { close(folder) }
    for child in try names(in: folder, path: "\(path)/\(name)") {
      try remove(child, in: folder, path: "\(path)/\(name)")
    }
    guard unlinkat(parent, name, AT_REMOVEDIR) == 0 else {
      throw .cannotCreate("removing", "\(path)/\(name)")
    }
  }

  /// The names in a folder, in no order.
  static func names(in folder: Int32, path: String) throws(OutputError) -> [String] {
    // A second descriptor, because closedir closes the one it was given.
    let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else {
      if copy >= 0 { close(copy) }
      throw .cannotCreate("reading the folder", path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
