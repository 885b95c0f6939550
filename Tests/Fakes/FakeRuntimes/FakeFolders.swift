internal import Glibc
internal import Synchronization

/// The folders of the fakes' copies, removed when the process ends.
enum FakeFolders {
  private static let folders = Mutex<[String]>([])

  static func removeAtExit(_ folder: String) {
    let isFirst = folders.withLock { folders in
      folders.append(folder)
      return folders.count == 1
    }
    guard isFirst else { return }
    atexit {
      for folder in FakeFolders.folders.withLock({ $0 }) {
        unlink("\(folder)/libFakeCUDA.so")
        unlink("\(folder)/libFakeTensorRT.so")
        unlink("\(folder)/libFakeNVJPEG.so")
        rmdir(folder)
      }
    }
  }
}
