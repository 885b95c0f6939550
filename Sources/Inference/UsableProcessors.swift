internal import CSystem
internal import Glibc

/// How many processors this process may keep busy.
public enum UsableProcessors {
  /// The number of processors that the affinity mask allows, at least one.
  public static var allowed: Int {
    let allowed = Int(swoop_allowed_processors())
    return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The processor time that the control group grants, in processors: 1.5 is one and a half. `nil` where it sets no
  /// limit. Containers are limited this way, and libraries that look at the number of processors alone start too many
  /// threads in them.
  public static var quota: Double? {
    quota(root: "/sys/fs/cgroup", membership: "/proc/self/cgroup")
  }

  /// The processors worth starting threads for: ``allowed``, but no more than ``quota`` rounded up.
  public static var count: Int {
    guard let quota else { return allowed }
    return min(allowed, max(1, Int(quota.rounded(.up))))
  }

  /// The tightest limit on the way from this process's group to the root, version 2 or 1.
  package static func quota(root: String, membership: String) -> Double? {
    var folders = [root, "\(root)/cpu", "\(root)/cpu,cpuacct"]
    for line in (read(membership) ?? "").split(separator: "\n") {
      // 0::/a/b in version 2; 4:cpu,cpuacct:/a/b in version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains("cpu") else {
        continue
      }
      var group = parts[2]
      let mount = parts[1].isEmpty ? root : "\(root)/\(parts[1])"
      while let slash = group.lastIndex(of: "/"), group.count > 1 {
        folders.append(mount + group)
        group = group[..<slash]
      }
    }
    return folders.compactMap(quota(folder:)).min()
  }

  private static func quota(folder: String) -> Double? {
    if let line = read("\(folder)/cpu.max") {
      let parts = line.split(whereSeparator: \.isWhitespace).map { Double($0) }
      guard parts.count == 2, let time = parts[0], let period = parts[1], time > 0, period > 0 else {
        return nil
      }
      return time / period
    }
    guard let time = number("\(folder)/cpu.cfs_quota_us"), let period = number("\(folder)/cpu.cfs_period_us"),
      time > 0, period > 0
    else { return nil }
    return time / period
  }

  private static func number(_ path: String) -> Double? {
    read(path).flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap { Double($0) }
  }

  // These files are a line or a few long; more than a page is not one of them.
  private static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
