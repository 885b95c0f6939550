internal import Glibc
public import Inference
package import ONNX
public import Tensors

/// A detector whose boxes are computed for candidates alone: the runtime executes the network without its box branch, and
/// for the anchors with a score above a limit the branch is computed here.
///
/// It has the inputs and outputs of the whole model. In its output (B, 4 + classes, anchors) the anchors without a score
/// above ``scoreLimit`` are zeros throughout; the others' numbers are the network's but for the order of sums.
public final class CandidateBoxEngine: Engine {
  /// What executes the network without the branch.
  public let base: any Engine
  /// An anchor whose scores are all at most this may be left out.
  public let scoreLimit: Float
  let computer: BoxComputer
  let levels: [(logits: String, features: String)]

  public let outputs: [TensorDescriptor]
  public var identity: EngineIdentity { base.identity }
  public var inputs: [TensorDescriptor] { base.inputs }
  public var metadata: [String: String] { base.metadata }
  public var preferredContextCount: Int { base.preferredContextCount }
  public var preferredBatchSize: Int { base.preferredBatchSize }

  /// Loads a model that was taken apart.
  ///
  /// - Parameter load: loads the model file at a path, which is there for the time of the call.
  /// - Throws: ``InferenceError``; what `load` throws.
  public convenience init(_ model: DetachedModel, load: (String) throws -> any Engine) throws {
    let file = try NamelessFile(model.bytes)
    // A limit of 0 leaves nothing out, until someone asks for a higher one.
    try self.init(try load(file.path), branch: model.branch, scoreLimit: 0)
  }

  /// - Parameters:
  ///   - base: the model that `branch` was taken out of, loaded.
  ///   - scoreLimit: 0 to 1.
  /// - Throws: ``InferenceError`` where `base` does not have the branch's outputs.
  package init(_ base: any Engine, branch: BoxBranch, scoreLimit: Float) throws(InferenceError) {
    for level in branch.levels {
      for (name, shape) in [
        (level.logits, [nil, branch.classCount, level.rows, level.columns]),
        (level.features, [nil, level.convolutions[0].inputCount, level.rows, level.columns]),
      ] {
        guard let found = base.outputs.first(where: { $0.name == name }), found.elementType == .float32,
          found.shape.rank == 4, found.shape.dimensions.dropFirst().map(\.length) == Array(shape.dropFirst())
        else {
          throw InferenceError(
            .modelUnsupported,
            "The network without its box branch has no output \(name) of \(shape.dropFirst().map { $0 ?? 0 }) float32; it "
              + "has \(base.outputs.map(\.description).joined(separator: ", ")).")
        }
      }
    }
    guard branch.output.elementType == .float32, let shape = branch.output.shape else {
      throw InferenceError(.modelUnsupported, "The output \(branch.output) is not float32 of known axes.")
    }
    self.base = base
    self.scoreLimit = scoreLimit
    computer = BoxComputer(branch)
    levels = branch.levels.map { ($0.logits, $0.features) }
    outputs = [TensorDescriptor(name: branch.output.name, shape: shape, elementType: .float32)]
  }

  private init(_ other: CandidateBoxEngine, scoreLimit: Float) {
    base = other.base
    computer = other.computer
    levels = other.levels
    outputs = other.outputs
    self.scoreLimit = scoreLimit
  }

  /// The same model for another limit.
  public func with(scoreLimit: Float) -> CandidateBoxEngine {
    scoreLimit == self.scoreLimit ? self : CandidateBoxEngine(self, scoreLimit: scoreLimit)
  }

  public func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext {
    CandidateBoxContext(self, try base.makeContext(maximumInputShapes: maximumInputShapes))
  }

  /// The limit in logits, a little lower, so that rounding leaves out nothing.
  var logitLimit: Float {
    guard scoreLimit > 0 else { return -.infinity }
    guard scoreLimit < 1 else { return 16 }
    return logf(scoreLimit / (1 - scoreLimit)) - 1e-3
  }
}
