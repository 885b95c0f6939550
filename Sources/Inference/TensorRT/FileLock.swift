internal import Glibc

/// An exclusive lock on a file, held as long as the object lives; across processes and within one.
///
/// The system gives it back when its process ends, however that ends.
final class FileLock {
  private let file: Int32
  /// Why there is no lock, as where the folder cannot be written; the work that it guards then goes on without.
  let reason: String?

  var isHeld: Bool { reason == nil }

  /// Takes the lock, or waits for whoever has it.
  ///
  /// - Parameters:
  ///   - folder: the folder of `path`; made where it is missing.
  ///   - waiting: called ten times a second while another has the lock, with a number counted from 0; `false` gives up.
  /// - Throws: ``InferenceError`` of code `executionFailed` where `waiting` gave up.
  init(path: String, folder: String, waiting: (_ attempt: Int) -> Bool) throws(InferenceError) {
    var made = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
      _ = mkdir(made, 0o755)
    }
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      reason = "\(path) cannot be made: \(String(cString: strerror(errno)))"
      return
    }
    // Asked again and again, since a blocked flock would not see that the user wants to stop.
    var attempt = 0
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK:
        guard waiting(attempt) else {
          close(file)
          throw InferenceError(.executionFailed, "Waiting for another builder of the same engine was stopped.")
        }
        attempt += 1
        usleep(100_000)
      default:
        reason = "\(path) cannot be locked: \(String(cString: strerror(errno)))"
        return
      }
    }
    reason = nil
  }

  // Closing gives the lock back. The file stays: removing it would let two builders lock two files of one name.
  deinit { if file >= 0 { close(file) } }
}
