internal import CONNXRuntime

/// The CUDA execution provider's options.
///
/// The provider is in the builds that `pip install onnxruntime-gpu` brings, and needs CUDA's run-time libraries and
/// cuDNN; where the system loader does not find those, NVIDIA's pip packages (`nvidia/*/lib`) are looked through.
public struct CUDAOptions: Sendable {
  /// Which device, in CUDA's numbering.
  public var device = 0
  /// The caller's stream to compute on (a `CUstream` or `cudaStream_t`); 0 lets the provider make its own.
  ///
  /// The stream must outlive the session. Executions then follow in order what else is in the stream; an execution
  /// still waits for its end on the host unless ``RunOptions/synchronizesDevice`` is off.
  public var stream: UInt = 0
  /// Whether the first execution of a shape is captured as a CUDA graph and replayed afterwards. Inputs and outputs must
  /// then be bound to the same device memory each time, and the whole network must run on the device.
  public var usesGraph = false
  /// The most device memory that the provider's arena takes, in bytes; `nil` is no limit.
  public var memoryLimit: Int?
  /// How cuDNN's convolution algorithms are chosen.
  public var convolutionSearch = ConvolutionSearch.exhaustive
  /// Whether fp32 convolutions and products may round their factors to TF32.
  public var allowsTF32 = true
  /// Whether convolutions prefer channels-last memory.
  public var prefersChannelsLast = false
  /// Further entries by ONNX Runtime's own keys: `["arena_extend_strategy": "kSameAsRequested"]`.
  public var further: [String: String] = [:]

  public enum ConvolutionSearch: String, Sendable {
    case exhaustive = "EXHAUSTIVE"
    case heuristic = "HEURISTIC"
    case standard = "DEFAULT"
  }

  public init(device: Int = 0) { self.device = device }

  /// The options by ONNX Runtime's keys, without the stream.
  var entries: [String: String] {
    var entries = [
      "device_id": "\(device)",
      "enable_cuda_graph": usesGraph ? "1" : "0",
      "cudnn_conv_algo_search": convolutionSearch.rawValue,
    ]
    // Keys that came after 1.16 are passed only where they change something, so that older versions do not refuse them.
    if !allowsTF32 { entries["use_tf32"] = "0" }
    if prefersChannelsLast { entries["prefer_nhwc"] = "1" }
    if let memoryLimit { entries["gpu_mem_limit"] = "\(memoryLimit)" }
    return entries.merging(further) { $1 }
  }
}

extension NativeSessionOptions {
  func append(_ options: CUDAOptions) throws {
    let table = library.table
    try withProvider("libonnxruntime_providers_cuda.so", of: library) {
      let native = try library.make("CreateCUDAProviderOptions") { ort_CreateCUDAProviderOptions_from($0)(&$1) }
      defer { ort_ReleaseCUDAProviderOptions_from(table)(native) }
      let entries = options.entries.sorted { $0.key < $1.key }
      let status = withCStrings(entries.map(\.key)) { keys in
        withCStrings(entries.map(\.value)) { values in
          ort_UpdateCUDAProviderOptions_from(table)(native, keys, values, entries.count)
        }
      }
      try library.check(status, "UpdateCUDAProviderOptions")
      if options.stream != 0 {
        try library.check(
          ort_UpdateCUDAProviderOptionsWithValue_from(table)(
            native, "user_compute_stream", UnsafeMutableRawPointer(bitPattern: options.stream)),
          "UpdateCUDAProviderOptionsWithValue(user_compute_stream)")
      }
      try library.check(
        ort_SessionOptionsAppendExecutionProvider_CUDA_V2_from(table)(pointer, native),
        "SessionOptionsAppendExecutionProvider_CUDA_V2")
    }
  }
}
