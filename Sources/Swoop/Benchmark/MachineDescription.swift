internal import Glibc
internal import Inference

/// The machine that figures were taken on.
public struct MachineDescription: Sendable, Hashable {
  /// `AMD EPYC 9R14`, or the architecture where the processor does not say its name.
  public var processor: String
  /// Processors that this process may use.
  public var processorCount: Int
  /// The container's processor quota, in processors, if it has one.
  public var quota: Double?
  /// Memory in bytes.
  public var memory: Int
  /// `Linux 6.1.0-18-amd64 x86_64`.
  public var system: String
  /// Whether it is a virtual machine, by what the processor says.
  public var isVirtual: Bool
  /// Vector instructions that networks are fast or slow by.
  public var instructions: [String]

  package init(
    processor: String, processorCount: Int, quota: Double?, memory: Int, system: String, isVirtual: Bool,
    instructions: [String]
  ) {
    self.processor = processor
    self.processorCount = processorCount
    self.quota = quota
    self.memory = memory
    self.system = system
    self.isVirtual = isVirtual
    self.instructions = instructions
  }

  /// This machine.
  public static var current: MachineDescription {
    var names = utsname()
    uname(&names)
    let system = withUnsafeBytes(of: &names.sysname) { text($0) }
    let release = withUnsafeBytes(of: &names.release) { text($0) }
    let architecture = withUnsafeBytes(of: &names.machine) { text($0) }
    let flags = Set(flagsLine().split(separator: " "))
    let interesting = [
      "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "bf16", "i8mm", "sve",
    ]
    return MachineDescription(
      processor: ProcessorName.current ?? architecture, processorCount: UsableProcessors.allowed,
      quota: UsableProcessors.quota, memory: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
      system: "\(system) \(release) \(architecture)", isVirtual: flags.contains("hypervisor"),
      instructions: interesting.filter { flags.contains(Substring($0)) })
  }

  /// The line of /proc/cpuinfo that lists the first processor's abilities.
  private static func flagsLine() -> String {
    let lines = (SmallFile.read("/proc/cpuinfo") ?? "").split(separator: "\n")
    return lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }.map { String($0) } ?? ""
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// One line for people.
  public var description: String {
    let count = Numbers.count(processorCount, "processor")
    let limit = quota.map { ", limited to \(Numbers.fixed($0, 1))" } ?? ""
    let gigabytes = "\(Numbers.fixed(Double(memory) / Double(1 << 30), 0)) GiB"
    let vectors = instructions.isEmpty ? "" : ", \(instructions.joined(separator: " "))"
    return
      "\(processor), \(count)\(limit)\(isVirtual ? " of a virtual machine" : "")\(vectors), \(gigabytes); \(system)"
  }
}
