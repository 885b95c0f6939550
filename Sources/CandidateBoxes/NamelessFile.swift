internal import CSystem
internal import Glibc
internal import Inference

/// A file in memory, for runtimes that read models by path.
struct NamelessFile: ~Copyable {
  private let descriptor: Int32
  /// Valid as long as this value.
  var path: String { "/proc/self/fd/\(descriptor)" }

  init(_ bytes: [UInt8]) throws(InferenceError) {
    descriptor = swoop_nameless_file("swoop-model")
    guard descriptor >= 0 else { throw Self.failure(errno) }
    let reason = bytes.withUnsafeBytes { bytes -> Int32 in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count == 0 || errno != EINTR {
          return count == 0 ? ENOSPC : errno
        }
      }
      return 0
    }
    // The destructor closes it.
    guard reason == 0 else { throw Self.failure(reason) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func failure(_ reason: Int32) -> InferenceError {
    InferenceError(.modelUnreadable, "The model cannot be kept in memory: \(String(cString: strerror(reason))).")
  }
}
