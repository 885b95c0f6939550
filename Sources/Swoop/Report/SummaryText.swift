/// What the command says when a run has ended: a few lines for people.
public enum SummaryText {
  /// The summary, without a newline at its end.
  ///
  /// - Parameters:
  ///   - totals: the counts of the whole run.
  ///   - timings: of this process; `nil` where it dealt with no image.
  ///   - outputs: what was written, as paths or words.
  ///   - tally: what the sources passed over.
  public static func text(
    _ totals: RunTotals, timings: RunTimings? = nil, outputs: [String] = [],
    tally: SourceTally = SourceTally()
  ) -> String {
    var lines: [String] = []
    let succeeded = totals.images - totals.failed
    var first = "\(Numbers.count(totals.images, "image")): \(Numbers.count(totals.detections, "detection"))"
    if succeeded > 0 { first += " in \(Numbers.grouped(totals.imagesWithDetections))" }
    if succeeded > totals.imagesWithDetections {
      first += ", \(Numbers.grouped(succeeded - totals.imagesWithDetections)) without any"
    }
    lines.append(first)
    if totals.failed > 0 {
      let kinds = totals.failures.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      let shown = kinds.map { "\(Numbers.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
      lines.append("\(Numbers.grouped(totals.failed)) failed: \(shown)")
    }
    if totals.truncatedImages > 0 {
      let count = Numbers.count(totals.truncatedDetections, "detection")
      lines.append(
        "\(count) in \(Numbers.count(totals.truncatedImages, "image")) cut off by --max-detections; raise it to keep them"
      )
    }
    if tally.hidden > 0 {
      lines.append(
        "\(Numbers.count(tally.hidden, "hidden file or folder", "hidden files and folders")) passed over")
    }
    lines += tally.notices
    if let timings, let rate = timings.imagesPerSecond {
      var line = "\(Numbers.rate(rate)) images/s"
      if timings.images < totals.images { line += " for the last \(Numbers.grouped(timings.images))" }
      line += " in \(Numbers.duration(timings.wallSeconds))"
      if let limit = timings.limit {
        line +=
          "; \(limit.name) held up the rest, busy \(Numbers.fixed(limit.load(of: timings.wallSeconds) * 100, 0)) %"
      }
      lines.append(line)
    }
    if !outputs.isEmpty { lines.append("written: " + outputs.joined(separator: ", ")) }
    return lines.joined(separator: "\n")
  }
}
