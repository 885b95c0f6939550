internal import Evaluation
internal import EvaluationFiles
internal import Swoop

extension EvaluationResult {
  /// What the page needs besides the result.
  public struct PageDetails {
    /// The title; usually the model's file.
    public var title: String
    /// Model, engine, date: facts for the line below the title.
    public var facts: [String]
    /// What was required, where something was.
    public var requirements: [Requirement]
    /// Where pictures for the gallery come from; boxes are shown without them where there is none.
    public var pictures: PictureSource?
    /// A class's colour as CSS has it, by the class's number.
    public var color: (Int) -> String

    /// Makes details from their parts.
    public init(
      title: String, facts: [String], requirements: [Requirement] = [], pictures: PictureSource? = nil,
      color: @escaping (Int) -> String
    ) {
      self.title = title
      self.facts = facts
      self.requirements = requirements
      self.pictures = pictures
      self.color = color
    }
  }

  /// The plots as SVG files that need no style sheet: `precision-recall`, `f1-confidence`, `confusion-matrix`, and what
  /// each file holds. They ask for 1600 pixels of width and are on white.
  public func plots(color: @escaping (Int) -> String) -> [(name: String, svg: String)] {
    EvaluationPlots(result: self, color: color).forFiles.map { ($0.name, $0.drawing.file()) }
  }

  /// A self-contained page for people.
  ///
  /// - Throws: what reading the sources of the gallery's pictures throws.
  public func page(_ details: PageDetails) throws -> String {
    var page = ReportPage(
      kind: "Evaluation", title: details.title, subtitle: details.facts.joined(separator: " · "), lead: lead)
    let figures = coco.figures
    page.figures([
      ("AP, IoU 0.50:0.95", fixed3(figures[.map]), "", false), ("AP, IoU 0.50", fixed3(figures[.map50]), "", false),
      ("AP, IoU 0.75", fixed3(figures[.map75]), "", false), ("AR, 100 detections", fixed3(figures[.mar100]), "", false),
      ("Images", Numbers.grouped(truth.images.count), "", false), ("Objects", Numbers.grouped(objectCount), "", false),
    ])
    page.endHeader()
    for requirement in details.requirements {
      let sentence = requirement.sentence(figures)
      page.alert(
        sentence.prefix(1).uppercased() + sentence.dropFirst() + ".",
        requirement.isFulfilled(by: figures) ? .good : .bad)
    }
    for warning in warnings { page.alert(warning) }
    let plots = EvaluationPlots(result: self, color: details.color)
    page.section("Curves and confusion") { page in page.plots(plots.all.map(\.drawing)) }
    writeCategories(&page, details)
    writeMistakes(&page)
    try writeGallery(&page, details)
    page.section(
      "COCO's twelve figures",
      note: "As pycocotools computes them; at most 100 detections an image and category unless it says otherwise."
    ) { page in
      page.table(["Figure", "Value"], COCOFigures.Name.allCases.map { (nil, [$0.title, fixed4(figures[$0])]) })
    }
    return page.finished(
      footer: "Made by Swoop \(SwoopVersion.current). Mistakes and confusion are counted at confidence "
        + "\(Self.short(confidence)) and IoU 0.50; AP and AR are over all confidences.")
  }

  private var lead: String {
    guard let best = bestMeanConfidence else { return "No object counts, so there are no figures." }
    let wrong = ErrorAnalysis.Kind.allCases.filter { $0 != .missed }.reduce(0) { $0 + (mistakes.counts[$1] ?? 0) }
    let right = mistakes.images.reduce(0) { $0 + $1.verdicts.count { $0 == .right } }
    return
      "At confidence \(Self.short(confidence)), \(Numbers.grouped(right)) of \(Numbers.count(objectCount, "object")) "
      + "\(right == 1 ? "is" : "are") found, \(Numbers.grouped(mistakes.counts[.missed] ?? 0)) missed, and \(Numbers.count(wrong, "box is", "boxes are")) "
      + "wrong. The mean F1 is best, \(fixed3(best.f1)), at confidence \(Numbers.fixed(best.confidence, 2))."
  }

  private func writeCategories(_ page: inout ReportPage, _ details: PageDetails) {
    page.section(
      "Categories", note: "The last four columns are at IoU 0.50 and at the category's own best confidence."
    ) { page in
      page.table(
        [
          "Category", "Objects", "Detections", "AP", "AP50", "AP75", "AR", "Best confidence", "Precision", "Recall",
          "F1",
        ],
        zip(truth.categories, coco.categories).enumerated().map { place, pair in
          let (category, figures) = pair
          let best = figures.confidence?.best
          return (
            details.color(place),
            [
              category.name, Numbers.grouped(figures.objectCount), Numbers.grouped(figures.detectionCount),
              fixed3(figures.map), fixed3(figures.map50), fixed3(figures.map75), fixed3(figures.mar100),
            ] + [best?.confidence, best?.precision, best?.recall, best?.f1].map { $0.map(fixed3) ?? "–" }
          )
        })
    }
  }

  private func writeMistakes(_ page: inout ReportPage) {
    page.section(
      "Mistakes",
      note:
        "Counted at confidence \(Self.short(confidence)). The gain is what AP at IoU 0.50 would rise by if every mistake of "
        + "the kind, at any confidence, were mended."
    ) { page in
      page.table(
        ["Kind", "Count", "Gain"],
        ErrorAnalysis.Kind.allCases.map { kind in
          (
            Self.color(of: kind),
            [
              kind.title, Numbers.grouped(mistakes.counts[kind] ?? 0),
              mistakes.gains?[kind].map { "\($0 >= 0 ? "+" : "")\(Numbers.fixed($0, 4))" } ?? "–",
            ]
          )
        })
    }
  }

  /// How many images the gallery has.
  private static let galleryCount = 12

  /// Colours that people who see few colours tell apart (after Okabe and Ito, 2008).
  static func color(of kind: ErrorAnalysis.Kind) -> String {
    switch kind {
    case .localisation: "#e69f00"
    case .classification: "#cc79a7"
    case .both: "#8a5ad6"
    case .duplicate: "#56b4e9"
    case .background: "#d55e00"
    case .missed: "#f0e442"
    }
  }

  private func writeGallery(_ page: inout ReportPage, _ details: PageDetails) throws {
    let worst = mistakes.worst(Self.galleryCount)
    guard !worst.isEmpty else { return }
    func key(_ image: ErrorAnalysis.Image) -> String? {
      input.places[image.image].flatMap { set.images[$0].name }
    }
    let pictures = try details.pictures?.pictures(Set(worst.compactMap(key))) ?? [:]
    var items: [(drawing: SVGDrawing, name: String, text: String)] = []
    for image in worst {
      let info = truth.images[image.image]
      let found = input.places[image.image].map { set.images[$0] }
      let picture = key(image).flatMap { pictures[$0] }
      let boxes = image.detections.map { input.detections[$0].box } + image.missed.map { truth.objects[$0].box }
      let extent = boxes.reduce((1.0, 1.0)) { (max($0.0, $1.x + $1.width), max($0.1, $1.y + $1.height)) }
      let width = picture?.width ?? info.width ?? found?.width ?? Int(min(extent.0, 1e6).rounded(.up))
      let height = picture?.height ?? info.height ?? found?.height ?? Int(min(extent.1, 1e6).rounded(.up))
      let text = caption(image)
      var drawing = BoxDrawing(width: width, height: height, picture: picture, title: "\(info.name): \(text)")
      for place in image.missed {
        let object = truth.objects[place]
        drawing.box(
          (object.box.x, object.box.y, object.box.width, object.box.height), color: Self.color(of: .missed),
          isDashed: true,
          hint: "missed: \(truth.categories[object.category].name)")
      }
      // The surest last, so that they lie on top.
      for (place, verdict) in zip(image.detections, image.verdicts).reversed() {
        let detection = input.detections[place]
        let name = "\(truth.categories[detection.category].name) \(Numbers.fixed(detection.score, 2))"
        let (color, hint): (String, String) =
          switch verdict {
          case .right: ("#009e73", "right: \(name)")
          case .ignored: ("#9aa3b2", "does not count: \(name)")
          case .wrong(let kind): (Self.color(of: kind), "\(kind.rawValue): \(name)")
          }
        drawing.box(
          (detection.box.x, detection.box.y, detection.box.width, detection.box.height), color: color, isDashed: false,
          hint: hint)
      }
      items.append((drawing.drawing, info.name, text))
    }
    page.section(
      "Images with most mistakes",
      note: details.pictures == nil
        ? "Boxes only: the evaluation was given no pictures." : "Point at a box for its class and confidence."
    ) { page in
      page.legend(
        [("#009e73", "right")]
          + ErrorAnalysis.Kind.allCases.map { (Self.color(of: $0), $0 == .missed ? "missed (dashed)" : $0.rawValue) })
      page.gallery(items)
    }
  }

  private func caption(_ image: ErrorAnalysis.Image) -> String {
    var parts = ["\(image.verdicts.count { $0 == .right }) right"]
    for kind in ErrorAnalysis.Kind.allCases {
      let count = kind == .missed ? image.missed.count : image.verdicts.count { $0 == .wrong(kind) }
      if count > 0 { parts.append("\(count) \(kind.rawValue)") }
    }
    return parts.joined(separator: ", ")
  }
}
