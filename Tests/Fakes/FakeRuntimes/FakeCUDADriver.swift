/// A copy of the fake CUDA driver and its controls.
package final class FakeCUDADriver: Sendable {
  package let library: FakeLibrary
  package var path: String { library.path }

  /// - Parameter symbols: functions that it is to lack, as an older driver does.
  package init(without symbols: [String] = []) throws {
    library = try FakeLibrary("FakeCUDA", without: symbols)
  }

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

  /// The CUDA version that it says it supports: 13000 for 13.0.
  package func setVersion(_ version: Int32) {
    library.function("fake_cuda_set_version", as: (@convention(c) (Int32) -> Void).self)(version)
  }

  /// A device attribute by number.
  package func setAttribute(_ attribute: Int32, _ value: Int32) {
    library.function("fake_cuda_set_attribute", as: (@convention(c) (Int32, Int32) -> Void).self)(attribute, value)
  }

  /// The library that runs kernels on the processor: the path of one that exports `emulated_kernel_launch`.
  package func setKernels(_ path: String) {
    library.function("fake_cuda_set_kernels", as: (@convention(c) (UnsafePointer<CChar>?) -> Void).self)(path)
  }

  /// The sizes of a kernel's parameters, which the driver tells from then on.
  package func setParameters(of kernel: String, byteCounts: [Int]) {
    library.function(
      "fake_cuda_set_parameters", as: (@convention(c) (UnsafePointer<CChar>, UnsafePointer<Int>?, Int) -> Void).self)(
        kernel, byteCounts, byteCounts.count)
  }

  /// The dynamic shared memory that a kernel's limit was raised to; `nil` where it was not.
  package func sharedLimit(of kernel: String) -> Int? {
    let limit = library.function(
      "fake_cuda_shared_limit", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(kernel)
    return limit < 0 ? nil : Int(limit)
  }

  /// How many objects of a kind are alive: `device`, `pinned`, `stream`, `event`, `context`, `module`, `graph`,
  /// `executable`.
  package func liveCount(_ kind: String) -> Int {
    Int(library.function("fake_cuda_live", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(kind))
  }

  package var liveCount: Int {
    ["device", "pinned", "stream", "event", "context", "module", "graph", "executable"].map { liveCount($0) }
      .reduce(0, +)
  }

  /// What was done wrong, a line each; empty is good.
  package var violations: String {
    String(cString: library.function("fake_cuda_violations", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  package func reset() { library.function("fake_cuda_reset", as: (@convention(c) () -> Void).self)() }
}
