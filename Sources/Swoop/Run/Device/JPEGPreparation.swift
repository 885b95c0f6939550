internal import CUDA
internal import DeviceDetection
internal import NVJPEG
internal import Synchronization

/// nvJPEG takes the better part of a second to start. It does so on a thread of its own, while the network is loaded.
final class JPEGPreparation: @unchecked Sendable {
  // Sendable: the outcome is written by the thread, and read after it has ended; the thread is used under the lock.

  private let lock = Mutex(())
  private var thread: WorkerThread?
  private var outcome: Result<DeviceJPEGEngine, any Error>?

  private static let started = Mutex<[Int: JPEGPreparation]>([:])

  /// Begins for a device, if that has not happened yet.
  static func start(_ context: CUDAContext) { _ = of(context) }

  /// The decoder of a device; waits until it is there.
  static func engine(_ context: CUDAContext) throws -> DeviceJPEGEngine { try of(context).wait() }

  private static func of(_ context: CUDAContext) -> JPEGPreparation {
    started.withLock { started in
      if let known = started[context.device.index] { return known }
      let made = JPEGPreparation(context)
      started[context.device.index] = made
      return made
    }
  }

  private init(_ context: CUDAContext) {
    let body: @Sendable () -> Void = { [self] in outcome = Result { try Self.make(context) } }
    // Without a thread it is done here.
    if let worker = try? WorkerThread("swoop nvjpeg", body: body) {
      thread = worker
    } else {
      body()
    }
  }

  private static func make(_ context: CUDAContext) throws -> DeviceJPEGEngine {
    let engine = try DeviceJPEGEngine(NVJPEGLibrary.open(for: context.driver), in: context)
    try engine.prepare()
    return engine
  }

  private func wait() throws -> DeviceJPEGEngine {
    lock.withLock { _ in
      thread?.join()
      thread = nil
    }
    guard let outcome else { preconditionFailure("the thread has ended without an outcome") }
    return try outcome.get()
  }
}
