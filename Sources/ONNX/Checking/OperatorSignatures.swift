/// How many inputs and outputs the known operators take, over all versions of the standard set.
///
/// Source: https://onnx.ai/onnx/operators/
enum OperatorSignatures {
  struct Signature {
    let inputs: ClosedRange<Int>
    let outputs: ClosedRange<Int>
    /// Attributes without which the operator means nothing.
    let required: [String]
  }

  private static let many = 1 << 20

  static let known: [String: Signature] = {
    var table: [String: Signature] = [:]
    func add(
      _ names: String, _ inputs: ClosedRange<Int>, _ outputs: ClosedRange<Int> = 1...1, required: [String] = []
    ) {
      for name in names.split(separator: " ") {
        table[String(name)] = Signature(inputs: inputs, outputs: outputs, required: required)
      }
    }
    add(
      """
      Relu LeakyRelu Sigmoid Tanh HardSigmoid HardSwish Softplus Exp Log Sqrt Erf Reciprocal Elu Selu Gelu Mish Softsign \
      Celu Round Sin Cos Softmax LogSoftmax Identity Neg Abs Floor Ceil Sign Not IsNaN IsInf Shape Size Flatten \
      Transpose GlobalAveragePool GlobalMaxPool NonZero ArgMax ArgMin DepthToSpace SpaceToDepth LpNormalization
      """, 1...1)
    add("Cast", 1...1, required: ["to"])
    add("Add Sub Mul Div Mod Pow Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor PRelu MatMul Expand", 2...2)
    add("Gather GatherElements GatherND GridSample", 2...2)
    add("Min Max Sum Mean", 1...many)
    add("Concat", 1...many, required: ["axis"])
    add("Where Range ScatterND OneHot", 3...3)
    add("ScatterElements Scatter", 3...3)
    add("Clip", 1...3)
    add("Conv", 2...3)
    add("ConvTranspose", 2...3)
    add("MaxPool", 1...1, 1...2, required: ["kernel_shape"])
    add("AveragePool LpPool", 1...1, required: ["kernel_shape"])
    add("Resize", 1...4)
    add("Upsample", 1...2)
    add("Gemm", 2...3)
    add("BatchNormalization", 5...5, 1...5)
    add("InstanceNormalization GroupNormalization", 3...3)
    add("LayerNormalization", 2...3, 1...3)
    add("Reshape", 1...2)
    add("Slice", 1...5)
    add("Split", 1...2, 1...many)
    add("Squeeze Unsqueeze", 1...2)
    add("Pad", 1...4)
    add("Tile", 2...3)
    add("Constant", 0...0)
    add("ConstantOfShape", 1...1)
    add("TopK", 1...2, 2...2)
    add(
      "ReduceMax ReduceMin ReduceMean ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare",
      1...2)
    add("NonMaxSuppression", 2...5)
    add("Dropout", 1...3, 1...2)
    add("QuantizeLinear DequantizeLinear", 2...3)
    return table
  }()
}
