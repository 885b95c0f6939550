import CUDA
import Detection
import DeviceDetection
import FakeRuntimes
import OutputSamples
import Tensors
import Testing

@Suite("Postprocessing on the device: memory, calls and errors")
struct DevicePostprocessorUseTests {
  typealias Recipe = OutputSample.Recipe

  static func sample(_ kind: DetectionHead.Kind = .yolov8, seed: Int = 0, _ change: (inout Recipe) -> Void = { _ in })
    throws -> OutputSample
  {
    var recipe = Recipe()
    recipe.kind = kind
    change(&recipe)
    return try OutputSample(recipe, seed: seed)
  }

  @Test("After the first batch nothing is allocated, and one copy goes each way")
  func steadyState() throws {
    let harness = try PostprocessHarness()
    let driver = harness.driver
    let samples = try (0..<4).map { seed in
      try Self.sample(seed: seed) { $0.images = seed + 1 }
    }
    let uploaded = try samples.map { try harness.upload($0) }
    let postprocessor = try harness.make(samples[0], capacity: 4)
    let held = postprocessor.deviceByteCount
    let calls = ["cuMemAlloc_v2", "cuMemHostAlloc", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuLaunchKernel"]
    let before = calls.map { driver.callCount($0) }
    for (sample, uploaded) in zip(samples, uploaded) {
      try postprocessor.enqueue(sample.geometries, outputs: uploaded.outputs, on: harness.stream)
      try harness.stream.synchronize()
      for (row, expected) in try sample.expected().enumerated() {
        let problem = difference(try postprocessor.detections(row: row), expected)
        #expect(problem == nil)
      }
      #expect(throws: DetectionError.self) { try postprocessor.detections(row: sample.geometries.count) }
    }
    let after = calls.map { driver.callCount($0) }
    #expect(zip(after, before).map(-) == [0, 0, 4, 4, 12])
    #expect(postprocessor.deviceByteCount == held)
    #expect(driver.violations == "")
  }

  @Test("The memory is as large as was said")
  func memory() throws {
    let harness = try PostprocessHarness()
    let sample = try Self.sample { $0.settings.confidence = ClassThresholds(0.5, exceptions: [700: 0.1]) }
    let postprocessor = try harness.make(sample, capacity: 7)
    let said = DevicePostprocessor.deviceByteCount(sample.postprocessor, capacity: 7, outputs: sample.descriptors())
    #expect(said == postprocessor.deviceByteCount)
    // A head and 200 detections: no image can have more than it has anchors.
    #expect(postprocessor.maximumDetections == 200)
    #expect(postprocessor.pinnedByteCount == 7 * (32 + 16 + 200 * 24))
    let dynamic = sample.descriptors(isDynamic: true)
    #expect(DevicePostprocessor.deviceByteCount(sample.postprocessor, capacity: 7, outputs: dynamic) == nil)
  }

  @Test("A model with any number of anchors gets more memory when it needs more")
  func growth() throws {
    let harness = try PostprocessHarness()
    let samples = try [10, 300, 50, 0, 301].map { anchors in try Self.sample { $0.anchors = anchors } }
    let postprocessor = try harness.make(samples[0], isDynamic: true)
    var counts: [Int] = []
    for sample in samples {
      let found = try harness.run(sample, on: postprocessor)
      let problems = zip(found, try sample.expected()).compactMap { difference($0, $1) }
      #expect(problems == [])
      counts.append(postprocessor.deviceByteCount)
    }
    #expect(counts[0] < counts[1] && counts[1] == counts[2] && counts[2] == counts[3] && counts[3] < counts[4])
    #expect(harness.driver.violations == "")
  }

  @Test("What the device does not read is said beforehand")
  func support() throws {
    func refusal(
      _ kind: DetectionHead.Kind = .yolov8, isDynamic: Bool = false, _ change: (inout Recipe) -> Void
    ) throws -> String? {
      let sample = try Self.sample(kind, change)
      let outputs = sample.descriptors(isDynamic: isDynamic)
      let reason = DevicePostprocessor.refusal(of: sample.postprocessor, outputs: outputs)
      #expect(DevicePostprocessor.supports(sample.postprocessor, outputs: outputs) == (reason == nil))
      return reason
    }
    for kind in DetectionHead.Kind.allCases { #expect(try refusal(kind) { _ in } == nil) }
    #expect(try refusal { $0.settings.isMultiLabel = true }?.contains("several labels") == true)
    #expect(try refusal { $0.settings.suppression = .none } == nil)
    let tooMany = try refusal {
      $0.settings.suppression = .none
      $0.anchors = 8400
      $0.images = 1
    }
    #expect(tooMany?.contains("8400") == true)
    #expect(try refusal(isDynamic: true) { $0.settings.suppression = .none }?.contains("any number") == true)
    let sample = try Self.sample()
    #expect(
      DevicePostprocessor.refusal(of: sample.postprocessor, outputs: [])?.contains("output0") == true)
    var outputs = sample.descriptors()
    outputs[0].elementType = .float64
    #expect(DevicePostprocessor.refusal(of: sample.postprocessor, outputs: outputs)?.contains("float64") == true)
    outputs[0].elementType = .int32
    #expect(DevicePostprocessor.refusal(of: sample.postprocessor, outputs: outputs)?.contains("int32") == true)
    outputs[0] = TensorDescriptor(name: "output0", shape: [1, 2], elementType: .float32)
    #expect(DevicePostprocessor.refusal(of: sample.postprocessor, outputs: outputs)?.contains("rank") == true)
    let harness = try PostprocessHarness()
    let error = #expect(throws: DetectionError.self) {
      try DevicePostprocessor(
        kernels: harness.kernels, postprocessor: sample.postprocessor, capacity: 1, outputs: outputs)
    }
    #expect(error?.code == .unsupportedModel)
    for capacity in [0, -1, 65_536, .max] {
      let error = #expect(throws: DetectionError.self) { try harness.make(sample, capacity: capacity) }
      #expect(error?.code == .invalidOption)
    }
  }

  @Test("Outputs that do not fit are refused by name", arguments: DetectionHead.Kind.allCases)
  func shapes(kind: DetectionHead.Kind) throws {
    let harness = try PostprocessHarness()
    let sample = try Self.sample(kind)
    let uploaded = try harness.upload(sample)
    let postprocessor = try harness.make(sample)
    func refused(_ change: (inout [DeviceOutput]) -> Void) -> Bool {
      var outputs = uploaded.outputs
      change(&outputs)
      do {
        try postprocessor.enqueue(sample.geometries, outputs: outputs, on: harness.stream)
        return false
      } catch {
        guard let error = error as? DetectionError else { return false }
        return error.code == .unreadableOutput && !error.message.isEmpty
      }
    }
    #expect(!refused { _ in })
    #expect(!refused { $0.reverse() })
    for place in uploaded.outputs.indices {
      #expect(refused { $0.remove(at: place) })
      #expect(refused { $0[place].name += "x" })
      #expect(refused { $0[place].shape = [] })
      #expect(refused { $0[place].shape[0] = 2 })
      #expect(refused { $0[place].shape[0] = -3 })
      #expect(refused { $0[place].shape[1] += 1 })
      #expect(refused { $0[place].shape[1] = .max })
      #expect(refused { $0[place].shape.append(2) })
      #expect(refused { $0[place].shape = [.max, .max, .max] })
      #expect(refused { $0[place].elementType = .float64 })
      #expect(refused { $0[place].elementType = .unknown("f8") })
      #expect(refused { $0[place].address = 0 })
      // Bytes are always aligned.
      if uploaded.outputs[place].elementType.byteCount != 1 { #expect(refused { $0[place].address += 1 }) }
    }
    // After a refusal there are no detections, and the next batch is none the worse.
    #expect(throws: DetectionError.self) { try postprocessor.detections(row: 0) }
    let found = try harness.run(sample, on: postprocessor)
    #expect(zip(found, try sample.expected()).allSatisfy { difference($0, $1) == nil })
  }

  @Test("More images than there is room for are refused; none are nothing to do")
  func batches() throws {
    let harness = try PostprocessHarness()
    let sample = try Self.sample()
    let uploaded = try harness.upload(sample)
    let postprocessor = try harness.make(sample, capacity: 2)
    let error = #expect(throws: DetectionError.self) {
      try postprocessor.enqueue(sample.geometries, outputs: uploaded.outputs, on: harness.stream)
    }
    #expect(error?.code == .invalidOption)
    let launches = harness.driver.callCount("cuLaunchKernel")
    try postprocessor.enqueue([], outputs: [], on: harness.stream)
    #expect(harness.driver.callCount("cuLaunchKernel") == launches)
    #expect(throws: DetectionError.self) { try postprocessor.detections(row: 0) }
    #expect(throws: DetectionError.self) { try postprocessor.detections(row: -1) }
  }

  @Test("Results that are read before the stream has come to them are noticed")
  func early() throws {
    let harness = try PostprocessHarness()
    let sample = try Self.sample()
    let uploaded = try harness.upload(sample)
    let postprocessor = try harness.make(sample)
    try postprocessor.enqueue(sample.geometries, outputs: uploaded.outputs, on: harness.stream)
    // The outputs stay until the stream has come past: giving them back would wait for it.
    try withExtendedLifetime(uploaded) {
      let error = #expect(throws: DetectionError.self) { try postprocessor.detections(row: 0) }
      #expect(error?.message.contains("synchronised") == true)
      try harness.stream.synchronize()
    }
    #expect(difference(try postprocessor.detections(row: 0), try sample.expected()[0]) == nil)
  }

  @Test("The driver's errors come through", arguments: ["cuMemAlloc_v2", "cuMemHostAlloc", "cuModuleGetFunction"])
  func failures(function: String) throws {
    let harness = try PostprocessHarness()
    let sample = try Self.sample()
    for call in 1...2 {
      harness.driver.fail(function, call: call, code: 2)
      let error = #expect(throws: CUDAError.self) { try harness.make(sample) }
      #expect(error?.isOutOfMemory == true)
    }
    harness.driver.fail(function, call: 0, code: 0)
    let uploaded = try harness.upload(sample)
    let postprocessor = try harness.make(sample)
    harness.driver.fail("cuLaunchKernel", call: 2, code: 1)
    #expect(throws: CUDAError.self) {
      try postprocessor.enqueue(sample.geometries, outputs: uploaded.outputs, on: harness.stream)
    }
    #expect(throws: DetectionError.self) { try postprocessor.detections(row: 0) }
    try harness.stream.synchronize()
    #expect(try harness.difference(sample) == nil)
  }
}
