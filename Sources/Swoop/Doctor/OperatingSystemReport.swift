internal import Glibc
internal import Inference

/// The memory of this machine and what this process may use of it, in bytes.
public struct MemoryReport: Hashable, Sendable {
  public var total: Int
  /// What programs could take now without swapping, as the kernel estimates it.
  public var available: Int
  /// The control group's limit; `nil` for none.
  public var limit: Int?

  public static func current() -> MemoryReport {
    MemoryReport(kernelText: SystemFile.text("/proc/meminfo") ?? "", limit: ControlGroup().memoryLimit)
  }

  /// Reads `/proc/meminfo`.
  package init(kernelText: String, limit: Int?) {
    func bytes(_ key: String) -> Int {
      for line in kernelText.split(separator: "\n") where line.hasPrefix("\(key):") {
        let number = line.dropFirst(key.count + 1).trimmed.prefix { $0.isNumber }
        // The unit is always kB, which means 1,024 bytes.
        return Int(number).map { min($0, Int.max >> 10) << 10 } ?? 0
      }
      return 0
    }
    total = bytes("MemTotal")
    available = bytes("MemAvailable")
    self.limit = limit
  }
}

/// The operating system that this process runs in, which in a container is the container's.
public struct OperatingSystemReport: Hashable, Sendable {
  /// `Debian GNU/Linux 12 (bookworm)`.
  public var name: String
  /// `debian`, `ubuntu`, `fedora`; and what it is like: `["ubuntu", "debian"]`.
  public var families: [String]
  /// `12`, `24.04`.
  public var version: String
  /// `6.1.0-25-amd64`.
  public var kernel: String
  /// `glibc 2.36`.
  public var cLibrary: String

  public static func current() -> OperatingSystemReport {
    var report = OperatingSystemReport(
      releaseText: SystemFile.text("/etc/os-release") ?? SystemFile.text("/usr/lib/os-release") ?? "")
    var system = utsname()
    uname(&system)
    report.kernel = withUnsafeBytes(of: &system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    var text = [CChar](repeating: 0, count: 64)
    let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    // The length counts the terminator; it is 0 where the C library is another.
    report.cLibrary =
      length > 1 && length <= text.count
      ? String(decoding: text.prefix(length - 1).map { UInt8(bitPattern: $0) }, as: UTF8.self) : "unknown C library"
    return report
  }

  /// Reads `os-release`; see os-release(5).
  package init(releaseText: String) {
    var fields: [Substring: String] = [:]
    for line in releaseText.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
      var value = line[line.index(after: equals)...].trimmed
      if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
        value = value.dropFirst().dropLast()
      }
      fields[line[..<equals].trimmed] = String(value)
    }
    name = fields["PRETTY_NAME"] ?? fields["NAME"] ?? "Linux"
    families = ([fields["ID"] ?? ""] + (fields["ID_LIKE"] ?? "").split(separator: " ").map(String.init))
      .filter { !$0.isEmpty }
    version = fields["VERSION_ID"] ?? ""
    kernel = ""
    cLibrary = ""
  }

  /// Whether packages come through apt-get.
  public var hasAPT: Bool { !Set(families).isDisjoint(with: ["debian", "ubuntu"]) }
}
