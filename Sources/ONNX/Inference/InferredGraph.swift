package import Tensors

/// What is known of a tensor without running the model.
package struct InferredTensor: Sendable {
  /// `nil` where the element type is not known.
  package var elementType: ElementType?
  /// The length of each axis, or `nil` where not even the rank is known.
  package var shape: [Extent]?
  /// The elements of a small integer or boolean tensor, as shape computations pass around, in row-major order.
  package var elements: [Extent]?

  package init(elementType: ElementType? = nil, shape: [Extent]? = nil, elements: [Extent]? = nil) {
    self.elementType = elementType
    self.shape = shape
    self.elements = elements
  }

  /// The number of elements as an extent.
  package var count: Extent {
    shape.map { $0.reduce(.fixed(1), *) } ?? .unknown
  }
}

extension InferredTensor: CustomStringConvertible {
  /// `(batch, 3, 640, 640) float32`.
  package var description: String {
    let shape = shape.map { "(\($0.map { "\($0)" }.joined(separator: ", ")))" } ?? "(shape unknown)"
    return "\(shape) \(elementType.map { "\($0)" } ?? "(type unknown)")"
  }
}

/// A contradiction found while inferring shapes: a node whose inputs do not fit each other or its attributes.
package struct InferenceIssue: Hashable, Sendable {
  /// The node's position in the graph.
  package var node: Int
  /// Names the node and the tensors, and says what was found and what was expected.
  package var message: String
}

/// The types and shapes of a graph's tensors.
package struct InferredGraph: Sendable {
  /// By tensor name: inputs, initializers and outputs of nodes.
  package internal(set) var tensors: [String: InferredTensor] = [:]
  package internal(set) var issues: [InferenceIssue] = []
  /// Positions of nodes whose operator is not known here, so that their outputs have no shape.
  package internal(set) var unknownOperators: [Int] = []

  package subscript(name: String) -> InferredTensor { tensors[name] ?? InferredTensor() }
}
