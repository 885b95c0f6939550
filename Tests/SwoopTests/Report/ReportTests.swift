internal import Detection
internal import Swoop
internal import Testing

@Suite("HTML report")
struct ReportTests {
  let folder = TemporaryFolder()

  func report(
    _ records: [ImageRecord], labels: [String] = ["RBC", "WBC", "Platelets"], thumbnail: [UInt8]? = nil,
    details: ReportDetails = ReportDetails()
  ) throws -> String {
    let output = try RunOutput(
      folder: folder("out"), formats: [.html], mode: .overwrite, header: sampleHeader(labels: labels))
    for record in records {
      try output.append(record, thumbnail: output.wantsThumbnail(record.index) ? thumbnail : nil)
    }
    try output.finish(report: details)
    return folder.text("out/report.html")
  }

  /// Elements that are open at the end or closed where another is open; void ones aside.
  func unbalanced(_ html: String) -> [String] {
    var open: [String] = []
    var wrong: [String] = []
    let void: Set<String> = ["meta", "img", "!doctype"]
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ">") else { return wrong + ["<"] }
      let tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" })
      if tag.hasPrefix("/") {
        if open.last == name { open.removeLast() } else { wrong.append("/\(name)") }
      } else if !void.contains(name) && !tag.hasSuffix("/") {
        open.append(name)
        // What is in these is not markup.
        if name == "script" || name == "style" {
          guard let close = rest.firstRange(of: "</\(name)>") else { return wrong + [name] }
          rest = rest[close.lowerBound...]
        }
      }
    }
    return wrong + open
  }

  @Test("the report has the counts, classes, failures, settings and where the time went")
  func contents() throws {
    let records = (0..<200).map { sampleRecord($0) }
    let timings = RunTimings(
      images: 200, wallSeconds: 4,
      stages: [.init("decode", busySeconds: 1, workers: 2), .init("engine", busySeconds: 3.9, workers: 1)],
      conditions: [.init("Batch", "8")])
    let html = try report(
      records, thumbnail: [0xFF, 0xD8, 0xFF], details: ReportDetails(title: "My run", date: "1 May", timings: timings))
    #expect(unbalanced(html).isEmpty, "\(unbalanced(html))")
    for text in [
      "<h1>My run</h1>", "1 May", "model.onnx", "OpenVINO 2026.2.0", "50.0", "Platelets", "damaged", "cut off",
      "maxDetections", "300", "engine", "98 %", "Batch", "data:image/jpeg;base64,/9j/", "prefers-color-scheme:dark",
      "@media print", "lang=\"en\"", "and 24 more",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    let failed = records.count { $0.failure != nil }
    #expect(html.contains("\(failed) images of 200 failed"))
    let pictures = html.components("<figure>").count - 1
    let expected = ThumbnailSelection.indices(count: 200).count { records[$0].failure == nil }
    #expect(pictures == expected)
    #expect(html.components("alt=\"").count - 1 == pictures + 1, "every picture has a text")
  }

  @Test("the report needs nothing from elsewhere")
  func selfContained() throws {
    let html = try report((0..<60).map { sampleRecord($0) }, thumbnail: [1, 2, 3])
    for text in ["http:", "https:", "src=\"/", "<link", "@import", "url("] {
      #expect(!html.contains(text), "\(text)")
    }
  }

  @Test("names that are markup are shown and not obeyed")
  func hostileNames() throws {
    let evil = "<script>alert(1)</script>\" onload=\"x' & <img src=x>\u{202E}gpj.jpg"
    let box = Detection(box: Box(x1: 0, y1: 0, x2: 1, y2: 1), score: 0.5, classIndex: 0)
    let records = [
      ImageRecord(index: 0, key: evil, width: 9, height: 9, detections: [box], truncated: 1),
      ImageRecord(index: 1, key: evil, failure: ImageFailure(ImageFailure.Code(rawValue: evil), evil)),
    ]
    let timings = RunTimings(
      images: 2, wallSeconds: 1, stages: [.init(evil, busySeconds: 1, workers: 1)], conditions: [.init(evil, evil)])
    let html = try report(
      records, labels: [evil], thumbnail: [1], details: ReportDetails(title: evil, date: evil, timings: timings))
    #expect(unbalanced(html).isEmpty, "\(unbalanced(html))")
    #expect(html.components("<script>").count == 2, "only the report's own script")
    #expect(!html.contains("<img src=x") && !html.contains("\" onload=\"x"))
    #expect(!html.contains("\u{202E}"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x&#39; &amp;"))
  }

  @Test("a run of nothing, of failures only, and without boxes has a report", arguments: 0..<4)
  func littleToShow(kind: Int) throws {
    let records: [ImageRecord] =
      switch kind {
      case 0: []
      case 1: [ImageRecord(index: 0, key: "a", failure: ImageFailure(.empty, "x"))]
      case 2: (0..<3).map { ImageRecord(index: $0, key: "\($0)", failure: ImageFailure(.empty, "x")) }
      default: (0..<3).map { ImageRecord(index: $0, key: "\($0)", width: 9, height: 9, detections: []) }
      }
    let html = try report(records, thumbnail: [1])
    #expect(unbalanced(html).isEmpty, "\(unbalanced(html))")
    let sentences = [
      "The run had no images.", "The only image failed.", "All 3 images failed.", "Nothing was found in 3 images.",
    ]
    #expect(html.contains(sentences[kind]))
    #expect(!html.contains("nan") && !html.contains("inf\""))
  }

  @Test("a model of very many classes is summed up, and no box is lost from the counts")
  func manyClasses() throws {
    let records = (0..<120).map { index in
      ImageRecord(
        index: index, key: "\(index)", width: 9, height: 9,
        detections: [Detection(box: Box(x1: 0, y1: 0, x2: 2, y2: 2), score: 1, classIndex: index)])
    }
    let html = try report(records, labels: (0..<1000).map { "class number \($0)" })
    #expect(html.contains("20 other classes") && html.contains("880 classes of the model"))
  }

  @Test("numbers beyond what is expected do not break the report")
  func extremes() throws {
    let huge = Float.greatestFiniteMagnitude
    let boxes = [
      Detection(box: Box(x1: -huge, y1: -huge, x2: huge, y2: huge), score: 7, classIndex: 5),
      Detection(box: Box(x1: 5, y1: 5, x2: 1, y2: 9), score: -1, classIndex: 0),
    ]
    let many = [Detection](repeating: boxes[1], count: 3000)
    let html = try report([
      ImageRecord(index: 0, key: "a", width: 1, height: 1, detections: boxes, truncated: .max),
      ImageRecord(index: 1, key: "b", width: 1, height: 1, detections: many, truncated: .max),
    ])
    #expect(unbalanced(html).isEmpty)
    #expect(html.contains("class5"))
  }
}

extension String {
  /// The parts between occurrences of a text.
  fileprivate func components(_ separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
