internal import Glibc

/// What the processor calls itself.
public enum ProcessorName {
  /// `AMD EPYC 9R14`; `nil` where the system does not tell, as on many Arm machines.
  public static let current: String? = {
    guard let file = fopen("/proc/cpuinfo", "re") else { return nil }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    // The first processor's entry is enough, and it is within the first lines.
    for _ in 0..<64 {
      guard getline(&line, &capacity, file) > 0, let line else { return nil }
      let text = String(cString: line)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      let name = text[text.index(after: colon)...].trimmedSpaces
      return name.isEmpty ? nil : name
    }
    return nil
  }()
}
