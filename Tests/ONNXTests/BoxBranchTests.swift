import HeadSamples
import ONNX
import Tensors
import Testing

@Suite("box branch")
struct BoxBranchTests {
  @Test("is taken out of heads as exports write them", arguments: HeadSample.Style.allCases)
  func detached(style: HeadSample.Style) throws {
    let sample = HeadSample(style)
    var model = sample.model
    #expect(throws: Never.self) { try model.check() }
    let branch = try model.detachBoxBranch()
    #expect(branch.classCount == HeadSample.classCount)
    #expect(branch.binCount == sample.binCount)
    #expect(branch.output.name == "output0")
    #expect(branch.levels.map(\.stride) == [8, 16])
    #expect(branch.levels.map { [$0.rows, $0.columns] } == [[4, 6], [2, 3]])
    #expect(branch.levels.map(\.features) == ["p3", "p4"])
    for (level, channels) in zip(branch.levels, [20, 24]) {
      #expect(level.convolutions.map(\.windowSize) == [3, 3, 1])
      #expect(level.convolutions.map(\.inputCount) == [channels, 18, 16])
      #expect(level.convolutions.map(\.outputCount) == [18, 16, 4 * sample.binCount])
      #expect(level.convolutions.map(\.hasSiLU) == [true, true, false])
      for convolution in level.convolutions {
        #expect(
          convolution.weights.count == convolution.outputCount * convolution.inputCount * convolution.windowSize
            * convolution.windowSize)
        #expect(convolution.bias.count == convolution.outputCount)
      }
    }
    // What is left answers with logits and features, and has nothing of the branch.
    #expect(model.graph.outputs.map(\.name) == branch.levels.flatMap { [$0.logits, $0.features] })
    #expect(model.graph.outputs.allSatisfy { $0.elementType == .float32 && $0.shape?.rank == 4 })
    #expect(!model.graph.nodes.contains { $0.outputs.contains { $0.contains("box") } })
    #expect(!model.graph.initializers.contains { $0.name.contains("box") || $0.name == "strides" })
    #expect(throws: Never.self) { try model.check() }
    #expect(model[metadata: "names"] == sample.model[metadata: "names"])
  }

  /// Changes that make another head of it.
  enum Change: CaseIterable {
    case anchor, stride, unevenStride, bin, permutation, softmaxAxis, dilation, otherOperator, secondOutput
    case notSigmoid, order, half, dynamicSize
  }

  @Test("is refused where anything differs, and the model stays", arguments: Change.allCases)
  func refused(change: Change) throws {
    var model = HeadSample(.apart).model
    func constant(_ name: String, _ edit: (inout [Float]) -> Void) throws {
      let index = try #require(model.graph.initializers.firstIndex { $0.name == name })
      let tensor = model.graph.initializers[index]
      var values = try tensor.floats()
      edit(&values)
      model.graph.initializers[index] = Tensor(name: name, shape: tensor.shape, floats: values)
    }
    func node(_ op: String, making output: String? = nil) throws -> Int {
      try #require(model.graph.nodes.firstIndex { $0.op == op && (output == nil || $0.outputs == [output ?? ""]) })
    }
    switch change {
    case .anchor: try constant("anchors") { $0[7] += 0.25 }
    case .stride: try constant("strides") { $0[3] = -8 }
    case .unevenStride: try constant("strides") { $0[3] = 4 }
    case .bin: try constant("bins") { $0[3] = 4 }
    case .permutation: model.graph.nodes[try node("Transpose")][attribute: "perm"] = .ints([0, 1, 2, 3])
    case .softmaxAxis: model.graph.nodes[try node("Softmax")][attribute: "axis"] = .int(2)
    case .dilation:
      let index = try node("Conv", making: "p3/box2/convolution")
      model.graph.nodes[index][attribute: "dilations"] = .ints([2, 2])
    case .otherOperator:
      let index = try node("Conv", making: "p3/box2/convolution")
      model.graph.nodes[index].op = "ConvTranspose"
    case .secondOutput:
      model.graph.outputs.append(Value(name: "p3", elementType: .float32, shape: nil))
    case .notSigmoid:
      let index = try #require(
        model.graph.nodes.lastIndex { node in
          node.op == "Sigmoid" && model.graph.nodes.last { $0.op == "Concat" }?.inputs.contains(node.outputs[0]) == true
        })
      model.graph.nodes[index].op = "Tanh"
    case .order:
      let index = try node("Sub")
      model.graph.nodes[index].inputs.reverse()
    case .half: try constant("two") { $0[0] = 3 }
    case .dynamicSize:
      model.graph.inputs[0].shape = TensorShape([
        .dynamic(name: "batch"), .fixed(3), .dynamic(name: "height"), .dynamic(name: "width"),
      ])
    }
    let before = model.graph.nodes.map(\.outputs)
    let error = #expect(throws: ModelError.self) { try model.detachBoxBranch() }
    #expect(error?.message.contains("expected") == true, "\(error?.message ?? "")")
    #expect(model.graph.nodes.map(\.outputs) == before)
  }

  @Test("starts later where something else reads what is between")
  func shorter() throws {
    var model = HeadSample(.apart).model
    // The scores of the first level from the branch's first convolution.
    let index = try #require(model.graph.nodes.firstIndex { $0.outputs == ["p3/class/convolution"] })
    let weights = Tensor(name: "other", shape: [5, 18, 1, 1], floats: (0..<90).map { Float($0 % 7) / 7 - 0.5 })
    model.graph.initializers.append(weights)
    model.graph.nodes[index].inputs = ["p3/box0", "other"]
    try model.graph.sortTopologically()
    let branch = try model.detachBoxBranch()
    #expect(branch.levels.map(\.features) == ["p3/box0", "p4"])
    #expect(branch.levels[0].convolutions.map(\.windowSize) == [3, 1])
  }
}
