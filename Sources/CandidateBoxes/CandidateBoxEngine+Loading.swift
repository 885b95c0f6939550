internal import CSystem
internal import Glibc
public import Inference
internal import ONNX
public import Tensors

extension CandidateBoxEngine {
  /// Takes the box branch out of a model's file and loads what is left.
  ///
  /// - Parameters:
  ///   - modelPath: an `.onnx` file.
  ///   - size: height and width to run at, from the model's inputs and metadata.
  ///   - load: loads the model file at a path, which is there for the time of the call.
  /// - Throws: `ModelError` where the model has no box branch that is known; ``InferenceError``; what `size` and `load`
  ///   throw.
  public convenience init(
    modelPath: String, size: ([TensorDescriptor], [String: String]) throws -> (height: Int, width: Int),
    load: (String) throws -> any Engine
  ) throws {
    var model = try Model(path: modelPath)
    guard model.graph.initializers.reduce(0, { $0 + $1.storedByteCount }) < 1 << 30 else {
      throw InferenceError(.modelUnsupported, "The model \(modelPath) has weights of over a gigabyte.")
    }
    let inputs = model.graph.inputs.filter { input in !model.graph.initializers.contains { $0.name == input.name } }
    let descriptors = inputs.compactMap { input in
      input.elementType.flatMap { type in
        input.shape.map { TensorDescriptor(name: input.name, shape: $0, elementType: type) }
      }
    }
    let metadata = Dictionary(model.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let (height, width) = try size(descriptors, metadata)
    if descriptors.contains(where: { $0.shape.dimensions.dropFirst().contains { $0.length == nil } }) {
      try model.setSize(height: .fixed(height), width: .fixed(width))
    }
    let branch = try model.detachBoxBranch()
    let file = try NamelessFile(try model.serialized())
    // A limit of 0 leaves nothing out, until someone asks for a higher one.
    try self.init(try load(file.path), branch: branch, scoreLimit: 0)
  }
}

/// A file in memory, for runtimes that read models by path.
private struct NamelessFile: ~Copyable {
  private let descriptor: Int32
  var path: String { "/proc/self/fd/\(descriptor)" }

  init(_ bytes: [UInt8]) throws(InferenceError) {
    descriptor = swoop_nameless_file("swoop-model")
    guard descriptor >= 0 else { throw Self.failure(errno) }
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + start, $0.count - start) }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        let reason = errno
        close(descriptor)
        throw Self.failure(reason)
      }
      start += count
    }
  }

  deinit { close(descriptor) }

  private static func failure(_ reason: Int32) -> InferenceError {
    InferenceError(.modelUnreadable, "The model cannot be kept in memory: \(String(cString: strerror(reason))).")
  }
}
