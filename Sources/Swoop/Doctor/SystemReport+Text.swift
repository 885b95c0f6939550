extension SystemReport: CustomStringConvertible {
  /// The report for people: what there is, then every library with a mark, its version and place, and under those that are
  /// missing the reason and the command that adds them.
  public var description: String {
    var lines = [
      "Swoop \(version) on \(system.name), Linux \(system.kernel), \(system.cLibrary), \(processor.architecture)", "",
    ]
    lines.append("Processor  \(processor.name): \(processorCount)")
    if !processor.features.isEmpty { lines.append("           \(processor.features.joined(separator: " "))") }
    lines.append("           \(processor.meaning)")
    var size = "\(ByteCount.text(memory.total)), \(ByteCount.text(memory.available)) of it available"
    if let limit = memory.limit { size += "; this process's control group may use \(ByteCount.text(limit))" }
    lines.append("Memory     \(size)")
    lines += ["", "Runtimes"] + runtimes.flatMap(Self.lines)
    lines += ["", "Libraries"] + libraries.flatMap(Self.lines)
    lines += ["", verdict]
    return lines.joined(separator: "\n")
  }

  private var processorCount: String {
    var text = "\(Numbers.count(processor.online, "core"))"
    if processor.usable < processor.online { text += ", \(processor.usable) usable" }
    if processor.allowed < processor.online { text += "; the affinity mask allows \(processor.allowed)" }
    if let quota = processor.quota { text += "; the control group grants the time of \(Numbers.fixed(quota, 1))" }
    return text
  }

  private var verdict: String {
    guard canDetect else {
      let remedy = runtimes.first { $0.identifier == "openvino" }?.remedy ?? "scripts/get-openvino"
      return "Detection cannot run here yet. First step: \(remedy)"
    }
    return "Detection runs here, with \(engines.map(\.title).joined(separator: ", "))."
  }

  private static func lines(_ library: LibraryReport) -> [String] {
    let mark = library.isUsable ? "+" : "-"
    var lines = [
      "  \(mark) \([library.title, library.version].compactMap { $0 }.joined(separator: " ")): \(library.purpose)"
    ]
    if let path = library.path { lines.append("      \(path)") }
    lines += library.details.map { "      \($0)" }
    if let problem = library.problem {
      lines += problem.split(separator: "\n").map { "      \($0.trimmed)" }
    }
    if let remedy = library.remedy { lines.append("      Add it: \(remedy)") }
    return lines
  }
}

extension SystemReport {
  /// The report for programs. Sizes are in bytes; what is not known is `null`.
  public var json: JSONValue {
    .object([
      .init("swoop", .string(version)),
      .init("canDetect", .bool(canDetect)),
      .init(
        "system",
        .object([
          .init("name", .string(system.name)), .init("families", .array(system.families.map { .string($0) })),
          .init("version", .string(system.version)), .init("kernel", .string(system.kernel)),
          .init("cLibrary", .string(system.cLibrary)),
        ])),
      .init(
        "processor",
        .object([
          .init("name", .string(processor.name)), .init("architecture", .string(processor.architecture)),
          .init("features", .array(processor.features.map { .string($0) })),
          .init("online", .integer(processor.online)), .init("allowed", .integer(processor.allowed)),
          .init("quota", processor.quota.map { .number("\($0)") } ?? .null),
          .init("usable", .integer(processor.usable)),
        ])),
      .init(
        "memory",
        .object([
          .init("total", .integer(memory.total)), .init("available", .integer(memory.available)),
          .init("limit", memory.limit.map { .integer($0) } ?? .null),
        ])),
      .init("runtimes", .array(runtimes.map(\.json))),
      .init("libraries", .array(libraries.map(\.json))),
    ])
  }
}

extension LibraryReport {
  var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return .object([
      .init("id", .string(identifier)), .init("title", .string(title)), .init("usable", .bool(isUsable)),
      .init("purpose", .string(purpose)), .init("path", text(path)), .init("version", text(version)),
      .init("details", .array(details.map { .string($0) })), .init("problem", text(problem)),
      .init("remedy", text(remedy)),
    ])
  }
}
