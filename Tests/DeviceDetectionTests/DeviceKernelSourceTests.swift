internal import CUDA
internal import DeviceDetection
internal import Testing

@Suite struct DeviceKernelSourceTests {
  private static let compiler = try? NVRTC.open()

  @Test("all sources are one text, each named for the compiler")
  func text() {
    let text = DeviceKernelSource.text
    #expect(text.utf8.allSatisfy { $0 < 128 && $0 != 0 })
    for file in [
      "prelude.cu", "preprocess.cu", "preprocess_linear.cu", "preprocess_enlarged.cu", "preprocess_bicubic.cu",
      "preprocess_products.cu",
      "postprocess.cu",
      "postprocess_candidates.cu",
      "postprocess_sort.cu", "postprocess_suppress.cu", "decode.cu",
    ] {
      #expect(text.contains("#line 1 \"\(file)\"\n"))
    }
    for kernel in [
      "linear_nchw", "linear_nhwc", "enlarged_nchw", "bicubic_nchw", "bicubic_nhwc", "bicubic_any_nchw",
      "bicubic_any_nhwc", "products_nchw",
      "products_nhwc",
    ] {
      #expect(text.contains("preprocess_\(kernel)("))
    }
  }

  @Test(
    "NVRTC compiles them for every architecture it knows of these",
    .enabled(if: compiler != nil, "NVRTC is not installed"), arguments: [75, 80, 86, 89, 90, 120])
  func compiles(architecture: Int) throws {
    let capability = CUDADevice.ComputeCapability(major: architecture / 10, minor: architecture % 10)
    guard let compiler = Self.compiler, compiler.architectures.contains(capability) else { return }
    let image = try compiler.compile(
      DeviceKernelSource.text, name: DeviceKernelSource.name, options: DeviceKernelSource.options, for: capability)
    // A cubin is an ELF file.
    #expect(image.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
  }
}
