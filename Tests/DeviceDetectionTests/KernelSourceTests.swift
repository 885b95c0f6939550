import CUDA
import DeviceDetection
import Testing

@Suite("The kernels' sources")
struct KernelSourceTests {
  /// The real compiler, where it is installed.
  static let compiler = try? NVRTC.open()

  @Test("They compile for every architecture that NVRTC knows", .enabled(if: compiler != nil, "needs NVRTC"))
  func architectures() throws {
    let compiler = try #require(Self.compiler)
    for capability in compiler.architectures where capability.major >= 7 {
      let image = try compiler.compile(
        DeviceKernelSource.text, name: DeviceKernelSource.name, options: DeviceKernelSource.options, for: capability)
      #expect(image.starts(with: [0x7F] + Array("ELF".utf8)))
    }
  }
}
