import ONNX
import Tensors

/// Runs a model, plainly and slowly: the oracle for edits, so that tests need no runtime.
///
/// Covers the operators of the fixtures. Results are rounded to the element type after each operator, as a runtime
/// without fusion does it; sums are taken in float64.
struct ReferenceRuntime {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func run(_ model: Model, _ inputs: [String: DenseTensor]) throws -> [String: DenseTensor] {
    var values = inputs
    for tensor in model.graph.initializers { values[tensor.name] = DenseTensor(tensor) }
    for node in model.graph.nodes {
      let arguments = node.inputs.map { $0.isEmpty ? nil : values[$0] }
      for (name, argument) in zip(node.inputs, arguments) where !name.isEmpty && argument == nil {
        throw Failure(description: "\(node.label): '\(name)' has no value")
      }
      let types = Set(arguments.compactMap { $0?.elementType }.filter(\.isFloatingPoint))
      if types.count > 1, !["Resize", "Cast"].contains(node.op) {
        throw Failure(description: "\(node.label) reads \(types) at once, so it is not strongly typed")
      }
      guard let results = try evaluate(node, arguments, model.operatorSetVersion ?? 0) else {
        throw Failure(description: "\(node.label) is not evaluated here")
      }
      for (name, result) in zip(node.outputs, results) where !name.isEmpty { values[name] = result }
    }
    var outputs: [String: DenseTensor] = [:]
    for output in model.graph.outputs {
      guard let value = values[output.name] else { throw Failure(description: "'\(output.name)' was not made") }
      guard value.elementType == output.elementType, output.shape?.admits(value.shape) ?? true else {
        throw Failure(description: "\(output) is declared, found \(value.shape) \(value.elementType)")
      }
      outputs[output.name] = value
    }
    return outputs
  }

  private static func evaluate(_ node: Node, _ inputs: [DenseTensor?], _ version: Int) throws -> [DenseTensor]? {
    if node.op == "Constant", case .tensor(let tensor)? = node[attribute: "value"] {
      return DenseTensor(tensor).map { [$0] }
    }
    if let exact = Evaluator().evaluate(node, inputs, operatorSet: version) { return exact }
    let call = ReferenceCall(node: node, inputs: inputs)
    switch node.op {
    case "Conv": return try [call.convolution()]
    case "MaxPool", "AveragePool": return try [call.pool()]
    case "Sigmoid": return try [call.map { 1 / (1 + .exp(-$0)) }]
    case "Softmax": return try [call.softmax()]
    case "BatchNormalization": return try [call.batchNormalization()]
    case "MatMul": return try [call.matrixProduct()]
    case "Resize": return try [call.resize()]
    case "ReduceMax", "ReduceSum": return try [call.reduce()]
    case "ArgMax": return try [call.argMax()]
    case "TopK": return try call.topK()
    case "GatherElements": return try [call.gatherElements()]
    case "GatherND": return try [call.gatherND()]
    case "ScatterND": return try [call.scatterND()]
    case "NonMaxSuppression": return try [call.suppression()]
    default: return nil
    }
  }
}

extension Double {
  fileprivate static func exp(_ x: Double) -> Double {
    // Argument halved until the series converges fast, then squared back.
    var halvings = 0
    var y = x
    while y.magnitude > 0.5, halvings < 64 {
      y /= 2
      halvings += 1
    }
    var term = 1.0
    var sum = 1.0
    for n in 1..<24 {
      term *= y / Double(n)
      sum += term
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
  }
}

/// One operator with its inputs.
struct ReferenceCall {
  let node: Node
  let inputs: [DenseTensor?]

  func floats(_ index: Int) throws -> (type: ElementType, shape: [Int], values: [Float]) {
    guard index < inputs.count, let tensor = inputs[index], let values = tensor.floats else {
      throw ReferenceRuntime.Failure(description: "\(node.label): input \(index) is no float tensor")
    }
    return (tensor.elementType, tensor.shape, values)
  }

  func integers(_ index: Int) throws -> [Int] {
    guard index < inputs.count, let values = inputs[index]?.integers else {
      throw ReferenceRuntime.Failure(description: "\(node.label): input \(index) is no integer tensor")
    }
    return values.map { Int($0) }
  }

  func ints(_ name: String) -> [Int]? {
    if case .ints(let values)? = node[attribute: name] { values.map { Int($0) } } else { nil }
  }

  func int(_ name: String) -> Int? {
    if case .int(let value)? = node[attribute: name] { Int(value) } else { nil }
  }

  func map(_ f: (Double) -> Double) throws -> DenseTensor {
    let x = try floats(0)
    return DenseTensor(x.type, x.shape, floats: x.values.map { Float(f(Double($0))) })
  }

  func convolution() throws -> DenseTensor {
    let x = try floats(0)
    let w = try floats(1)
    let bias = inputs.count > 2 ? try floats(2).values : [Float](repeating: 0, count: w.shape[0])
    let strides = ints("strides") ?? [1, 1]
    let pads = ints("pads") ?? [0, 0, 0, 0]
    let (height, width) = (x.shape[2], x.shape[3])
    let outHeight = (height + pads[0] + pads[2] - w.shape[2]) / strides[0] + 1
    let outWidth = (width + pads[1] + pads[3] - w.shape[3]) / strides[1] + 1
    let shape = [x.shape[0], w.shape[0], outHeight, outWidth]
    var result: [Float] = []
    for image in 0..<shape[0] {
      for channel in 0..<shape[1] {
        for row in 0..<outHeight {
          for column in 0..<outWidth {
            var sum = Double(bias[channel])
            for source in 0..<w.shape[1] {
              for i in 0..<w.shape[2] {
                for j in 0..<w.shape[3] {
                  let (y, z) = (row * strides[0] + i - pads[0], column * strides[1] + j - pads[1])
                  guard y >= 0, y < height, z >= 0, z < width else { continue }
                  sum +=
                    Double(x.values[((image * x.shape[1] + source) * height + y) * width + z])
                    * Double(w.values[((channel * w.shape[1] + source) * w.shape[2] + i) * w.shape[3] + j])
                }
              }
            }
            result.append(Float(sum))
          }
        }
      }
    }
    return DenseTensor(x.type, shape, floats: result)
  }

  func pool() throws -> DenseTensor {
    let x = try floats(0)
    let kernel = ints("kernel_shape") ?? [1, 1]
    let strides = ints("strides") ?? [1, 1]
    let pads = ints("pads") ?? [0, 0, 0, 0]
    let (height, width) = (x.shape[2], x.shape[3])
    let shape = [
      x.shape[0], x.shape[1], (height + pads[0] + pads[2] - kernel[0]) / strides[0] + 1,
      (width + pads[1] + pads[3] - kernel[1]) / strides[1] + 1,
    ]
    var result: [Float] = []
    for plane in 0..<(shape[0] * shape[1]) {
      for row in 0..<shape[2] {
        for column in 0..<shape[3] {
          var seen: [Float] = []
          for i in 0..<kernel[0] {
            for j in 0..<kernel[1] {
              let (y, z) = (row * strides[0] + i - pads[0], column * strides[1] + j - pads[1])
              if y >= 0, y < height, z >= 0, z < width { seen.append(x.values[(plane * height + y) * width + z]) }
            }
          }
          result.append(
            node.op == "MaxPool"
              ? seen.max() ?? 0 : Float(seen.reduce(0) { $0 + Double($1) } / Double(seen.count)))
        }
      }
    }
    return DenseTensor(x.type, shape, floats: result)
  }

  /// The positions of each line along an axis.
  func lines(_ shape: [Int], _ axis: Int) -> [[Int]] {
    let inner = shape[(axis + 1)...].reduce(1, *)
    return (0..<shape[..<axis].reduce(1, *)).flatMap { outer in
      (0..<inner).map { step in (0..<shape[axis]).map { (outer * shape[axis] + $0) * inner + step } }
    }
  }

  func axis(_ given: Int, _ shape: [Int]) -> Int { given < 0 ? given + shape.count : given }

  func softmax() throws -> DenseTensor {
    let x = try floats(0)
    var result = x.values
    for line in lines(x.shape, axis(int("axis") ?? -1, x.shape)) {
      let greatest = line.map { Double(x.values[$0]) }.max() ?? 0
      let powers = line.map { Double.exp(Double(x.values[$0]) - greatest) }
      let sum = powers.reduce(0, +)
      for (position, power) in zip(line, powers) { result[position] = Float(power / sum) }
    }
    return DenseTensor(x.type, x.shape, floats: result)
  }

  func batchNormalization() throws -> DenseTensor {
    let x = try floats(0)
    let parameters = try (1..<5).map { try floats($0).values.map { Double($0) } }
    var epsilon = 1e-5
    if case .float(let value)? = node[attribute: "epsilon"] { epsilon = Double(value) }
    let inner = x.shape[2...].reduce(1, *)
    let result = x.values.enumerated().map { position, value -> Float in
      let c = position / inner % x.shape[1]
      let normal = (Double(value) - parameters[2][c]) / (parameters[3][c] + epsilon).squareRoot()
      return Float(normal * parameters[0][c] + parameters[1][c])
    }
    return DenseTensor(x.type, x.shape, floats: result)
  }

  func matrixProduct() throws -> DenseTensor {
    let a = try floats(0)
    let b = try floats(1)
    let (rows, inner, columns) = (a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape[b.shape.count - 1])
    let batch = a.shape.dropLast(2).reduce(1, *)
    var result: [Float] = []
    for index in 0..<batch {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = 0.0
          for k in 0..<inner {
            sum +=
              Double(a.values[(index * rows + row) * inner + k]) * Double(b.values[(index * inner + k) * columns + column])
          }
          result.append(Float(sum))
        }
      }
    }
    return DenseTensor(a.type, Array(a.shape.dropLast(2)) + [rows, columns], floats: result)
  }

  /// Nearest, asymmetric, by whole factors.
  func resize() throws -> DenseTensor {
    let x = try floats(0)
    let factors =
      inputs.count > 3 ? try zip(integers(3), x.shape).map { $0 / $1 } : try floats(2).values.map { Int($0) }
    let shape = zip(x.shape, factors).map { $0 * $1 }
    let strides = Strides.of(x.shape)
    var result: [Float] = []
    for position in 0..<shape.reduce(1, *) {
      var rest = position
      var source = 0
      for axis in shape.indices.reversed() {
        source += rest % shape[axis] / factors[axis] * strides[axis]
        rest /= shape[axis]
      }
      result.append(x.values[source])
    }
    return DenseTensor(x.type, shape, floats: result)
  }

  func reduce() throws -> DenseTensor {
    guard let x = inputs[0] else { throw ReferenceRuntime.Failure(description: "no input") }
    let axes = try ints("axes") ?? integers(1)
    let axis = axis(axes[0], x.shape)
    var shape = x.shape
    if int("keepdims") ?? 1 == 0 { shape.remove(at: axis) } else { shape[axis] = 1 }
    switch x.elements {
    case .floats(let values):
      let result = lines(x.shape, axis).map { line in
        node.op == "ReduceMax" ? line.map { values[$0] }.max() ?? 0 : line.reduce(0) { $0 + values[$1] }
      }
      return DenseTensor(x.elementType, shape, floats: result)
    case .integers(let values):
      return DenseTensor(x.elementType, shape, integers: lines(x.shape, axis).map { $0.reduce(0) { $0 + values[$1] } })
    }
  }

  func argMax() throws -> DenseTensor {
    let x = try floats(0)
    let axis = axis(int("axis") ?? 0, x.shape)
    var shape = x.shape
    if int("keepdims") ?? 1 == 0 { shape.remove(at: axis) } else { shape[axis] = 1 }
    let result = lines(x.shape, axis).map { line in
      Int64(line.indices.max { x.values[line[$0]] < x.values[line[$1]] || (x.values[line[$0]] == x.values[line[$1]] && $0 > $1) } ?? 0)
    }
    return DenseTensor(.int64, shape, integers: result)
  }

  func topK() throws -> [DenseTensor] {
    let x = try floats(0)
    let count = try integers(1)[0]
    let axis = axis(int("axis") ?? -1, x.shape)
    guard axis == x.shape.count - 1 else { throw ReferenceRuntime.Failure(description: "top k along an inner axis") }
    var shape = x.shape
    shape[axis] = count
    var values: [Float] = []
    var places: [Int64] = []
    for line in lines(x.shape, axis) {
      let order = line.indices.sorted { (x.values[line[$0]], $1) > (x.values[line[$1]], $0) }.prefix(count)
      values += order.map { x.values[line[$0]] }
      places += order.map { Int64($0) }
    }
    return [DenseTensor(x.type, shape, floats: values), DenseTensor(.int64, shape, integers: places)]
  }

  func gatherElements() throws -> DenseTensor {
    guard let x = inputs[0], let indexShape = inputs[1]?.shape else {
      throw ReferenceRuntime.Failure(description: "no input")
    }
    let indices = try integers(1)
    let axis = axis(int("axis") ?? 0, x.shape)
    let (own, strides) = (Strides.of(x.shape), Strides.of(indexShape))
    let positions = indices.indices.map { position in
      x.shape.indices.reduce(0) { sum, k in
        let step = k == axis ? indices[position] : position / strides[k] % indexShape[k]
        return sum + step * own[k]
      }
    }
    return pick(x, positions, indexShape)
  }

  private func pick(_ x: DenseTensor, _ positions: [Int], _ shape: [Int]) -> DenseTensor {
    switch x.elements {
    case .floats(let values): DenseTensor(x.elementType, shape, floats: positions.map { values[$0] })
    case .integers(let values): DenseTensor(x.elementType, shape, integers: positions.map { values[$0] })
    }
  }

  /// Indices that name whole elements.
  func gatherND() throws -> DenseTensor {
    guard let x = inputs[0], let indexShape = inputs[1]?.shape else {
      throw ReferenceRuntime.Failure(description: "no input")
    }
    let indices = try integers(1)
    let strides = Strides.of(x.shape)
    let depth = strides.count
    let positions = (0..<(indices.count / depth)).map { row in
      (0..<depth).reduce(0) { $0 + indices[row * depth + $1] * strides[$1] }
    }
    return pick(x, positions, Array(indexShape.dropLast()))
  }

  func scatterND() throws -> DenseTensor {
    var x = try floats(0)
    let indices = try integers(1)
    let updates = try floats(2)
    let strides = Strides.of(x.shape)
    for (row, value) in updates.values.enumerated() {
      x.values[strides.indices.reduce(0) { $0 + indices[row * strides.count + $1] * strides[$1] }] = value
    }
    return DenseTensor(x.type, x.shape, floats: x.values)
  }

  func suppression() throws -> DenseTensor {
    let boxes = try floats(0)
    let scores = try floats(1)
    let limit = try integers(2)[0]
    let (iou, threshold) = (try floats(3).values[0], try floats(4).values[0])
    let (classes, count) = (scores.shape[1], scores.shape[2])
    var rows: [Int64] = []
    for image in 0..<scores.shape[0] {
      func box(_ i: Int) -> [Float] { (0..<4).map { boxes.values[(image * count + i) * 4 + $0] } }
      for label in 0..<classes {
        let own = (0..<count).map { scores.values[(image * classes + label) * count + $0] }
        var kept: [Int] = []
        for candidate in own.indices.filter({ own[$0] > threshold }).sorted(by: { (own[$0], $1) > (own[$1], $0) })
        where kept.count < limit && !kept.contains(where: { Self.overlap(box($0), box(candidate)) > iou }) {
          kept.append(candidate)
        }
        rows += kept.flatMap { [Int64(image), Int64(label), Int64($0)] }
      }
    }
    return DenseTensor(.int64, [rows.count / 3, 3], integers: rows)
  }

  static func overlap(_ a: [Float], _ b: [Float]) -> Float {
    let width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    let height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    let area = width * height
    return area / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - area)
  }
}
