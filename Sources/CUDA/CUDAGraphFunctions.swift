internal import DynamicLibrary

/// The driver's functions for graphs, all of which an older driver may lack. Handles are `CUgraph`, `CUgraphExec`,
/// `CUgraphNode` and `CUstream`.
struct CUDAGraphFunctions: Sendable {
  typealias Handle = CUDAFunctions.Handle
  typealias BeginCapture = @convention(c) (Handle?, Int32) -> Int32
  typealias EndCapture = @convention(c) (Handle?, UnsafeMutablePointer<Handle?>) -> Int32
  typealias CaptureStatus = @convention(c) (Handle?, UnsafeMutablePointer<Int32>) -> Int32
  typealias Instantiate = @convention(c) (UnsafeMutablePointer<Handle?>, Handle?, UInt64) -> Int32
  typealias InstantiateWithLog =
    @convention(c) (
      UnsafeMutablePointer<Handle?>, Handle?, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<CChar>?, Int
    ) -> Int32
  typealias Nodes = @convention(c) (Handle?, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<Int>) -> Int32
  typealias Update = @convention(c) (Handle?, Handle?, UnsafeMutableRawPointer) -> Int32
  typealias UpdateWithNode =
    @convention(c) (Handle?, Handle?, UnsafeMutablePointer<Handle?>, UnsafeMutablePointer<Int32>) -> Int32
  typealias Launch = @convention(c) (Handle?, Handle?) -> Int32
  typealias Destroy = @convention(c) (Handle?) -> Int32

  /// The form with a mode, since CUDA 10.1.
  let beginCapture: BeginCapture?
  let endCapture: EndCapture?
  let captureStatus: CaptureStatus?
  let nodes: Nodes?
  let destroy: Destroy?
  /// Since CUDA 11.4.
  let instantiate: Instantiate?
  /// Since CUDA 11.0, for drivers before 11.4.
  let instantiateWithLog: InstantiateWithLog?
  /// Since CUDA 12.0: takes a `CUgraphExecUpdateResultInfo`.
  let update: Update?
  /// Since CUDA 10.2, for drivers before 12.0.
  let updateWithNode: UpdateWithNode?
  let launch: Launch?
  let destroyExecutable: Destroy?

  init(_ library: DynamicLibrary) {
    beginCapture = library.symbol("cuStreamBeginCapture_v2", as: BeginCapture.self)
    endCapture = library.symbol("cuStreamEndCapture", as: EndCapture.self)
    captureStatus = library.symbol("cuStreamIsCapturing", as: CaptureStatus.self)
    nodes = library.symbol("cuGraphGetNodes", as: Nodes.self)
    destroy = library.symbol("cuGraphDestroy", as: Destroy.self)
    instantiate = library.symbol("cuGraphInstantiateWithFlags", as: Instantiate.self)
    instantiateWithLog = library.symbol("cuGraphInstantiate_v2", as: InstantiateWithLog.self)
    update = library.symbol("cuGraphExecUpdate_v2", as: Update.self)
    updateWithNode = library.symbol("cuGraphExecUpdate", as: UpdateWithNode.self)
    launch = library.symbol("cuGraphLaunch", as: Launch.self)
    destroyExecutable = library.symbol("cuGraphExecDestroy", as: Destroy.self)
  }
}
