import CUDA
import Detection
import DeviceDetection
import FakeRuntimes
import OutputSamples
import Tensors

/// The device path over the fake driver, whose kernels run on the processor.
struct PostprocessHarness {
  let driver: FakeCUDADriver
  let kernels: DeviceKernels
  let stream: CUDAStream

  init() throws {
    let device = try FakeDevice()
    driver = device.driver
    kernels = try device.kernels()
    stream = try CUDAStream(in: kernels.context)
  }

  /// A sample's outputs in device memory, which lives as long as this.
  struct Uploaded {
    var memory: [DeviceMemory]
    var outputs: [DeviceOutput]
  }

  func upload(_ sample: OutputSample, offset: Int = 0) throws -> Uploaded {
    var uploaded = Uploaded(memory: [], outputs: [])
    for tensor in sample.tensors {
      let memory = try DeviceMemory(byteCount: tensor.bytes.count + offset, in: kernels.context)
      try tensor.bytes.withUnsafeBytes { try stream.copy($0, to: memory.address + UInt64(offset)) }
      uploaded.memory.append(memory)
      uploaded.outputs.append(
        DeviceOutput(
          name: tensor.name, address: memory.address + UInt64(offset), shape: tensor.shape,
          elementType: tensor.elementType))
    }
    return uploaded
  }

  /// What the device makes of a sample's images.
  func run(_ sample: OutputSample, on postprocessor: DevicePostprocessor, offset: Int = 0) throws -> [ImageDetections] {
    let uploaded = try upload(sample, offset: offset)
    try postprocessor.enqueue(sample.geometries, outputs: uploaded.outputs, on: stream)
    try stream.synchronize()
    return try sample.geometries.indices.map { try postprocessor.detections(row: $0) }
  }

  func make(
    _ sample: OutputSample, capacity: Int? = nil, isDynamic: Bool = false,
    tuning: DevicePostprocessor.Tuning = .small
  ) throws -> DevicePostprocessor {
    try DevicePostprocessor(
      kernels: kernels, postprocessor: sample.postprocessor, capacity: capacity ?? sample.geometries.count,
      outputs: sample.descriptors(isDynamic: isDynamic), tuning: tuning)
  }

  /// The first difference from what the CPU finds; `nil` where there is none.
  func difference(
    _ sample: OutputSample, capacity: Int? = nil, isDynamic: Bool = false,
    tuning: DevicePostprocessor.Tuning = .small, offset: Int = 0
  ) throws -> String? {
    let postprocessor = try make(sample, capacity: capacity, isDynamic: isDynamic, tuning: tuning)
    let found = try run(sample, on: postprocessor, offset: offset)
    for (row, (found, expected)) in zip(found, try sample.expected()).enumerated() {
      if let text = OutputSamples.difference(found, expected) { return "image \(row): \(text)\n\(sample.title)" }
    }
    return nil
  }
}

extension DevicePostprocessor.Tuning {
  /// Few threads, which the emulator runs one after another.
  static var small: Self {
    var tuning = Self()
    tuning.sortThreads = 64
    tuning.suppressThreads = 64
    return tuning
  }
}
