internal import CSystem
internal import Glibc

/// How many processors this process may use.
public enum Processors {
  /// The processors in the affinity mask, no more than the container's quota (cgroup v2 or v1) allows; at least 1.
  public static var usableCount: Int {
    let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var count = affinityCount() ?? online
    if let quota = cgroupQuota() { count = min(count, max(1, Int(quota.rounded(.up)))) }
    return max(1, count)
  }

  private static func affinityCount() -> Int? {
    let count = Int(swoop_affinity_count())
    return count > 0 ? count : nil
  }

  private static func cgroupQuota() -> Double? {
    if let text = firstLine("/sys/fs/cgroup/cpu.max") {
      let fields = text.split(separator: " ")
      guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]), period > 0 else { return nil }
      return quota / period
    }
    guard let quota = firstLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap({ Double($0) }), quota > 0,
      let period = firstLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap({ Double($0) }), period > 0
    else { return nil }
    return quota / period
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
