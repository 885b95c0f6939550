internal import CONNXRuntime

/// The TensorRT execution provider's options: subgraphs that TensorRT supports are built into engines and run by it.
///
/// Needs a build with the provider (`pip install onnxruntime-gpu`) and TensorRT's libraries.
public struct TensorRTOptions: Sendable {
  /// Which device, in CUDA's numbering.
  public var device = 0
  /// The caller's stream to compute on (a `CUstream` or `cudaStream_t`), which must outlive the session; 0 lets the
  /// provider make its own.
  public var stream: UInt = 0
  /// Whether layers may run in fp16.
  public var allowsFP16 = false
  /// Whether layers may run in int8; the model must carry its scales.
  public var allowsInt8 = false
  /// The most scratch memory that a layer may use while engines are built, in bytes; `nil` is TensorRT's own limit.
  public var workspaceLimit: Int?
  /// A folder to keep built engines in; `nil` builds them anew for each session.
  public var engineCache: String?
  /// Further entries by ONNX Runtime's own keys: `["trt_builder_optimization_level": "5"]`.
  public var further: [String: String] = [:]

  public init(device: Int = 0) { self.device = device }

  /// The options by ONNX Runtime's keys, without the stream.
  var entries: [String: String] {
    var entries = [
      "device_id": "\(device)",
      "trt_fp16_enable": allowsFP16 ? "1" : "0",
      "trt_int8_enable": allowsInt8 ? "1" : "0",
    ]
    if let workspaceLimit { entries["trt_max_workspace_size"] = "\(workspaceLimit)" }
    if let engineCache {
      entries["trt_engine_cache_enable"] = "1"
      entries["trt_engine_cache_path"] = engineCache
    }
    return entries.merging(further) { $1 }
  }
}

extension NativeSessionOptions {
  func append(_ options: TensorRTOptions) throws {
    let table = library.table
    try withProvider("libonnxruntime_providers_tensorrt.so", of: library) {
      let native = try library.make("CreateTensorRTProviderOptions") { ort_CreateTensorRTProviderOptions_from($0)(&$1) }
      defer { ort_ReleaseTensorRTProviderOptions_from(table)(native) }
      let entries = options.entries.sorted { $0.key < $1.key }
      let status = withCStrings(entries.map(\.key)) { keys in
        withCStrings(entries.map(\.value)) { values in
          ort_UpdateTensorRTProviderOptions_from(table)(native, keys, values, entries.count)
        }
      }
      try library.check(status, "UpdateTensorRTProviderOptions")
      if options.stream != 0 {
        try library.check(
          ort_UpdateTensorRTProviderOptionsWithValue_from(table)(
            native, "user_compute_stream", UnsafeMutableRawPointer(bitPattern: options.stream)),
          "UpdateTensorRTProviderOptionsWithValue(user_compute_stream)")
      }
      try library.check(
        ort_SessionOptionsAppendExecutionProvider_TensorRT_V2_from(table)(pointer, native),
        "SessionOptionsAppendExecutionProvider_TensorRT_V2")
    }
  }
}
