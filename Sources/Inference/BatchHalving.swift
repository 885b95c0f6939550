internal import Tensors

extension Engine {
  /// Makes a context for the largest batch that the device has room for: where memory runs out, half the batch is tried,
  /// down to one.
  ///
  /// - Parameters:
  ///   - shapes: the largest shape of each input; axis 0 is the batch of all of them.
  ///   - onHalving: told each time, with the batch that did not fit, the one that is tried next, and the runtime's error.
  /// - Returns: the context and the batch it was made for.
  /// - Throws: the runtime's error where not even one image fits, where the batch is fixed, or where it was no lack of
  ///   memory.
  public func makeContext(
    halvingBatchOf shapes: [String: [Int]], onHalving: (_ tried: Int, _ next: Int, _ error: InferenceError) -> Void
  ) throws -> (context: any ExecutionContext, batch: Int) {
    let isFixed = inputs.contains { $0.shape.dimensions.first?.length != nil }
    var batch = shapes.values.compactMap(\.first).max() ?? 1
    var shapes = shapes
    while true {
      do {
        return (try makeContext(maximumInputShapes: shapes), batch)
      } catch let error as InferenceError where error.code == .outOfMemory && batch > 1 && !isFixed {
        let next = batch / 2
        onHalving(batch, next, error)
        shapes = shapes.mapValues { $0.isEmpty ? $0 : [next] + $0.dropFirst() }
        batch = next
      }
    }
  }
}
