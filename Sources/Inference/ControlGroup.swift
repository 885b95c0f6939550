internal import Glibc

/// The limits that the kernel's control groups, version 2 or 1, set for this process. Containers are built on them.
package struct ControlGroup {
  private let root: String
  private let membership: String

  /// - Parameters:
  ///   - root: where the groups are mounted.
  ///   - membership: the file that tells which groups a process is in; see cgroups(7).
  package init(root: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup") {
    self.root = root
    self.membership = membership
  }

  /// The tightest limit of processor time on the way to the root, in processors; `nil` where there is none.
  package var processorQuota: Double? {
    folders(of: "cpu").compactMap { folder -> Double? in
      if let line = read("\(folder)/cpu.max") {
        let parts = line.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard parts.count == 2, let time = parts[0], let period = parts[1], time > 0, period > 0 else { return nil }
        return time / period
      }
      guard let time = number("\(folder)/cpu.cfs_quota_us"), let period = number("\(folder)/cpu.cfs_period_us"),
        time > 0, period > 0
      else { return nil }
      return time / period
    }.min()
  }

  /// The tightest limit of memory on the way to the root, in bytes; `nil` where there is none.
  package var memoryLimit: Int? {
    folders(of: "memory").compactMap { folder -> Int? in
      guard let limit = number("\(folder)/memory.max") ?? number("\(folder)/memory.limit_in_bytes") else { return nil }
      // Version 1 has no word for "no limit"; it shows the largest number of whole pages.
      return limit > 0 && limit < 1e18 ? Int(limit) : nil
    }.min()
  }

  /// The folders of this process's group and those around it, for one controller.
  private func folders(of controller: String) -> [String] {
    var folders = [root, "\(root)/\(controller)"]
    for line in (read(membership) ?? "").split(separator: "\n") {
      // 0::/a/b in version 2; 4:cpu,cpuacct:/a/b in version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains(Substring(controller)) else {
        continue
      }
      let mount = parts[1].isEmpty ? root : "\(root)/\(parts[1])"
      folders.append(mount)
      var group = parts[2]
      while let slash = group.lastIndex(of: "/"), group.count > 1 {
        folders.append(mount + group)
        group = group[..<slash]
      }
    }
    return folders
  }

  private func number(_ path: String) -> Double? {
    read(path).flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap { Double($0) }
  }

  // These files are a line or a few long; more than a page is not one of them.
  private func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
