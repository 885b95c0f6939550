import CUDA
import Testing

/// The compiler of this machine.
enum RealNVRTC {
  static let compiler: NVRTC? = try? NVRTC.open()
}

/// The real compiler, where `scripts/get-nvrtc`, pip or a toolkit has put it. No GPU is needed.
@Suite(
  "the real NVRTC",
  .enabled(if: RealNVRTC.compiler != nil, "NVRTC is not on this machine: scripts/get-nvrtc fetches it"))
struct RealNVRTCTests {
  static let ninety = CUDADevice.ComputeCapability(major: 9, minor: 0)

  static let source = """
    extern "C" __global__ void add(int *values, int count, int amount) {
      extern __shared__ int shared[];
      int index = blockIdx.x * blockDim.x + threadIdx.x;
      shared[threadIdx.x] = amount;
      __syncthreads();
      if (index < count) values[index] += shared[threadIdx.x];
    }
    """

  @Test("a kernel compiles to a cubin, which the check of images takes whole and refuses cut off")
  func cubin() throws {
    let compiler = try #require(RealNVRTC.compiler)
    #expect(compiler.version.major >= 11)
    #expect(compiler.architectures.contains(Self.ninety))
    let image = try compiler.compile(
      Self.source, name: "add.cu", options: ["--fmad=false", "--std=c++17", "-default-device"], for: Self.ninety)
    #expect(image.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
    let device = try FakeDevice()
    _ = try CUDAModule(image: image, name: "add.cu", in: device.context)
    for count in [64, image.count / 2, image.count - 1] {
      #expect(throws: CUDAError.self, "\(count) of \(image.count)") {
        _ = try CUDAModule(image: Array(image[..<count]), name: "add.cu", in: device.context)
      }
    }
  }

  @Test("a device that it does not know yet gets PTX")
  func ptx() throws {
    let compiler = try #require(RealNVRTC.compiler)
    let image = try compiler.compile(Self.source, name: "add.cu", for: .init(major: 99, minor: 0))
    let text = String(decoding: image, as: UTF8.self)
    #expect(text.contains(".entry add"))
    #expect(!image.contains(0))
  }

  @Test("an error shows the compiler's log, with the place")
  func error() throws {
    let compiler = try #require(RealNVRTC.compiler)
    let error = #expect(throws: NVRTCError.self) {
      try compiler.compile("__global__ void broken() {\n  nonsense;\n}", name: "broken.cu", for: Self.ninety)
    }
    #expect(error?.description.contains("broken.cu(2): error") == true)
    #expect(error?.description.contains("nonsense") == true)
  }

  @Test("an option that it does not know is an error that names it")
  func option() throws {
    let compiler = try #require(RealNVRTC.compiler)
    let error = #expect(throws: NVRTCError.self) {
      try compiler.compile(Self.source, name: "add.cu", options: ["--no-such-option"], for: Self.ninety)
    }
    #expect(error?.description.contains("no-such-option") == true)
  }
}
