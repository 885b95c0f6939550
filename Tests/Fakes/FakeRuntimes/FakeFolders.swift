internal import Glibc
internal import Synchronization

/// The folders of the fakes' copies, removed when the process ends.
enum FakeFolders {
  private static let files = Mutex<[(folder: String, file: String)]>([])

  /// Removes a file and the folder that it is alone in.
  static func removeAtExit(_ folder: String, file: String) {
    let isFirst = files.withLock { files in
      files.append((folder, file))
      return files.count == 1
    }
    guard isFirst else { return }
    atexit {
      for (folder, file) in FakeFolders.files.withLock({ $0 }) {
        unlink("\(folder)/\(file)")
        rmdir(folder)
      }
    }
  }
}
