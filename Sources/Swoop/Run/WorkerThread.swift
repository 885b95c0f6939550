internal import CSystem
internal import Glibc

/// A named thread that runs one closure and can be waited for.
///
/// Stages block (in decoders, files and native executions), which the cooperative pool must not.
final class WorkerThread {
  private var handle: pthread_t

  private final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts the thread. `name` shows in debuggers and profilers; 15 bytes of it count.
  ///
  /// - Throws: ``ThreadError`` where the system has no more threads to give.
  init(_ name: String, body: @escaping @Sendable () -> Void) throws(ThreadError) {
    handle = pthread_t()
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    let status = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        swoop_name_thread(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    guard status == 0 else {
      start.release()
      throw ThreadError(name: name, errno: status)
    }
  }

  /// Waits until the closure has returned. To be called exactly once.
  func join() {
    pthread_join(handle, nil)
  }
}

/// The system refused another thread.
struct ThreadError: Error, CustomStringConvertible {
  let name: String
  let errno: Int32

  var description: String {
    "The thread '\(name)' could not be started: \(String(cString: strerror(errno))). "
      + "Raise the limit on processes (ulimit -u, or the container's pids limit), or use fewer --workers."
  }
}
