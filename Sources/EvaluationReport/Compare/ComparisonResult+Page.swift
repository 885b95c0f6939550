internal import Evaluation
internal import EvaluationFiles
internal import Swoop

extension ComparisonResult {
  /// How many images the gallery has.
  private static let galleryCount = 12
  private static let colors = (same: "#9aa3b2", lost: "#d55e00", added: "#0072b2", relabelled: "#cc79a7")

  /// A self-contained page for people.
  ///
  /// - Parameters:
  ///   - date: for the line below the title.
  ///   - allowances: what was allowed, where something was.
  ///   - pictures: where pictures for the gallery come from; boxes are shown without them where there is none.
  /// - Throws: what reading the sources of the gallery's pictures throws.
  public func page(date: String?, allowances: [Allowance] = [], pictures: PictureSource? = nil) throws -> String {
    var page = ReportPage(
      kind: "Comparison", title: "\(firstName) and \(secondName)",
      subtitle: (["A: \(first.source)", "B: \(second.source)"] + (date.map { [$0] } ?? [])).joined(separator: " · "),
      lead: lead)
    page.figures([
      ("In both", Numbers.grouped(comparison.matchedCount), "boxes", false),
      ("Lost: only in A", Numbers.grouped(comparison.lostCount), "boxes", comparison.lostCount > 0),
      ("Added: only in B", Numbers.grouped(comparison.addedCount), "boxes", comparison.addedCount > 0),
      ("Other class", Numbers.grouped(comparison.relabelledCount), "boxes", comparison.relabelledCount > 0),
      ("Confidence, worst", Numbers.fixed(comparison.scoreChange.worst, 4), "", false),
      ("Edge, worst", Numbers.fixed(comparison.move.worst, 2), "px", false),
    ])
    page.endHeader()
    for allowance in allowances {
      let sentence = allowance.sentence(self)
      page.alert(
        sentence.prefix(1).uppercased() + sentence.dropFirst() + ".", allowance.isKept(by: self) ? .good : .bad)
    }
    for warning in warnings { page.alert(warning) }
    page.section("Drift of boxes in both", note: "Differences without their signs; the edge that moved most counts.") {
      page in
      page.table(
        ["Of", "Median", "p99", "Worst"],
        drifts.map { drift in
          let values = [drift.quantiles.median, drift.quantiles.p99, drift.quantiles.worst]
          return (nil, [drift.name] + values.map { Numbers.fixed($0, drift.decimals) })
        })
    }
    if let figures {
      page.section("Against the ground truth") { page in
        page.table(
          ["Figure", "A", "B", "B − A"],
          COCOFigures.Name.allCases.map { name in
            let (a, b) = (figures.first[name], figures.second[name])
            return (nil, [name.title, fixed4(a), fixed4(b), a < 0 || b < 0 ? "–" : signed(b - a)])
          })
      }
    }
    try writeGallery(&page, pictures)
    return page.finished(footer: "Made by Swoop \(SwoopVersion.current).")
  }

  private var lead: String {
    let differing = images.indices.count { comparison.images[$0].differenceCount > 0 }
    guard differing > 0 else {
      return "Both have the same boxes in \(Numbers.count(images.count, "image")); no edge moves by more than "
        + "\(Numbers.fixed(comparison.move.worst, 3)) px and no confidence by more than \(Numbers.fixed(comparison.scoreChange.worst, 4))."
    }
    return
      "In \(Numbers.grouped(differing)) of \(Numbers.count(images.count, "image")) there are boxes that only one of the two has, or "
      + "that have other classes. Lost boxes score \(fixed3(comparison.highestLostScore)) at most, added ones "
      + "\(fixed3(comparison.highestAddedScore))."
  }

  private func writeGallery(_ page: inout ReportPage, _ source: PictureSource?) throws {
    let chosen = comparison.mostDifferent(Self.galleryCount)
    guard !chosen.isEmpty else { return }
    let pictures = try source?.pictures(Set(chosen.compactMap { first.images[images[$0.image].first].name })) ?? [:]
    var items: [(drawing: SVGDrawing, name: String, text: String)] = []
    for image in chosen {
      let info = first.images[images[image.image].first]
      let picture = info.name.flatMap { pictures[$0] }
      let boxes =
        (image.matched + image.relabelled).map { firstBoxes[$0.first].box } + image.lost.map { firstBoxes[$0].box }
        + image.added.map { secondBoxes[$0].box }
      let extent = boxes.reduce((1.0, 1.0)) { (max($0.0, $1.x + $1.width), max($0.1, $1.y + $1.height)) }
      let change = image.matched.map { abs($0.scoreChange) }.max() ?? 0
      let text =
        "\(image.matched.count) in both, \(image.lost.count) lost, \(image.added.count) added"
        + (image.relabelled.isEmpty ? "" : ", \(image.relabelled.count) with another class")
        + "; confidence changes by \(Numbers.fixed(change, 3)) at most"
      var drawing = BoxDrawing(
        width: picture?.width ?? info.width ?? Int(min(extent.0, 1e6).rounded(.up)),
        height: picture?.height ?? info.height ?? Int(min(extent.1, 1e6).rounded(.up)), picture: picture,
        title: "\(info.title): \(text)")
      func add(_ box: ScoredBox, _ color: String, _ words: String, isDashed: Bool = false) {
        drawing.box(
          (box.box.x, box.box.y, box.box.width, box.box.height), color: color, isDashed: isDashed,
          hint: "\(words): \(classes[box.category]) \(Numbers.fixed(box.score, 3))")
      }
      for pair in image.matched { add(firstBoxes[pair.first], Self.colors.same, "in both") }
      for pair in image.relabelled {
        add(firstBoxes[pair.first], Self.colors.relabelled, "in B \(classes[secondBoxes[pair.second].category])")
      }
      for place in image.added { add(secondBoxes[place], Self.colors.added, "added") }
      for place in image.lost { add(firstBoxes[place], Self.colors.lost, "lost", isDashed: true) }
      items.append((drawing.drawing, info.title, text))
    }
    page.section(
      "Images that differ most",
      note: source == nil
        ? "Boxes only: the comparison was given no pictures." : "Point at a box for its class and confidence."
    ) { page in
      page.legend([
        (Self.colors.same, "in both"), (Self.colors.lost, "lost: only in A (dashed)"),
        (Self.colors.added, "added: only in B"),
        (Self.colors.relabelled, "another class in B"),
      ])
      page.gallery(items)
    }
  }
}
