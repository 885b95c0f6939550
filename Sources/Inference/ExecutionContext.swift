public import Tensors

/// One execution in flight: input and output memory of its own, over a shared ``Engine``.
///
/// Life of an execution: set the input shapes, write the input bytes, then either ``execute()`` (synchronous) or
/// ``enqueue()`` and later ``synchronize()`` (asynchronous), then read the outputs. At most one execution is in flight
/// per context. A context is owned by one lane at a time and may move between threads, but is never used by two at once;
/// input bytes alone may be *written* by several threads at once at disjoint places before the execution starts.
public protocol ExecutionContext: AnyObject, Sendable {
  /// Chooses the shape of an input for the executions that follow.
  ///
  /// Memory obtained earlier from ``inputBytes(named:)`` keeps its address and content as long as the new shape is not
  /// larger than the maximum the context was made with.
  ///
  /// - Throws: ``InferenceError`` if the model has no such input, or does not admit the shape.
  func setInputShape(_ shape: [Int], named name: String) throws

  /// The memory of an input at its current shape, dense and row-major, for the caller to fill.
  ///
  /// Owned by the context; valid until the context goes away or a larger shape is set. Must not be written while an
  /// execution is in flight.
  func inputBytes(named name: String) throws -> UnsafeMutableRawBufferPointer

  /// Runs and returns when the outputs are readable.
  func execute() throws

  /// Starts an execution and returns at once; ``synchronize()`` must follow before anything else is done.
  func enqueue() throws

  /// Waits for the execution that ``enqueue()`` started and throws the error it ended with, if it did.
  func synchronize() throws

  /// An output of the last execution. Valid until the next execution starts or the context goes away.
  func output(named name: String) throws -> TensorView
}
