internal import CUDA
internal import DeviceDetection
internal import FakeRuntimes

/// The fake driver with this package's kernels on the CPU behind it.
struct FakeDevice {
  let driver: FakeCUDADriver
  let compiler: FakeNVRTC
  let context: CUDAContext

  init() throws {
    driver = try FakeCUDADriver()
    driver.setKernels(try FakeLibrary.built("KernelEmulator"))
    compiler = try FakeNVRTC()
    let cuda = try CUDADriver.open(path: driver.path)
    context = try cuda.primaryContext(of: cuda.device(0))
  }

  func kernels() throws -> DeviceKernels {
    try DeviceKernels(context: context, cache: KernelCache(folder: nil, compilerFolders: [compiler.folder]))
  }
}
