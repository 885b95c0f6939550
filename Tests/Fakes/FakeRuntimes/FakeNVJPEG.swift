/// A copy of the fake nvJPEG and its controls.
package final class FakeNVJPEG: Sendable {
  package let library: FakeLibrary
  package var path: String { library.path }

  /// - Parameters:
  ///   - cuda: the fake driver's path.
  ///   - symbols: functions that this copy does not have, as in older versions.
  package init(cuda: String, without symbols: [String] = []) throws {
    library = try FakeLibrary("FakeNVJPEG", without: symbols)
    library.function("fake_nvjpeg_set_cuda", as: (@convention(c) (UnsafePointer<CChar>) -> Void).self)(cuda)
  }

  package func setVersion(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    library.function("fake_nvjpeg_set_version", as: (@convention(c) (Int32, Int32, Int32) -> Void).self)(
      Int32(major), Int32(minor), Int32(patch))
  }

  /// Whether the device has JPEG engines.
  package func setHardware(_ exists: Bool) {
    library.function("fake_nvjpeg_set_hardware", as: (@convention(c) (Bool) -> Void).self)(exists)
  }

  /// The largest side that the engines take.
  package func setLargestSide(_ side: Int) {
    library.function("fake_nvjpeg_set_largest_side", as: (@convention(c) (Int32) -> Void).self)(Int32(side))
  }

  /// Makes the n-th call of a function from now on return a status; 3 is a bad JPEG, 5 no memory, 6 a failed execution.
  package func fail(_ function: String, call: Int = 1, status: Int32) {
    library.function("fake_nvjpeg_fail", as: (@convention(c) (UnsafePointer<CChar>, Int32, Int32) -> Void).self)(
      function, Int32(call), status)
  }

  /// The next batched hardware call leaves out one picture and reports success.
  package func skip(picture: Int) {
    library.function("fake_nvjpeg_skip", as: (@convention(c) (Int32) -> Void).self)(Int32(picture))
  }

  package func callCount(_ function: String) -> Int {
    Int(library.function("fake_nvjpeg_calls", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(function))
  }

  /// How many objects of a kind are alive: `handle`, `state`, `bitstream`, `decoder`, `parameters`, `pinned`, `device`.
  package func liveCount(_ kind: String) -> Int {
    Int(library.function("fake_nvjpeg_live", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(kind))
  }

  package var liveCount: Int {
    ["handle", "state", "bitstream", "decoder", "parameters", "pinned", "device"].map { liveCount($0) }.reduce(0, +)
  }

  /// The flags of the last handle of a backend; `nil` where there was none.
  package func flags(backend: Int32) -> UInt32? {
    let flags = library.function("fake_nvjpeg_flags", as: (@convention(c) (Int32) -> Int32).self)(backend)
    return flags < 0 ? nil : UInt32(flags)
  }

  /// What was done wrong, a line each; empty is good.
  package var violations: String {
    String(cString: library.function("fake_nvjpeg_violations", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  package func reset() { library.function("fake_nvjpeg_reset", as: (@convention(c) () -> Void).self)() }
}
