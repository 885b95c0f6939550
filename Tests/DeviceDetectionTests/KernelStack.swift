import CUDA
import DeviceDetection
import FakeRuntimes

/// The package's kernels over the fake driver and the fake compiler; the emulator runs them.
struct KernelStack {
  let driver: FakeCUDADriver
  let kernels: DeviceKernels
  private let compiler: FakeNVRTC

  init() throws {
    driver = try FakeCUDADriver()
    driver.setKernels(try FakeLibrary.built("KernelEmulator"))
    compiler = try FakeNVRTC()
    let cuda = try CUDADriver.open(path: driver.path)
    let context = try cuda.primaryContext(of: cuda.device(0))
    kernels = try DeviceKernels(
      context: context, cache: KernelCache(folder: nil, compilerFolders: [compiler.folder]))
  }
}
