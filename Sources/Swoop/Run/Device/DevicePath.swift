internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging
internal import Inference
internal import NVJPEG

/// One GPU of a run, with what its slots share: the engine, the kernels, and the decoder of JPEG files.
final class DevicePath: Sendable {
  let engine: any Engine
  let cuda: CUDAContext
  let kernels: DeviceKernels
  /// `nil` where JPEG files are decoded on the processor.
  let jpeg: DeviceJPEGEngine?
  /// Bytes of decoded pixels that a slot may hold on the device; pictures beyond it are prepared on the processor.
  let pixelBudget: Int

  private init(_ engine: any Engine, _ cuda: CUDAContext, _ kernels: DeviceKernels, _ jpeg: DeviceJPEGEngine?) {
    self.engine = engine
    self.cuda = cuda
    self.kernels = kernels
    self.jpeg = jpeg
    pixelBudget = max(128 << 20, cuda.device.memoryByteCount / 32)
  }

  /// What decodes JPEG files, as a run's header has it.
  var decodeDescription: String {
    guard let jpeg else { return "cpu" }
    return "nvjpeg \(jpeg.library.version)\(jpeg.hardware == nil ? "" : " hardware")"
  }

  /// Device memory that this process has taken since before the model was loaded, as the driver sees it; other processes'
  /// doings are in it too.
  func takenByteCount() throws -> Int {
    guard let before = DeviceMemoryBaseline.free(on: cuda.device.index) else { return 0 }
    return before - (try cuda.memory().free)
  }

  /// The GPUs of a detector; none where it runs on the processor, or the GPU can do no more than the network. One that is
  /// lost is left out.
  ///
  /// - Parameters:
  ///   - cacheFolder: where compiled kernels are kept.
  ///   - batch: images an execution.
  ///   - troubles: told of a GPU that is lost.
  ///   - onNotice: told why something is left to the processor.
  /// - Throws: ``SwoopError`` or `InferenceError` where decoding on the GPU was asked for and cannot be had, or no GPU is
  ///   left.
  static func all(
    of detector: Detector, batch: Int, cacheFolder: String?, troubles: DeviceTroubles,
    onNotice: @escaping @Sendable (String) -> Void
  ) throws -> [DevicePath] {
    let decode = detector.configuration.decode
    let cache = KernelCache(folder: cacheFolder.map { "\($0)/kernels" })
    var paths: [DevicePath] = []
    for engine in detector.engines {
      guard let cuda = engine.cuda else {
        if decode == .gpu {
          throw SwoopError(
            .usage,
            "--decode gpu needs the network on a GPU too, and it runs on \(engine.identity.device). See --device and "
              + "--engine, or leave --decode out.")
        }
        return []
      }
      let made = try troubles.leavingOut(cuda.device) { () throws -> DevicePath? in
        guard let kernels = try makeKernels(decode, cuda, cache, onNotice) else { return nil }
        warmUp(engine, [detector.input.name: detector.input.shape(batch: batch, canvas: detector.input.size)])
        return DevicePath(engine, cuda, kernels, try makeJPEG(decode, cuda, onNotice))
      }
      switch made {
      case nil: continue
      case .some(nil): return []
      case .some(let path?): paths.append(path)
      }
    }
    if paths.isEmpty, let reason = troubles.reason { throw reason }
    // One decoder for the whole run, or results would depend on which device a picture was on.
    guard paths.allSatisfy({ $0.decodeDescription == paths.first?.decodeDescription }) else {
      if decode == .gpu {
        throw SwoopError(
          .usage, "--decode gpu needs GPUs that decode alike, and these do not. Choose others, or --decode cpu.")
      }
      onNotice("JPEG files are decoded on the processor: the GPUs do not decode alike.")
      return paths.map { DevicePath($0.engine, $0.cuda, $0.kernels, nil) }
    }
    return paths
  }

  /// Runs the network once, for the first execution takes a second to load and to choose kernels, while nvJPEG starts. What
  /// goes wrong goes wrong again where it is said.
  private static func warmUp(_ engine: any Engine, _ shapes: [String: [Int]]) {
    guard let context = try? engine.makeContext(maximumInputShapes: shapes) as? any DeviceExecutionContext else {
      return
    }
    for (name, shape) in shapes { try? context.setInputShape(shape, named: name) }
    try? context.enqueueOnDevice()
    try? context.synchronize()
  }

  /// `nil` where there are none, and the processor prepares pictures.
  private static func makeKernels(
    _ decode: DecodeChoice, _ cuda: CUDAContext, _ cache: KernelCache, _ onNotice: (String) -> Void
  ) throws -> DeviceKernels? {
    do {
      return try DeviceKernels(context: cuda, cache: cache)
    } catch {
      try throwIfLost(cuda)
      if decode == .gpu {
        throw InferenceError(.runtimeUnavailable, "--decode gpu needs Swoop's kernels on the GPU.", cause: "\(error)")
      }
      onNotice("Pictures are prepared on the processor, not on \(cuda.device): \(error)")
      return nil
    }
  }

  /// Libraries tell of a lost device in words of their own; the driver says it.
  private static func throwIfLost(_ cuda: CUDAContext) throws(InferenceError) {
    do throws(CUDAError) {
      try cuda.synchronize()
    } catch {
      // Where it is not that, what failed before is what is told.
      if error.isSticky { throw InferenceError(error, "\(cuda.device) failed while the run was set up.") }
    }
  }

  private static func makeJPEG(
    _ decode: DecodeChoice, _ cuda: CUDAContext, _ onNotice: (String) -> Void
  ) throws -> DeviceJPEGEngine? {
    guard decode != .cpu else { return nil }
    do {
      return try JPEGPreparation.engine(cuda)
    } catch {
      try throwIfLost(cuda)
      if decode == .gpu {
        throw InferenceError(.runtimeUnavailable, "JPEG files cannot be decoded on \(cuda.device).", cause: "\(error)")
      }
      onNotice("JPEG files are decoded on the processor: \(error)")
      return nil
    }
  }
}
