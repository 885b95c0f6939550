import Detection
import Evaluation
import EvaluationFiles
import EvaluationReport
import Imaging
import Swoop
import Testing

@Suite("Evaluation reports")
struct EvaluationReportTests {
  static let hostile = "<script>alert(1)</script>&\"'"

  static func truth(_ categories: [String] = ["cat", "dog"], imageNames: [String] = ["a.jpg", "b.jpg"])
    -> GroundTruthFile
  {
    let images = imageNames.enumerated().map {
      GroundTruth.Image(name: $1, id: $0 + 1, width: 100, height: 80)
    }
    let objects = [
      GroundTruth.Object(image: 0, category: 0, box: .init(x: 10, y: 10, width: 20, height: 20), id: 1),
      GroundTruth.Object(image: 1, category: 1, box: .init(x: 40, y: 40, width: 30, height: 30), id: 2),
    ]
    return GroundTruthFile(
      format: .coco,
      truth: GroundTruth(
        images: images, categories: categories.enumerated().map { .init(name: $1, id: $0 + 1) }, objects: objects))
  }

  static func set(
    _ labels: [String] = ["cat", "dog"], imageNames: [String] = ["a.jpg", "b.jpg"], score: Float = 0.9, move: Float = 0,
    boxesOfFirst: Int = 1
  ) -> DetectionSet {
    var set = DetectionSet(source: "set", labels: labels)
    let boxes = [Box(x1: 10 + move, y1: 10, x2: 30, y2: 30), Box(x1: 60, y1: 5, x2: 90, y2: 30)]
    let first = boxes.prefix(boxesOfFirst).map { Detection(box: $0, score: score, classIndex: 0) }
    set.append(ImageRecord(index: 0, key: imageNames[0], width: 100, height: 80, detections: first))
    let other = Detection(box: Box(x1: 40, y1: 40, x2: 70, y2: 70), score: score, classIndex: 0)
    set.append(ImageRecord(index: 1, key: imageNames[1], width: 100, height: 80, detections: [other]))
    return set
  }

  static func page(_ result: EvaluationResult, requirements: [Requirement] = []) throws -> String {
    try result.page(.init(title: hostile, facts: [hostile], requirements: requirements, color: { _ in "#123456" }))
  }

  @Test("Tables and JSON say the figures and the mistakes")
  func text() throws {
    let result = try EvaluationResult(Self.truth(), Self.set())
    let text = result.description
    #expect(text.contains("2 images, 2 objects of 2 categories; 2 detections"))
    // The first is right; the second a dog found as a cat.
    #expect(text.contains("AP, IoU 0.50              0.5000   map50"))
    let json = result.json
    #expect(json["figures"]?["map50"] == .number("\(result.coco.figures[.map50])"))
    #expect(json["figures"]?["map-large"] == .null)
    #expect(json["mistakes"]?["class"]?["count"] == .number("1"))
    guard case .array(let rows)? = json["confusion"]?["counts"] else {
      Issue.record("no confusion matrix")
      return
    }
    #expect(rows.map(\.text) == ["[1,1,0]", "[0,0,0]", "[0,0,0]"])
    #expect(result.warnings.isEmpty)
  }

  @Test("The page needs nothing else and shows names as text, whatever they hold")
  func page() throws {
    let names = [Self.hostile, "b.jpg"]
    let result = try EvaluationResult(
      Self.truth([Self.hostile, "dog"], imageNames: names), Self.set([Self.hostile, "dog"], imageNames: names))
    let page = try Self.page(
      result, requirements: [try #require(Requirement("map50=0.4")), try #require(Requirement("map=0.9"))])
    #expect(!page.contains("<script"))
    #expect(!page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("&lt;script&gt;"))
    #expect(page.contains("alert good") && page.contains("alert bad"))
    #expect(page.contains("Images with most mistakes"))
    #expect(page.hasSuffix("</html>\n"))
  }

  @Test("Plots are SVG files that stand alone, for one category, many, and none", arguments: [0, 1, 3, 30])
  func plots(count: Int) throws {
    let labels = (0..<count).map { "class \($0) \(Self.hostile)" }
    var truth = Self.truth(labels)
    if count == 0 { truth.truth.objects = [] }
    if count == 1 { truth.truth.objects.removeLast() }
    let set = count == 0 ? DetectionSet(source: "set", labels: []) : Self.set(labels)
    let result = try EvaluationResult(truth, set)
    let plots = result.plots { _ in "#123456" }
    #expect(plots.map(\.name) == ["precision-recall", "f1-confidence", "confusion-matrix"])
    for plot in plots {
      #expect(plot.svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1600\""))
      #expect(plot.svg.hasSuffix("</svg>\n"))
      #expect(!plot.svg.contains("<script") && !plot.svg.contains("nan") && !plot.svg.contains("inf"))
      // Programs for slides know no style sheets.
      for word in ["<style", " class=", "var(", "@media", "\"currentColor\""] {
        #expect(!plot.svg.contains(word), "\(word)")
      }
    }
    #expect(try Self.page(result).hasSuffix("</html>\n"))
    #expect(result.description.contains("map50"))
  }

  @Test("What a style sheet would say may also be a category's name")
  func oddNames() throws {
    let names = ["class=\"tick\"", "\"currentColor\""]
    let result = try EvaluationResult(Self.truth(names), Self.set(names))
    let svg = result.plots { _ in "#123456" }.map(\.svg).joined()
    #expect(svg.contains("&quot;currentColor&quot;"))
    #expect(svg.contains("class=&quot;tick&quot;"))
  }

  @Test(
    "Plots become pictures with lines, and with text where labels are, for few categories and many",
    .enabled(if: ImagingSupport.current().canRenderDrawings, "needs libvips with its loader for SVG"),
    arguments: [2, 30])
  func pictures(count: Int) throws {
    let labels = ["cat", "dog"] + (2..<count).map { "a category with a long name, number \($0)" }
    let result = try EvaluationResult(Self.truth(labels), Self.set(labels))
    for plot in result.plots(color: { _ in "#cc2200" }) {
      let png = try DrawingRenderer.png(svg: plot.svg)
      let image = try png.withUnsafeBytes { try ImageDecoder().decode($0) }
      let tall = try #require(plot.svg.firstMatch(of: #/ height="(\d+)"/#)).1
      #expect(image.width == 1600 && image.height == Int(tall), "\(plot.name)")
      for corner in [(0, 0), (1599, 0), (0, image.height - 1), (1599, image.height - 1)] {
        #expect(image[corner.0, corner.1] == (255, 255, 255), "\(plot.name) \(corner)")
      }
      func dark(_ columns: Range<Int>, _ rows: Range<Int>) -> Int {
        rows.reduce(0) { sum, y in sum + columns.count { image[$0, y].0 < 110 && image[$0, y].2 < 110 } }
      }
      // The head at the top left, the turned name of the vertical axis, and what lies below the plot.
      let height = image.height
      #expect(dark(20..<1200, 0..<90) > 3000, "\(plot.name)")
      #expect(dark(0..<90, 100..<height - 200) > 1000, "\(plot.name)")
      #expect(dark(100..<1600, height - 160..<height) > 500, "\(plot.name)")
    }
  }

  @Test("What could mislead is said")
  func warnings() throws {
    var set = Self.set()
    for index in 0..<30 {
      set.entries.append(
        .init(image: 0, classID: 0, box: .init(x: Double(index), y: 0, width: 5, height: 5), score: 0.5))
    }
    #expect(try EvaluationResult(Self.truth(), set).warnings.contains { $0.contains("--confidence 0.001") })
    var empty = Self.truth()
    empty.truth.objects = []
    #expect(try EvaluationResult(empty, Self.set()).warnings.contains { $0.contains("no objects") })
  }

  @Test("Requirements are read and checked")
  func requirements() throws {
    let figures = try EvaluationResult(Self.truth(), Self.set()).coco.figures
    #expect(Requirement("map50=0.5")?.isFulfilled(by: figures) == true)
    #expect(Requirement("mAP50=0.51")?.isFulfilled(by: figures) == false)
    #expect(Requirement("map-large=0")?.isFulfilled(by: figures) == false)
    for text in ["", "map50", "map50=", "map50=x", "map50=1.5", "map50=-1", "map51=0.5", "map50=0.5=1", "map50=nan"] {
      #expect(Requirement(text) == nil, "\(text)")
    }
    #expect(Requirement("map50=0.6")?.sentence(figures) == "not fulfilled: map50 is 0.5000, required is 0.6000")
  }
}

@Suite("Comparison reports")
struct ComparisonReportTests {
  typealias Base = EvaluationReportTests

  @Test("Two equal sets have no differences")
  func equal() throws {
    let result = try ComparisonResult(Base.set(), Base.set(), names: ("x", "y"))
    #expect(result.comparison.matchedCount == 2)
    #expect(result.description.contains("lost: only in A"))
    #expect(try result.page(date: nil).contains("Both have the same boxes in 2 images"))
    for name in Allowance.Name.allCases where name != .map && name != .map50 {
      #expect(Allowance("\(name.rawValue)=0")?.isKept(by: result) == true)
    }
  }

  @Test("Differences are counted, measured, shown and limited")
  func differences() throws {
    let truth = Base.truth()
    let result = try ComparisonResult(
      Base.set(boxesOfFirst: 2), Base.set(["dog", "cat"], score: 0.8, move: 2), names: ("x", "y"), truth: truth)
    // The second set has every box, one apart, as a dog.
    #expect(result.comparison.relabelledCount == 2)
    #expect(result.comparison.lostCount == 1)
    #expect(result.json["lost"] == .number("1"))
    #expect(result.json["figures"]?["map50"] != nil)
    #expect(Allowance("lost=1")?.isKept(by: result) == true)
    #expect(Allowance("lost=30%")?.isKept(by: result) == false)
    #expect(Allowance("lost=34%")?.isKept(by: result) == true)
    #expect(Allowance("relabelled=1")?.isKept(by: result) == false)
    #expect(Allowance("map50=0.2")?.isKept(by: result) == false)
    let page = try result.page(date: "today", allowances: [try #require(Allowance("lost=0"))])
    #expect(
      page.contains("alert bad") && page.contains("Against the ground truth")
        && page.contains("Images that differ most"))
    #expect(!page.contains("http"))
    let drift = try ComparisonResult(Base.set(), Base.set(score: 0.8, move: 2), names: ("x", "y"))
    #expect(abs(drift.comparison.scoreChange.worst - 0.1) < 1e-6)
    #expect(drift.comparison.move.worst == 2)
    #expect(Allowance("move=1.9")?.isKept(by: drift) == false)
    #expect(Allowance("score=0.11")?.isKept(by: drift) == true)
    #expect(Allowance("map=0")?.isKept(by: drift) == false)
  }

  @Test("Only boxes above the confidence are compared")
  func confidence() throws {
    let result = try ComparisonResult(Base.set(score: 0.3), Base.set(score: 0.2), names: ("x", "y"), confidence: 0.25)
    #expect(result.comparison.firstCount == 2 && result.comparison.secondCount == 0)
  }

  @Test("Images that only one set has, or that failed in one, are said")
  func images() throws {
    var other = DetectionSet(source: "other", labels: ["cat", "dog"])
    other.append(ImageRecord(index: 0, key: "a.jpg", failure: ImageFailure(.empty, "no bytes")))
    other.append(ImageRecord(index: 1, key: "c.jpg", width: 9, height: 9, detections: []))
    let result = try ComparisonResult(Base.set(), other, names: ("x", "y"))
    #expect(result.onlyInFirst == ["b.jpg"] && result.onlyInSecond == ["c.jpg"])
    #expect(result.failuresOfSecond == ["a.jpg"] && result.failuresOfFirst.isEmpty)
    #expect(result.warnings.count == 3)
    var nothing = DetectionSet(source: "other", labels: [])
    nothing.append(ImageRecord(index: 0, key: "z.jpg", width: 9, height: 9, detections: []))
    #expect(throws: EvaluationFileError.self) { try ComparisonResult(Base.set(), nothing, names: ("x", "y")) }
  }

  @Test("What is no allowance is refused")
  func allowances() {
    for text in ["", "lost", "lost=", "lost=x", "lost=-1", "lost=inf", "found=1", "score=1%", "move=5%", "lost=1=2"] {
      #expect(Allowance(text) == nil, "\(text)")
    }
    #expect(Allowance("LOST=0") == Allowance("lost=0"))
    #expect(Allowance("map50=0.01")?.needsTruth == true)
  }
}

@Suite("Room for text in plots")
struct TextWidthTests {
  @Test("A long name loses its middle where it does not fit, whatever its letters")
  func shortened() {
    #expect(TextWidth.shortened("cat", to: 80) == "cat")
    for name in ["a rather long name of a category", "WWWWWWWWWWWWWWWWWW", "日本語の長い名前です", "😀😀😀😀😀😀😀😀😀"] {
      let short = TextWidth.shortened(name, to: 80)
      let ends = short.split(separator: "…")
      #expect(ends.count == 2 && name.hasPrefix(ends[0]) && name.hasSuffix(ends[1]), "\(short)")
      #expect(TextWidth.of(short) <= 80 && TextWidth.of(short) > 40, "\(short)")
    }
  }
}
