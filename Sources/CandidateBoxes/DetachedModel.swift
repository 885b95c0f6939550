internal import Inference
internal import ONNX
public import Tensors

/// A model's file, taken apart: the network without its box branch, and the branch.
public struct DetachedModel: Sendable {
  let branch: BoxBranch
  /// The network that is left, as an ONNX file's bytes.
  let bytes: [UInt8]

  /// How many levels of anchors the branch has.
  public var levelCount: Int { branch.levels.count }

  /// Takes the box branch out of a model.
  ///
  /// - Parameters:
  ///   - modelPath: an `.onnx` file.
  ///   - size: height and width to run at, from the model's inputs and metadata.
  /// - Throws: `ModelError` where the file cannot be read, or the model has no box branch that is known; ``InferenceError``;
  ///   what `size` throws.
  public init(
    modelPath: String, size: ([TensorDescriptor], [String: String]) throws -> (height: Int, width: Int)
  ) throws {
    var model = try Model(path: modelPath)
    guard model.graph.initializers.reduce(0, { $0 + $1.storedByteCount }) < 1 << 30 else {
      throw InferenceError(.modelUnsupported, "The model \(modelPath) has weights of over a gigabyte.")
    }
    let constants = Set(model.graph.initializers.map(\.name))
    let descriptors = model.graph.inputs.filter { !constants.contains($0.name) }.compactMap { input in
      input.elementType.flatMap { type in
        input.shape.map { TensorDescriptor(name: input.name, shape: $0, elementType: type) }
      }
    }
    let metadata = Dictionary(model.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let (height, width) = try size(descriptors, metadata)
    if descriptors.contains(where: { $0.shape.dimensions.dropFirst().contains { $0.length == nil } }) {
      try model.setSize(height: .fixed(height), width: .fixed(width))
    }
    branch = try model.detachBoxBranch()
    bytes = try model.serialized()
  }
}
