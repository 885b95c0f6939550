internal import Detection
internal import Inference
public import Tensors

/// Height and width of a network's input, in pixels.
public struct InputSize: Hashable, Sendable, CustomStringConvertible {
  /// Pixels from top to bottom.
  public var height: Int
  /// Pixels from left to right.
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// `640` for a square, `480x640` (height first, as exporters write it) otherwise.
  public var description: String { height == width ? "\(height)" : "\(height)x\(width)" }

  /// Reads `640` or `480x640`, height first; `nil` for anything else and for sides outside 1…65,536.
  public init?(_ text: String) {
    let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(sides.count), let height = sides[0], let width = sides[sides.count - 1],
      (1...65_536).contains(height), (1...65_536).contains(width)
    else { return nil }
    self.init(height: height, width: width)
  }
}

/// What a detector writes into its network's input tensor: found once from the model, then the same for every batch.
public struct InputPlan: Hashable, Sendable {
  /// The order of the axes.
  public enum Layout: Hashable, Sendable {
    /// (batch, channel, height, width), planes of red, green, blue.
    case nchw
    /// (batch, height, width, channel), interleaved bytes: what `swoop convert --input uint8-nhwc` makes.
    case nhwc
  }

  /// The tensor's name.
  public var name: String
  public var layout: Layout
  /// float32 or float16 in 0…1, or uint8 in 0…255.
  public var elementType: ElementType
  /// The number of images a batch must have, or `nil` where each execution chooses.
  public var fixedBatch: Int?
  /// The canvas that pictures are placed on; for a rectangle run the largest.
  public var size: InputSize
  /// Whether the model takes other heights and widths too.
  public var isSizeDynamic: Bool

  /// The shape of an input tensor with `batch` images of a canvas.
  public func shape(batch: Int, canvas: InputSize) -> [Int] {
    switch layout {
    case .nchw: [batch, 3, canvas.height, canvas.width]
    case .nhwc: [batch, canvas.height, canvas.width, 3]
    }
  }

  /// The size in bytes of one image's part of the input tensor.
  public func byteCount(canvas: InputSize) -> Int {
    3 * canvas.height * canvas.width * (elementType.byteCount ?? 0)
  }

  /// Finds the plan for a model's inputs.
  ///
  /// - Parameters:
  ///   - inputs: what the engine declares.
  ///   - size: what the user asks for, or `nil` for the model's own.
  ///   - metadataSize: what the exporter embedded (`imgsz`).
  ///   - stride: sides are multiples of it where the model leaves them open.
  /// - Throws: ``InferenceError`` with code `tensorMismatch` that names the tensor, what was found and what is needed.
  public init(inputs: [TensorDescriptor], size: InputSize?, metadataSize: InputSize?, stride: Int) throws {
    guard let input = inputs.first, inputs.count == 1 else {
      let found =
        inputs.isEmpty ? "none" : "\(inputs.count): " + inputs.map(\.description).joined(separator: "; ")
      throw InferenceError(
        .tensorMismatch, "A detector's network takes one input, the pictures. This model has \(found).")
    }
    let shape = input.shape
    guard shape.rank == 4 else {
      throw InferenceError(
        .tensorMismatch,
        "The input \(input) has \(shape.rank) axes; needed are four: (batch, 3, height, width) or, for uint8, "
          + "(batch, height, width, 3).")
    }
    name = input.name
    elementType = input.elementType
    let takesBytes = input.elementType == .uint8
    switch (shape[1].length, shape[3].length) {
    case (3, _): layout = .nchw
    case (_, 3) where takesBytes: layout = .nhwc
    case (nil, let last) where last != 3: layout = .nchw
    default:
      throw InferenceError(
        .tensorMismatch,
        "The input \(input) has no axis of 3 colour channels where one is needed: (batch, 3, height, width) or, for "
          + "uint8, (batch, height, width, 3). Models for grey or multispectral pictures are not supported.")
    }
    guard [.float32, .float16, .uint8].contains(input.elementType) else {
      throw InferenceError(
        .tensorMismatch,
        "The input \(input) has element type \(input.elementType); pictures can be written as float32 or float16 "
          + "(0…1) or uint8 (0…255).")
    }
    guard shape[0].length != 0 else {
      throw InferenceError(.tensorMismatch, "The input \(input) has a batch of 0.")
    }
    fixedBatch = shape[0].length

    let heightAxis = layout == .nchw ? 2 : 1
    let declared = (height: shape[heightAxis].length, width: shape[heightAxis + 1].length)
    isSizeDynamic = declared.height == nil && declared.width == nil
    let wanted = size ?? metadataSize ?? InputSize(height: 640, width: 640)
    self.size = InputSize(
      height: declared.height ?? Self.roundUp(wanted.height, to: stride),
      width: declared.width ?? Self.roundUp(wanted.width, to: stride))
    guard self.size.height > 0, self.size.width > 0 else {
      throw InferenceError(.tensorMismatch, "The input \(input) has a side of length 0.")
    }
    if let size, size != self.size {
      let isFixed = declared.height != nil || declared.width != nil
      throw InferenceError(
        .tensorMismatch,
        isFixed
          ? "The size \(size) was asked for, but the input \(input) is fixed to \(self.size). "
            + "Leave --size out, or export the model with that size or with dynamic axes."
          : "The size \(size) is not a multiple of the model's stride, \(stride). The next that is: \(self.size).")
    }
  }

  private static func roundUp(_ length: Int, to stride: Int) -> Int {
    (length + stride - 1) / stride * stride
  }
}

extension InputPlan {
  /// The plan for a model under a configuration.
  ///
  /// - Throws: as ``init(inputs:size:metadataSize:stride:)``.
  init(inputs: [TensorDescriptor], metadata: ModelMetadata, configuration: DetectorConfiguration) throws {
    try self.init(
      inputs: inputs, size: configuration.size,
      metadataSize: metadata.inputSize.map { InputSize(height: $0.height, width: $0.width) },
      stride: metadata.stride ?? 32)
  }
}
