import CUDA
import Detection
import DeviceDetection
import OutputSamples
import Tensors

/// Heads, suppression and geometry on a real GPU: equality with the CPU over random outputs, and times. Needs NVRTC.
///
///     GPUCheck postprocess [SAMPLES]
struct PostprocessCheck {
  let kernels: DeviceKernels
  let stream: CUDAStream
  let check: (String, Bool) -> Void

  init(_ driver: CUDADriver, check: @escaping (String, Bool) -> Void) throws {
    let context = try driver.primaryContext(of: driver.device(0))
    kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil))
    stream = try CUDAStream(in: context)
    self.check = check
  }

  func run(sampleCount: Int, isTiny: Bool = false) throws {
    for name in ["columns4_float32", "columns4_float16", "interleaved_float32", "rows", "sort", "merge", "suppress"] {
      let kernel = try kernels.kernel("swoop_postprocess_\(name)")
      print(
        "       \(kernel.name): \(kernel.registerCount) registers, \(kernel.staticSharedByteCount) bytes shared, "
          + "\(kernel.localByteCount) local")
    }
    try equality(sampleCount: sampleCount)
    if isTiny { return }
    try largeEquality()
    try times()
  }

  // MARK: Equality

  private func equality(sampleCount: Int) throws {
    var (wrong, candidates, detections) = (0, 0, 0)
    for seed in 0..<sampleCount {
      let sample = try OutputSample(OutputSample.Recipe(seed: seed), seed: seed)
      var tuning = DevicePostprocessor.Tuning()
      if seed % 2 == 1 {
        tuning.chunk = [64, 2, 16, 128][seed / 2 % 4]
        tuning.keptInShared = [1024, 0, 5, 64][seed / 8 % 4]
      }
      let problem = try difference(sample, tuning: tuning, isDynamic: seed % 7 == 0)
      if let problem, wrong < 5 { print("       \(sample.title)\n       \(tuning)\n       \(problem)") }
      wrong += problem == nil ? 0 : 1
      let expected = try sample.expected()
      candidates += expected.reduce(0) { $0 + $1.candidateCount }
      detections += expected.reduce(0) { $0 + $1.detections.count }
    }
    check(
      "\(sampleCount) random outputs, \(candidates) candidates, \(detections) detections: \(wrong) differ from the CPU",
      wrong == 0)
  }

  /// Batches as large as real ones; each image compared.
  private func largeEquality() throws {
    for kind in [DetectionHead.Kind.yolov8, .yolov8Transposed, .yolov5] {
      for type in [ElementType.float32, .float16] {
        var settings = Postprocessor.Settings()
        settings.confidence = ClassThresholds(0.001)
        settings.maximumCandidates = 7000
        for settings in [Postprocessor.Settings(), settings] {
          let sample = try OutputSample.realistic(
            kind: kind, elementType: type, images: 16, anchors: 8400, classCount: 80, candidates: 50...8000,
            settings: settings, seed: 5)
          let problem = try difference(sample)
          check(
            "\(sample.title), confidence \(settings.confidence.standard): \(problem ?? "equal")", problem == nil)
        }
      }
    }
  }

  private func difference(
    _ sample: OutputSample, tuning: DevicePostprocessor.Tuning = .init(), isDynamic: Bool = false
  ) throws -> String? {
    let postprocessor = try DevicePostprocessor(
      kernels: kernels, postprocessor: sample.postprocessor, capacity: sample.geometries.count,
      outputs: sample.descriptors(isDynamic: isDynamic), tuning: tuning)
    let (memory, outputs) = try upload(sample)
    try postprocessor.enqueue(sample.geometries, outputs: outputs, on: stream)
    try stream.synchronize()
    let expected = try sample.expected()
    return try withExtendedLifetime(memory) {
      for (row, expected) in expected.enumerated() {
        let problem = OutputSamples.difference(try postprocessor.detections(row: row), expected)
        if let problem { return "image \(row): \(problem)" }
      }
      return nil
    }
  }

  private func upload(_ sample: OutputSample) throws -> ([DeviceMemory], [DeviceOutput]) {
    var memories: [DeviceMemory] = []
    let outputs = try sample.tensors.map { tensor in
      let memory = try DeviceMemory(byteCount: tensor.bytes.count, in: kernels.context)
      try tensor.bytes.withUnsafeBytes { try stream.copy($0, to: memory.address) }
      memories.append(memory)
      return DeviceOutput(
        name: tensor.name, address: memory.address, shape: tensor.shape, elementType: tensor.elementType)
    }
    return (memories, outputs)
  }

  // MARK: Times

  private func times() throws {
    let batch = 64
    for type in [ElementType.float32, .float16] {
      for classCount in [80, 3] {
        for (candidates, confidence) in [(50...300, 0.25), (3000...3000, 0.25), (3000...3000, 0.001)] {
          try time(.yolov8, type, batch, 8400, classCount, candidates, confidence)
        }
      }
    }
    try time(.yolov8Transposed, .float32, batch, 8400, 80, 50...300, 0.25)
    try time(.yolov5, .float32, batch, 25_200, 80, 50...300, 0.25)
    try time(.yolov8, .float32, 1, 8400, 80, 50...300, 0.25)
  }

  private func time(
    _ kind: DetectionHead.Kind, _ type: ElementType, _ batch: Int, _ anchors: Int, _ classCount: Int,
    _ candidates: ClosedRange<Int>, _ confidence: Double
  ) throws {
    var settings = Postprocessor.Settings()
    settings.confidence = ClassThresholds(confidence)
    let sample = try OutputSample.realistic(
      kind: kind, elementType: type, images: batch, anchors: anchors, classCount: classCount, candidates: candidates,
      settings: settings, seed: 3)
    let postprocessor = try DevicePostprocessor(
      kernels: kernels, postprocessor: sample.postprocessor, capacity: batch, outputs: sample.descriptors())
    let (memory, outputs) = try upload(sample)
    let (start, end) = (
      try CUDAEvent(in: kernels.context, isTiming: true), try CUDAEvent(in: kernels.context, isTiming: true)
    )
    try postprocessor.enqueue(sample.geometries, outputs: outputs, on: stream)
    try stream.synchronize()
    var milliseconds: [Double] = []
    for _ in 0..<30 {
      try start.record(on: stream)
      try postprocessor.enqueue(sample.geometries, outputs: outputs, on: stream)
      try end.record(on: stream)
      try stream.synchronize()
      milliseconds.append(try end.milliseconds(since: start))
    }
    // One after another without a wait, so that the host's own time for queueing shows only where it is the longer.
    try start.record(on: stream)
    for _ in 0..<30 { try postprocessor.enqueue(sample.geometries, outputs: outputs, on: stream) }
    try end.record(on: stream)
    try stream.synchronize()
    let each = try end.milliseconds(since: start) / 30
    let last = try (0..<batch).map { try postprocessor.detections(row: $0) }
    let found = last.reduce(0) { $0 + $1.candidateCount } / batch
    let problem = zip(last, try sample.expected(rows: 0..<min(batch, 2))).compactMap {
      OutputSamples.difference($0, $1)
    }
    let bytes = withExtendedLifetime(memory) { sample.tensors.reduce(0) { $0 + $1.bytes.count } }
    milliseconds.sort()
    func text(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
    check(
      "\(sample.title), confidence \(confidence), \(found) candidates an image: \(text(milliseconds[15])) ms "
        + "(best \(text(milliseconds[0])), queued ahead \(text(each))); reading \(bytes >> 20) MiB alone is "
        + "\((Double(bytes) / each / 1e6).rounded()) GB/s; \(postprocessor.deviceByteCount >> 20) MiB",
      problem.isEmpty)
  }
}
