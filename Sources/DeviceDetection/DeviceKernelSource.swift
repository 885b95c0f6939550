internal import CDeviceKernels

/// The kernels' sources as NVRTC takes them.
package enum DeviceKernelSource {
  /// The name of the whole, in compilers' messages and in the cache.
  package static let name = "swoop-kernels.cu"

  /// Without fusing of multiplications and additions, so that results are the CPU's, bit for bit. Functions that are not
  /// marked are for the device.
  package static let options = ["--fmad=false", "--std=c++17", "-default-device"]

  /// All sources after another; compilers report places by the file's own name and line.
  package static let text: String = {
    (0..<swoop_device_source_count()).map { index in
      let source = swoop_device_source_at(index)
      let bytes = UnsafeBufferPointer(start: source.bytes, count: source.size)
      return "#line 1 \"\(String(cString: source.name))\"\n\(String(decoding: bytes, as: UTF8.self))\n"
    }.joined()
  }()
}
