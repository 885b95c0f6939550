package import Tensors

/// A network's output in device memory: row-major, densely packed, axis 0 the batch.
package struct DeviceOutput: Hashable, Sendable {
  /// The tensor's name; heads find their tensors by it.
  package var name: String
  /// The device address of the first element, aligned to an element.
  package var address: UInt64
  /// The length of each axis, outermost first.
  package var shape: [Int]
  package var elementType: ElementType

  package init(name: String, address: UInt64, shape: [Int], elementType: ElementType) {
    self.name = name
    self.address = address
    self.shape = shape
    self.elementType = elementType
  }
}
