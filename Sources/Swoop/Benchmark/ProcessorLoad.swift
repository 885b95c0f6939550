internal import CSystem
internal import Glibc
internal import Inference

/// What the kernel has counted so far of everything that can spoil a measurement.
package struct ProcessorCounters: Sendable {
  /// Time of all processors since the machine started, in ticks.
  package var total: UInt64 = 0
  package var idle: UInt64 = 0
  /// Time that the hypervisor gave to other guests.
  package var steal: UInt64 = 0
  /// Processor time of this process, in nanoseconds.
  package var own: UInt64 = 0
  /// How often the control group was stopped for having used up its quota, and for how long.
  package var quotaStops: UInt64 = 0
  package var quotaMicroseconds: UInt64 = 0
  /// How often processors slowed down because of heat.
  package var heatEvents: UInt64 = 0
  package var time: UInt64 = 0

  package init() {}

  /// Reads them now. What the system does not tell stays 0.
  static func now() -> ProcessorCounters {
    var counters = ProcessorCounters()
    counters.read(stat: SmallFile.read("/proc/stat") ?? "")
    counters.read(cgroup: cgroupFolders().lazy.compactMap { SmallFile.read("\($0)/cpu.stat") }.first ?? "")
    counters.own = Swoop.now(CLOCK_PROCESS_CPUTIME_ID)
    counters.time = Swoop.now(CLOCK_MONOTONIC)
    for processor in 0..<min(1024, sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
      let folder = "/sys/devices/system/cpu/cpu\(processor)/thermal_throttle"
      guard let text = SmallFile.read("\(folder)/core_throttle_count") else { break }
      counters.heatEvents &+= text.split(separator: "\n").first.flatMap { UInt64($0) } ?? 0
    }
    return counters
  }

  /// Takes the first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …`, in ticks.
  package mutating func read(stat text: String) {
    let line = text.split(separator: "\n").first ?? ""
    let fields = line.split(separator: " ").dropFirst().prefix(8).map { UInt64($0) ?? 0 }
    guard line.hasPrefix("cpu "), fields.count == 8 else { return }
    total = fields.reduce(0, &+)
    idle = fields[3] &+ fields[4]
    steal = fields[7]
  }

  /// Takes a control group's cpu.stat.
  package mutating func read(cgroup text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let value = UInt64(parts[1]) else { continue }
      if parts[0] == "nr_throttled" { quotaStops = value }
      if parts[0] == "throttled_usec" { quotaMicroseconds = value }
    }
  }

  /// This process's group first, then the root, which is a container's own.
  private static func cgroupFolders() -> [String] {
    let line = (SmallFile.read("/proc/self/cgroup") ?? "").split(separator: "\n").first { $0.hasPrefix("0::/") }
    return [line.map { "/sys/fs/cgroup" + $0.dropFirst(3) }, "/sys/fs/cgroup"].compactMap { $0 }
  }
}

/// What disturbed a measurement.
public struct Disturbance: Sendable, Hashable {
  /// The share 0…1 of all processors' time that other processes used.
  public var others = 0.0
  /// The share 0…1 that the hypervisor gave to other guests.
  public var steal = 0.0
  /// The share 0…1 of the time that the control group was stopped for having used up its quota.
  public var quota = 0.0
  /// How often processors slowed down because of heat.
  public var heatEvents = 0
  /// By how much the second half of the measurement was slower than the first, 0…1; 0 if it was not.
  public var slowdown = 0.0
  /// The machine's load average over the minute before, for each processor.
  public var loadBefore = 0.0

  public init() {}

  package init(from start: ProcessorCounters, to end: ProcessorCounters, ticksPerSecond: Double) {
    guard end.total > start.total else { return }
    let total = Double(end.total &- start.total)
    steal = Double(end.steal &- min(end.steal, start.steal)) / total
    let busy = total - Double(end.idle &- min(end.idle, start.idle)) - steal * total
    let own = Double(end.own &- start.own) / 1e9 * ticksPerSecond
    others = max(0, min(1, (busy - own) / total))
    let microseconds = Double(end.time &- start.time) / 1e3
    if microseconds > 0 { quota = min(1, Double(end.quotaMicroseconds &- start.quotaMicroseconds) / microseconds) }
    heatEvents = Int(clamping: end.heatEvents &- start.heatEvents)
  }

  /// The worse of two in each respect.
  func worst(of other: Disturbance) -> Disturbance {
    var result = self
    result.others = max(others, other.others)
    result.steal = max(steal, other.steal)
    result.quota = max(quota, other.quota)
    result.heatEvents = max(heatEvents, other.heatEvents)
    result.slowdown = max(slowdown, other.slowdown)
    result.loadBefore = max(loadBefore, other.loadBefore)
    return result
  }

  /// What of it is too much to be ignored, in sentences; empty where figures can be trusted.
  public var warnings: [String] {
    var warnings: [String] = []
    if loadBefore > 0.5 {
      warnings.append(
        "The machine was busy before: a load average of \(Numbers.fixed(loadBefore, 1)) a processor.")
    }
    if others > 0.1 {
      warnings.append(
        "Other processes used \(Numbers.fixed(others * 100, 0)) % of the processors meanwhile: figures are too low.")
    }
    if steal > 0.01 {
      warnings.append(
        "The hypervisor gave \(Numbers.fixed(steal * 100, 1)) % of the processors' time to other machines (steal time)."
      )
    }
    if quota > 0.01 {
      warnings.append(
        "The container's processor quota stopped the process for \(Numbers.fixed(quota * 100, 0)) % of the time: use fewer "
          + "--threads and --workers, or a larger quota.")
    }
    if heatEvents > 0 {
      warnings.append("Processors slowed down because of heat, \(Numbers.count(heatEvents, "time")).")
    }
    if slowdown > 0.1 {
      warnings.append(
        "The second half was \(Numbers.fixed(slowdown * 100, 0)) % slower than the first: the processor may have slowed down "
          + "(heat, power limits), or another process started.")
    }
    return warnings
  }
}

/// Watches the machine from one moment to another.
struct DisturbanceWatch {
  private let start = ProcessorCounters.now()
  private let loadBefore: Double

  init() {
    let text = SmallFile.read("/proc/loadavg") ?? ""
    loadBefore = text.split(separator: " ").first.flatMap { Double($0) } ?? 0
  }

  func end(slowdown: Double = 0) -> Disturbance {
    var result = Disturbance(
      from: start, to: .now(), ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))))
    result.slowdown = slowdown
    result.loadBefore = loadBefore / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    return result
  }
}

/// The kernel's files that are a page long or shorter.
enum SmallFile {
  static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
