import CTensorRT
import Foundation
import Testing

/// The data files of CTensorRT as text, and the measured facts beside the checkout, where they are.
enum DataFiles {
  struct Row {
    /// What stands before the families' columns.
    var names: [String]
    /// A cell a family: 8, 9, 10, 11, rtx.
    var cells: [String]
  }

  struct Version: CustomTestStringConvertible, Sendable, CustomStringConvertible {
    var family: swoop_trt_family
    var major: Int
    var minor: Int
    var patch: Int
    var description: String { "\(family == SWOOP_TRT_FAMILY_RTX ? "RTX " : "")\(major).\(minor).\(patch)" }
    var testDescription: String { description }
  }

  static let versions: [Version] =
    [(8, 5), (8, 6), (9, 0), (9, 1), (9, 2)].map { version($0.0, $0.1) } + (0...17).map { version(10, $0) }
    + (0...5).map { version(11, $0) }
    + (5...8).map { Version(family: SWOOP_TRT_FAMILY_RTX, major: 1, minor: $0, patch: 0) }

  private static func version(_ major: Int, _ minor: Int) -> Version {
    let families = [8: SWOOP_TRT_FAMILY_8, 9: SWOOP_TRT_FAMILY_9, 10: SWOOP_TRT_FAMILY_10, 11: SWOOP_TRT_FAMILY_11]
    return Version(family: families[major] ?? SWOOP_TRT_FAMILY_8, major: major, minor: minor, patch: 0)
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func rows(_ name: String) throws -> [Row] {
    let text = try String(contentsOf: root.appendingPathComponent("Sources/CTensorRT/\(name)"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
    return lines.map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Row(names: Array(fields.dropLast(5)), cells: Array(fields.suffix(5)))
    }
  }

  /// The value of a cell in a minor version: a parser of its own, so that the generator's is checked.
  static func value(_ cell: String, at minor: Int) -> Int? {
    for part in cell.split(separator: ",") where part != "-" {
      let halves = part.split(separator: "@").map(String.init)
      guard halves.count == 2 else { return Int(halves[0]) }
      let bounds = halves[1].components(separatedBy: "..")
      let low = bounds[0].isEmpty ? 0 : Int(bounds[0].split(separator: ".")[1])!
      let high = bounds.count < 2 ? Int.max : Int(bounds[1].split(separator: ".")[1])!
      if low <= minor, minor <= high { return Int(halves[0]) }
    }
    return nil
  }

  // MARK: Facts

  nonisolated(unsafe) static let facts: [String: Any]? = {
    let file = root.deletingLastPathComponent().appendingPathComponent("shared/facts/tensorrt-abi.json")
    guard let data = try? Data(contentsOf: file) else { return nil }
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
  }()

  struct MeasuredVersion {
    var label: String
    /// The family's column, or `nil` where this package has none for it.
    var family: Int?
    var minor: Int
  }

  static func measuredVersions() throws -> [MeasuredVersion] {
    order.map { label in
      let numbers = label.replacingOccurrences(of: "rtx-", with: "").split(separator: ".").map { Int($0)! }
      let family: Int? =
        label.hasPrefix("rtx-") ? (numbers[1] >= 5 ? 4 : nil) : [8: 0, 9: 1, 10: 2, 11: 3][numbers[0]]
      return MeasuredVersion(label: label, family: family, minor: numbers[1])
    }
  }

  private static let order: [String] = ((facts?["versions"] as? [String: Any])?.keys.sorted(by: before)) ?? []

  private static func before(_ a: String, _ b: String) -> Bool {
    if a.hasPrefix("rtx-") != b.hasPrefix("rtx-") { return b.hasPrefix("rtx-") }
    return a.compare(b, options: .numeric) == .orderedAscending
  }

  /// Whether a range of the facts (`10.1.0..10.16.1`, `8.6.1`) contains a version.
  static func contains(_ range: String, _ version: String) -> Bool {
    let bounds = range.components(separatedBy: "..")
    guard let place = order.firstIndex(of: version), let low = order.firstIndex(of: bounds[0]) else { return false }
    let high = bounds.count > 1 ? (order.firstIndex(of: bounds[1]) ?? low) : low
    return low <= place && place <= high
  }
}
