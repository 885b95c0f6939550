/// Charts as inline SVG. Colours come from the page's style, so that they follow light and dark.
enum ReportCharts {
  /// A histogram with labels below its bars and one line for the highest count.
  ///
  /// - Parameters:
  ///   - bins: label and count of each bar, from left to right. Labels that would touch are left out evenly.
  ///   - summary: what the chart shows, in a sentence, for who does not see it.
  ///   - labelsAreEdges: whether a label belongs to the left edge of its bar and not to its middle.
  static func histogram(
    _ bins: [(label: String, count: Int)], summary: String, axis: String, labelsAreEdges: Bool = false,
    into html: inout ByteBuffer
  ) {
    let (width, height, left, bottom, top) = (360.0, 200.0, 8.0, 40.0, 22.0)
    let most = max(1, bins.map(\.count).max() ?? 1)
    let step = (width - left * 2) / Double(max(1, bins.count))
    let plot = height - bottom - top
    let longest = bins.map(\.label.count).max() ?? 1
    // About 6.5 units a character at the size of the labels.
    let every = max(1, Int((Double(longest) * 6.5 + 6) / step) + (Double(longest) * 6.5 + 6 > step ? 1 : 0))
    html.append("<svg class=\"chart\" viewBox=\"0 0 360 200\" role=\"img\" aria-label=\"")
    html.append(html: summary)
    html.append("\">")
    html.append("<line class=\"grid\" x1=\"8\" x2=\"352\" y1=\"22\" y2=\"22\"/>")
    html.append("<text class=\"tick\" x=\"352\" y=\"16\" text-anchor=\"end\">")
    html.append(raw: Numbers.grouped(most))
    html.append("</text>")
    for (position, bin) in bins.enumerated() {
      let barHeight = bin.count == 0 ? 0 : max(1.5, plot * Double(bin.count) / Double(most))
      let x = left + step * Double(position)
      let gap = min(2, step * 0.15)
      html.append("<rect class=\"bar\" x=\"")
      html.append(decimal: x + gap / 2)
      html.append("\" y=\"")
      html.append(decimal: top + plot - barHeight)
      html.append("\" width=\"")
      html.append(decimal: max(0.5, step - gap))
      html.append("\" height=\"")
      html.append(decimal: barHeight)
      html.append("\"><title>")
      html.append(html: "\(bin.label): \(Numbers.grouped(bin.count))")
      html.append("</title></rect>")
      guard position.isMultiple(of: every) else { continue }
      html.append("<text class=\"tick\" text-anchor=\"middle\" y=\"178\" x=\"")
      html.append(decimal: labelsAreEdges ? max(x, 12) : x + step / 2)
      html.append("\">")
      html.append(html: bin.label)
      html.append("</text>")
    }
    html.append("<line class=\"axis\" x1=\"8\" x2=\"352\" y1=\"160\" y2=\"160\"/>")
    html.append("<text class=\"tick\" x=\"180\" y=\"196\" text-anchor=\"middle\">")
    html.append(html: axis)
    html.append("</text></svg>")
  }

  /// A small histogram without labels, for a row of a table.
  static func sparkline(_ counts: [Int], color: String, summary: String, into html: inout ByteBuffer) {
    let most = Double(max(1, counts.max() ?? 1))
    html.append(
      "<svg class=\"spark\" viewBox=\"0 0 120 28\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
    html.append(html: summary)
    html.append("\"><rect class=\"floor\" x=\"0\" y=\"27\" width=\"120\" height=\"1\"/>")
    let step = 120 / Double(max(1, counts.count))
    for (position, count) in counts.enumerated() where count > 0 {
      let height = max(1.5, 26 * Double(count) / most)
      html.append("<rect x=\"")
      html.append(decimal: step * Double(position) + 0.4)
      html.append("\" y=\"")
      html.append(decimal: 27 - height)
      html.append("\" width=\"")
      html.append(decimal: step - 0.8)
      html.append("\" height=\"")
      html.append(decimal: height)
      html.append("\" fill=\"")
      html.append(raw: color)
      html.append("\"/>")
    }
    html.append("</svg>")
  }

  /// A horizontal bar that fills a share of its cell.
  static func meter(_ share: Double, color: String?, into html: inout ByteBuffer) {
    html.append(
      "<svg class=\"meter\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
    html.append("<rect class=\"floor\" width=\"100\" height=\"8\"/><rect height=\"8\" width=\"")
    html.append(decimal: max(share > 0 ? 0.8 : 0, min(1, share) * 100))
    html.append("\"")
    if let color {
      html.append(" fill=\"")
      html.append(raw: color)
      html.append("\"")
    } else {
      html.append(" class=\"bar\"")
    }
    html.append("/></svg>")
  }
}

extension ByteBuffer {
  /// A length in a drawing, to a tenth.
  mutating func append(decimal value: Double) {
    append((value * 10).rounded() / 10)
  }
}
