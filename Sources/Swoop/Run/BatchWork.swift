/// What a ``BatchPipeline`` does with each item, stage by stage. The pipeline decides when and on which thread.
///
/// Every method may be called from several threads at once, for different items, slots and rows.
package protocol BatchWork: Sendable {
  /// What the source yields.
  associatedtype Item: Sendable
  /// An item that is decoded and waits for, or has, its place in a batch.
  associatedtype Image: Sendable
  /// The input shape of an image; images of one batch share it.
  associatedtype Shape: Hashable, Sendable
  /// What the sink gets.
  associatedtype Output: Sendable
  /// What one worker thread reuses from image to image.
  associatedtype Scratch

  /// How many executions may be in flight, each with its own slot; at least 1.
  var slotCount: Int { get }
  /// Rows of a slot: the batch size; at least 1.
  var slotCapacity: Int { get }
  /// Whether ``render(_:of:scratch:)`` does anything. If not, it is not called and images are let go early.
  var renders: Bool { get }
  /// Whether a slot may be lost (``SlotLoss``), so that items are kept until their output is there.
  var keepsItems: Bool { get }

  /// Makes a slot ready, on the thread that will run it, before the first item is read.
  ///
  /// - Throws: ``SlotLoss`` where the slot is lost; any other error ends the run.
  func prepareLane(_ slot: Int) throws

  func makeScratch() -> Scratch

  /// Reads and decodes. An item that fails is an output at once: it takes no place in a batch.
  func prepare(_ item: Item, scratch: inout Scratch) -> Prepared<Image, Shape, Output>

  /// Writes an image into its row of a slot.
  ///
  /// - Throws: ``SlotLoss`` where the slot is lost; any other error ends the run.
  func write(_ image: Image, shape: Shape, slot: Int, row: Int, scratch: inout Scratch) throws

  /// Runs the network on the first `count` rows of a slot and returns when its outputs can be read.
  ///
  /// - Throws: ``SlotLoss`` where the slot is lost; any other error ends the run.
  func infer(slot: Int, shape: Shape, count: Int) throws

  /// Makes the output of one row. The slot's outputs are valid until the last row of it has been finished.
  func finish(_ image: Image, slot: Int, row: Int) throws -> Output

  /// Does what still needs the image's pixels, on a worker.
  func render(_ output: Output, of image: Image, scratch: inout Scratch) throws -> Output
}

/// What became of an item after reading and decoding.
package enum Prepared<Image, Shape, Output> {
  case image(Image, Shape)
  case output(Output)
}

extension BatchWork {
  package var keepsItems: Bool { false }

  package func prepareLane(_ slot: Int) throws {}
}

/// A slot is lost for good, with the device behind it; thrown by ``BatchWork/prepareLane(_:)``,
/// ``BatchWork/write(_:shape:slot:row:scratch:)`` and ``BatchWork/infer(slot:shape:count:)``. Its images go through the stages again, in other slots.
package struct SlotLoss: Error {
  /// Why, for the case that no slot is left.
  package var reason: any Error

  package init(_ reason: any Error) { self.reason = reason }
}
