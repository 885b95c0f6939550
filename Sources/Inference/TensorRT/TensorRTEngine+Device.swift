public import CUDA

extension TensorRTEngine {
  /// The device that it executes on.
  public var cuda: CUDAContext? { device.cuda }
}
