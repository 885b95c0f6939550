/// A copy of the fake TensorRT and its controls.
package final class FakeTensorRT: Sendable {
  package let library: FakeLibrary
  package var path: String { library.path }

  /// - Parameters:
  ///   - version: what `getInferLibVersion` reports: 8601, 101600, 110400, 10701.
  ///   - layout: gives the objects another version's layout than the one reported.
  ///   - cuda: the CUDA driver's path.
  package init(version: Int32, layout: Int32? = nil, cuda: String? = nil) throws {
    library = try FakeLibrary("FakeTensorRT")
    library.function("fake_trt_set_version", as: (@convention(c) (Int32) -> Void).self)(version)
    if let layout { library.function("fake_trt_set_layout", as: (@convention(c) (Int32) -> Void).self)(layout) }
    if let cuda {
      library.function("fake_trt_set_cuda", as: (@convention(c) (UnsafePointer<CChar>) -> Void).self)(cuda)
    }
  }

  /// Whether it behaves as without a GPU.
  package func setBlind(_ blind: Bool) {
    library.function("fake_trt_set_blind", as: (@convention(c) (Bool) -> Void).self)(blind)
  }

  /// Whether batch rows bleed into one another.
  package func setBleeding(_ bleeding: Bool) {
    library.function("fake_trt_set_bleeding", as: (@convention(c) (Bool) -> Void).self)(bleeding)
  }

  /// Whether every plan needs a plugin, which TensorRT's own plugins or a library that is loaded registers.
  package func setNeedsPlugins(_ needed: Bool) {
    library.function("fake_trt_set_needs_plugins", as: (@convention(c) (Bool) -> Void).self)(needed)
  }

  /// Makes the n-th call of a method from now on fail.
  package func fail(_ method: String, call: Int = 1) {
    library.function("fake_trt_fail", as: (@convention(c) (UnsafePointer<CChar>, Int32) -> Void).self)(
      method, Int32(call))
  }

  package func callCount(_ method: String) -> Int {
    Int(library.function("fake_trt_calls", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(method))
  }

  /// The methods that can be made to fail.
  package var fallible: [String] {
    let text = library.function("fake_trt_fallible", as: (@convention(c) () -> UnsafePointer<CChar>).self)()
    return String(cString: text).split(separator: " ").map(String.init)
  }

  /// The number of objects alive.
  package var liveCount: Int { Int(library.function("fake_trt_live", as: (@convention(c) () -> Int32).self)()) }

  /// What was done wrong, a line each; empty is good.
  package var violations: String {
    String(cString: library.function("fake_trt_violations", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  package func reset() { library.function("fake_trt_reset", as: (@convention(c) () -> Void).self)() }
}
