internal import Swoop

/// A share with four decimals; a dash for one that does not exist.
func fixed4(_ value: Double) -> String { value < 0 ? "–" : Numbers.fixed(value, 4) }

/// A share with three decimals; a dash for one that does not exist.
func fixed3(_ value: Double) -> String { value < 0 ? "–" : Numbers.fixed(value, 3) }

/// A difference with four decimals and its sign.
func signed(_ value: Double) -> String { (value >= 0.00005 ? "+" : "") + Numbers.fixed(value, 4) }

/// A number as JSON; null where it does not exist or is not finite.
func jsonNumber(_ value: Double) -> JSONValue { value.isFinite ? .number(jsonText(value)) : .null }

private func jsonText(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A table of text: the first column to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ head: [String]) { rows = [head] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// The start of a text, with an ellipsis where there is more.
func shortened(_ text: String, _ limit: Int) -> String {
  text.count <= limit ? text : "\(text.prefix(max(limit - 1, 1)))…"
}
