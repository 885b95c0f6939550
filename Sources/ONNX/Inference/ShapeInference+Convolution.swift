internal import Tensors

extension ShapeInference {
  /// Convolutions, pooling, resizing and matrix products.
  static func inferConvolution(_ c: inout Context) -> Bool {
    switch c.node.op {
    case "Conv", "ConvInteger", "QLinearConv": convolution(&c)
    case "ConvTranspose": transposedConvolution(&c)
    case "MaxPool", "AveragePool", "LpPool":
      guard let kernel = c.node.ints("kernel_shape") else {
        c.fail("it has no kernel_shape")
        return true
      }
      window(&c, kernel: kernel.map { .fixed($0) }, channels: channels(c.input(0)))
      if c.outputs.count > 1 { c.outputs[1] = InferredTensor(elementType: .int64, shape: c.outputs[0].shape) }
    case "GlobalAveragePool", "GlobalMaxPool":
      c.outputs[0] = InferredTensor(
        elementType: c.input(0).elementType,
        shape: c.input(0).shape.map { shape in shape.enumerated().map { $0.offset < 2 ? $0.element : .fixed(1) } })
    case "Resize", "Upsample": resize(&c)
    case "MatMul", "MatMulInteger": matrixProduct(&c)
    case "Gemm": gemm(&c)
    case "DepthToSpace", "SpaceToDepth": blocks(&c)
    case "GridSample":
      c.outputs[0] = InferredTensor(elementType: c.input(0).elementType)
      if let x = c.input(0).shape, let grid = c.input(1).shape, x.count == 4, grid.count == 4 {
        c.outputs[0].shape = [x[0], x[1], grid[1], grid[2]]
      }
    default: return false
    }
    return true
  }

  private static func channels(_ tensor: InferredTensor) -> Extent {
    guard let shape = tensor.shape, shape.count > 1 else { return .unknown }
    return shape[1]
  }

  private static func convolution(_ c: inout Context) {
    // The quantized form has scales and zero points between: x, scale, zero, w, …
    let weightIndex = c.node.op == "QLinearConv" ? 3 : 1
    c.outputs[0].elementType = c.node.op == "ConvInteger" ? .int32 : c.input(0).elementType
    guard let weight = c.input(weightIndex).shape, weight.count >= 3 else {
      if let weight = c.input(weightIndex).shape { c.fail("its weight has rank \(weight.count), expected at least 3") }
      return
    }
    if c.node.op == "Conv", let x = c.input(0).elementType, let w = c.input(1).elementType, x != w {
      c.fail("its input is \(x) and its weight '\(c.node.inputs[1])' is \(w); both must be of one type")
    }
    if let shape = c.input(0).shape, shape.count >= 2, let found = shape[1].value, let perGroup = weight[1].value {
      let group = c.node.int("group") ?? 1
      let (expected, overflow) = perGroup.multipliedReportingOverflow(by: group)
      if overflow || expected != found {
        c.fail(
          "its input '\(c.node.inputs[0])' has \(found) channels, its weight '\(c.node.inputs[weightIndex])' takes \(perGroup) in each of \(group) groups"
        )
      }
    }
    if weightIndex == 1, let bias = c.input(2).shape, let found = bias.first?.value, let expected = weight[0].value,
      found != expected
    {
      c.fail("its bias '\(c.node.inputs[2])' has \(found) elements for \(expected) channels")
    }
    let kernel = c.node.ints("kernel_shape").map { $0.map { Extent.fixed($0) } } ?? Array(weight[2...])
    window(&c, kernel: kernel, channels: weight[0])
  }

  /// The output of a sliding window: floor((length + padding − dilation · (kernel − 1) − 1) / stride) + 1.
  private static func window(_ c: inout Context, kernel: [Extent], channels: Extent) {
    if c.outputs[0].elementType == nil { c.outputs[0].elementType = c.input(0).elementType }
    guard let shape = c.input(0).shape else { return }
    guard shape.count == kernel.count + 2 else {
      c.fail("its input '\(c.node.inputs[0])' has rank \(shape.count), its kernel of \(kernel.count) axes needs \(kernel.count + 2)")
      return
    }
    let spatial = kernel.count
    guard let strides = attribute(&c, "strides", count: spatial, fill: 1, minimum: 1),
      let dilations = attribute(&c, "dilations", count: spatial, fill: 1, minimum: 1),
      let pads = attribute(&c, "pads", count: spatial * 2, fill: 0, minimum: .min)
    else { return }
    let automatic = c.node.string("auto_pad") ?? "NOTSET"
    let roundsUp = c.node.int("ceil_mode") == 1
    var result = [shape[0], channels]
    for axis in 0..<spatial {
      let length = shape[axis + 2]
      let stride = Extent.fixed(strides[axis])
      if automatic == "SAME_UPPER" || automatic == "SAME_LOWER" {
        result.append((length + .fixed(strides[axis]) - .fixed(1)).dividedRoundingDown(by: stride))
        continue
      }
      let padding =
        automatic == "VALID" ? Extent.fixed(0) : Extent.fixed(pads[axis]) + .fixed(pads[axis + spatial])
      let reach = Extent.fixed(dilations[axis]) * (kernel[axis] - .fixed(1)) + .fixed(1)
      result.append(steps(length, padding - reach, stride: strides[axis], roundsUp: roundsUp))
      if let steps = result[axis + 2].value, steps <= 0 {
        c.fail("its window of \(reach) does not fit input '\(c.node.inputs[0])' of shape \(c.input(0))")
        return
      }
    }
    c.outputs[0].shape = result
  }

  /// floor((length + slack) / stride) + 1.
  private static func steps(_ length: Extent, _ slack: Extent, stride: Int, roundsUp: Bool) -> Extent {
    let raised = roundsUp ? slack + .fixed(stride) - .fixed(1) : slack
    return (length + raised).dividedRoundingDown(by: .fixed(stride)) + .fixed(1)
  }

  private static func attribute(_ c: inout Context, _ name: String, count: Int, fill: Int, minimum: Int) -> [Int]? {
    guard let values = c.node.ints(name) else { return [Int](repeating: fill, count: count) }
    guard values.count == count, values.allSatisfy({ $0 >= minimum }) else {
      c.fail("its \(name) are \(values), expected \(count) numbers\(minimum > 0 ? " of at least \(minimum)" : "")")
      return nil
    }
    return values
  }

  private static func transposedConvolution(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard let shape = c.input(0).shape, let weight = c.input(1).shape, shape.count == weight.count, shape.count > 2
    else { return }
    let spatial = shape.count - 2
    guard let strides = attribute(&c, "strides", count: spatial, fill: 1, minimum: 1),
      let dilations = attribute(&c, "dilations", count: spatial, fill: 1, minimum: 1),
      let pads = attribute(&c, "pads", count: spatial * 2, fill: 0, minimum: .min),
      let extra = attribute(&c, "output_padding", count: spatial, fill: 0, minimum: 0)
    else { return }
    var result = [shape[0], weight[1] * .fixed(c.node.int("group") ?? 1)]
    if let lengths = c.node.ints("output_shape"), lengths.count == spatial {
      result += lengths.map { .fixed($0) }
    } else if (c.node.string("auto_pad") ?? "NOTSET") != "NOTSET" {
      result += [Extent](repeating: .unknown, count: spatial)
    } else {
      for axis in 0..<spatial {
        let reach = Extent.fixed(dilations[axis]) * (weight[axis + 2] - .fixed(1)) + .fixed(1)
        let slack =
          Extent.fixed(extra[axis]) + reach - .fixed(pads[axis]) - .fixed(pads[axis + spatial])
          - .fixed(strides[axis])
        result.append(shape[axis + 2] * .fixed(strides[axis]) + slack)
      }
    }
    c.outputs[0].shape = result
  }

  private static func resize(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard let shape = c.input(0).shape else { return }
    // Operator set 10 and Upsample take (x, scales), later ones (x, roi, scales, sizes).
    let scalesIndex = c.node.op == "Upsample" || c.operatorSet < 11 ? 1 : 2
    let axes = c.node.ints("axes") ?? Array(shape.indices)
    guard axes.allSatisfy({ $0 >= -shape.count && $0 < shape.count }), axes.count <= shape.count else {
      c.fail("its axes \(axes) are outside a tensor of rank \(shape.count)")
      return
    }
    var result = shape
    func place(_ index: Int) -> Int { axes[index] < 0 ? axes[index] + shape.count : axes[index] }
    if scalesIndex == 2, c.hasInput(3) {
      guard c.node.string("keep_aspect_ratio_policy") ?? "stretch" == "stretch", let sizes = c.input(3).elements else {
        c.outputs[0].shape = shape.map { _ in .unknown }
        return
      }
      guard sizes.count == axes.count else {
        c.fail("its sizes '\(c.node.inputs[3])' have \(sizes.count) elements for \(axes.count) axes")
        return
      }
      for index in axes.indices { result[place(index)] = sizes[index] }
    } else if c.hasInput(scalesIndex) {
      guard scalesIndex < c.constants.count, let constant = c.constants[scalesIndex],
        let scales = try? constant.floats(), !scales.isEmpty
      else {
        c.outputs[0].shape = shape.map { _ in .unknown }
        return
      }
      guard scales.count == axes.count, scales.allSatisfy({ $0 > 0 && $0 < 1e6 }) else {
        c.fail("its scales '\(c.node.inputs[scalesIndex])' are \(scales.prefix(8)), expected \(axes.count) positive numbers")
        return
      }
      for index in axes.indices {
        let scale = scales[index]
        let length = shape[place(index)]
        if scale == scale.rounded() {
          result[place(index)] = length * .fixed(Int(scale))
        } else if let value = length.value {
          let scaled = (Float(value) * scale).rounded(.down)
          result[place(index)] = scaled < 0x1p31 ? .fixed(Int(scaled)) : .unknown
        } else if (1 / scale).rounded() == 1 / scale {
          result[place(index)] = length.dividedRoundingDown(by: .fixed(Int(1 / scale)))
        } else {
          result[place(index)] = .unknown
        }
      }
    } else {
      c.fail("it has neither scales nor sizes")
      return
    }
    c.outputs[0].shape = result
  }

  private static func matrixProduct(_ c: inout Context) {
    c.outputs[0].elementType = c.node.op == "MatMulInteger" ? .int32 : c.input(0).elementType
    if c.node.op == "MatMul", let a = c.input(0).elementType, let b = c.input(1).elementType, a != b {
      c.fail("its inputs are \(a) and \(b); both must be of one type")
    }
    guard var a = c.input(0).shape, var b = c.input(1).shape else { return }
    guard !a.isEmpty, !b.isEmpty else {
      c.fail("an input is a scalar")
      return
    }
    let (aIsVector, bIsVector) = (a.count == 1, b.count == 1)
    if aIsVector { a = [.fixed(1)] + a }
    if bIsVector { b += [.fixed(1)] }
    if let x = a[a.count - 1].value, let y = b[b.count - 2].value, x != y {
      c.fail("its inputs '\(c.node.inputs[0])' \(c.input(0)) and '\(c.node.inputs[1])' \(c.input(1)) do not fit: \(x) columns, \(y) rows")
      return
    }
    guard let batch = broadcast(Array(a.dropLast(2)), Array(b.dropLast(2))) else {
      c.fail("the outer axes of its inputs do not fit each other: \(c.input(0)), \(c.input(1))")
      return
    }
    c.outputs[0].shape = batch + (aIsVector ? [] : [a[a.count - 2]]) + (bIsVector ? [] : [b[b.count - 1]])
  }

  private static func gemm(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard var a = c.input(0).shape, var b = c.input(1).shape, a.count == 2, b.count == 2 else { return }
    if c.node.int("transA") ?? 0 != 0 { a.swapAt(0, 1) }
    if c.node.int("transB") ?? 0 != 0 { b.swapAt(0, 1) }
    if let x = a[1].value, let y = b[0].value, x != y {
      c.fail("its inputs do not fit: '\(c.node.inputs[0])' has \(x) columns, '\(c.node.inputs[1])' has \(y) rows")
      return
    }
    c.outputs[0].shape = [a[0], b[1]]
  }

  private static func blocks(_ c: inout Context) {
    c.outputs[0].elementType = c.input(0).elementType
    guard let shape = c.input(0).shape, shape.count == 4, let size = c.node.int("blocksize"), size > 0 else { return }
    let block = Extent.fixed(size)
    c.outputs[0].shape =
      c.node.op == "DepthToSpace"
      ? [
        shape[0], shape[1].dividedRoundingDown(by: block).dividedRoundingDown(by: block), shape[2] * block,
        shape[3] * block,
      ]
      : [
        shape[0], shape[1] * block * block, shape[2].dividedRoundingDown(by: block),
        shape[3].dividedRoundingDown(by: block),
      ]
  }
}
