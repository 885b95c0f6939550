internal import Glibc

/// Line charts of a benchmark's page as inline SVG, in the style of the report.
package enum BenchmarkCharts {
  /// One line of a chart.
  struct Line {
    var name: String
    /// From left to right, in the units of the axes.
    var points: [(x: Double, y: Double)]
  }

  /// A mark on the horizontal axis.
  struct Mark {
    var x: Double
    var label: String
  }

  /// A chart of lines over marks whose places are given; the vertical axis begins at 0.
  ///
  /// - Parameters:
  ///   - marks: where the horizontal axis is labelled, in the lines' units; the first and the last are its ends.
  ///   - unit: what the vertical axis counts: `images/s`.
  ///   - axis: what the horizontal axis counts.
  static func lines(
    _ lines: [Line], marks: [Mark], unit: String, axis: String, summary: String, into html: inout ByteBuffer
  ) {
    guard let first = marks.first?.x, let last = marks.last?.x, last > first else { return }
    let frame = (left: 46.0, right: 350.0, top: 24.0, bottom: 176.0)
    let steps = ticks(upTo: lines.flatMap(\.points).map(\.y).max() ?? 1)
    let most = steps.last ?? 1
    func horizontal(_ x: Double) -> Double {
      frame.left + (frame.right - frame.left) * (min(max(x, first), last) - first) / (last - first)
    }
    func vertical(_ y: Double) -> Double { frame.bottom - (frame.bottom - frame.top) * y / most }

    html.append("<svg class=\"chart\" viewBox=\"0 0 360 214\" role=\"img\" aria-label=\"")
    html.append(html: summary)
    html.append("\">")
    for step in steps {
      let y = vertical(step)
      html.append(
        raw:
          "<line class=\"\(step == 0 ? "axis" : "grid")\" x1=\"46\" x2=\"350\" y1=\"\(short(y))\" y2=\"\(short(y))\"/>")
      html.append(raw: "<text class=\"tick\" x=\"42\" y=\"\(short(y + 4))\" text-anchor=\"end\">\(label(step))</text>")
    }
    html.append("<text class=\"tick\" x=\"46\" y=\"13\">")
    html.append(html: unit)
    html.append("</text>")
    for mark in marks {
      // A long label at the right end would leave the drawing.
      let isLong = mark.x == last && mark.label.count > 4
      let place =
        isLong ? "358\" y=\"192\" text-anchor=\"end" : "\(short(horizontal(mark.x)))\" y=\"192\" text-anchor=\"middle"
      html.append(raw: "<text class=\"tick\" x=\"\(place)\">")
      html.append(html: mark.label)
      html.append("</text>")
    }
    html.append("<text class=\"tick\" x=\"198\" y=\"209\" text-anchor=\"middle\">")
    html.append(html: axis)
    html.append("</text>")
    for (index, line) in lines.enumerated() {
      let path = line.points.map { "\(short(horizontal($0.x))),\(short(vertical($0.y)))" }.joined(separator: " ")
      let color = color(index)
      html.append(
        raw:
          "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"\(path)\"/>"
      )
      guard line.points.count <= 24 else { continue }
      for point in line.points {
        html.append(
          raw:
            "<circle cx=\"\(short(horizontal(point.x)))\" cy=\"\(short(vertical(point.y)))\" r=\"3\" fill=\"\(color)\"><title>"
        )
        html.append(html: "\(line.name): \(label(point.y)) \(unit)")
        html.append("</title></circle>")
      }
    }
    html.append("</svg>")
    guard lines.count > 1 else { return }
    html.append("<p class=\"chips\">")
    for (index, line) in lines.enumerated() {
      html.append(raw: "<span><span class=\"dot\" style=\"background:\(color(index))\"></span>")
      html.append(html: line.name)
      html.append("</span>")
    }
    html.append("</p>")
  }

  /// A bar of parts that make up a whole, with a list of them below.
  static func parts(
    _ parts: [(name: String, share: Double, text: String)], summary: String, into html: inout ByteBuffer
  ) {
    html.append("<svg class=\"parts\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
    html.append(html: summary)
    html.append("\">")
    var x = 0.0
    for (index, part) in parts.enumerated() {
      let width = 1000 * max(0, min(1, part.share))
      // A part too thin for a gap behind it still shows.
      html.append(
        raw:
          "<rect x=\"\(short(x))\" width=\"\(short(max(min(width, 1), width - 1.5)))\" height=\"10\" fill=\"\(color(index))\"><title>"
      )
      html.append(html: "\(part.name): \(part.text)")
      html.append("</title></rect>")
      x += width
    }
    html.append("</svg><div class=\"scroll whole\"><table><tbody>")
    for (index, part) in parts.enumerated() {
      html.append(
        raw: "<tr><th scope=\"row\" class=\"name\"><span class=\"dot\" style=\"background:\(color(index))\"></span>")
      html.append(html: part.name)
      html.append("</th><td class=\"num\">")
      html.append(html: part.text)
      html.append("</td><td class=\"num\">")
      html.append(html: "\(Numbers.fixed(part.share * 100, 1)) %")
      html.append("</td></tr>")
    }
    html.append("</tbody></table></div>")
  }

  /// Where a percentile stands on an axis that gives each further nine the same room: 0, 90, 99, 99.9, …
  package static func place(ofPercentile percentile: Double) -> Double {
    percentile >= 100 ? .infinity : -log10(1 - max(0, percentile) / 100)
  }

  /// How often 1 is doubled to get a number, for axes on which each doubling takes the same room.
  package static func doublings(_ value: Int) -> Double { log2(Double(max(1, value))) }

  /// Round steps from 0 to the value or just above it; four to seven of them.
  package static func ticks(upTo value: Double) -> [Double] {
    guard value.isFinite, value > 0 else { return [0, 1] }
    let power = pow(10, log10(value).rounded(.down))
    let step = [0.1, 0.2, 0.25, 0.5, 1, 2].map { $0 * power }.first { value / $0 <= 5 } ?? 2 * power
    return (0...Int((value / step - 1e-9).rounded(.up))).map { Double($0) * step }
  }

  private static func label(_ value: Double) -> String {
    if value == 0 { return "0" }
    if value >= 10_000 { return label(value / 1000) + "k" }
    let text = Numbers.fixed(value, value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0)
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
    return String(trimmed)
  }

  private static func short(_ value: Double) -> String { JSONValue.rounded((value * 10).rounded() / 10).text }

  /// Colours that people who see few colours tell apart, and that stand out on white and on black (Okabe and Ito, 2008,
  /// without its black and yellow).
  private static func color(_ index: Int) -> String {
    let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]
    return colors[index % colors.count]
  }
}
