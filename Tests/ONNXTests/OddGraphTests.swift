import ONNX
import Tensors
import Testing

/// Graphs that are valid and that no exporter of detectors writes: what other tools and hands make.
@Suite("Odd graphs")
struct OddGraphTests {
  private func model(
    version: Int = 18, _ nodes: [Node], _ constants: [Tensor] = [], input: Value? = nil, outputs: [Value]
  ) -> Model {
    let image = input ?? Value(name: "images", elementType: .float32, shape: [1, 3, 64, 64])
    return Model(
      operatorSets: [.init(domain: "", version: version)],
      graph: Graph(name: "odd", nodes: nodes, initializers: constants, inputs: [image], outputs: outputs))
  }

  private func float(_ name: String) -> Value { Value(name: name, elementType: .float32, shape: nil) }

  private func plain() -> PrecisionOptions { PrecisionOptions(usesDefaultIslands: false) }

  // MARK: Precision

  @Test("An output that is read inside as well is cast once, and an initializer that is an output stays")
  func outputsReadInside() throws {
    var model = model(
      [
        Node("Mul", inputs: ["images", "w"], outputs: ["middle"]),
        Node("Sub", name: "exact", inputs: ["middle", "w"], outputs: ["left"]),
        Node("Add", inputs: ["middle", "w"], outputs: ["right"]),
      ],
      [Tensor(name: "w", shape: [1], floats: [3])],
      outputs: [float("middle"), float("left"), float("right"), float("w")])
    let before = try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])
    try model.convertPrecision(to: .float16, PrecisionOptions(keptInFloat32: ["exact"], usesDefaultIslands: false))
    try model.check()
    let casts = model.graph.nodes.filter { $0.op == "Cast" }
    #expect(Set(casts.map { $0.inputs[0] }).count == casts.count)
    let after = try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])
    for name in ["middle", "left", "right", "w"] { #expect(difference(after[name], before[name]) < 0.01) }

    try model.convertPrecision(to: .bfloat16, PrecisionOptions(keepsInputsAndOutputs: false, usesDefaultIslands: false))
    try model.check()
    #expect(model.graph.outputs.map(\.name) == ["middle", "left", "right", "w"])
  }

  @Test("Lengths that are calculated in floating point are not rounded to half")
  func lengths() throws {
    var model = model(
      [
        Node("Shape", inputs: ["images"], outputs: ["shape"]),
        Node("Gather", inputs: ["shape", "axis"], outputs: ["height"]),
        Node("Cast", inputs: ["height"], outputs: ["real"], attributes: [Attribute("to", .int(1))]),
        Node("Mul", inputs: ["real", "factor"], outputs: ["larger"]),
        Node("Cast", inputs: ["larger"], outputs: ["length"], attributes: [Attribute("to", .int(7))]),
        Node("Add", inputs: ["images", "factor"], outputs: ["y"]),
      ],
      [Tensor(name: "axis", shape: [], integers: [2]), Tensor(name: "factor", shape: [], floats: [33.03125])],
      outputs: [Value(name: "length", elementType: .int64, shape: []), float("y")])
    try model.convertPrecision(to: .float16, plain())
    try model.check()
    #expect(try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])["length"]?.integers == [2114])
    #expect(model.graph.initializers.contains { $0.elementType == .float16 })
  }

  @Test("A constant is not rounded on its way to an integer")
  func castOfConstant() throws {
    var model = model(
      [
        Node("Cast", inputs: ["number"], outputs: ["whole"], attributes: [Attribute("to", .int(7))]),
        Node("Add", inputs: ["images", "number"], outputs: ["y"]),
      ],
      [Tensor(name: "number", shape: [], floats: [2049])],
      outputs: [Value(name: "whole", elementType: .int64, shape: []), float("y")])
    try model.convertPrecision(to: .float16, plain())
    try model.check()
    #expect(try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])["whole"]?.integers == [2049])
  }

  @Test("A number that half would make zero keeps its operator in float32")
  func smallConstants() throws {
    var model = model(
      [
        Node("Mul", inputs: ["images", "zero"], outputs: ["nothing"]),
        Node("Add", name: "guard", inputs: ["nothing", "small"], outputs: ["divisor"]),
        Node("Div", name: "ratio", inputs: ["nothing", "divisor"], outputs: ["y"]),
      ],
      [Tensor(name: "zero", shape: [], floats: [0]), Tensor(name: "small", shape: [], floats: [1e-9])],
      outputs: [float("y")])
    try model.convertPrecision(
      to: .float16, PrecisionOptions(keptInFloat32: ["ratio"], usesDefaultIslands: false))
    try model.check()
    let found = try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])["y"]
    #expect(found?.floats?.allSatisfy { $0 == 0 } ?? false)
  }

  @Test("An operator whose result's type is not known is refused where the type is needed")
  func unknownTypes() throws {
    let einsum = Node(
      "Einsum", name: "sum", inputs: ["images"], outputs: ["traced"],
      attributes: [Attribute("equation", .string(Array("bchw->bc".utf8)))])
    var inside = model([einsum, Node("Add", inputs: ["traced", "traced"], outputs: ["y"])], outputs: [float("y")])
    let error = #expect(throws: ModelError.self) { try inside.convertPrecision(to: .float16) }
    #expect(error?.code == .unsupported && error?.message.contains("Einsum 'sum'") ?? false)
    #expect(error?.message.contains("'traced'") ?? false)
  }

  @Test("Nodes without a name cannot be kept by the name that they have not")
  func emptyName() throws {
    var model = model([Node("Relu", inputs: ["images"], outputs: ["y"])], outputs: [float("y")])
    #expect(throws: ModelError.self) {
      try model.convertPrecision(to: .float16, PrecisionOptions(keptInFloat32: [""]))
    }
  }

  @Test("Bfloat16 leaves alone what takes it in no operator set, and follows renamed modes")
  func bfloat16Operators() throws {
    var model = model(
      version: 17,
      [
        Node(
          "GridSample", inputs: ["images", "grid"], outputs: ["sampled"],
          attributes: [Attribute("mode", .string(Array("bilinear".utf8)))]),
        Node("ReduceMax", inputs: ["sampled"], outputs: ["greatest"], attributes: [Attribute("axes", .ints([2, 3]))]),
        Node("TopK", name: "top", inputs: ["greatest", "two"], outputs: ["y", "places"]),
      ],
      [
        Tensor(name: "grid", shape: [1, 2, 2, 2], floats: [0, 0, 0, 1, 1, 0, 1, 1]),
        Tensor(name: "two", shape: [1], integers: [2]),
      ],
      outputs: [float("y")])
    // TopK works along the last axis, of length 1 after the reduction.
    model.graph.initializers[1] = Tensor(name: "two", shape: [1], integers: [1])
    try model.convertPrecision(to: .bfloat16, plain())
    try model.check()
    let grid = try #require(model.graph.nodes.first { $0.op == "GridSample" })
    guard case .string(let mode)? = grid[attribute: "mode"] else {
      Issue.record("no mode")
      return
    }
    #expect(String(decoding: mode, as: UTF8.self) == "linear")
    let inferred = ShapeInference.infer(model.graph, operatorSet: 22)
    let top = try #require(model.graph.nodes.first { $0.op == "TopK" })
    #expect(inferred[top.inputs[0]].elementType == .float32)
    #expect(inferred[grid.inputs[0]].elementType == .bfloat16)
  }

  // MARK: Axes

  @Test("A batch is not promised where lengths are frozen inside graphs of a node, or behind an unknown operator")
  func hiddenLengths() throws {
    let inner = Graph(
      name: "body", nodes: [Node("Reshape", inputs: ["images", "target"], outputs: ["flat"])],
      initializers: [Tensor(name: "target", shape: [2], integers: [1, 12288])], outputs: [float("flat")])
    let choice = Node(
      "If", name: "choice", inputs: ["yes"], outputs: ["y"],
      attributes: [Attribute("then_branch", .graph(inner)), Attribute("else_branch", .graph(inner))])
    let yes = Tensor(name: "yes", shape: [], elementType: .boolean, bytes: [1])
    var branching = model([choice], [yes], outputs: [float("y")])
    let hidden = #expect(throws: ModelError.self) { try branching.setBatch(.dynamic) }
    #expect(hidden?.code == .unsupported && hidden?.message.contains("If 'choice'") ?? false)

    let unknown = Node("Einsum", name: "sum", inputs: ["images"], outputs: ["traced"])
    var behind = model([unknown, Node("Relu", inputs: ["traced"], outputs: ["y"])], outputs: [float("y")])
    let lost = #expect(throws: ModelError.self) { try behind.setBatch(.fixed(4)) }
    #expect(lost?.message.contains("Einsum 'sum'") ?? false)
    // At the end of the graph nothing can be frozen behind it.
    var last = model([unknown], outputs: [float("traced")])
    try last.setBatch(.fixed(4))
    #expect(last.graph.inputs[0].shape?[0].length == 4)
  }

  @Test("Simplifying renames inside graphs of nodes, and keeps what they read")
  func subgraphs() throws {
    func body(_ source: String) -> Graph {
      Graph(
        name: "body", nodes: [Node("Relu", inputs: [source], outputs: ["inner_\(source)"])],
        outputs: [float("inner_\(source)")])
    }
    var model = model(
      [
        Node("Identity", inputs: ["images"], outputs: ["same"]),
        Node("Add", inputs: ["w", "w"], outputs: ["twice"]),
        Node(
          "If", name: "choice", inputs: ["yes"], outputs: ["y"],
          attributes: [
            Attribute("then_branch", .graph(body("same"))), Attribute("else_branch", .graph(body("twice"))),
          ]),
      ],
      [
        Tensor(name: "yes", shape: [], elementType: .boolean, bytes: [1]),
        Tensor(name: "w", shape: [1], floats: [1.5]),
      ],
      outputs: [float("y")])
    try model.check()
    try model.simplify()
    try model.check()
    #expect(model.graph.nodes.map(\.op) == ["If"])
    #expect(model.graph.initializers.contains { $0.name == "twice" })
    guard case .graph(let then)? = model.graph.nodes[0][attribute: "then_branch"] else {
      Issue.record("no branch")
      return
    }
    #expect(then.nodes[0].inputs == ["images"])
    try model.rename(["twice": "thrice", "images": "pictures"])
    try model.check()
  }

  @Test("Old operator sets are refused with what to do, and 11 and 12 are edited", arguments: [10, 11, 12])
  func oldOperatorSets(version: Int) throws {
    var model = model(
      version: version,
      [
        Node("Reshape", inputs: ["images", "target"], outputs: ["flat"]),
        Node(
          "Slice", inputs: ["flat", "from", "to", "axes"], outputs: ["output0"]),
      ],
      [
        Tensor(name: "target", shape: [3], integers: [1, 12, 1024]), Tensor(name: "from", shape: [1], integers: [0]),
        Tensor(name: "to", shape: [1], integers: [7]), Tensor(name: "axes", shape: [1], integers: [1]),
      ],
      outputs: [float("output0")])
    guard version >= 11 else {
      let error = #expect(throws: ModelError.self) { try model.setBatch(.dynamic) }
      #expect(error?.message.contains("operator set 10") ?? false)
      return
    }
    try model.setBatch(.dynamic)
    try model.embedSuppression(.onnx, confidence: 0.2, iou: 0.5, maximum: 4)
    try model.check()
    let images = stack(Noise.images(2))
    let found = try ReferenceRuntime.run(model, ["images": images])
    #expect(found["det_boxes"]?.shape == [2, 4, 4])
    #expect(throws: ModelError.self) { try model.convertPrecision(to: .bfloat16) }
  }

  @Test("A file of the format's third version, which lists weights as inputs, stays valid")
  func thirdVersion() throws {
    var model = model(
      version: 11, [Node("Mul", inputs: ["images", "w"], outputs: ["y"])],
      [Tensor(name: "w", shape: [1], floats: [0.5])], outputs: [float("y")])
    model.irVersion = 3
    model.graph.inputs.append(Value(name: "w", elementType: .float32, shape: [1]))
    try model.check()
    try model.takeRawImages()
    try model.convertPrecision(to: .float16, plain())
    try model.check()
    // What edits add is no input, which the third version did not know.
    #expect(model.irVersion == 4 && model.graph.requiredInputs.map(\.name) == ["images"])
  }

  // MARK: Heads

  @Test("A head that is named must fit the output")
  func namedHead() throws {
    var model = try Fixture.head.load()
    for layout in [HeadLayout.channelsFirst(classes: 2), .objectness(classes: 3), .endToEnd, .split] {
      let error = #expect(throws: ModelError.self) { try model.splitOutputs(head: layout) }
      #expect(error?.code == .unsupported || error?.code == .request)
    }
    let error = #expect(throws: ModelError.self) { try model.splitOutputs(head: .channelsFirst(classes: 2)) }
    #expect(error?.message.contains("channels:2 has 6 values a box, the model's first output has 7") ?? false)
    try model.splitOutputs(head: .channelsFirst(classes: 3))
  }

  @Test("Names that the new outputs need are not taken over from other tensors")
  func namesInUse() throws {
    var model = try Fixture.head.load()
    let name = try #require(model.graph.nodes.last { !$0.outputs.contains("output0") }?.outputs[0])
    try model.rename([name: "conf"])
    let error = #expect(throws: ModelError.self) { try model.splitOutputs() }
    #expect(error?.message.contains("'conf'") ?? false)
    // Names that edits make up are free ones.
    try model.rename(["conf": "swoop/split/Transpose"])
    try model.splitOutputs()
    try model.check()
  }

  // MARK: Rules

  @Test("An input that an operator needs cannot be left out")
  func missingInput() {
    let model = model(
      [Node("Conv", name: "c", inputs: ["", "w"], outputs: ["y"])],
      [Tensor(name: "w", shape: [1, 3, 1, 1], floats: [1, 1, 1])], outputs: [float("y")])
    #expect(model.issues().contains { $0.message.contains("Conv 'c' leaves out input 0") })
  }
}
