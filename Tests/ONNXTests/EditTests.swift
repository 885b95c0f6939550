import ONNX
import Tensors
import Testing

@Suite("Edits keep what a model computes")
struct EditTests {
  @Test("Metadata and names change nothing but themselves", arguments: Fixture.allCases)
  func namesAndMetadata(fixture: Fixture) throws {
    var model = try fixture.load()
    var edits = ModelEdits()
    edits.names = ["images": "pictures", fixture.outputName: "answer"]
    edits.metadata = [("author", "a=b"), ("stride", "16")]
    try model.apply(edits)
    try model.check()
    #expect(model[metadata: "author"] == "a=b" && model[metadata: "stride"] == "16")
    let images = Noise.images(1)
    let found = try ReferenceRuntime.run(model, ["pictures": images[0]])
    #expect(identical(found["answer"], try fixture.run(images)[0]))
  }

  @Test("Names can be swapped, and clashes are refused")
  func renaming() throws {
    var model = try Fixture.head.load()
    #expect(throws: ModelError.self) { try model.rename(["images": "output0"]) }
    #expect(throws: ModelError.self) { try model.rename(["nothing": "something"]) }
    #expect(throws: ModelError.self) { try model.rename(["images": "x", "output0": "x"]) }
    try model.rename(["images": "output0", "output0": "images"])
    try model.check()
    #expect(model.graph.inputs[0].name == "output0" && model.graph.outputs[0].name == "images")
  }

  @Test("Simplifying removes nodes and keeps outputs", arguments: Fixture.allCases)
  func simplify(fixture: Fixture) throws {
    var model = try fixture.load()
    let counts = try model.simplify()
    try model.check()
    #expect(counts.after < counts.before)
    #expect(!model.graph.nodes.contains { ["BatchNormalization", "Identity", "Constant"].contains($0.op) })
    let images = Noise.images(1)
    let found = try ReferenceRuntime.run(model, ["images": images[0]])[fixture.outputName]
    // Folding the batch normalisation rounds differently.
    let expected = try fixture.run(images)[0]
    #expect(difference(found, expected) < (fixture == .end ? 1e-3 : 2e-3))
    #expect(try model.simplify().after == counts.after)
  }

  @Test(
    "A batch gives what its images give one by one", arguments: Fixture.allCases,
    [AxisLength.dynamic, .fixed(3)])
  func batch(fixture: Fixture, batch: AxisLength) throws {
    var model = try fixture.load()
    try model.setBatch(batch)
    try model.check()
    #expect(model.graph.inputs[0].shape?[0].length == (batch == .dynamic ? nil : 3))
    #expect(model.graph.outputs[0].shape?[0].length == (batch == .dynamic ? nil : 3))
    let images = Noise.images(3)
    let found = try ReferenceRuntime.run(model, ["images": stack(images)])[fixture.outputName]
    #expect(identical(found, stack(try fixture.run(images))))
  }

  @Test("A dynamic batch can be fixed again")
  func batchAndBack() throws {
    var model = try Fixture.head.load()
    try model.setBatch(.dynamic)
    try model.setBatch(.fixed(2))
    try model.setBatch(.fixed(1))
    try model.check()
    let images = Noise.images(1)
    let found = try ReferenceRuntime.run(model, ["images": images[0]])["output0"]
    #expect(identical(found, try Fixture.head.run(images)[0]))
  }

  @Test(
    "A frozen size becomes what an export with dynamic axes gives",
    arguments: [(96, 64), (64, 96), (32, 32), (128, 96)], [true, false])
  func size(size: (Int, Int), isDynamic: Bool) throws {
    let images = Noise.images(1, height: size.0, width: size.1)
    let expected = try Fixture.dynamic.run(images)[0]
    var model = try Fixture.head.load()
    if isDynamic {
      try model.setSize(height: .dynamic, width: .dynamic)
    } else {
      try model.setSize(height: .fixed(size.0), width: .fixed(size.1))
      #expect(model.graph.outputs[0].shape?[2].length == expected.shape[2])
    }
    try model.check()
    let found = try ReferenceRuntime.run(model, ["images": images[0]])["output0"]
    #expect(identical(found, expected))
  }

  @Test("Rows that an export repeated for each image become one; rows that differ are refused")
  func repeatedRows() throws {
    func model(_ rows: [Float]) -> Model {
      Model(
        operatorSets: [.init(domain: "", version: 18)],
        graph: Graph(
          name: "rows", nodes: [Node("Add", name: "shift", inputs: ["images", "rows"], outputs: ["y"])],
          initializers: [Tensor(name: "rows", shape: [2, 3, 1, 1], floats: rows)],
          inputs: [Value(name: "images", elementType: .float32, shape: [2, 3, 32, 32])],
          outputs: [Value(name: "y", elementType: .float32, shape: [2, 3, 32, 32])]))
    }
    var equal = model([1, 2, 3, 1, 2, 3])
    try equal.setBatch(.dynamic)
    try equal.check()
    #expect(equal.graph.outputs[0].shape?[0] == .dynamic(name: "batch"))
    let images = stack(Noise.images(3, height: 32, width: 32))
    let found = try ReferenceRuntime.run(equal, ["images": images])["y"]
    #expect(found?.floats?.last == (images.floats?.last ?? 0) + 3)
    var different = model([1, 2, 3, 1, 2, 4])
    let error = #expect(throws: ModelError.self) { try different.setBatch(.dynamic) }
    #expect(error?.message.contains("'shift'") ?? false && error?.message.contains("'rows'") ?? false)
  }

  @Test("Metadata of batch and size keeps in step")
  func axesInMetadata() throws {
    var model = try Fixture.head.load()
    model[metadata: "batch"] = "1"
    model[metadata: "imgsz"] = "[64, 64]"
    try model.setBatch(.fixed(4))
    try model.setSize(height: .fixed(96), width: .fixed(128))
    #expect(model[metadata: "batch"] == "4" && model[metadata: "imgsz"] == "[96, 128]")
  }

  @Test("Batch and size together, and grids over two axes")
  func batchAndSize() throws {
    for fixture in [Fixture.head, .objectness] {
      var model = try fixture.load()
      try model.setSize(height: .dynamic, width: .dynamic)
      try model.setBatch(.dynamic)
      try model.check()
      var fixed = try fixture.load()
      try fixed.setBatch(.fixed(2))
      try fixed.setSize(height: .fixed(96), width: .fixed(128))
      try fixed.check()
      let images = stack(Noise.images(2, height: 96, width: 128))
      let a = try ReferenceRuntime.run(model, ["images": images])[fixture.outputName]
      let b = try ReferenceRuntime.run(fixed, ["images": images])[fixture.outputName]
      #expect(identical(a, b))
      // At the size of the export both are the export.
      let original = Noise.images(2)
      let c = try ReferenceRuntime.run(model, ["images": stack(original)])[fixture.outputName]
      #expect(identical(c, stack(try fixture.run(original))))
    }
  }

  @Test("A size that is no multiple of the stride is refused, and so is a grid that is not known")
  func refusals() throws {
    var model = try Fixture.head.load()
    let odd = #expect(throws: ModelError.self) { try model.setSize(height: .fixed(100), width: .fixed(64)) }
    #expect(odd?.message.contains("multiple of the network's stride, 32") ?? false)
    let index = try #require(model.graph.initializers.firstIndex { $0.shape == [1, 2, 20] })
    let name = model.graph.initializers[index].name
    var values = try model.graph.initializers[index].floats()
    values[7] += 0.25
    model.graph.initializers[index] = Tensor(name: name, shape: [1, 2, 20], floats: values)
    let refused = #expect(throws: ModelError.self) {
      try model.setSize(height: .fixed(96), width: .fixed(64))
    }
    #expect(refused?.code == .unsupported && refused?.message.contains(name) ?? false)
  }

  @Test(
    "Outputs are split into boxes, scores and classes", arguments: Fixture.allCases,
    [BoxCoordinates.xyxy, .cxcywh])
  func split(fixture: Fixture, format: BoxCoordinates) throws {
    var model = try fixture.load()
    if fixture == .end, format == .cxcywh {
      #expect(throws: ModelError.self) { try model.splitOutputs(boxFormat: format) }
      return
    }
    try model.splitOutputs(boxFormat: format)
    try model.check()
    #expect(model.graph.outputs.map(\.name) == ["bbox", "conf", "class_id"])
    #expect(model.graph.outputs.map(\.elementType) == [.float32, .float32, .int32])
    let images = Noise.images(1)
    let found = try ReferenceRuntime.run(model, ["images": images[0]])
    let raw = try fixture.run(images)[0]
    let expected = PlainSplit(raw, fixture, format)
    #expect(found["bbox"]?.floats == expected.boxes)
    #expect(found["conf"]?.floats == expected.scores)
    #expect(found["class_id"]?.integers == expected.classes)
  }

  @Test("Of equal scores the first class is taken")
  func ties() throws {
    let graph = Graph(
      name: "tie", nodes: [Node("Identity", inputs: ["images"], outputs: ["output0"])],
      inputs: [Value(name: "images", elementType: .float32, shape: [1, 7, 8])],
      outputs: [Value(name: "output0", elementType: .float32, shape: [1, 7, 8])])
    var model = Model(operatorSets: [.init(domain: "", version: 18)], graph: graph)
    try model.splitOutputs()
    let scores: [[Float]] = [[0.5, 0.5, 0.5], [0.1, 0.7, 0.7], [0, 0, 0], [0.2, 0.1, 0.2]]
    var values = [Float](repeating: 1, count: 7 * 8)
    for (anchor, row) in scores.enumerated() {
      for (label, score) in row.enumerated() { values[(4 + label) * 8 + anchor] = score }
    }
    let input = DenseTensor(.float32, [1, 7, 8], floats: values)
    let found = try ReferenceRuntime.run(model, ["images": input])
    #expect(found["class_id"]?.integers?.prefix(4) == [0, 1, 0, 0])
    #expect(found["conf"]?.floats?.prefix(4) == [0.5, 0.7, 0, 0.2])
  }

  @Test("Bytes give what scaled floats give", arguments: Fixture.allCases)
  func rawInput(fixture: Fixture) throws {
    var model = try fixture.load()
    try model.takeRawImages()
    try model.check()
    #expect(model.graph.inputs[0].elementType == .uint8)
    let bytes = Noise.bytes(1, height: 64, width: 64)[0]
    let found = try ReferenceRuntime.run(
      model, ["images": DenseTensor(.uint8, [1, 64, 64, 3], integers: bytes)])[fixture.outputName]
    #expect(identical(found, try fixture.run(Noise.images(1))[0]))
    #expect(throws: ModelError.self) { try model.takeRawImages() }
  }

  @Test("Edits combine, and a failing one leaves the model as it was")
  func combination() throws {
    var model = try Fixture.head.load()
    var edits = ModelEdits()
    edits.batch = .dynamic
    edits.size = (.fixed(96), .fixed(96))
    edits.simplifies = true
    edits.splitsOutputs = true
    edits.precision = .float16
    edits.takesRawImages = true
    edits.names = ["conf": "scores"]
    try model.apply(edits)
    try model.check()
    let bytes = Noise.bytes(2, height: 96, width: 96).map {
      DenseTensor(.uint8, [1, 96, 96, 3], integers: $0)
    }
    let found = try ReferenceRuntime.run(model, ["images": stack(bytes)])
    let raw = try Fixture.dynamic.run(Noise.images(2, height: 96, width: 96))
    let plain = raw.map { PlainSplit($0, .head, .xyxy) }
    let boxes = DenseTensor(.float32, [2, 45, 4], floats: plain.flatMap(\.boxes))
    #expect(difference(found["bbox"], boxes) < 0.5)
    #expect(
      difference(found["scores"], DenseTensor(.float32, [2, 45], floats: plain.flatMap(\.scores))) < 0.01)

    let before = try model.serialized()
    edits.names = ["nothing": "x"]
    #expect(throws: ModelError.self) { try model.apply(edits) }
    #expect(try model.serialized() == before)
  }
}

/// Boxes, scores and classes from a raw output, plainly.
struct PlainSplit {
  var boxes: [Float] = []
  var scores: [Float] = []
  var classes: [Int64] = []

  init(_ raw: DenseTensor, _ fixture: Fixture, _ format: BoxCoordinates) {
    let values = raw.floats ?? []
    let isRows = fixture == .objectness || fixture == .end
    let anchors = isRows ? raw.shape[1] : raw.shape[2]
    let channels = isRows ? raw.shape[2] : raw.shape[1]
    for anchor in 0..<anchors {
      let column = (0..<channels).map { values[isRows ? anchor * channels + $0 : $0 * anchors + anchor] }
      if fixture == .end {
        boxes += column[..<4]
        scores.append(column[4])
        classes.append(Int64(column[5]))
        continue
      }
      let corners = [
        column[0] - column[2] * 0.5, column[1] - column[3] * 0.5, column[0] + column[2] * 0.5,
        column[1] + column[3] * 0.5,
      ]
      boxes += format == .xyxy ? corners : Array(column[..<4])
      let rated = fixture == .objectness ? column[5...].map { $0 * column[4] } : Array(column[4...])
      scores.append(rated.max() ?? 0)
      classes.append(Int64(rated.firstIndex(of: rated.max() ?? 0) ?? 0))
    }
  }
}
