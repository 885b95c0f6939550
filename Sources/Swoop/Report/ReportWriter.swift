/// Writes `report.html`: one page for people that needs nothing else, neither network nor other files.
final class ReportWriter: DerivedWriter {
  let folder: OutputFolder
  let header: RunHeader
  let thumbnails: ThumbnailFolder?
  let details: ReportDetails
  let totals: RunTotals
  var statistics: ReportStatistics

  init(
    folder: OutputFolder, header: RunHeader, thumbnails: ThumbnailFolder?, details: ReportDetails,
    totals: RunTotals
  ) {
    self.folder = folder
    self.header = header
    self.thumbnails = thumbnails
    self.details = details
    self.totals = totals
    statistics = ReportStatistics(images: totals.images)
  }

  func add(_ record: ImageRecord) {
    statistics.add(record)
  }

  func finish() throws {
    let file = try folder.beginReplacing(OutputFormat.html.artifact)
    let title = details.title ?? Self.name(of: folder.path)
    try file.write { html in
      html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
      html.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
      html.append(html: "\(title) – detections")
      html.append("</title>\n<style>\n")
      html.append(ReportStyle.css)
      html.append("\n</style>\n</head>\n<body>\n<main>\n")
      writeHead(title, into: &html)
      writeAlerts(into: &html)
    }
    try writeGallery(to: file)
    try file.write { html in
      writeClasses(into: &html)
      writeCharts(into: &html)
      writeFailures(into: &html)
      writeTimings(into: &html)
      writeSettings(into: &html)
      html.append("<footer><p>Made by Swoop ")
      html.append(html: header.version)
      html.append(
        " from <code>detections.jsonl</code>, which has every box of every image.</p></footer>\n</main>\n")
      html.append("<script>\n")
      html.append(ReportStyle.script)
      html.append("\n</script>\n</body>\n</html>\n")
    }
    try folder.endReplacing(file)
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last { $0 != "." && $0 != ".." }.map(String.init) ?? "Detections"
  }

  /// The colour of a class as CSS has it.
  func color(_ classIndex: Int) -> String {
    let digits = String(details.classColor(classIndex) & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  // MARK: Head

  private func writeHead(_ title: String, into html: inout ByteBuffer) {
    html.append("<header>\n<p class=\"over\">Detection report</p>\n<h1>")
    html.append(html: title)
    html.append("</h1>\n<p class=\"sub\">")
    // The build that follows the version stands with the run's settings, below.
    let version = header.engine.version.prefix { $0 != "-" }
    var facts = [header.model.file, "\(header.engine.runtime) \(version)", header.engine.precision]
    if let device = header.engine.device { facts.insert(device, at: 2) }
    if let date = details.date { facts.append(date) }
    html.append(html: facts.joined(separator: " · "))
    html.append("</p>\n<p class=\"lead\">")
    html.append(html: sentence)
    html.append("</p>\n<dl class=\"figures\">\n")
    let succeeded = totals.images - totals.failed
    figure("Images", Numbers.grouped(totals.images), into: &html)
    figure("Detections", Numbers.grouped(totals.detections), into: &html)
    if succeeded > 0 {
      let mean = Double(totals.detections) / Double(succeeded)
      figure("Mean per image", Numbers.fixed(mean, mean < 10 ? 2 : 1), into: &html)
    }
    figure(
      "Without detections", Numbers.grouped(succeeded - totals.imagesWithDetections), unit: "images",
      into: &html)
    figure("Failed", Numbers.grouped(totals.failed), unit: "images", isBad: totals.failed > 0, into: &html)
    if let rate = details.timings?.imagesPerSecond {
      figure("Throughput", Numbers.rate(rate), unit: "images/s", into: &html)
    }
    html.append("</dl>\n</header>\n")
  }

  private func figure(
    _ name: String, _ value: String, unit: String? = nil, isBad: Bool = false, into html: inout ByteBuffer
  ) {
    html.append(raw: isBad ? "<div class=\"bad\"><dt>" : "<div><dt>")
    html.append(html: name)
    html.append("</dt><dd>")
    html.append(html: value)
    if let unit {
      html.append("<small>")
      html.append(html: unit)
      html.append("</small>")
    }
    html.append("</dd></div>\n")
  }

  /// The run in a sentence or two.
  private var sentence: String {
    let succeeded = totals.images - totals.failed
    guard totals.images > 0 else { return "The run had no images." }
    guard succeeded > 0 else {
      return totals.images == 1
        ? "The only image failed." : "All \(Numbers.grouped(totals.images)) images failed."
    }
    guard let first = statistics.sortedClasses.first else {
      return "Nothing was found in \(Numbers.count(succeeded, "image"))."
    }
    var text =
      "\(Numbers.count(totals.detections, "object")) of \(Numbers.count(statistics.classes.count, "class", "classes")) "
    text += totals.detections == 1 ? "was" : "were"
    text +=
      " found in \(Numbers.grouped(totals.imagesWithDetections)) of \(Numbers.count(succeeded, "image"))."
    if statistics.classes.count > 1 {
      let share = Numbers.percent(first.statistics.detections, of: totals.detections)
      text += " Most are \(header.label(first.classIndex)) (\(share))."
    }
    return text
  }

  private func writeAlerts(into html: inout ByteBuffer) {
    if totals.failed > 0 {
      html.append("<p class=\"alert bad\" role=\"note\"><strong>")
      html.append(
        html: "\(Numbers.count(totals.failed, "image")) of \(Numbers.grouped(totals.images)) failed")
      html.append("</strong> and ")
      html.append(raw: totals.failed == 1 ? "has" : "have")
      html.append(" no detections. <a href=\"#failures\">The reasons are below.</a></p>\n")
    }
    if totals.truncatedImages > 0 {
      html.append("<p class=\"alert\" role=\"note\"><strong>")
      let count = Numbers.count(totals.truncatedDetections, "detection")
      html.append(
        html:
          "\(count) in \(Numbers.count(totals.truncatedImages, "image")) \(totals.truncatedDetections == 1 ? "was" : "were") cut off"
      )
      html.append(
        "</strong> by the limit on detections per image and are not counted here. Raise the limit to keep them: "
      )
      html.append(html: statistics.truncatedSamples.joined(separator: ", "))
      html.append(
        raw: totals.truncatedImages > statistics.truncatedSamples.count ? " and others.</p>\n" : ".</p>\n")
    }
  }

  // MARK: Gallery

  private func writeGallery(to file: FileWriter) throws {
    guard let thumbnails else { return }
    let shown = statistics.pictures.compactMap { picture in
      thumbnails.read(index: picture.index).map { (picture: picture, jpeg: $0) }
    }
    guard !shown.isEmpty else { return }
    try file.write { html in
      html.append(
        "<section aria-labelledby=\"pictures\">\n<h2 id=\"pictures\">Pictures</h2>\n<p class=\"note\">")
      let total = totals.images - totals.failed
      let choice =
        shown.count < total
        ? "\(shown.count) of \(Numbers.grouped(total)) pictures, spread evenly over the run."
        : totals.failed > 0
          ? "All \(total) pictures that did not fail." : "All \(Numbers.count(total, "picture"))."
      html.append(html: choice)
      html.append(" <span id=\"shown\" aria-live=\"polite\"></span></p>\n")
      writeFilter(shown.map(\.picture), into: &html)
      html.append("<div class=\"fold\"><ul class=\"gallery\">\n")
    }
    // At first a dozen, spread over the run like all of them.
    let step = (shown.count + Self.firstPictures - 1) / Self.firstPictures
    for (position, (picture, jpeg)) in shown.enumerated() {
      try file.write { write(picture, jpeg, isExtra: !position.isMultiple(of: step), into: &$0) }
    }
    try file.write { html in
      html.append("</ul>\n")
      if step > 1 { writeMore("Show all \(shown.count) pictures", into: &html) }
      html.append("</div>\n")
      html.append("<dialog aria-label=\"Picture\"><img alt=\"\"><div><span class=\"key\"></span>")
      html.append("<button type=\"button\">Close</button></div></dialog>\n</section>\n")
    }
  }

  /// A button that shows what a list leaves out at first; it is there only where the script is run.
  func writeMore(_ text: String, into html: inout ByteBuffer) {
    html.append("<p class=\"more\"><button type=\"button\">")
    html.append(html: text)
    html.append("</button></p>\n")
  }

  private static let filterLimit = 12
  private static let firstPictures = 12

  private func writeFilter(_ pictures: [ReportStatistics.Picture], into html: inout ByteBuffer) {
    var present: Set<Int> = []
    for picture in pictures { present.formUnion(picture.counts.map(\.classIndex)) }
    let classes = statistics.sortedClasses.map(\.classIndex).filter(present.contains).prefix(Self.filterLimit)
    let hasEmpty = pictures.contains(where: \.counts.isEmpty)
    guard classes.count + (hasEmpty ? 1 : 0) > 1 else { return }
    html.append("<div class=\"filter\" role=\"group\" aria-label=\"Show pictures with\">")
    html.append("<button type=\"button\" data-class=\"all\" aria-pressed=\"true\">All</button>")
    for classIndex in classes {
      html.append("<button type=\"button\" aria-pressed=\"false\" data-class=\"")
      html.append(classIndex)
      html.append("\">")
      dot(classIndex, into: &html)
      html.append(html: header.label(classIndex))
      html.append("</button>")
    }
    if hasEmpty {
      html.append("<button type=\"button\" aria-pressed=\"false\" data-class=\"none\">No detections</button>")
    }
    html.append("</div>\n")
  }

  private func dot(_ classIndex: Int, into html: inout ByteBuffer) {
    html.append("<span class=\"dot\" style=\"background:")
    html.append(raw: color(classIndex))
    html.append("\"></span>")
  }

  private func write(
    _ picture: ReportStatistics.Picture, _ jpeg: [UInt8], isExtra: Bool, into html: inout ByteBuffer
  ) {
    let found = picture.counts.map { "\(header.label($0.classIndex)) \(Numbers.grouped($0.count))" }
    html.append(raw: isExtra ? "<li class=\"extra\" data-classes=\"" : "<li data-classes=\"")
    html.append(
      raw: picture.counts.isEmpty ? "none" : picture.counts.map { "\($0.classIndex)" }.joined(separator: " "))
    html.append("\"><figure><button type=\"button\" class=\"frame\"><img loading=\"lazy\" alt=\"")
    html.append(html: "\(picture.key): \(found.isEmpty ? "no detections" : found.joined(separator: ", "))")
    html.append("\" src=\"data:image/jpeg;base64,")
    html.append(base64: jpeg)
    html.append("\"></button><figcaption><span class=\"key\">")
    html.append(html: picture.key)
    html.append("</span><span class=\"chips\">")
    if picture.counts.isEmpty { html.append("no detections") }
    for (position, (classIndex, count)) in picture.counts.enumerated() {
      // A caption is a few words; the alternative text has all of them.
      if position == 5 {
        html.append(html: "+ \(Numbers.count(picture.counts.count - 5, "class", "classes"))")
        break
      }
      html.append("<span>")
      dot(classIndex, into: &html)
      html.append(html: "\(header.label(classIndex)) \(Numbers.grouped(count))")
      html.append("</span>")
    }
    html.append("</span></figcaption></figure></li>\n")
  }
}
