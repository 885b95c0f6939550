internal import Glibc
internal import Inference

/// The processor of this machine, and how much of it this process may use.
public struct ProcessorReport: Hashable, Sendable {
  /// `AMD EPYC 9R14 96-Core Processor`.
  public var name: String
  /// `x86_64`, `aarch64`.
  public var architecture: String
  /// The instruction sets that change how fast detection runs, in the kernel's spelling: `avx2`, `avx512_bf16`, `asimd`.
  public var features: [String]
  /// Processors that are switched on.
  public var online: Int
  /// Processors that the affinity mask allows.
  public var allowed: Int
  /// The time that the control group grants, in processors; `nil` for no limit.
  public var quota: Double?
  /// Processors worth starting threads for.
  public var usable: Int

  /// Reads what the kernel says.
  public static func current() -> ProcessorReport {
    var system = utsname()
    uname(&system)
    let architecture = withUnsafeBytes(of: &system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    var report = ProcessorReport(kernelText: SystemFile.text("/proc/cpuinfo") ?? "", architecture: architecture)
    report.online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    report.allowed = UsableProcessors.allowed
    report.quota = UsableProcessors.quota
    report.usable = UsableProcessors.count
    return report
  }

  /// Reads `/proc/cpuinfo`, whose first block describes the first processor.
  package init(kernelText: String, architecture: String) {
    self.architecture = architecture
    var fields: [Substring: Substring] = [:]
    for line in kernelText.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let colon = line.firstIndex(of: ":") else {
        if fields.isEmpty { continue } else { break }
      }
      fields[line[..<colon].trimmed] = line[line.index(after: colon)...].trimmed
    }
    let present = Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " "))
    features = Self.relevant.filter { present.contains(Substring($0)) }
    if let model = fields["model name"], !model.isEmpty {
      name = String(model)
    } else if let part = fields["CPU part"] {
      let implementer = fields["CPU implementer"] ?? "?"
      name = Self.armParts["\(implementer) \(part)"] ?? "ARM implementer \(implementer), part \(part)"
    } else {
      name = "unknown processor"
    }
    (online, allowed, usable) = (1, 1, 1)
  }

  // In the order in which they are shown: x86, then ARM.
  private static let relevant = [
    "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16",
    "amx_int8", "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2",
  ]

  // From Arm's and vendors' MIDR tables; servers and boards that people run this on.
  private static let armParts = [
    "0x41 0xd08": "ARM Cortex-A72", "0x41 0xd0b": "ARM Cortex-A76", "0x41 0xd0c": "ARM Neoverse N1",
    "0x41 0xd40": "ARM Neoverse V1", "0x41 0xd42": "ARM Cortex-A78AE", "0x41 0xd49": "ARM Neoverse N2",
    "0x41 0xd4f": "ARM Neoverse V2", "0x41 0xd8e": "ARM Neoverse N3", "0x41 0xd84": "ARM Neoverse V3",
    "0xc0 0xac3": "Ampere-1", "0xc0 0xac4": "Ampere-1A",
  ]

  /// What the features mean for detection, in words.
  public var meaning: String {
    let set = Set(features)
    if set.contains("amx_bf16") { return "bf16 has matrix instructions: --precision bf16 is much faster than fp32" }
    if set.contains("avx512_bf16") || set.contains("bf16") {
      return "bf16 is native: --precision bf16 is about twice as fast as fp32"
    }
    if set.contains("avx512f") { return "fp32 with AVX-512; no native bf16" }
    if set.contains("avx2") { return "fp32 with AVX2; no native bf16" }
    if set.contains("asimd") { return "fp32 with NEON" }
    return "no vector instructions that OpenVINO is fast with"
  }
}
