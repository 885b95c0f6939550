internal import CUDA
internal import TensorRT
public import Tensors

/// An engine of TensorRT on one GPU: the engine that this package exists for.
///
/// Contexts share it, each with its own stream, pinned host memory and device memory. Engines of fixed and dynamic batch
/// run in both ways of execution; ``TensorRTContext`` says how.
public final class TensorRTEngine: Engine {
  public let identity: EngineIdentity
  public let inputs: [TensorDescriptor]
  public let outputs: [TensorDescriptor]
  public let metadata: [String: String]
  public let preferredContextCount: Int
  public let preferredBatchSize: Int

  /// The library and the GPU.
  public let device: TensorRTDevice
  /// What is known of the build, where the engine has a record.
  public let record: EngineRecord?

  /// Which optimization profiles the contexts have.
  let profiles: ProfileLeases
  // Optional only so that it can be freed while its device is current.
  private let held: HeldEngine
  var native: TensorRT.Engine { held.engine }

  /// Loads an engine's file.
  ///
  /// - Parameters:
  ///   - path: a plan, with or without a header of metadata before it.
  ///   - device: the library and the GPU; `nil` opens what is found.
  /// - Throws: ``InferenceError``. For a plan that does not fit the library or the GPU it says what the engine was built
  ///   with, what is here, and the command that builds it again.
  public convenience init(path: String, device: TensorRTDevice? = nil) throws {
    let file = try EngineFile(path: path)
    let device = try device ?? TensorRTDevice()
    try self.init(
      plan: file.plan, title: path, device: device, metadata: file.metadata, record: file.record, model: nil)
  }

  /// Loads what a build gave, without a file.
  ///
  /// - Parameter title: what errors call the engine: the model's path.
  /// - Throws: ``InferenceError``.
  public convenience init(_ build: TensorRTBuild.Result, title: String, device: TensorRTDevice) throws {
    let model = try? ModelFile(path: title)
    try self.init(
      copying: build.plan, title: title, device: device, metadata: build.record.metadata, record: build.record,
      model: model)
  }

  private convenience init(
    copying plan: Plan, title: String, device: TensorRTDevice, metadata: [String: String], record: EngineRecord?,
    model: ModelFile?
  ) throws {
    // The initialiser cannot be called from within a closure, so the plan's bytes are taken out of theirs; the plan is
    // kept until it has been loaded.
    let bytes = plan.withUnsafeBytes { $0 }
    try self.init(plan: bytes, title: title, device: device, metadata: metadata, record: record, model: model)
    withExtendedLifetime(plan) {}
  }

  /// - Parameters:
  ///   - title: what errors call the engine: its path.
  ///   - model: the model it was built from, where it is at hand: plans keep neither the order of the model's tensors
  ///     nor the names of its axes.
  init(
    plan: UnsafeRawBufferPointer, title: String, device: TensorRTDevice, metadata: [String: String],
    record: EngineRecord?, model: ModelFile?
  ) throws(InferenceError) {
    self.device = device
    self.metadata = metadata
    self.record = record
    let engine: TensorRT.Engine
    var pluginProblem: TensorRTError?
    do {
      engine = try device.cuda.withCurrent {
        let runtime = try Runtime(device.library)
        // Most engines need none; for one that does, the reason why they are missing is worth telling.
        if device.library.kind == .full {
          do throws(TensorRTError) {
            try device.library.loadStandardPlugins()
          } catch {
            pluginProblem = error
          }
        }
        try EngineCode.load(EngineCode.plugins, with: runtime)
        // Such plans carry code that runs in this process, so TensorRT wants to be asked. A record that is of this very
        // plan says that it was built so; for plans without one the user has to say it.
        if record?.isVersionCompatible == true || EngineCode.isHostCodeAllowed {
          try runtime.setHostCodeAllowed(true)
        }
        return try runtime.deserialize(plan)
      }
    } catch let error as TensorRTError where error.code == .planRefused {
      throw Self.refused(title, error, device, record, pluginProblem)
    } catch let error as TensorRTError {
      throw InferenceError(error, "The engine \(title) was not loaded.")
    } catch {
      throw InferenceError(.runtimeUnavailable, "The engine \(title) was not loaded: \(error)")
    }
    held = HeldEngine(engine, on: device)
    try Self.check(engine, title)
    inputs = Self.describe(engine.tensors.filter { $0.mode == .input }, as: model?.inputs ?? [])
    outputs = Self.describe(engine.tensors.filter { $0.mode == .output }, as: model?.outputs ?? [])
    let version = device.library.version
    identity = EngineIdentity(
      runtime: "tensorrt", version: version.product == .rtx ? "RTX \(version.number)" : version.number,
      device: device.device.description, precision: record?.precision ?? "mixed")
    profiles = ProfileLeases(of: engine, isOurs: record != nil)
    // One batch is copied while another is computed.
    preferredContextCount = profiles.areShared ? 2 : min(2, max(1, engine.optimizationProfileCount))
    let first = engine.tensors.first { $0.mode == .input }
    if let batch = first?.shape.first, batch > 0 {
      preferredBatchSize = batch
    } else if let first, let optimum = try? engine.profileShape(of: first.name, profile: 0, .optimum).first {
      preferredBatchSize = max(1, optimum)
    } else {
      preferredBatchSize = 1
    }
  }

  /// Makes a context with its own stream and memory on the host and the device.
  ///
  /// - Throws: ``InferenceError``; `outOfMemory` where the device has no room, see
  ///   ``Engine/makeContext(halvingBatchOf:from:onHalving:)``.
  public func makeContext(maximumInputShapes: [String: [Int]]) throws -> any ExecutionContext {
    try makeDeviceContext(maximumInputShapes: maximumInputShapes)
  }

  /// As ``makeContext(maximumInputShapes:)``, for callers that work on the device.
  public func makeDeviceContext(maximumInputShapes: [String: [Int]]) throws -> any DeviceExecutionContext {
    try TensorRTContext(engine: self, maximumInputShapes: maximumInputShapes)
  }

  /// A tensor of the engine by name and mode.
  func tensor(_ name: String) -> EngineTensor? { native.tensor(named: name) }

  /// The tensors in the model's order and with its names for axes, as far as it knows them.
  private static func describe(_ tensors: [EngineTensor], as known: [ONNXSummary.Tensor]) -> [TensorDescriptor] {
    let order = Dictionary(known.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let sorted = tensors.enumerated().sorted {
      (order[$0.element.name] ?? .max, $0.offset) < (order[$1.element.name] ?? .max, $1.offset)
    }
    return sorted.map { _, tensor in
      var descriptor = tensor.descriptor
      if let index = order[tensor.name], let names = known[index].axisNames, names.count == tensor.shape.count {
        descriptor.shape = TensorShape(
          zip(tensor.shape, names).map { $0 < 0 ? .dynamic(name: $1.flatMap { $0.isEmpty ? nil : $0 }) : .fixed($0) })
      }
      return descriptor
    }
  }

  private static func check(_ engine: TensorRT.Engine, _ title: String) throws(InferenceError) {
    guard !engine.hasImplicitBatch else {
      throw InferenceError(
        .modelUnsupported,
        "The engine \(title) has an implicit batch, as engines made without ONNX by TensorRT 7 and older ways do. Build it again from the ONNX model: swoop build."
      )
    }
    for tensor in engine.tensors {
      guard tensor.format == .linear else {
        throw InferenceError(
          .modelUnsupported,
          "The engine \(title) has the tensor \(tensor.name) in the format \(tensor.formatDescription); only row-major tensors are supported. Build it without a choice of formats for inputs and outputs."
        )
      }
      guard tensor.elementType.byteCount != nil else {
        throw InferenceError(
          .modelUnsupported,
          "The engine \(title) has the tensor \(tensor.name) of type \(tensor.elementType), which is not supported.")
      }
      guard !(tensor.mode == .input && tensor.isOnHost) else {
        throw InferenceError(
          .modelUnsupported,
          "The engine \(title) takes the shape tensor \(tensor.name), whose values decide shapes; such models are not supported. Export the model with shapes that follow from its pictures."
        )
      }
    }
    let modes = engine.tensors.map(\.mode)
    guard modes.contains(.input), modes.contains(.output) else {
      throw InferenceError(.modelInvalid, "The engine \(title) has no input, or no output.")
    }
  }

  private static func refused(
    _ title: String, _ error: TensorRTError, _ device: TensorRTDevice, _ record: EngineRecord?,
    _ pluginProblem: TensorRTError?
  ) -> InferenceError {
    let built =
      record.map { "It was built with \($0.builtWith)." }
      ?? "There is no record beside it that says what it was built with."
    let here =
      "Here are \(device.library.version) and \(device.device.name) (compute capability \(device.device.computeCapability))."
    let again = record?.buildCommand(engine: title) ?? "swoop build MODEL.onnx -o \(title)"
    let code = missingCode(error.cause.lowercased(), record, pluginProblem)
    return InferenceError(
      .modelInvalid,
      """
      The engine \(title) cannot be loaded here: engines run with the TensorRT and on the kind of GPU they were built \
      for. \(error.message) \(built) \(here)\(code) Build it again: \(again)
      """, cause: error.cause)
  }

  /// What to do where TensorRT misses a plugin or the permission to run a plan's code; empty where it says neither.
  private static func missingCode(_ cause: String, _ record: EngineRecord?, _ pluginProblem: TensorRTError?) -> String {
    var text = ""
    // Plugins are missed by name; other refusals have nothing to do with them.
    if cause.contains("plugin") {
      if let pluginProblem { text += " TensorRT's own plugins were not loaded: \(pluginProblem.message)" }
      let libraries = (record?.settings ?? []).filter { $0.name == "plugin" }.map(\.value)
      text +=
        libraries.isEmpty
        ? " If it needs plugins of others, name their libraries in \(EngineCode.pluginVariable)."
        : " It was built with plugins: set \(EngineCode.pluginVariable)=\(libraries.joined(separator: ":"))."
    }
    if cause.contains("host"), cause.contains("code") {
      text += """
         The plan carries code that would run in this process: set \(EngineCode.hostCodeVariable)=1 if you trust where it \
        is from.
        """
    }
    return text
  }
}

/// Frees an engine with its device current: TensorRT frees device memory of whatever device is.
private final class HeldEngine: @unchecked Sendable {
  // Sendable: written in init and deinit only.
  private var held: TensorRT.Engine?
  private let device: TensorRTDevice

  init(_ engine: TensorRT.Engine, on device: TensorRTDevice) {
    held = engine
    self.device = device
  }

  var engine: TensorRT.Engine {
    guard let held else { preconditionFailure("the engine is emptied in deinit only") }
    return held
  }

  deinit {
    // A device that cannot be made current is lost, and its memory with it.
    try? device.cuda.withCurrent { held = nil }
  }
}
