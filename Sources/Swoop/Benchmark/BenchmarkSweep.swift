/// What a sweep varies: the values of some settings, all combinations of which are measured.
public struct BenchmarkSweep: Sendable, Hashable {
  /// Images an execution; empty for the one chosen otherwise.
  public var batches: [Int] = []
  /// Contexts at the same time.
  public var requests: [Int] = []
  /// Threads of the network.
  public var threads: [Int] = []
  public var precisions: [PrecisionChoice] = []

  public init() {}

  public var isEmpty: Bool { batches.isEmpty && requests.isEmpty && threads.isEmpty && precisions.isEmpty }

  /// Reads one more setting: `batch=1,2,4`, `requests=1,2`, `threads=1,2` or `precision=fp32,bf16`.
  ///
  /// - Throws: ``SwoopError`` with code `usage` that says what is known.
  public mutating func add(_ text: String) throws(SwoopError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let values = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
    guard parts.count == 2, !values.isEmpty else {
      throw SwoopError(
        .usage, "--sweep \(text) is not of the form batch=1,2,4. Known are batch, requests, threads and precision.")
    }
    switch parts[0] {
    case "batch": batches = try Self.numbers(values, text)
    case "requests": requests = try Self.numbers(values, text)
    case "threads": threads = try Self.numbers(values, text)
    case "precision":
      var choices: [PrecisionChoice] = []
      for value in values {
        guard let choice = PrecisionChoice(rawValue: value) else {
          let known = PrecisionChoice.allCases.map(\.rawValue).joined(separator: ", ")
          throw SwoopError(.usage, "--sweep \(text): the precision \(value) is not known; known are \(known).")
        }
        choices.append(choice)
      }
      precisions = choices
    default:
      throw SwoopError(
        .usage, "--sweep \(text): \(parts[0]) cannot be varied; batch, requests, threads and precision can.")
    }
  }

  private static func numbers(_ values: [String], _ text: String) throws(SwoopError) -> [Int] {
    var numbers: [Int] = []
    for value in values {
      guard let number = Int(value), (1...(1 << 20)).contains(number) else {
        throw SwoopError(.usage, "--sweep \(text): \(value) is not a whole number from 1 on.")
      }
      if !numbers.contains(number) { numbers.append(number) }
    }
    return numbers
  }
}
