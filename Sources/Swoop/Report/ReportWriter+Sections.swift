/// The parts of the report below the pictures.
extension ReportWriter {
  /// Rows of the table of classes; what is beyond is summed up in one more.
  private static let classRowLimit = 100
  /// Rows that are shown at first.
  private static let firstClassRows = 15

  // MARK: Classes

  func writeClasses(into html: inout ByteBuffer) {
    let classes = statistics.sortedClasses
    guard let most = classes.first?.statistics.detections else { return }
    html.append("<section aria-labelledby=\"classes\">\n<h2 id=\"classes\">Classes</h2>\n")
    let missing = header.model.labels.count - classes.count
    if missing > 0 {
      html.append("<p class=\"note\">")
      html.append(html: "\(Numbers.count(missing, "class", "classes")) of the model's ")
      html.append(html: "\(Numbers.grouped(header.model.labels.count)) \(missing == 1 ? "was" : "were") not found.")
      html.append("</p>\n")
    }
    // On paper a short table is not parted.
    html.append(raw: "<div class=\"fold\"><div class=\"scroll\(classes.count <= 16 ? " whole" : "")\">")
    html.append("<table>\n<thead><tr><th scope=\"col\">Class</th>")
    html.append("<th scope=\"col\" class=\"num\">")
    html.append("Detections</th><th scope=\"col\" class=\"wide\"><span class=\"hide\">Share</span></th>")
    html.append("<th scope=\"col\" class=\"num hide\">Images</th><th scope=\"col\" class=\"num\">")
    html.append("Median<span class=\"hide\"> confidence</span></th>")
    html.append("<th scope=\"col\" class=\"hide\">Confidence, 0 to 1</th></tr></thead>\n<tbody>\n")
    let isFolded = classes.count > Self.firstClassRows + 5
    for (position, (classIndex, row)) in classes.prefix(Self.classRowLimit).enumerated() {
      let label = header.label(classIndex)
      html.append(raw: isFolded && position >= Self.firstClassRows ? "<tr class=\"extra\">" : "<tr>")
      html.append("<th scope=\"row\" class=\"name\"><span class=\"label\"><span class=\"dot\" style=\"background:")
      html.append(raw: color(classIndex))
      html.append("\"></span><span>")
      html.append(html: label)
      html.append("</span></span></th><td class=\"num\">")
      html.append(raw: Numbers.grouped(row.detections))
      html.append("</td><td class=\"wide\">")
      ReportCharts.meter(Double(row.detections) / Double(most), color: color(classIndex), into: &html)
      html.append("</td><td class=\"num hide\">")
      html.append(raw: Numbers.grouped(row.images))
      html.append("</td><td class=\"num\">")
      html.append(raw: ReportStatistics.median(row.confidences).map { Numbers.fixed($0, 2) } ?? "–")
      html.append("</td><td class=\"hide\">")
      ReportCharts.sparkline(
        ReportStatistics.coarser(row.confidences, count: 20), color: color(classIndex),
        summary: "Confidences of \(label) from 0 to 1", into: &html)
      html.append("</td></tr>\n")
    }
    let rest = classes.dropFirst(Self.classRowLimit)
    if !rest.isEmpty || statistics.otherClassDetections > 0 {
      let count = rest.reduce(statistics.otherClassDetections) { $0 + $1.statistics.detections }
      html.append(raw: isFolded ? "<tr class=\"extra\">" : "<tr>")
      html.append("<th scope=\"row\">")
      html.append(
        html: statistics.otherClassDetections > 0
          ? "all others" : Numbers.count(rest.count, "other class", "other classes"))
      html.append("</th><td class=\"num\">")
      html.append(raw: Numbers.grouped(count))
      html.append("</td><td class=\"wide\"></td><td class=\"hide\"></td><td></td><td class=\"hide\"></td></tr>\n")
    }
    html.append("</tbody></table></div>\n")
    if isFolded {
      writeMore("Show all \(Numbers.count(min(classes.count, Self.classRowLimit), "class", "classes"))", into: &html)
    }
    html.append("</div>\n</section>\n")
  }

  // MARK: Distributions

  func writeCharts(into html: inout ByteBuffer) {
    guard totals.images > totals.failed else { return }
    html.append("<section aria-labelledby=\"distributions\">\n<h2 id=\"distributions\">Distributions</h2>\n")
    html.append("<div class=\"charts\">\n")
    if totals.detections > 0 {
      html.append("<div><h3>Confidence</h3>")
      let bins = ReportStatistics.coarser(statistics.confidences, count: 20).enumerated().map {
        position, count in
        (label: Numbers.fixed(Double(position) / 20, position.isMultiple(of: 2) ? 1 : 2), count: count)
      }
      let median = ReportStatistics.median(statistics.confidences).map { Numbers.fixed($0, 2) } ?? "–"
      ReportCharts.histogram(
        bins, summary: "Histogram of the confidence of all detections; the median is \(median)",
        axis: "confidence (median \(median))", labelsAreEdges: true, into: &html)
      html.append("</div>\n")
    }
    html.append("<div><h3>Detections per image</h3>")
    let mean = Double(totals.detections) / Double(max(1, totals.images - totals.failed))
    ReportCharts.histogram(
      statistics.perImageBins,
      summary: "Histogram of detections per image; the mean is \(Numbers.fixed(mean, 1))",
      axis: "detections in an image (mean \(Numbers.fixed(mean, 1)))", into: &html)
    html.append("</div>\n")
    if totals.detections > 0 {
      html.append("<div><h3>Size of boxes</h3>")
      ReportCharts.histogram(
        statistics.sideBins,
        summary: "Histogram of the size of boxes, as the side of a square of the same area",
        axis: "√(width × height), pixels", into: &html)
      html.append("</div>\n")
    }
    html.append("</div>\n</section>\n")
  }

  // MARK: Failures

  func writeFailures(into html: inout ByteBuffer) {
    guard totals.failed > 0 else { return }
    html.append("<section aria-labelledby=\"failures\">\n<h2 id=\"failures\">Images that failed</h2>\n")
    for (code, failure) in statistics.sortedFailures {
      html.append("<div class=\"failure\"><h3>")
      html.append(html: Numbers.count(failure.count, "image"))
      html.append(": <code>")
      html.append(html: code.rawValue)
      html.append("</code></h3><ul>")
      for sample in failure.samples {
        html.append("<li><code>")
        html.append(html: Self.shortened(sample.key))
        html.append("</code> – ")
        html.append(html: Self.shortened(sample.reason))
        html.append("</li>")
      }
      let more = failure.count - failure.samples.count
      if more > 0 {
        html.append("<li>")
        html.append(html: "and \(Numbers.grouped(more)) more")
        html.append("</li>")
      }
      html.append("</ul></div>\n")
    }
    html.append(
      "<p class=\"note\">All are in <code>detections.jsonl</code>: the lines with <code>\"failed\"</code>.</p>\n"
    )
    html.append("</section>\n")
  }

  // Keys and reasons may be as long as whoever named the files wanted.
  private static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= 300
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(300))) + "…"
  }

  // MARK: Time

  func writeTimings(into html: inout ByteBuffer) {
    guard let timings = details.timings, let rate = timings.imagesPerSecond else { return }
    html.append("<section aria-labelledby=\"time\">\n<h2 id=\"time\">Throughput</h2>\n<p>")
    var text =
      "\(Numbers.count(timings.images, "image")) in \(Numbers.duration(timings.wallSeconds)): \(Numbers.rate(rate)) images/s."
    if timings.images < totals.images { text += " This is the part of the run after it was resumed." }
    if let limit = timings.limit {
      text += " The stage “\(limit.name)” held up the others:"
      text += " it was busy \(Numbers.fixed(limit.load(of: timings.wallSeconds) * 100, 0)) % of the time."
    }
    html.append(html: text)
    html.append("</p>\n")
    if !timings.stages.isEmpty {
      html.append(
        "<div class=\"scroll whole\"><table>\n<thead><tr><th scope=\"col\">Stage</th><th scope=\"col\" class=\"num hide\">Busy</th>"
      )
      html.append(
        "<th scope=\"col\" class=\"num hide\">Workers</th><th scope=\"col\" class=\"num\">Load</th>")
      html.append(
        "<th scope=\"col\" class=\"wide\"></th><th scope=\"col\" class=\"num\">Per image</th></tr></thead>\n<tbody>\n"
      )
      for stage in timings.stages {
        let load = stage.load(of: timings.wallSeconds)
        html.append("<tr><th scope=\"row\">")
        html.append(html: stage.name)
        if stage.name == timings.limit?.name { html.append(" <span class=\"note\">(limit)</span>") }
        html.append("</th><td class=\"num hide\">")
        html.append(raw: Numbers.duration(stage.busySeconds))
        html.append("</td><td class=\"num hide\">")
        html.append(stage.workers)
        html.append("</td><td class=\"num\">")
        html.append(raw: "\(Numbers.fixed(load * 100, 0)) %")
        html.append("</td><td class=\"wide\">")
        ReportCharts.meter(load, color: stage.name == timings.limit?.name ? nil : "var(--mute)", into: &html)
        html.append("</td><td class=\"num\">")
        html.append(raw: "\(Numbers.fixed(stage.busySeconds / Double(max(1, timings.images)) * 1000, 2)) ms")
        html.append("</td></tr>\n")
      }
      html.append("</tbody></table></div>\n")
      html.append(
        "<p class=\"note\">Busy is the time of all workers of a stage together; load is its share of the time they had."
      )
      html.append(" Stages work at the same time.</p>\n")
    }
    html.append("</section>\n")
  }

  // MARK: Settings

  func writeSettings(into html: inout ByteBuffer) {
    html.append(
      "<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">How it was run</h2>\n<div class=\"settings\">\n"
    )
    var model: [(String, String)] = [
      ("Model", header.model.file), ("SHA-256", header.model.sha256),
      ("Classes", Numbers.grouped(header.model.labels.count)),
      ("Runtime", "\(header.engine.runtime) \(header.engine.version)"),
    ]
    if let device = header.engine.device { model.append(("Device", device)) }
    model.append(("Precision", header.engine.precision))
    model.append(("Swoop", header.version))
    model += details.timings?.conditions.map { ($0.name, $0.value) } ?? []
    table(model, into: &html)
    table(header.settings.map { ($0.name, Self.shown($0.value)) }, into: &html)
    html.append("</div>\n</section>\n")
  }

  private static func shown(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): shortened(text)
    case .bool(let flag): flag ? "yes" : "no"
    case .null: "–"
    case .number(let text): text
    case .array(let elements): elements.isEmpty ? "–" : shortened(elements.map(shown).joined(separator: ", "))
    case .object(let members):
      members.isEmpty
        ? "–" : shortened(members.map { "\($0.name) \(shown($0.value))" }.joined(separator: ", "))
    }
  }

  private func table(_ rows: [(String, String)], into html: inout ByteBuffer) {
    guard !rows.isEmpty else { return }
    html.append("<table><tbody>\n")
    for (name, value) in rows {
      html.append("<tr><th scope=\"row\">")
      html.append(html: name)
      html.append("</th><td>")
      html.append(html: value)
      html.append("</td></tr>\n")
    }
    html.append("</tbody></table>\n")
  }
}
