import Inference
import Tensors
import Testing

/// What every engine must do, whichever runtime stands behind it.
@Suite("every engine", .enabled(if: !EngineUnderTest.available.isEmpty, EngineUnderTest.reason))
struct EngineConformanceTests {
  @Test("describes inputs, outputs and metadata as the model has them", arguments: EngineUnderTest.available)
  func description(engine: EngineUnderTest) throws {
    let v8 = try engine.make(Fixtures.model("v8"))
    #expect(v8.inputs.map(\.description) == ["images (batch, 3, 64, 64) float32"])
    #expect(v8.outputs.map(\.description) == ["output0 (batch, 7, 128) float32"])
    #expect(v8.metadata["names"] == "{0: 'red', 1: 'green', 2: 'blue'}")
    #expect(v8.metadata["stride"] == "8")

    let three = try engine.make(Fixtures.model("three-tensors"))
    #expect(
      three.outputs.map(\.description) == [
        "class_id (batch, 128) int64", "bbox (batch, 128, 4) float32", "conf (batch, 128) float32",
      ])
    #expect(three.metadata.isEmpty)

    let four = try engine.make(Fixtures.model("efficient-nms-batch4"))
    #expect(four.inputs.map(\.description) == ["images (4, 3, 64, 64) float32"])
    #expect(
      four.outputs.map(\.description) == [
        "num_dets (4, 1) int32", "det_boxes (4, 16, 4) float32", "det_scores (4, 16) float32",
        "det_classes (4, 16) int32",
      ])
    #expect(four.preferredBatchSize == 4)
    #expect(v8.preferredBatchSize > 0 && v8.preferredContextCount > 0)
  }

  @Test("names the runtime, its version, the device and the precision", arguments: EngineUnderTest.available)
  func identity(engine: EngineUnderTest) throws {
    let identity = try engine.make(Fixtures.model("v8")).identity
    #expect(engine.name.lowercased().hasPrefix(identity.runtime))
    #expect(identity.version.contains { $0.isNumber })
    #expect(!identity.device.isEmpty)
    #expect(identity.precision == "fp32")
  }

  @Test(
    "runs every batch up to the largest in one context", arguments: EngineUnderTest.available,
    ExecutionMode.allCases)
  func dynamicBatch(engine: EngineUnderTest, mode: ExecutionMode) throws {
    let images = (0..<8).map { CellImage(seed: $0) }
    let runner = try Runner(engine.make(Fixtures.model("v8")), maximumBatch: 8)
    for batch in [8, 1, 7, 3, 8, 2] {
      let chosen = Array(images.shuffled(seed: UInt64(batch)).prefix(batch))
      let output = try runner.run(chosen, mode: mode)
      #expect(output.shape == [batch, 7, 128])
      #expect(output.elementType == .float32)
      #expect(output.floats == chosen.flatMap { $0.expectedV8() })
    }
  }

  @Test("runs fixed batches and refuses others", arguments: EngineUnderTest.available, ExecutionMode.allCases)
  func fixedBatch(engine: EngineUnderTest, mode: ExecutionMode) throws {
    for (model, batch) in [("v8-batch1", 1), ("v8-batch4", 4)] {
      let loaded = try engine.make(Fixtures.model(model))
      let images = (0..<batch).map { CellImage(seed: UInt64(100 + $0)) }
      let output = try Runner(loaded, maximumBatch: batch).run(images, mode: mode)
      #expect(output.floats == images.flatMap { $0.expectedV8() })
      #expect(loaded.preferredBatchSize == batch)

      // No shape has to be given where the model leaves none open.
      let context = try loaded.makeContext(maximumInputShapes: [:])
      #expect(try context.inputBytes(named: "images").count == batch * 3 * 64 * 64 * 4)
      let refused = #expect(throws: InferenceError.self) {
        try context.setInputShape([batch + 1, 3, 64, 64], named: "images")
      }
      #expect(refused?.code == .tensorMismatch)
    }
  }

  @Test(
    "runs other heights and widths where the model leaves them open", arguments: EngineUnderTest.available)
  func dynamicSize(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8-dynamic-size"))
    #expect(loaded.inputs.map(\.description) == ["images (batch, 3, height, width) float32"])
    let context = try loaded.makeContext(maximumInputShapes: ["images": [3, 3, 96, 96]])
    for (rows, columns, batch) in [(4, 12, 3), (12, 4, 2), (8, 8, 1), (12, 12, 3), (1, 1, 1)] {
      let images = (0..<batch).map { CellImage(seed: UInt64(rows * 100 + $0), rows: rows, columns: columns) }
      try context.setInputShape([batch, 3, rows * 8, columns * 8], named: "images")
      try context.fill("images", images.flatMap { $0.pixels() })
      try context.execute()
      let output = try CopiedOutput(context.output(named: "output0"))
      #expect(output.shape == [batch, 7, 2 * rows * columns])
      #expect(output.floats == images.flatMap { $0.expectedV8() })
    }
  }

  @Test("computes with float16 tensors", arguments: EngineUnderTest.available)
  func float16(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8-float16"))
    #expect(loaded.inputs[0].elementType == .float16)
    let images = (0..<2).map { CellImage(seed: UInt64(200 + $0)) }
    let context = try loaded.makeContext(maximumInputShapes: ["images": [2, 3, 64, 64]])
    try context.fill("images", images.flatMap { $0.pixels() }.map(Float16.init))
    try context.execute()
    let output = try CopiedOutput(context.output(named: "output0"))
    #expect(output.elementType == .float16)
    #expect(output.elements(Float16.self).map(Float.init) == images.flatMap { $0.expectedV8() })
  }

  @Test("computes with uint8 inputs", arguments: EngineUnderTest.available)
  func uint8(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8-uint8"))
    #expect(loaded.inputs[0].elementType == .uint8)
    var image = CellImage()
    image[1, 2, 3] = 64
    image[2, 7, 7] = 64
    let context = try loaded.makeContext(maximumInputShapes: ["images": [1, 3, 64, 64]])
    try context.fill("images", image.pixels().map { UInt8($0 * 255) })
    try context.execute()
    #expect(try CopiedOutput(context.output(named: "output0")).floats == image.expectedV8())
  }

  @Test("computes with int8 inputs", arguments: EngineUnderTest.available)
  func int8(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8-int8"))
    #expect(loaded.inputs[0].elementType == .int8)
    var image = CellImage()
    image[0, 5, 1] = 64
    image[2, 0, 7] = 64
    for batch in [2, 1] {
      let context = try loaded.makeContext(maximumInputShapes: ["images": [batch, 3, 64, 64]])
      let row = image.pixels().map { Int8($0 * 255 - 128) }
      try context.fill("images", Array(repeating: row, count: batch).flatMap { $0 })
      try context.execute()
      let output = try CopiedOutput(context.output(named: "output0"))
      #expect(output.floats == Array(repeating: image.expectedV8(), count: batch).flatMap { $0 })
    }
  }

  @Test("gives integer outputs, in whatever order the model has them", arguments: EngineUnderTest.available)
  func integerOutputs(engine: EngineUnderTest) throws {
    let images = (0..<3).map { CellImage(seed: UInt64(300 + $0)) }
    let context = try engine.make(Fixtures.model("three-tensors")).makeContext(
      maximumInputShapes: ["images": [3, 3, 64, 64]])
    try context.fill("images", images.flatMap { $0.pixels() })
    try context.execute()
    let classes = try CopiedOutput(context.output(named: "class_id"))
    let scores = try CopiedOutput(context.output(named: "conf"))
    let boxes = try CopiedOutput(context.output(named: "bbox"))
    #expect(classes.shape == [3, 128] && scores.shape == [3, 128] && boxes.shape == [3, 128, 4])
    let best = images.flatMap { image in
      (0..<128).map { anchor in
        let scores = (0..<3).map { image.score($0, anchor % 64) * (anchor < 64 ? 1 : 0.75) }
        let score = scores.max() ?? 0
        return (Int64(scores.firstIndex(of: score) ?? 0), score)
      }
    }
    #expect(classes.elements(Int64.self) == best.map(\.0))
    #expect(scores.floats == best.map(\.1))
    #expect(Array(boxes.floats.prefix(8)) == [0, 0, 8, 8, 8, 0, 16, 8])
  }

  @Test("takes several inputs of different element types", arguments: EngineUnderTest.available)
  func severalInputs(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("two-inputs"))
    #expect(loaded.inputs.map(\.description).last == "orig_target_sizes (batch, 2) int64")
    let context = try loaded.makeContext(
      maximumInputShapes: ["images": [2, 3, 64, 64], "orig_target_sizes": [2, 2]])
    var images = [CellImage(), CellImage()]
    images[0][0, 1, 2] = 64
    images[1][2, 3, 0] = 48
    try context.fill("images", images.flatMap { $0.pixels() })
    try context.fill("orig_target_sizes", [640, 480, 128, 64] as [Int64])
    try context.execute()
    let boxes = try CopiedOutput(context.output(named: "boxes")).floats
    #expect(Array(boxes[0..<4]) == [160, 60, 240, 120])
    #expect(Array(boxes[64..<68]) == [0, 24, 16, 32])
    #expect(try CopiedOutput(context.output(named: "labels")).elements(Int64.self)[16] == 2)
    #expect(try CopiedOutput(context.output(named: "scores")).floats[16] == 0.5)
  }

  @Test(
    "gives outputs whose size depends on the pixels", arguments: EngineUnderTest.available,
    ExecutionMode.allCases)
  func dataDependent(engine: EngineUnderTest, mode: ExecutionMode) throws {
    let context = try engine.make(Fixtures.model("data-dependent")).makeContext(
      maximumInputShapes: ["images": [2, 3, 64, 64]])
    var one = CellImage()
    one[1, 4, 5] = 64
    for images in [[CellImage(), one], [CellImage(), CellImage()], [one, CellImage(seed: 5)], [one, one]] {
      try context.fill("images", images.flatMap { $0.pixels() })
      try context.run(mode)
      let output = try CopiedOutput(context.output(named: "output"))
      var expected: [Float] = []
      for (index, image) in images.enumerated() {
        for channel in 0..<3 {
          for cell in 0..<64 where image.score(channel, cell) > 0.25 {
            let (x, y) = (Float(cell % 8 * 8), Float(cell / 8 * 8))
            expected += [Float(index), x, y, x + 8, y + 8, Float(channel), image.score(channel, cell)]
          }
        }
      }
      #expect(output.shape == [expected.count / 7, 7])
      #expect(output.floats == expected)
    }
  }

  @Test(
    "keeps the input's address and bytes for every shape up to the largest",
    arguments: EngineUnderTest.available)
  func inputMemory(engine: EngineUnderTest) throws {
    let context = try engine.make(Fixtures.model("v8")).makeContext(maximumInputShapes: [
      "images": [4, 3, 64, 64]
    ])
    let images = (0..<4).map { CellImage(seed: UInt64(400 + $0)) }
    try context.fill("images", images.flatMap { $0.pixels() })
    let start = try context.inputBytes(named: "images").baseAddress
    for batch in [2, 1, 4, 3] {
      try context.setInputShape([batch, 3, 64, 64], named: "images")
      let bytes = try context.inputBytes(named: "images")
      #expect(bytes.baseAddress == start)
      #expect(bytes.count == batch * 3 * 64 * 64 * 4)
      try context.execute()
      #expect(
        try CopiedOutput(context.output(named: "output0")).floats
          == images.prefix(batch).flatMap { $0.expectedV8() })
    }
    // A larger shape than the context was made for is allowed; then the memory may move.
    try context.setInputShape([6, 3, 64, 64], named: "images")
    let more = (0..<6).map { CellImage(seed: UInt64(450 + $0)) }
    try context.fill("images", more.flatMap { $0.pixels() })
    try context.execute()
    #expect(try CopiedOutput(context.output(named: "output0")).floats == more.flatMap { $0.expectedV8() })
  }

  @Test("runs contexts beside each other, started in advance", arguments: EngineUnderTest.available)
  func inFlight(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8"))
    let runners = try (0..<4).map { _ in try Runner(loaded, maximumBatch: 5) }
    for round in 0..<6 {
      let batches = (0..<4).map { lane in
        (0..<(1 + (round + lane) % 5)).map { CellImage(seed: UInt64(1000 + 100 * round + 10 * lane + $0)) }
      }
      for (runner, images) in zip(runners, batches) { try runner.start(images) }
      for (runner, images) in zip(runners, batches).reversed() {
        #expect(try runner.finish().floats == images.flatMap { $0.expectedV8() })
      }
    }
  }

  @Test(
    "runs contexts on several threads at once", arguments: EngineUnderTest.available, ExecutionMode.allCases)
  func threads(engine: EngineUnderTest, mode: ExecutionMode) async throws {
    let loaded = try engine.make(Fixtures.model("v8"))
    let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
      for lane in 0..<4 {
        group.addTask {
          let runner = try Runner(loaded, maximumBatch: 4)
          return try (0..<10).reduce(0) { wrong, round in
            let images = (0..<(1 + (lane + round) % 4)).map {
              CellImage(seed: UInt64(lane * 1000 + round * 10 + $0))
            }
            return try wrong
              + (runner.run(images, mode: mode).floats == images.flatMap { $0.expectedV8() } ? 0 : 1)
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test("a context keeps its engine, and may go away while it runs", arguments: EngineUnderTest.available)
  func lifetimes(engine: EngineUnderTest) throws {
    var runner: Runner? = try Runner(engine.make(Fixtures.model("v8")), maximumBatch: 2)
    let image = CellImage(seed: 9)
    #expect(try runner?.run([image], mode: .synchronous).floats == image.expectedV8())
    try runner?.start([image, image])
    runner = nil
  }

  @Test("says which tensor is wrong and what the model has", arguments: EngineUnderTest.available)
  func tensorErrors(engine: EngineUnderTest) throws {
    let loaded = try engine.make(Fixtures.model("v8"))
    let missing = #expect(throws: InferenceError.self) { _ = try loaded.makeContext(maximumInputShapes: [:]) }
    #expect(missing?.code == .tensorMismatch)
    #expect(missing?.message.contains("images (batch, 3, 64, 64) float32") == true)
    let stranger = #expect(throws: InferenceError.self) {
      _ = try loaded.makeContext(maximumInputShapes: ["images": [1, 3, 64, 64], "pictures": [1]])
    }
    #expect(stranger?.message.contains("pictures") == true)

    let context = try loaded.makeContext(maximumInputShapes: ["images": [2, 3, 64, 64]])
    let shapes = [
      [1, 3, 64], [1, 3, 64, 64, 1], [1, 4, 64, 64], [1, 3, 64, 65], [0, 3, 64, 64], [-1, 3, 64, 64], [],
    ]
    for shape in shapes {
      let error = #expect(throws: InferenceError.self) { try context.setInputShape(shape, named: "images") }
      #expect(error?.code == .tensorMismatch)
      #expect(error?.message.contains("images (batch, 3, 64, 64) float32") == true)
      #expect(error?.message.contains("\(shape)") == true)
    }
    for shape in [[Int.max, 3, 64, 64], [1 << 50, 3, 64, 64]] {
      let error = #expect(throws: InferenceError.self) { try context.setInputShape(shape, named: "images") }
      #expect(error?.code == .outOfMemory)
    }
    let noInput = #expect(throws: InferenceError.self) { _ = try context.inputBytes(named: "image") }
    #expect(noInput?.message.contains("image;") == true && noInput?.message.contains("images") == true)
    #expect(throws: InferenceError.self) { try context.setInputShape([1, 3, 64, 64], named: "image") }

    try context.execute()
    let noOutput = #expect(throws: InferenceError.self) { _ = try context.output(named: "boxes") }
    #expect(noOutput?.code == .tensorMismatch)
    #expect(noOutput?.message.contains("output0 (batch, 7, 128) float32") == true)
    // After all these errors it still works.
    let image = CellImage(seed: 3)
    try context.setInputShape([1, 3, 64, 64], named: "images")
    try context.fill("images", image.pixels())
    try context.execute()
    #expect(try CopiedOutput(context.output(named: "output0")).floats == image.expectedV8())
  }

  @Test("refuses calls out of order", arguments: EngineUnderTest.available)
  func order(engine: EngineUnderTest) throws {
    let context = try engine.make(Fixtures.model("v8")).makeContext(maximumInputShapes: [
      "images": [1, 3, 64, 64]
    ])
    #expect(throws: InferenceError.self) { _ = try context.output(named: "output0") }
    #expect(throws: InferenceError.self) { try context.synchronize() }
    try context.enqueue()
    #expect(throws: InferenceError.self) { try context.enqueue() }
    #expect(throws: InferenceError.self) { try context.execute() }
    #expect(throws: InferenceError.self) { try context.setInputShape([2, 3, 64, 64], named: "images") }
    #expect(throws: InferenceError.self) { _ = try context.output(named: "output0") }
    try context.synchronize()
    _ = try context.output(named: "output0")
    #expect(throws: InferenceError.self) { try context.synchronize() }
  }
}
