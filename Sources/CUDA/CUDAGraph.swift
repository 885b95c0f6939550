internal import Synchronization

/// Work on a device as it was recorded from a stream; see ``CUDAStream/beginCapture()``. It does not run itself: it is made
/// into a ``CUDAGraphExecutable`` or brings one up to date.
///
/// It keeps the modules of the kernels that were launched through ``CUDAKernel`` on the captured stream. The memory that
/// the work reads and writes, and modules of kernels on streams that joined, are the caller's to keep, for as long as a
/// graph made of it is launched. Not to be used on two threads at once.
public final class CUDAGraph: @unchecked Sendable {
  // Sendable: immutable; the driver wants calls on one graph to come one after another, which is the caller's business.

  public let context: CUDAContext
  fileprivate let handle: CUDAFunctions.Handle
  fileprivate let modules: [CUDAModule]

  init(_ handle: CUDAFunctions.Handle, modules: [CUDAModule], in context: CUDAContext) {
    self.context = context
    self.handle = handle
    self.modules = modules
  }

  deinit {
    let handle = handle
    context.releasing("cuGraphDestroy on \(context.device)") { $0.graphs.destroy?(handle) ?? 0 }
  }

  /// The number of pieces of work: kernels, copies, fills.
  public func nodeCount() throws(CUDAError) -> Int {
    let functions = context.functions
    let call = "cuGraphGetNodes on \(context.device)"
    let nodes = try functions.newer(functions.graphs.nodes, call, since: "10.0")
    return try context.calling { () throws(CUDAError) in
      var count = 0
      try functions.check(nodes(handle, nil, &count), call)
      return count
    }
  }

  /// Prepares the work to be launched many times with the cost of one launch.
  ///
  /// Slow (milliseconds for hundreds of nodes): bringing an executable up to date with a graph of the same shape is faster.
  ///
  /// - Throws: ``CUDAError``; `isNotSupported` with drivers before CUDA 11.0.
  public func instantiate() throws(CUDAError) -> CUDAGraphExecutable {
    let functions = context.functions
    let call = "cuGraphInstantiate on \(context.device)"
    var executable: CUDAFunctions.Handle?
    if let instantiate = functions.graphs.instantiate {
      try context.calling { () throws(CUDAError) in
        try functions.check(instantiate(&executable, handle, 0), call)
      }
    } else {
      let instantiate = try functions.newer(functions.graphs.instantiateWithLog, call, since: "11.0")
      try context.calling { () throws(CUDAError) in
        try functions.check(instantiate(&executable, handle, nil, nil, 0), call)
      }
    }
    guard let executable else { throw functions.error(CUDAError.invalidValue, call) }
    return CUDAGraphExecutable(executable, modules: modules, in: context)
  }
}

/// Whether an executable graph took over another graph's work.
public enum CUDAGraphUpdate: Hashable, Sendable {
  /// It did: the next launch runs the new work.
  case done
  /// The new graph differs in more than can be changed. The executable is not to be launched; instantiate the new graph.
  case impossible(reason: String)
}

/// A graph that can be launched, many times, each time on any stream of its context.
///
/// Its launches never overlap one another. It keeps the modules that its graph keeps.
public final class CUDAGraphExecutable: @unchecked Sendable {
  // Sendable: immutable but for the mutex, under which all calls are made, because the driver does not order them.

  public let context: CUDAContext
  private let handle: CUDAFunctions.Handle
  private let modules: Mutex<[CUDAModule]>

  init(_ handle: CUDAFunctions.Handle, modules: [CUDAModule], in context: CUDAContext) {
    self.context = context
    self.handle = handle
    self.modules = Mutex(modules)
  }

  deinit {
    let handle = handle
    context.releasing("cuGraphExecDestroy on \(context.device)") { $0.graphs.destroyExecutable?(handle) ?? 0 }
  }

  /// Queues all the work of the graph on a stream.
  ///
  /// - Throws: ``CUDAError``, also of earlier work.
  public func launch(on stream: CUDAStream) throws(CUDAError) {
    let functions = context.functions
    let call = "cuGraphLaunch on \(context.device)"
    let launch = try functions.newer(functions.graphs.launch, call, since: "10.0")
    guard stream.context === context else {
      throw functions.refusal(
        CUDAError.invalidValue, call, "the stream belongs to \(stream.context.device), the graph to \(context.device)")
    }
    try modules.withLock { (modules) throws(CUDAError) in
      for module in modules { stream.willLaunch(module) }
      try context.calling { () throws(CUDAError) in try functions.check(launch(handle, stream.handle), call) }
    }
  }

  /// Takes over the work of a graph of the same shape: the same kinds of nodes in the same order, with other addresses,
  /// sizes and arguments. Launches that are queued already run the work that they were queued with.
  ///
  /// - Returns: whether that was possible. Where not, the caller instantiates the new graph instead.
  /// - Throws: ``CUDAError`` where the attempt itself failed; `isNotSupported` with drivers before CUDA 10.2.
  public func update(from graph: CUDAGraph) throws(CUDAError) -> CUDAGraphUpdate {
    let functions = context.functions
    let call = "cuGraphExecUpdate on \(context.device)"
    return try modules.withLock { (modules) throws(CUDAError) in
      var outcome: Int32 = 0
      let result = try context.calling { () throws(CUDAError) in
        if let update = functions.graphs.update {
          // CUgraphExecUpdateResultInfo: an enumeration and two handles.
          var information: (UInt64, UInt64, UInt64) = (0, 0, 0)
          let result = update(handle, graph.handle, &information)
          outcome = Int32(truncatingIfNeeded: information.0)
          return result
        }
        let update = try functions.newer(functions.graphs.updateWithNode, call, since: "10.2")
        var node: CUDAFunctions.Handle?
        return update(handle, graph.handle, &node, &outcome)
      }
      // 910 is CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE. Early drivers answer with success and say it by the outcome alone.
      if result == 910 || result == 0 && outcome != 0 { return .impossible(reason: Self.reason(outcome)) }
      try functions.check(result, call)
      modules = graph.modules
      return .done
    }
  }

  /// `CUgraphExecUpdateResult` in words.
  private static func reason(_ outcome: Int32) -> String {
    switch outcome {
    case 2: "the graphs differ in their nodes or in the order of these"
    case 3: "a node is of another kind"
    case 4, 7: "a node has another kernel, which this driver cannot exchange"
    case 5: "a node's parameters differ in a way that cannot be changed"
    case 6: "a node is of a kind that cannot be changed"
    case 8: "a node's attributes differ in a way that cannot be changed"
    default: "the driver gives the reason \(outcome), which this version does not know"
    }
  }
}
