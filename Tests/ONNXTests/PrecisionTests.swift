import ONNX
import Tensors
import Testing

@Suite("Half precision")
struct PrecisionTests {
  @Test("Results stay close, and every operator's inputs are of one type", arguments: Fixture.allCases)
  func float16(fixture: Fixture) throws {
    var model = try fixture.load()
    let counts = try model.convertPrecision(to: .float16)
    try model.check()
    #expect(counts.converted > 5 && counts.kept > 5)
    #expect(model.graph.initializers.contains { $0.elementType == .float16 })
    let images = Noise.images(1)
    // The reference runtime refuses mixed types.
    let found = try ReferenceRuntime.run(model, ["images": images[0]])[fixture.outputName]
    if fixture != .end { #expect(difference(found, try fixture.run(images)[0]) < 0.1) }
  }

  @Test("Inputs and outputs change type when asked")
  func inputsAndOutputs() throws {
    var model = try Fixture.head.load()
    try model.convertPrecision(to: .float16, PrecisionOptions(keepsInputsAndOutputs: false))
    try model.check()
    #expect(model.graph.inputs[0].elementType == .float16 && model.graph.outputs[0].elementType == .float16)
    let image = Noise.images(1)[0]
    let half = DenseTensor(.float16, image.shape, floats: image.floats ?? [])
    let found = try ReferenceRuntime.run(model, ["images": half])["output0"]
    #expect(difference(found, try Fixture.head.run([image])[0]) < 0.2)
  }

  @Test("Casts are made once, read by somebody, and never undo each other", arguments: Fixture.allCases)
  func casts(fixture: Fixture) throws {
    for keeps in [true, false] {
      var model = try fixture.load()
      try model.convertPrecision(to: .float16, PrecisionOptions(keepsInputsAndOutputs: keeps))
      let index = GraphIndex(model.graph)
      var made = Set<String>()
      for node in model.graph.nodes where node.op == "Cast" {
        guard case .int(let to)? = node[attribute: "to"] else { continue }
        #expect(made.insert("\(node.inputs[0]) \(to)").inserted, "\(node.label) repeats a cast")
        #expect(index.consumers[node.outputs[0]] != nil || index.outputs.contains(node.outputs[0]))
        let before = index.producers[node.inputs[0]].map { model.graph.nodes[$0] }
        if let before, before.op == "Cast", before.name.contains("float"), node.name.contains("float") {
          #expect(index.outputs.contains(node.outputs[0]), "\(node.label) follows another cast")
        }
      }
    }
  }

  @Test("Without islands everything that can is half, and nodes can be kept by name or operator")
  func islands() throws {
    var everything = try Fixture.head.load()
    let all = try everything.convertPrecision(to: .float16, PrecisionOptions(usesDefaultIslands: false))
    try everything.check()
    #expect(all.kept == 0)
    var some = try Fixture.head.load()
    let name = try #require(some.graph.nodes.first { $0.op == "MatMul" }?.name)
    let counts = try some.convertPrecision(
      to: .float16, PrecisionOptions(keptInFloat32: [name, "Softmax"], usesDefaultIslands: false))
    try some.check()
    #expect(counts.kept >= 3)
    let error = #expect(throws: ModelError.self) {
      try some.convertPrecision(to: .float16, PrecisionOptions(keptInFloat32: ["Sotfmax"]))
    }
    #expect(error?.message.contains("'Sotfmax'") ?? false)
    // A name that ends in a star stands for all that begin so.
    var many = try Fixture.head.load()
    try many.convertPrecision(
      to: .float16, PrecisionOptions(keptInFloat32: ["/conv_4*"], usesDefaultIslands: false))
    try many.check()
    let inferred = ShapeInference.infer(many.graph, operatorSet: 18)
    let kept = many.graph.nodes.filter { $0.op == "Conv" && inferred[$0.outputs[0]].elementType == .float32 }
    #expect(kept.map(\.name).sorted() == ["/conv_41", "/conv_44", "/conv_47"])
    #expect(throws: ModelError.self) {
      try many.convertPrecision(to: .float16, PrecisionOptions(keptInFloat32: ["/nowhere/*"]))
    }
  }

  @Test("Constants beyond the range of half stay in float32")
  func range() throws {
    var model = try Fixture.head.load()
    model.graph.initializers.append(Tensor(name: "large", shape: [1], floats: [100_000]))
    let position = try #require(model.graph.nodes.firstIndex { $0.op == "MaxPool" })
    let pooled = model.graph.nodes[position].outputs[0]
    model.graph.nodes.append(Node("Mul", name: "scale", inputs: [pooled, "large"], outputs: ["scaled"]))
    model.graph.outputs.append(Value(name: "scaled", elementType: .float32, shape: nil))
    try model.convertPrecision(to: .float16, PrecisionOptions(usesDefaultIslands: false))
    try model.check()
    #expect(model.graph.initializers.first { $0.name == "large" }?.elementType == .float32)
  }

  @Test("Bfloat16 raises the operator set, and stays roughly right")
  func bfloat16() throws {
    var model = try Fixture.head.load()
    try model.convertPrecision(to: .bfloat16)
    try model.check()
    #expect(model.operatorSetVersion == 22 && model.irVersion >= 10)
    let images = Noise.images(1)
    let found = try ReferenceRuntime.run(model, ["images": images[0]])["output0"]
    #expect(difference(found, try Fixture.head.run(images)[0]) < 1)
    #expect(throws: ModelError.self) { try model.convertPrecision(to: .int8) }
  }

  @Test("Rounding to half is to nearest even, over all halves and their midpoints")
  func rounding() {
    for bits in UInt16.min...UInt16.max {
      let value = DenseTensor(
        Tensor(name: "", shape: [1], elementType: .float16, bytes: [UInt8(bits & 0xFF), UInt8(bits >> 8)]))?
        .floats?[0]
      guard let value, value.isFinite else { continue }
      #expect(value == Float(Float16(bitPattern: bits)))
      let next = Float(Float16(bitPattern: bits &+ 1))
      for probe in [value, (value + next) / 2, ((value + next) / 2).nextUp, ((value + next) / 2).nextDown]
      where next.isFinite {
        #expect(DenseTensor(.float16, [1], floats: [probe]).floats == [Float(Float16(probe))])
      }
    }
    let edges: [Float] = [65504, 65519, 65520, 1e9, -1e9, .infinity, 0x1p-25, 0x1.000002p-25, -0.0]
    #expect(DenseTensor(.float16, [9], floats: edges).floats == edges.map { Float(Float16($0)) })
  }
}
