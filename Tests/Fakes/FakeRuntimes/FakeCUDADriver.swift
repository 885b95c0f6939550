/// A copy of the fake CUDA driver and its controls.
package final class FakeCUDADriver: Sendable {
  package let library: FakeLibrary
  package var path: String { library.path }

  package init() throws { library = try FakeLibrary("FakeCUDA") }

  /// Makes the n-th call of a driver function from now on return a code; 2 is out of memory, 700 an illegal address.
  package func fail(_ function: String, call: Int = 1, code: Int32 = 1) {
    library.function("fake_cuda_fail", as: (@convention(c) (UnsafePointer<CChar>, Int32, Int32) -> Void).self)(
      function, Int32(call), code)
  }

  package func callCount(_ function: String) -> Int {
    Int(library.function("fake_cuda_calls", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(function))
  }

  package func setMemory(_ byteCount: Int) {
    library.function("fake_cuda_set_memory", as: (@convention(c) (UInt64) -> Void).self)(UInt64(byteCount))
  }

  /// The compute capability of its devices, as 86 for 8.6, which it is without this.
  package func setComputeCapability(_ capability: Int) {
    library.function("fake_cuda_set_capability", as: (@convention(c) (Int32) -> Void).self)(Int32(capability))
  }

  /// How many objects of a kind are alive: `device`, `pinned`, `stream`, `event`, `context`.
  package func liveCount(_ kind: String) -> Int {
    Int(library.function("fake_cuda_live", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(kind))
  }

  package var liveCount: Int { ["device", "pinned", "stream", "event", "context"].map { liveCount($0) }.reduce(0, +) }

  /// What was done wrong, a line each; empty is good.
  package var violations: String {
    String(cString: library.function("fake_cuda_violations", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  package func reset() { library.function("fake_cuda_reset", as: (@convention(c) () -> Void).self)() }
}
