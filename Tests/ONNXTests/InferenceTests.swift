import ONNX
import Tensors
import Testing

@Suite("Shapes and types")
struct InferenceTests {
  @Test("Every shape that the reference runtime sees is the inferred one", arguments: Fixture.allCases)
  func shapesAgree(fixture: Fixture) throws {
    var model = try fixture.load()
    let inferred = ShapeInference.infer(model.graph, operatorSet: 18, inputShapes: ["images": [1, 3, 64, 64].map { .fixed($0) }])
    #expect(inferred.issues.isEmpty && inferred.unknownOperators.isEmpty)
    let names = model.graph.nodes.flatMap(\.outputs)
    for name in names {
      let tensor = inferred[name]
      let shape = try #require(tensor.shape, "\(name) has no shape")
      #expect(shape.allSatisfy { $0.value != nil }, "\(name) is \(tensor)")
      if name != fixture.outputName {
        model.graph.outputs.append(
          Value(name: name, elementType: tensor.elementType, shape: TensorShape(lengths: shape.compactMap(\.value))))
      }
    }
    // It compares each declared output with what it computes.
    _ = try ReferenceRuntime.run(model, ["images": Noise.images(1)[0]])
  }

  @Test("Dynamic axes keep their names through the graph")
  func symbols() throws {
    let inferred = ShapeInference.infer(try Fixture.dynamic.load().graph, operatorSet: 18)
    #expect(inferred["output0"].shape?[0] == .symbol("batch"))
    #expect(inferred["output0"].shape?[1].value == 7)
    #expect(inferred.issues.isEmpty)
  }

  @Test("Lengths are calculated exactly, and overflow is unknown")
  func extents() {
    let batch = Extent.symbol("batch")
    #expect(batch * .fixed(4) == .symbol("batch", times: 4))
    #expect((batch * .fixed(4)).dividedRoundingDown(by: .fixed(2)) == .symbol("batch", times: 2))
    #expect("\(batch * .fixed(4) + .fixed(1))" == "4·batch + 1")
    #expect((batch * .fixed(2) - .fixed(1)).dividedRoundingDown(by: .fixed(2)) + .fixed(1) == batch)
    #expect(batch - batch == .fixed(0))
    #expect((batch * .fixed(6)).dividedRoundingDown(by: batch * .fixed(2)) == .fixed(3))
    #expect((batch + .symbol("height")) == (.symbol("height") + batch))
    #expect(Extent.fixed(.max) + .fixed(1) == .unknown)
    #expect(Extent.fixed(.min) * .fixed(-1) == .unknown)
    #expect(Extent.fixed(.min).dividedRoundingDown(by: .fixed(-1)) == .unknown)
    #expect(Extent.fixed(-7).dividedRoundingDown(by: .fixed(2)) == .fixed(-4))
    #expect(Extent.fixed(3).dividedRoundingDown(by: .fixed(0)) == .unknown)
    let quarter = (batch * .symbol("width")).dividedExactly(by: 4)
    #expect(quarter * .fixed(4) == batch * .symbol("width"))
    #expect(quarter.evaluated(["batch": 2, "width": 6]) == 3)
    #expect(quarter.evaluated(["batch": 1, "width": 6]) == nil)
  }

  @Test("Frozen reshapes are traced to the axes they came from")
  func alignment() {
    let (b, h, w) = (Extent.symbol(AxisSymbol.batch), Extent.symbol(AxisSymbol.rows), Extent.symbol(AxisSymbol.columns))
    let numbers = [AxisSymbol.batch: 1, AxisSymbol.rows: 20, AxisSymbol.columns: 20]
    func align(_ input: [Extent], _ target: [Int]) -> [Extent]? { ReshapeAlignment.align(input, target, numbers) }
    #expect(align([b, .fixed(64), h, w], [1, 64, 400]) == [b, .fixed(64), h * w])
    #expect(align([b, .fixed(64), h * w], [1, 64, 20, 20]) == [b, .fixed(64), h, w])
    #expect(align([b, .fixed(64), h * w], [1, 2, 32, 400]) == [b, .fixed(2), .fixed(32), h * w])
    #expect(align([b, .fixed(144), h * .fixed(4), w * .fixed(4)], [1, 144, 6400]) == [b, .fixed(144), h * w * .fixed(16)])
    // Attention over areas joins the batch and divides the cells, and goes back.
    let areas = align([b, h * w, .fixed(96)], [4, 100, 96])
    #expect(areas == [b * .fixed(4), (h * w).dividedExactly(by: 4), .fixed(96)])
    #expect(align(areas ?? [], [1, 400, 96]) == [b, h * w, .fixed(96)])
    #expect(align(areas ?? [], [1, 20, 20, 96]) == [b, h, w, .fixed(96)])
    #expect(align([b, .fixed(6)], [5]) == nil)
    #expect(align([b, .fixed(6)], [2, 3]) == [b * .fixed(2), .fixed(3)])
  }

  @Test("Nodes whose inputs do not fit are named with their tensors")
  func issues() throws {
    func message(_ edit: (inout Graph) throws -> Void) throws -> String {
      var model = try Fixture.head.load()
      try edit(&model.graph)
      return model.issues().map(\.message).joined(separator: "\n")
    }
    #expect(try message { _ in } == "")
    let weight = try message { graph in
      let index = try #require(graph.initializers.firstIndex { $0.shape == [8, 8, 3, 3] })
      graph.initializers[index].shape = [8, 9, 3, 3]
    }
    #expect(weight.contains("needs 2592 bytes, the file has 2304"))
    #expect(weight.contains("has 8 channels") && weight.contains("takes 9"))
    let order = try message { graph in graph.nodes.swapAt(0, 20) }
    #expect(order.contains("which nothing before it makes"))
    let twice = try message { graph in graph.nodes[3].outputs = graph.nodes[2].outputs }
    #expect(twice.contains("which is made before"))
    let missing = try message { graph in graph.outputs[0].name = "nowhere" }
    #expect(missing.contains("'nowhere'"))
    let arity = try message { graph in graph.nodes[0].inputs = [] }
    #expect(arity.contains("has 0 inputs, expected 1"))
    let domain = try message { graph in graph.nodes[0].domain = "elsewhere" }
    #expect(domain.contains("'elsewhere'"))
    let declared = try message { graph in graph.outputs[0].shape = [1, 7, 21] }
    #expect(declared.contains("output 'output0' is declared (1, 7, 21)"))
  }

  @Test("A cycle is found, and nodes in any order are sorted")
  func order() throws {
    var graph = try Fixture.head.load().graph
    let sorted = graph.nodes.map(\.name)
    graph.nodes.reverse()
    try graph.sortTopologically()
    let index = GraphIndex(graph)
    for (position, node) in graph.nodes.enumerated() {
      for input in node.inputs { if let producer = index.producers[input] { #expect(producer < position) } }
    }
    #expect(Set(sorted) == Set(graph.nodes.map(\.name)))
    graph.nodes[0].inputs.append(graph.nodes[20].outputs[0])
    let last = try #require(graph.nodes.last)
    graph.nodes[0].inputs.append(last.outputs[0])
    let error = #expect(throws: ModelError.self) { try graph.topologicalOrder() }
    #expect(error?.message.contains("cycle") ?? false)
  }

  @Test("The summary counts what a reader would")
  func summary() throws {
    let summary = try Fixture.head.load().summary()
    #expect(summary.operators.first { $0.name == "Conv" }?.count == 9)
    // By hand: each convolution's outputs times what each sums, twice.
    let convolutions = [
      (8 * 8 * 8, 27), (8 * 4 * 4, 72), (8 * 2 * 2, 72), (8 * 4 * 4, 16), (16 * 16, 8), (3 * 16, 8), (16 * 4, 8),
      (3 * 4, 8), (80, 4),
    ]
    let products = [(16, 8), (32, 4)]
    #expect(summary.operationCount == (convolutions + products).reduce(0) { $0 + 2 * $1.0 * $1.1 })
    #expect(summary.dynamicBatchObstacle == nil && !summary.isBatchDynamic)
    // The image and its pooled version are the largest pair of neighbours.
    #expect(summary.peakActivationByteCount == (3 * 64 * 64 + 3 * 16 * 16) * 4)
    let larger = try Fixture.head.load().summary(batch: 2, size: (128, 64))
    #expect((larger.operationCount ?? 0) > 4 * (summary.operationCount ?? 0) - 10_000)
    #expect(try Fixture.dynamic.load().summary(size: (64, 64)).operationCount == summary.operationCount)
    #expect(try Fixture.dynamic.load().summary().isBatchDynamic)
  }

  @Test("Heads are recognised, by metadata or by shape")
  func heads() throws {
    #expect(try Fixture.head.load().detectionHeadLayout() == .channelsFirst(classes: 3))
    #expect(try Fixture.dynamic.load().detectionHeadLayout() == .channelsFirst(classes: 3))
    #expect(try Fixture.objectness.load().detectionHeadLayout() == .objectness(classes: 3))
    #expect(try Fixture.end.load().detectionHeadLayout() == .endToEnd)
    var bare = try Fixture.head.load()
    bare.metadata = []
    #expect(try bare.detectionHeadLayout() == .channelsFirst(classes: 3))
    bare[metadata: "task"] = "segment"
    let error = #expect(throws: ModelError.self) { try bare.detectionHeadLayout() }
    #expect(error?.message.contains("'segment'") ?? false)
  }
}
