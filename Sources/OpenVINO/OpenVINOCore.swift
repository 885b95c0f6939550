internal import COpenVINO

/// Reads models and compiles them for devices; OpenVINO's `Core`.
///
///     let core = try OpenVINOCore(library: .open())
///     let model = try core.readModel(at: "yolov8n.onnx")
///     let compiled = try core.compile(model, for: "CPU", properties: [.inferencePrecision: "f32"])
///     let request = try compiled.makeRequest()
///
/// Safe to use from several threads at once.
public final class OpenVINOCore: Sendable {
  public let library: OpenVINOLibrary
  nonisolated(unsafe) let handle: OpaquePointer

  /// Makes a core with properties of its own.
  public init(library: OpenVINOLibrary) throws(OpenVINOError) {
    self.library = library
    handle = try library.make("ov_core_create") { library.functions.coreCreate($0) }
  }

  deinit { library.functions.coreFree(handle) }

  /// The devices that can run models now: `CPU`, `GPU`, `GPU.1`, `NPU`.
  ///
  /// Asking loads every plugin there is, which takes a moment the first time.
  public func availableDevices() throws(OpenVINOError) -> [String] {
    var list = ov_available_devices()
    try library.check("ov_core_get_available_devices", library.functions.coreDevices(handle, &list))
    defer { library.functions.devicesFree(&list) }
    return UnsafeBufferPointer(start: list.devices, count: list.devices == nil ? 0 : list.size)
      .compactMap { $0.map { String(cString: $0) } }
  }

  /// A property of a device, in OpenVINO's textual form.
  public func property(_ key: PropertyKey, of device: String) throws(OpenVINOError) -> String {
    try library.string("ov_core_get_property") {
      library.functions.coreGetProperty(handle, device, key.rawValue, $0)
    }
  }

  /// Sets a property of a device, or of every device where `device` is `nil`, for what is compiled or imported later.
  public func setProperty(_ key: PropertyKey, to value: String, of device: String? = nil)
    throws(OpenVINOError)
  {
    let function = library.functions.coreSetProperty
    try library.check(
      "ov_core_set_property", swoop_ov_set_property(function, handle, device, key.rawValue, value))
  }

  /// Reads a model file: ONNX, or OpenVINO IR with its weights.
  ///
  /// - Parameters:
  ///   - path: the `.onnx` or `.xml` file.
  ///   - weights: the weights of an IR model; `nil` means the `.bin` file beside it.
  public func readModel(at path: String, weights: String? = nil) throws(OpenVINOError) -> Model {
    let model = try library.load("ov_core_read_model") {
      library.functions.coreRead(handle, path, weights, $0)
    }
    return Model(core: self, handle: model)
  }

  /// Reads an ONNX model, or an IR model without weights, from memory. OpenVINO copies the bytes.
  public func readModel(_ bytes: UnsafeRawBufferPointer) throws(OpenVINOError) -> Model {
    let model = try library.load("ov_core_read_model_from_memory_buffer") { out in
      guard let start = bytes.baseAddress else { return -14 }
      return library.functions.coreReadMemory(
        handle, start.assumingMemoryBound(to: CChar.self), bytes.count, nil, out)
    }
    return Model(core: self, handle: model)
  }

  /// Compiles a model for a device.
  ///
  /// - Parameter properties: at most 16; OpenVINO refuses unknown keys and values.
  public func compile(
    _ model: Model, for device: String, properties: [PropertyKey: String] = [:]
  ) throws(OpenVINOError) -> CompiledModel {
    let pairs = properties.sorted { $0.key.rawValue < $1.key.rawValue }
    let function = library.functions.coreCompile
    let compiled = try library.load("ov_core_compile_model") { out in
      withCStrings(pairs.map(\.key.rawValue)) { keys in
        withCStrings(pairs.map(\.value)) { values in
          swoop_ov_compile_model(function, handle, model.handle, device, keys, values, pairs.count, out)
        }
      }
    }
    return CompiledModel(core: self, handle: compiled)
  }

  /// Restores a model that ``CompiledModel/export(to:)`` wrote, with the device's current properties.
  ///
  /// OpenVINO does not check the bytes: damaged ones may load and give wrong numbers, so keep a checksum. From 2026 on it
  /// also goes on reading weights from them while the model lives.
  ///
  /// - Parameters:
  ///   - bytes: the exported file's content; must not change as long as the model lives.
  ///   - owner: what keeps `bytes` alive; held by the model. Where it is `nil`, the caller sees to that.
  public func importModel(
    _ bytes: UnsafeRawBufferPointer, owner: AnyObject?, for device: String
  ) throws(OpenVINOError) -> CompiledModel {
    let compiled = try library.load("ov_core_import_model") { out in
      guard let start = bytes.baseAddress else { return -14 }
      return library.functions.coreImport(
        handle, start.assumingMemoryBound(to: CChar.self), bytes.count, device, out)
    }
    return CompiledModel(core: self, handle: compiled, owner: owner)
  }
}

/// Lends an array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>>?) -> Result
) -> Result {
  let bytes = strings.flatMap { Array($0.utf8CString) }
  return bytes.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return body(nil) }
    var offset = 0
    let pointers = strings.map { string in
      defer { offset += string.utf8CString.count }
      return start + offset
    }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
