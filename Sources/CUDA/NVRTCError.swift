/// Why device code was not compiled.
public enum NVRTCError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No usable NVRTC was found; the text lists each path tried, with the reason against it, and what to install.
  case libraryMissing(String)
  /// The source has errors, or an option is not known: what the compiler wrote.
  case compilationFailed(name: String, architecture: String, log: String)
  /// The device is older than anything that this NVRTC compiles for.
  case deviceTooOld(CUDADevice.ComputeCapability, version: String, oldest: CUDADevice.ComputeCapability)
  /// The source, its name or an option cannot be handed over: it contains a null character.
  case nullCharacter(in: String)
  /// A call failed; the code is NVRTC's, `nvrtcResult`.
  case callFailed(call: String, code: Int32, reason: String, log: String)

  public var description: String {
    switch self {
    case .libraryMissing(let text): text
    case .compilationFailed(let name, let architecture, let log):
      "\(name) does not compile for \(architecture):\n\(log)"
    case .deviceTooOld(let capability, let version, let oldest):
      "NVRTC \(version) compiles for compute capability \(oldest) and newer, and the device has \(capability). "
        + "Install an older NVRTC: 12 compiles for 5.0 and newer (pip package nvidia-cuda-nvrtc-cu12)."
    case .nullCharacter(let place): "\(place) contains a null character, so it cannot be compiled."
    case .callFailed(let call, let code, let reason, let log):
      "\(call) failed: \(reason) (\(code))" + (log.isEmpty ? "" : ":\n\(log)")
    }
  }
}
