import CandidateBoxes
import Glibc
import HeadSamples
import Inference
import ONNX
import SeededNumbers
import Tensors
import Testing

/// A runtime of this machine.
enum Runtime: String, CaseIterable, Sendable {
  case openVINO, onnxRuntime

  func load(_ path: String) throws -> any Engine {
    switch self {
    case .openVINO: try OpenVINOEngine(modelPath: path)
    case .onnxRuntime: try ONNXRuntimeEngine(modelPath: path)
    }
  }

  static let available: [Runtime] = allCases.filter { runtime in
    let isLoaded = try? inFolder { folder -> Bool in
      try HeadSample(.apart).model.save(to: "\(folder)/model.onnx")
      _ = try runtime.load("\(folder)/model.onnx")
      return true
    }
    return isLoaded == true
  }

  static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    var name = Array("/tmp/swoop-candidates-XXXXXX".utf8CString)
    let folder = String(cString: mkdtemp(&name))
    defer {
      unlink("\(folder)/model.onnx")
      rmdir(folder)
    }
    return try body(folder)
  }
}

@Suite(
  "network without its box branch",
  .enabled(if: !Runtime.available.isEmpty, "neither OpenVINO nor ONNX Runtime is here"))
struct CandidateBoxEngineTests {
  /// The output of a batch, as (image, channel, anchor).
  private static func run(_ context: any ExecutionContext, images: [[Float]], isAsynchronous: Bool) throws -> [Float] {
    try context.setInputShape([images.count, 3, 32, 48], named: "images")
    try context.inputBytes(named: "images").copyBytes(from: images.joined().map { $0 }.withUnsafeBytes { Array($0) })
    if isAsynchronous {
      try context.enqueue()
      try context.synchronize()
    } else {
      try context.execute()
    }
    let view = try context.output(named: "output0")
    #expect(view.shape == [images.count, 9, 30])
    return Array(view.bytes.bindMemory(to: Float.self))
  }

  @Test(
    "answers as the whole network does, for every anchor above the limit",
    arguments: Runtime.available, HeadSample.Style.allCases)
  func equal(runtime: Runtime, style: HeadSample.Style) throws {
    try Runtime.inFolder { folder in
      let path = "\(folder)/model.onnx"
      try HeadSample(style).model.save(to: path)
      let whole = try runtime.load(path)
      var asked: [String] = []
      let detached = try DetachedModel(modelPath: path) { inputs, metadata in
        asked = inputs.map(\.name) + [metadata["task"] ?? ""]
        return (32, 48)
      }
      #expect(detached.levelCount == 2)
      let engine = try CandidateBoxEngine(detached) { try runtime.load($0) }
      #expect(asked == ["images", "detect"])
      #expect(engine.inputs == whole.inputs)
      #expect(engine.outputs == whole.outputs)
      #expect(engine.metadata == whole.metadata)
      #expect(engine.identity == whole.identity)
      let reference = try whole.makeContext(maximumInputShapes: ["images": [3, 3, 32, 48]])
      var random = SplitMix64(seed: 9)
      let images = (0..<3).map { _ in (0..<3 * 32 * 48).map { _ in random.unit() } }
      let expected = try Self.run(reference, images: images, isAsynchronous: false)
      // The best score of each anchor.
      let best = (0..<90).map { place -> Float in
        let (image, anchor) = place.quotientAndRemainder(dividingBy: 30)
        return (4..<9).map { expected[image * 270 + $0 * 30 + anchor] }.max() ?? 0
      }
      let median = best.sorted()[45]
      // None is left out, half are, all are, none again: what was written before is gone.
      for (limit, count) in [(0, 90), (median, 44), (1, 0), (0, 90)] as [(Float, Int)] {
        #expect(best.filter { $0 > limit }.count == count)
        let context = try engine.with(scoreLimit: limit).makeContext(maximumInputShapes: ["images": [3, 3, 32, 48]])
        for size in [1, 3, 2, 3] {
          let found = try Self.run(context, images: Array(images[..<size]), isAsynchronous: size == 3)
          for place in 0..<size * 30 {
            let (image, anchor) = place.quotientAndRemainder(dividingBy: 30)
            for channel in 0..<9 {
              let index = image * 270 + channel * 30 + anchor
              if best[place] > limit {
                #expect(abs(found[index] - expected[index]) < 1e-3)
              } else if best[place] < limit - 1e-3 {
                #expect(found[index] == 0)
              }
            }
          }
        }
      }
    }
  }

  @Test("cannot be had of a model without one")
  func without() throws {
    try Runtime.inFolder { folder in
      let path = "\(folder)/model.onnx"
      var model = HeadSample(.apart).model
      model.graph.outputs[0].name = "p4"
      try model.save(to: path)
      #expect(throws: ModelError.self) {
        try DetachedModel(modelPath: path) { _, _ in (32, 48) }
      }
    }
  }

  @Test("says what is asked for wrongly", arguments: Runtime.available)
  func misuse(runtime: Runtime) throws {
    try Runtime.inFolder { folder in
      let path = "\(folder)/model.onnx"
      try HeadSample(.apart).model.save(to: path)
      let detached = try DetachedModel(modelPath: path) { _, _ in (32, 48) }
      let engine = try CandidateBoxEngine(detached) { try runtime.load($0) }
      let context = try engine.makeContext(maximumInputShapes: ["images": [1, 3, 32, 48]])
      let early = #expect(throws: InferenceError.self) { try context.output(named: "output0") }
      #expect(early?.message.contains("output0") == true)
      let unknown = #expect(throws: InferenceError.self) { try context.output(named: "boxes") }
      #expect(unknown?.message.contains("output0") == true, "\(unknown?.message ?? "")")
      #expect(throws: InferenceError.self) { try context.setInputShape([1, 3, 64, 48], named: "images") }
    }
  }
}
