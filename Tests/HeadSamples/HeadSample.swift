package import ONNX
internal import SeededNumbers
internal import Tensors

/// A small detector with a head as exports have them: two levels of 4x6 and 2x3 anchors, five classes, weights from a seed.
/// Input `images` (batch, 3, 32, 48), output `output0` (batch, 9, 30).
package struct HeadSample {
  /// How the head is written.
  package enum Style: CaseIterable, Sendable {
    /// Boxes and scores of all levels are joined apart from each other.
    case apart
    /// A level's boxes and scores are joined first, and parted by a split in the end.
    case joint
    /// The same, parted by slices.
    case sliced
    /// Distances and anchors in pixels, the expectation as a sum, three tensors joined in the end.
    case pixels
    /// One number for each distance.
    case withoutBins
  }

  package static let classCount = 5
  package static let anchorCount = 30
  package var binCount: Int { style == .withoutBins ? 1 : 8 }

  package let style: Style
  package private(set) var model: Model
  private var nodes: [Node] = []
  private var constants: [Tensor] = []
  private var random: SplitMix64

  package init(_ style: Style, seed: Int = 1) {
    self.style = style
    random = SplitMix64(seed: seed)
    model = Model(
      operatorSets: [.init(domain: "", version: 17)],
      graph: Graph(name: "head", nodes: [], initializers: [], inputs: [], outputs: []))
    build()
    let batch = TensorShape.Dimension.dynamic(name: "batch")
    model.graph.nodes = nodes
    model.graph.initializers = constants
    model.graph.inputs = [
      Value(name: "images", elementType: .float32, shape: TensorShape([batch, .fixed(3), .fixed(32), .fixed(48)]))
    ]
    model.graph.outputs = [
      Value(
        name: "output0", elementType: .float32,
        shape: TensorShape([batch, .fixed(4 + Self.classCount), .fixed(Self.anchorCount)]))
    ]
    model[metadata: "names"] = "{0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e'}"
    model[metadata: "task"] = "detect"
  }

  private mutating func build() {
    let levels: [(name: String, channels: Int, rows: Int, columns: Int)] = [("p3", 20, 4, 6), ("p4", 24, 2, 3)]
    siLU("p3", convolution("p3", "images", 3, 20, window: 8, stride: 8, gain: 2))
    siLU("p4", convolution("p4", "p3", 20, 24, window: 2, stride: 2, gain: 2))
    var boxes: [String] = []
    var scores: [String] = []
    for level in levels {
      siLU("\(level.name)/box0", convolution("\(level.name)/box0", level.name, level.channels, 18, window: 3))
      siLU("\(level.name)/box1", convolution("\(level.name)/box1", "\(level.name)/box0", 18, 16, window: 3))
      boxes.append(convolution("\(level.name)/box2", "\(level.name)/box1", 16, 4 * binCount, window: 1, gain: 4))
      scores.append(
        convolution("\(level.name)/class", level.name, level.channels, Self.classCount, window: 1, gain: 6))
    }
    let (raw, logits): (String, String)
    switch style {
    case .apart, .pixels, .withoutBins:
      raw = add("Concat", zip(boxes, levels).map { flat($0, 4 * binCount, $1.rows * $1.columns) }, [("axis", .int(2))])
      logits = add(
        "Concat", zip(scores, levels).map { flat($0, Self.classCount, $1.rows * $1.columns) }, [("axis", .int(-1))])
    case .joint, .sliced:
      let channels = 4 * binCount + Self.classCount
      let joined = zip(zip(boxes, scores), levels).map { pair, level in
        let both = add("Concat", [pair.0, pair.1], [("axis", .int(1))])
        return flat(both, channels, level.rows * level.columns)
      }
      (raw, logits) = parts(add("Concat", joined, [("axis", .int(2))]), 4 * binCount, Self.classCount)
    }
    finish(raw, logits, levels.map { ($0.rows, $0.columns) })
  }

  private mutating func finish(_ raw: String, _ logits: String, _ sizes: [(rows: Int, columns: Int)]) {
    let unit = style == .pixels
    var (xs, ys, strides): ([Float], [Float], [Float]) = ([], [], [])
    for (index, size) in sizes.enumerated() {
      let stride = Float(8 << index)
      for y in 0..<size.rows {
        for x in 0..<size.columns {
          xs.append((Float(x) + 0.5) * (unit ? stride : 1))
          ys.append((Float(y) + 0.5) * (unit ? stride : 1))
          strides.append(stride)
        }
      }
    }
    // Exports have the anchors once or twice.
    let first = constant("anchors", [1, 2, Self.anchorCount], xs + ys)
    let second = style == .sliced ? constant("anchors2", [1, 2, Self.anchorCount], xs + ys) : first
    let scale = constant("strides", [1, 1, Self.anchorCount], strides)
    var distances = expectation(raw)
    if unit { distances = add("Mul", [distances, scale]) }
    let (near, far) = parts(distances, 2, 2)
    let start = add("Sub", [first, near])
    let end = add("Add", [second, far])
    let sum = add("Add", [start, end])
    let centre =
      style == .joint ? add("Mul", [sum, constant("half", [], [0.5])]) : add("Div", [sum, constant("two", [], [2])])
    let size = add("Sub", [end, start])
    let shares = add("Sigmoid", [logits])
    if unit {
      add("Concat", [centre, size, shares], [("axis", .int(1))], output: "output0")
    } else {
      let boxes = add("Mul", [add("Concat", [centre, size], [("axis", .int(1))]), scale])
      add("Concat", [boxes, shares], [("axis", .int(1))], output: "output0")
    }
  }

  private mutating func expectation(_ raw: String) -> String {
    guard binCount > 1 else { return raw }
    let shape = integers("bins/shape", [-1, 4, binCount, Self.anchorCount])
    let apart = add("Transpose", [add("Reshape", [raw, shape])], [("perm", .ints([0, 2, 1, 3]))])
    let shares = add("Softmax", [apart], [("axis", .int(1))])
    let bins = constant("bins", [1, binCount, 1, 1], (0..<binCount).map(Float.init))
    if style == .pixels {
      return add("ReduceSum", [add("Mul", [shares, bins]), integers("bins/axis", [1])], [("keepdims", .int(0))])
    }
    return add("Reshape", [add("Conv", [shares, bins]), integers("distances/shape", [-1, 4, Self.anchorCount])])
  }

  // MARK: Pieces

  private mutating func parts(_ tensor: String, _ first: Int, _ second: Int) -> (String, String) {
    guard style == .sliced || style == .pixels else {
      let names = ["\(tensor)/first", "\(tensor)/second"]
      nodes.append(
        Node(
          "Split", inputs: [tensor, integers("\(tensor)/lengths", [first, second])], outputs: names,
          attributes: [Attribute("axis", .int(1))]))
      return (names[0], names[1])
    }
    let axis = integers("\(tensor)/axis", [1])
    let middle = integers("\(tensor)/middle", [first])
    let start = integers("\(tensor)/start", [0])
    let end = integers("\(tensor)/end", [first + second])
    return (add("Slice", [tensor, start, middle, axis]), add("Slice", [tensor, middle, end, axis]))
  }

  private mutating func flat(_ tensor: String, _ channels: Int, _ anchors: Int) -> String {
    add("Reshape", [tensor, integers("\(tensor)/flat", [-1, channels, anchors])])
  }

  private mutating func convolution(
    _ name: String, _ input: String, _ inputs: Int, _ outputs: Int, window: Int, stride: Int = 1, gain: Float = 1.5
  ) -> String {
    let count = inputs * window * window
    let reach = gain / Float(count).squareRoot()
    let weights = constant(
      "\(name)/weights", [outputs, inputs, window, window],
      (0..<outputs * count).map { _ in random.float(-reach..<reach) }
    )
    let bias = constant("\(name)/bias", [outputs], (0..<outputs).map { _ in random.float(-0.5..<0.5) })
    let around = Int64(stride == 1 ? window / 2 : 0)
    return add(
      "Conv", [input, weights, bias],
      [
        ("kernel_shape", .ints([Int64(window), Int64(window)])), ("strides", .ints([Int64(stride), Int64(stride)])),
        ("pads", .ints([around, around, around, around])),
      ], output: "\(name)/convolution")
  }

  private mutating func siLU(_ name: String, _ input: String) {
    add("Mul", [input, add("Sigmoid", [input])], output: name)
  }

  @discardableResult
  private mutating func add(
    _ op: String, _ inputs: [String], _ attributes: [(String, Attribute.Value)] = [], output: String? = nil
  ) -> String {
    let output = output ?? "\(op)\(nodes.count)"
    nodes.append(
      Node(
        op, name: "\(op)\(nodes.count)", inputs: inputs, outputs: [output], attributes: attributes.map(Attribute.init)))
    return output
  }

  private mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
    if !constants.contains(where: { $0.name == name }) {
      constants.append(Tensor(name: name, shape: shape, floats: values))
    }
    return name
  }

  private mutating func integers(_ name: String, _ values: [Int]) -> String {
    if !constants.contains(where: { $0.name == name }) {
      constants.append(Tensor(name: name, shape: [values.count], integers: values.map(Int64.init)))
    }
    return name
  }
}
