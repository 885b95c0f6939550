internal import CUDA
public import TensorRT

/// Engines that were built from models, kept from run to run.
///
/// An entry is found by everything its engine depends on: the model's content, the GPU, the driver, TensorRT's version, the
/// profile and the settings. It carries the same again, and a checksum, inside, so that a stale, misplaced or damaged file
/// is built anew and never loaded. Files come to their names by a rename, so that none is ever seen half-written, and
/// builders of one entry wait for one another, in this process and in others.
public struct TensorRTEngineCache: Sendable {
  /// What came of the cache.
  public enum Outcome: Sendable, Hashable {
    case loaded(String)
    case built(String)
    /// It was built, but could not be kept, for this reason.
    case notKept(String)
  }

  public let folder: String

  /// - Parameter folder: where entries are kept; made when the first one is. Files in it may be deleted at any time.
  public init(folder: String) { self.folder = folder }

  /// The engine for a model on a device: from the cache, or built and put there.
  ///
  /// - Parameters:
  ///   - progress: called while it is built, and while another builder of the same engine is waited for; `false` stops the
  ///     build or the wait.
  ///   - waiting: called once when another builder is waited for.
  ///   - building: called once when the engine is about to be built here.
  /// - Throws: ``InferenceError``; a build or wait that was stopped throws `executionFailed`.
  public func engine(
    for source: TensorRTBuild.Source, on device: TensorRTDevice, options: TensorRTBuildOptions,
    program: String = "swoop",
    progress: (@Sendable (BuildProgress) -> Bool)? = nil, waiting: () -> Void = {},
    building: () -> Void = {}
  ) throws -> (engine: TensorRTEngine, outcome: Outcome) {
    let key = Self.key(source, device, options)
    var hash = ContentHash()
    hash.add(key)
    let path = "\(folder)/\(hash.hexadecimal).engine"
    let model = try ModelFile(path: source.path)
    // A readable entry needs no lock: it came to its name whole.
    if let engine = try load(path, key, device, model) { return (engine, .loaded(path)) }
    let lock = try FileLock(path: "\(folder)/\(hash.hexadecimal).lock", folder: folder) { attempt in
      if attempt == 0 { waiting() }
      return progress?(BuildProgress(event: .step, phase: "Waiting for another builder", step: 0, stepCount: 1)) ?? true
    }
    // Whoever had the lock before may have built it.
    if lock.isHeld, let engine = try load(path, key, device, model) { return (engine, .loaded(path)) }
    var build = try TensorRTBuild(library: device.library, device: device)
    build.program = program
    building()
    let result = try build.build(source, options: options, progress: progress)
    var reason = lock.reason
    if reason == nil {
      do throws(InferenceError) {
        let prefix = EngineFile.lengthPrefixed(
          .object([.init("key", .string(key)), .init("record", result.record.value)]))
        try result.plan.withUnsafeBytes { bytes throws(InferenceError) in
          try EngineFile.write(prefix, bytes, to: path)
        }
      } catch {
        reason = error.message
      }
    }
    let engine = try result.plan.withUnsafeBytes { plan in
      try TensorRTEngine(
        plan: plan, title: source.path, device: device, metadata: result.record.metadata, record: result.record,
        model: model)
    }
    withExtendedLifetime(lock) {}
    return (engine, reason.map { .notKept($0) } ?? .built(path))
  }

  /// Everything that the engine depends on, in words.
  static func key(_ source: TensorRTBuild.Source, _ device: TensorRTDevice, _ options: TensorRTBuildOptions) -> String {
    let gpu = device.gpu
    // Two GPUs of one kind share an engine; the driver may compile differently, so its version counts.
    return
      ([
        "swoop engine cache 1", "model \(source.digest)", "gpu \(gpu.name) \(gpu.computeCapability)",
        "driver \(gpu.driver)",
        "tensorrt \(device.library.version)",
      ] + options.commandLine.map { "\($0.name) \($0.value)" }).joined(separator: "\n")
  }

  /// An entry that is whole and what was asked for; `nil` for anything else.
  ///
  /// - Throws: where the GPU has no memory for it: to build it anew would take minutes, and more memory.
  private func load(
    _ path: String, _ key: String, _ device: TensorRTDevice, _ model: ModelFile
  ) throws(InferenceError) -> TensorRTEngine? {
    guard let file = try? MappedFile(path: path), let header = EngineFile.header(of: file.bytes),
      header.value["key"]?.string == key, let record = header.value["record"].flatMap({ EngineRecord($0) })
    else { return nil }
    let plan = UnsafeRawBufferPointer(rebasing: file.bytes[header.end...])
    guard record.isOf(plan) else { return nil }
    do throws(InferenceError) {
      return try TensorRTEngine(
        plan: plan, title: path, device: device, metadata: record.metadata, record: record, model: model)
    } catch {
      if error.code == .outOfMemory { throw error }
      // A plan that the library refuses after all is stale in a way that the key does not show: build it anew.
      return nil
    }
  }
}
