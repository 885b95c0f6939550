import Foundation
import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  /// The statuses in the first column of the table in docs/output.md.
  private static func documented() throws -> Set<String> {
    let text = try String(contentsOf: Fixtures.root.appendingPathComponent("docs/output.md"), encoding: .utf8)
    let table = try #require(text.components(separatedBy: "## Exit status").last)
    let rows = table.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    return Set(
      rows.flatMap { $0.split(separator: "|")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
    )
  }

  @Test("detect, evaluate and compare list the exit statuses that the documentation lists")
  func statuses() throws {
    let documented = try Self.documented()
    #expect(documented.isSuperset(of: ["0", "1", "64", "143"]))
    for (command, more) in [("detect", []), ("evaluate", ["3"]), ("compare", ["3"])] {
      let help = try SwoopProcess.run([command, "--help"]).output.split(whereSeparator: \.isWhitespace).joined(
        separator: " ")
      let list = try #require(
        help.components(separatedBy: "Exit status: ").dropFirst().first?.components(separatedBy: ". ").first)
      let found = list.split(separator: ";").flatMap { entry in
        entry.split(separator: " ").prefix { $0.allSatisfy { $0.isNumber || $0 == "," } }.map { $0.filter(\.isNumber) }
      }
      #expect(Set(found) == documented.union(more), "\(command): \(list)")
    }
  }
}
