internal import Glibc
internal import Synchronization

// Written by the handler, read by the run; atomics are the only state that a signal handler may touch.
private let requestedSignal = Atomic<Int32>(0)

/// Ctrl-C and `kill` as a wish to stop: the first finishes what is in flight, the second ends the process at once.
public enum Interruption {
  /// The signal that asked to stop, or `nil`.
  public static var signal: Int32? {
    let number = requestedSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Installs the handlers for SIGINT, SIGTERM and SIGHUP, and ignores SIGPIPE, so that a closed pipe is an error of the
  /// write that meets it.
  public static func install() {
    // Initialises it: a handler must not be the first to touch a global.
    _ = signal
    Glibc.signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      // The exit status that shells give for a signal.
      if requestedSignal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    }
    // No SA_RESTART: a read of standard input must return, so that the source can end.
    for number in signals { sigaction(number, &action, nil) }
    unblock()
  }

  /// Lets the signals end the process at once, for work that cannot be asked to stop.
  public static func leaveToSystem() {
    for number in signals { Glibc.signal(number, SIG_DFL) }
    unblock()
  }

  private static var signals: [Int32] { [SIGINT, SIGTERM, SIGHUP] }

  // A parent whose own threads block signals, as those of libdispatch do, hands its mask on.
  private static func unblock() {
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in signals { sigaddset(&mask, number) }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
