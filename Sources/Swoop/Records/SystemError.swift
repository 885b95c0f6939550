internal import Glibc

/// A system call that failed, in words.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done, as a participle: `writing`, `creating`.
  public var action: String
  /// On what: a path or a name for a stream.
  public var subject: String
  /// The system's error number (`errno`).
  public var number: Int32

  public init(_ action: String, _ subject: String, number: Int32) {
    self.action = action
    self.subject = subject
    self.number = number
  }

  /// The error of the call that has just failed on this thread.
  package static func last(_ action: String, _ subject: String) -> SystemError {
    SystemError(action, subject, number: errno)
  }

  public var description: String { "\(action) \(subject) failed: \(Self.words(number))" }

  /// An error number in words that say what is the matter rather than which call failed.
  public static func words(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file or folder"
    case EACCES: "the permissions forbid it"
    case EPERM: "the system does not allow it"
    case ENOTDIR: "a part of the path is not a folder"
    case EISDIR: "it is a folder"
    case EEXIST: "it exists already"
    case ELOOP: "symbolic links lead in a circle, or a link stands where none may"
    case ENAMETOOLONG: "the name is too long for the file system"
    case ENOSPC: "no space is left on the disk"
    case EDQUOT: "the disk quota is used up"
    case EFBIG: "the file would be larger than the system or its limits allow"
    case EROFS: "the file system is read-only"
    case EIO: "the disk or network reported an error"
    case ESTALE: "the file was replaced on the network server"
    case ENXIO: "there is nothing at the other end"
    case ENOTCONN: "the network folder is not connected"
    case EMFILE: "this process has too many files open"
    case ENFILE: "the system has too many files open"
    case ENOMEM: "the memory is used up"
    case EPIPE: "the reader has closed the pipe"
    case EBUSY: "it is in use"
    case EOVERFLOW: "it is too large for this program"
    case EXDEV: "it is on another disk"
    case ENOTEMPTY: "the folder is not empty"
    default: strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
  }
}
