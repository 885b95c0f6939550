internal import OpenVINO

/// What one engine asks of OpenVINO, and what it got.
struct OpenVINOSettings {
  let options: OpenVINOOptions
  /// `CPU (AMD EPYC 9R14)`.
  let deviceDescription: String
  let properties: [PropertyKey: String]
  let core: OpenVINOCore

  /// Checks the options against what the device has.
  init(_ options: OpenVINOOptions, core: OpenVINOCore) throws(InferenceError) {
    self.options = options
    self.core = core
    let deviceName: String
    do {
      deviceName = try core.property(.deviceName, of: options.device)
    } catch {
      let available = (try? core.availableDevices()) ?? []
      throw InferenceError(
        available.contains(options.device) ? .runtimeUnavailable : .optionUnsupported,
        "OpenVINO \(core.library.version) has no device \(options.device) here; "
          + (available.isEmpty
            ? "it finds none at all." : "there are: \(available.joined(separator: ", "))."),
        cause: error.description)
    }
    deviceDescription =
      deviceName.isEmpty ? options.device : "\(options.device) (\(Substring(deviceName).trimmedSpaces))"

    var properties: [PropertyKey: String] = [:]
    properties[.performanceMode] = options.goal == .throughput ? "THROUGHPUT" : "LATENCY"
    switch options.precision {
    case .fp32: properties[.inferencePrecision] = "f32"
    case .bf16: properties[.inferencePrecision] = "bf16"
    case .fp16: properties[.inferencePrecision] = "f16"
    case .auto: break
    }
    if let threads = options.threads {
      guard options.device == "CPU" else {
        throw InferenceError(
          .optionUnsupported,
          "A number of threads can be chosen for the device CPU only, not for \(options.device).")
      }
      guard threads > 0 else {
        throw InferenceError(.optionUnsupported, "\(threads) threads were asked for; at least 1 is needed.")
      }
      properties[.inferenceThreads] = String(threads)
    } else if options.device == "CPU", UsableProcessors.count < UsableProcessors.allowed {
      // OpenVINO counts processors and knows nothing of a container's quota.
      properties[.inferenceThreads] = String(UsableProcessors.count)
    }
    self.properties = properties
    if options.device == "CPU" {
      // Kernels for shapes seen before. OpenVINO's own limit of 5,000 lets a run over pictures of many sizes grow without
      // visible end: YOLOv8n took 1.2 GB after 400 batches of 288 different shapes, and 0.5 GB for good with this one, for
      // 16 % more processor time in that worst case. A model at few shapes needs far fewer. Versions that do not know the
      // property run as they do.
      try? core.setProperty(.kernelCacheCapacity, to: "1000", of: options.device)
    }
  }

  /// What a compiled model runs with, as OpenVINO tells it.
  struct Running {
    var precision: String
    var threadCount: Int?
    /// How many executions can be in progress at once.
    var requestCount: Int

    /// Whether one execution runs on several threads.
    var sharesThreads: Bool { (threadCount ?? 1) > requestCount }
  }

  /// - Throws: ``InferenceError`` of code `optionUnsupported` if the precision that runs is not the one asked for.
  func running(_ compiled: CompiledModel) throws(InferenceError) -> Running {
    let precision: String
    switch try? compiled.property(.inferencePrecision) {
    case "f32": precision = "fp32"
    case "bf16": precision = "bf16"
    case "f16": precision = "fp16"
    case let other: precision = other ?? "unknown"
    }
    if options.precision != .auto, precision != options.precision.rawValue {
      let native = (try? core.property(.capabilities, of: options.device)) ?? ""
      throw InferenceError(
        .optionUnsupported,
        "\(options.precision.rawValue) was asked for, but OpenVINO runs the model in \(precision): \(deviceDescription) "
          + "computes natively in \(native). Use fp32, or auto for what the device does best.")
    }
    let requests = (try? compiled.property(.optimalRequestCount)).flatMap { Int($0) } ?? 1
    let threads = (try? compiled.property(.inferenceThreads)).flatMap { Int($0) }
    return Running(precision: precision, threadCount: threads, requestCount: max(1, requests))
  }

  /// Compiles a model, or restores it from the cache.
  func compile(
    _ file: ModelFile, with core: OpenVINOCore
  ) throws(InferenceError) -> (CompiledModel, OpenVINOCacheOutcome) {
    guard let folder = options.cacheFolder else { return (try compileAnew(file), .off) }
    guard options.device == "CPU" else {
      return (try compileAnew(file), .notUsed("the device is \(options.device), not the CPU"))
    }
    return try OpenVINOCache(folder: folder, settings: self).compile(file)
  }

  /// Reads and compiles the model.
  func compileAnew(_ file: ModelFile) throws(InferenceError) -> CompiledModel {
    let model: Model
    do {
      model = try core.readModel(at: file.path)
    } catch {
      throw Self.refusal(of: file, error, "cannot read it")
    }
    do {
      return try core.compile(model, for: options.device, properties: properties)
    } catch {
      throw Self.refusal(of: file, error, "cannot compile it for \(deviceDescription)")
    }
  }

  /// Sorts out why OpenVINO refused a model.
  static func refusal(of file: ModelFile, _ error: OpenVINOError, _ what: String) -> InferenceError {
    if let operators = unsupportedOperators(in: error.message) {
      return InferenceError(
        .modelUnsupported,
        "The model \(file.path) uses \(operators), which OpenVINO does not implement. Export it without (plugins such as "
          + "EfficientNMS_TRT exist in TensorRT alone), or run it on the engine it was made for.",
        cause: error.description)
    }
    if error.message.contains("bad_alloc") || error.message.contains("allocate") {
      return InferenceError(
        .outOfMemory, "There is not enough memory for the model \(file.path).", cause: error.description)
    }
    return InferenceError(
      .modelInvalid, "The model \(file.path) is not usable: OpenVINO \(what).", cause: error.description)
  }

  /// The operators in OpenVINO's complaint, in its words: `the operator com.example.Sharpen`.
  static func unsupportedOperators(in message: String) -> String? {
    let beginnings = [
      "No conversion rule found for operations:", "OpenVINO does not support the following ONNX operations:",
      "does not support the following ONNX operations:", "Unsupported operation of type:",
    ]
    for beginning in beginnings {
      for line in message.split(separator: "\n") {
        guard let range = line.firstRange(of: beginning) else { continue }
        let names = line[range.upperBound...].trimmedSpaces
        guard !names.isEmpty else { continue }
        return names.contains(",") ? "the operators \(names)" : "the operator \(names)"
      }
    }
    return nil
  }
}

extension Substring {
  var trimmedSpaces: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else {
      return ""
    }
    return String(self[first...last])
  }
}
