internal import CDeviceKernels
package import CUDA

/// The kernels of this package for one context, compiled for its device or loaded from the cache.
package final class DeviceKernels: Sendable {
  package let context: CUDAContext
  /// All kernels are one module.
  package let module: CUDAModule

  /// Takes a second or two where the cache has nothing for this device, and milliseconds otherwise.
  ///
  /// - Throws: what the cache throws: NVRTC is missing, or it or the driver refuses the kernels.
  package init(context: CUDAContext, cache: KernelCache) throws {
    self.context = context
    module = try cache.module(
      DeviceKernelSource.text, name: DeviceKernelSource.name, options: DeviceKernelSource.options, in: context)
  }

  /// A kernel by its name in the sources.
  package func kernel(_ name: String) throws(CUDAError) -> CUDAKernel { try module.kernel(name) }
}
