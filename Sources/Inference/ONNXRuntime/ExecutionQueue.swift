internal import CSystem
internal import Glibc
internal import Synchronization

/// Threads that run executions which were started in advance, first come first served.
///
/// They start with the first execution, so that callers who only ever wait pay nothing for them. They are detached: the
/// last owner of the queue may be one of its own jobs, and no thread can wait for itself.
final class ExecutionQueue: Sendable {
  private let threadCount: Int
  private let shared = Shared()

  init(threadCount: Int) { self.threadCount = threadCount }

  deinit { shared.stop() }

  /// Has a thread run `job`, as soon as one is free.
  func submit(_ job: @escaping @Sendable () -> Void) throws(InferenceError) {
    try shared.start(threadCount)
    shared.add(job)
  }

  /// What the threads keep: never the queue itself.
  private final class Shared: Sendable {
    private struct State {
      var jobs: [@Sendable () -> Void] = []
      var threadCount = 0
      var isStopped = false
    }

    private let state = Mutex(State())
    private let work = Semaphore()

    func start(_ count: Int) throws(InferenceError) {
      let missing = state.withLock { state in
        defer { state.threadCount = max(state.threadCount, count) }
        return max(0, count - state.threadCount)
      }
      for started in 0..<missing {
        let status = launch()
        guard status != 0 else { continue }
        let isNone = state.withLock { state in
          state.threadCount -= missing - started
          return state.threadCount == 0
        }
        // Fewer threads still run everything; none would leave it lying.
        guard isNone else { return }
        throw InferenceError(
          .executionFailed,
          "No thread could be started for the network: \(String(cString: strerror(status))). Raise the limit on "
            + "processes (ulimit -u, or the container's pids limit).")
      }
    }

    func add(_ job: @escaping @Sendable () -> Void) {
      state.withLock { $0.jobs.append(job) }
      work.signal()
    }

    func stop() {
      let count = state.withLock { state in
        state.isStopped = true
        return state.threadCount
      }
      for _ in 0..<count { work.signal() }
    }

    private func launch() -> Int32 {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(self)
      let status = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          swoop_name_thread("onnxruntime")
          Unmanaged<Shared>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, argument.toOpaque())
      if status == 0 { pthread_detach(thread) } else { argument.release() }
      return status
    }

    private func run() {
      while true {
        work.wait()
        let (job, isStopped) = state.withLock { state in
          (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isStopped)
        }
        if let job { job() } else if isStopped { return }
      }
    }
  }
}

/// A counting semaphore of the system.
///
/// Unchecked because sem_t is made to be shared between threads.
final class Semaphore: @unchecked Sendable {
  private let handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(handle, 0, 0) }

  deinit {
    sem_destroy(handle)
    handle.deallocate()
  }

  func signal() { sem_post(handle) }

  func wait() {
    while sem_wait(handle) != 0 && errno == EINTR {}
  }
}
