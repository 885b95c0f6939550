/// The arithmetic that a caller asks an engine for. What really runs is in ``EngineIdentity/precision``.
public enum RequestedPrecision: String, Hashable, Sendable, CaseIterable, Codable {
  /// float32 throughout: the same numbers on every machine of a kind, whatever the batch.
  case fp32
  /// bfloat16 where the engine has kernels for it: about twice as fast on processors with AVX512-BF16 or AMX.
  case bf16
  /// float16 where the engine has kernels for it.
  case fp16
  /// Whatever the engine thinks fastest on this device.
  case auto
}
