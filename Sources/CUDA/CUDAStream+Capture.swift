extension CUDAStream {
  /// Begins to record what is put into the stream instead of running it.
  ///
  /// Until ``endCapture()``, which must come from the same thread: what this thread puts in becomes part of a graph. Other
  /// streams join where they wait for an event recorded on this one, and must be joined again the same way before the end.
  /// Not allowed meanwhile, on this thread: taking or freeing memory, waiting for the stream, asking whether it is idle;
  /// each fails and spoils the capture. Other threads are not concerned (the mode is thread-local). Memory that is not
  /// pinned must not be copied from, because the copy is done at each launch.
  ///
  /// - Throws: ``CUDAError``; `isNotSupported` with drivers before CUDA 10.1.
  public func beginCapture() throws(CUDAError) {
    let functions = context.functions
    let call = "cuStreamBeginCapture on \(context.device)"
    let begin = try functions.newer(functions.graphs.beginCapture, call, since: "10.1")
    guard startKeeping() else {
      throw functions.refusal(CUDAError.illegalState, call, "this stream is being captured already")
    }
    do {
      try context.calling { () throws(CUDAError) in
        // 1 is CU_STREAM_CAPTURE_MODE_THREAD_LOCAL.
        try functions.check(begin(handle, 1), call)
      }
    } catch {
      _ = stopKeeping()
      throw error
    }
  }

  /// Ends the recording and returns what was recorded.
  ///
  /// - Throws: ``CUDAError``, also where something put in could not be recorded or a joined stream was not joined again;
  ///   the stream is usable afterwards, and the recording is gone.
  public func endCapture() throws(CUDAError) -> CUDAGraph {
    let functions = context.functions
    let call = "cuStreamEndCapture on \(context.device)"
    let end = try functions.newer(functions.graphs.endCapture, call, since: "10.1")
    guard let modules = stopKeeping() else {
      throw functions.refusal(CUDAError.illegalState, call, "this stream is not being captured")
    }
    var graph: CUDAFunctions.Handle?
    try context.calling { () throws(CUDAError) in try functions.check(end(handle, &graph), call) }
    guard let graph else { throw functions.error(901, call) }
    return CUDAGraph(graph, modules: modules, in: context)
  }

  /// Records what `body` puts into the stream. Where `body` throws, the recording is dropped and the stream is as before.
  ///
  /// - Throws: ``CUDAError`` as ``beginCapture()`` and ``endCapture()``, and what `body` throws.
  public func captured(_ body: () throws -> Void) throws -> CUDAGraph {
    try beginCapture()
    do {
      try body()
    } catch {
      // The reason is what `body` met; that its capture cannot be ended well follows from it.
      _ = try? endCapture()
      throw error
    }
    return try endCapture()
  }

  /// Whether what is put into the stream is being recorded, by this package or another library, or was until something
  /// spoiled the recording.
  public func isCapturing() throws(CUDAError) -> Bool {
    guard let status = context.functions.graphs.captureStatus else { return false }
    return try context.calling { () throws(CUDAError) in
      var value: Int32 = 0
      try context.functions.check(status(handle, &value), "cuStreamIsCapturing on \(context.device)")
      return value != 0
    }
  }
}
