internal import Glibc

/// State under one lock, with named conditions to wait for.
///
/// Why not `Mutex` and continuations: the stages of a run are threads that block in decoders, file reads and native
/// executions, so they live outside the cooperative pool, and a blocked thread waits best on a condition variable.
/// `Synchronization.Mutex` has none.
///
/// The conditions are separate so that a change wakes those who wait for it, and not every thread of the run.
// @unchecked: `state` is only touched between pthread_mutex_lock and pthread_mutex_unlock.
final class Monitor<State, Condition: Hashable & CaseIterable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let conditions: [Condition: UnsafeMutablePointer<pthread_cond_t>]
  private var state: State

  init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    // Deadlines by the monotonic clock: setting the machine's time must not stall or hurry a run.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    defer { pthread_condattr_destroy(&attributes) }
    var conditions: [Condition: UnsafeMutablePointer<pthread_cond_t>] = [:]
    for name in Condition.allCases {
      let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
      condition.initialize(to: pthread_cond_t())
      pthread_cond_init(condition, &attributes)
      conditions[name] = condition
    }
    self.conditions = conditions
  }

  deinit {
    for condition in conditions.values {
      pthread_cond_destroy(condition)
      condition.deallocate()
    }
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` under the lock, then wakes all who wait for one of `changed`.
  func update<Result>(
    waking changed: Condition..., body: (inout State) throws -> Result
  ) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer {
      for name in changed { pthread_cond_broadcast(conditions[name]!) }
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Waits under the lock until `body` returns a value. `body` runs again after each wake-up for `condition`.
  func wait<Result>(for condition: Condition, body: (inout State) throws -> Result?) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = try body(&state) { return result }
      pthread_cond_wait(conditions[condition]!, mutex)
    }
  }

  /// As ``wait(for:body:)``, but `onTimeout` answers when `body` had no answer for `timeout` seconds.
  func wait<Result>(
    for condition: Condition, timeout: Double, body: (inout State) throws -> Result?,
    onTimeout: (inout State) -> Result
  ) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let nanoseconds = deadline.tv_nsec + Int((timeout - timeout.rounded(.down)) * 1e9)
    deadline.tv_sec += Int(timeout) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    while true {
      if let result = try body(&state) { return result }
      if pthread_cond_timedwait(conditions[condition]!, mutex, &deadline) == ETIMEDOUT {
        return onTimeout(&state)
      }
    }
  }

  /// Wakes all who wait for one of `names`.
  func wake(_ names: Condition...) {
    pthread_mutex_lock(mutex)
    for name in names { pthread_cond_broadcast(conditions[name]!) }
    pthread_mutex_unlock(mutex)
  }

  /// Wakes all who wait for `condition`; to be called inside a body, where the lock is held.
  func signal(_ condition: Condition) {
    pthread_cond_broadcast(conditions[condition]!)
  }
}
