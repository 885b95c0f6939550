/// A copy of the fake run-time compiler and its controls.
package final class FakeNVRTC: Sendable {
  package let library: FakeLibrary
  package var path: String { library.path }
  /// The folder that the copy is alone in, under the name that a search finds.
  package var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  /// - Parameters:
  ///   - version: what it says that it is.
  ///   - symbols: functions that it is to lack, as an older version does.
  package init(version: (major: Int32, minor: Int32) = (13, 0), without symbols: [String] = []) throws {
    library = try FakeLibrary("FakeNVRTC", fileName: "libnvrtc.so.\(version.major)", without: symbols)
    library.function("fake_nvrtc_set_version", as: (@convention(c) (Int32, Int32) -> Void).self)(
      version.major, version.minor)
  }

  /// The architectures that it compiles for, as 90 for 9.0.
  package func setArchitectures(_ architectures: [Int32]) {
    library.function("fake_nvrtc_set_architectures", as: (@convention(c) (UnsafePointer<Int32>, Int32) -> Void).self)(
      architectures, Int32(architectures.count))
  }

  /// Makes every compilation fail with a log; `nil` lets them succeed again.
  package func setLog(_ log: String?) {
    let set = library.function("fake_nvrtc_set_log", as: (@convention(c) (UnsafePointer<CChar>?) -> Void).self)
    if let log { set(log) } else { set(nil) }
  }

  /// Makes the n-th call of a function from now on return a code.
  package func fail(_ function: String, call: Int = 1, code: Int32 = 11) {
    library.function("fake_nvrtc_fail", as: (@convention(c) (UnsafePointer<CChar>, Int32, Int32) -> Void).self)(
      function, Int32(call), code)
  }

  package func callCount(_ function: String) -> Int {
    Int(library.function("fake_nvrtc_calls", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(function))
  }

  /// The options of the last compilation.
  package var options: [String] {
    String(cString: library.function("fake_nvrtc_options", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
      .split(separator: "\n").map(String.init)
  }

  /// How many programs are alive.
  package var liveCount: Int { Int(library.function("fake_nvrtc_live", as: (@convention(c) () -> Int32).self)()) }

  /// The names of the NVTX ranges that were opened, and `end` for each that was closed.
  package var ranges: [String] {
    String(cString: library.function("fake_nvtx_ranges", as: (@convention(c) () -> UnsafePointer<CChar>).self)())
      .split(separator: "\n").map(String.init)
  }
}
