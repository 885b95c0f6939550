internal import Evaluation
internal import Swoop

/// The three plots of an evaluation.
struct EvaluationPlots {
  let result: EvaluationResult
  /// A class's colour as CSS has it.
  let color: (Int) -> String

  /// The strong line for the mean of categories: the colour of the text around it.
  private static let mainColor = "currentColor"
  private static let rightColor = "#2b5bc7"
  private static let wrongColor = "#b3261e"

  /// Categories with figures, most objects first, as many as a legend can name; all of them where only lines are drawn.
  private var categories: [Int] {
    result.truth.categories.indices.filter { result.coco.categories[$0].confidence != nil }
  }

  /// The plots by their names, for a page.
  var all: [(name: String, drawing: SVGDrawing)] { all(matrixCell: 13) }

  /// The plots by their names, for files, where the confusion matrix has room for its numbers.
  var forFiles: [(name: String, drawing: SVGDrawing)] { all(matrixCell: 26) }

  private func all(matrixCell: Double) -> [(name: String, drawing: SVGDrawing)] {
    [
      ("precision-recall", precisionRecall), ("f1-confidence", f1Confidence),
      ("confusion-matrix", confusionMatrix(smallestCell: matrixCell)),
    ]
  }

  /// Precision over recall at IoU 0.5.
  var precisionRecall: SVGDrawing {
    let recalls = COCOParameters.recallThresholds
    var curves = categories.map { category in
      CurvePlot.Curve(
        name: result.truth.categories[category].name, figure: "AP \(fixed3(result.coco.categories[category].map50))",
        color: color(category), points: points(recalls, result.coco.categories[category].precisionByRecall))
    }
    if curves.count > 1 {
      let means = recalls.indices.map { place in
        categories.reduce(0) { $0 + result.coco.categories[$1].precisionByRecall[place] } / Double(curves.count)
      }
      curves.append(
        .init(
          name: "mean", figure: "AP \(fixed3(result.coco.figures[.map50]))", color: Self.mainColor,
          points: points(recalls, means),
          isMain: true))
    }
    return CurvePlot.drawing(
      "Precision by recall, IoU 0.50",
      summary: "Precision by recall at IoU 0.50; AP \(fixed3(result.coco.figures[.map50])).",
      x: "recall: share of objects found", y: "precision: share of boxes right", curves, mark: nil)
  }

  /// F1 over the confidence threshold at IoU 0.5.
  var f1Confidence: SVGDrawing {
    var curves = categories.compactMap { category -> CurvePlot.Curve? in
      guard let confidence = result.coco.categories[category].confidence else { return nil }
      return .init(
        name: result.truth.categories[category].name,
        figure: "\(fixed3(confidence.best.f1)) at \(Numbers.fixed(confidence.best.confidence, 2))",
        color: color(category), points: confidence.points.map { ($0.confidence, $0.f1) })
    }
    let best = result.bestMeanConfidence
    if curves.count > 1 {
      curves.append(
        .init(
          name: "mean", figure: best.map { "\(fixed3($0.f1)) at \(Numbers.fixed($0.confidence, 2))" } ?? "",
          color: Self.mainColor, points: result.meanF1.enumerated().map { (Double($0) / 100, $1) },
          isMain: true))
    } else if !curves.isEmpty {
      curves[0].isMain = true
    }
    return CurvePlot.drawing(
      "F1 by confidence, IoU 0.50",
      summary: best.map {
        "F1 by confidence at IoU 0.50; the mean is best, \(fixed3($0.f1)), at \(Numbers.fixed($0.confidence, 2))."
      }
        ?? "F1 by confidence: nothing counts.",
      x: "confidence threshold, 0 to 1", y: "F1, 0 to 1", curves,
      mark: best.map { ($0.confidence, $0.f1, "\(fixed3($0.f1)) at \(Numbers.fixed($0.confidence, 2))") })
  }

  private func points(_ xs: [Double], _ ys: [Double]) -> [(x: Double, y: Double)] {
    zip(xs, ys).map { ($0, $1) }
  }

  // MARK: Confusion

  /// More categories than this are no longer legible; then those with most confusion are shown.
  static let matrixLimit = 20

  /// The categories of the matrix, in order, and whether some are left out.
  var matrixCategories: (places: [Int], isPart: Bool) {
    let count = result.confusion.categoryCount
    guard count > Self.matrixLimit else { return (Array(0..<count), false) }
    func confusion(_ category: Int) -> Int {
      (0...count).reduce(0) { sum, other in
        other == category
          ? sum : sum + result.confusion[found: other, true: category] + result.confusion[found: category, true: other]
      }
    }
    let ranked = (0..<count).map { ($0, confusion($0)) }.sorted { ($0.1, -$0.0) > ($1.1, -$1.0) }
    return (ranked.prefix(Self.matrixLimit).map(\.0).sorted(), true)
  }

  /// What was found (rows) where what is (columns), shaded by the share of the column.
  ///
  /// - Parameter smallestCell: how small a cell may become for the drawing to be narrow. Numbers that have no room are left
  ///   out, and shown where a cell is pointed at.
  func confusionMatrix(smallestCell: Double) -> SVGDrawing {
    let (places, isPart) = matrixCategories
    let rows = places + [result.confusion.background]
    func name(_ place: Int) -> String {
      place == result.confusion.background
        ? "background" : TextWidth.shortened(result.truth.categories[place].name, to: 80)
    }
    let count = Double(rows.count)
    let left = 104.0
    let cell = min(64, max(smallestCell, (352 - left) / count))
    let top = isPart ? 60.0 : 44.0
    let bottom = top + cell * count
    let width = max(360, left + cell * count + 8)
    // Slanted names need more room beside one another than small cells give.
    let isTight = cell < 15
    let nameSize = isTight ? 10.0 : 12
    // How far the names below reach down.
    let slant = (rows.map { TextWidth.of(name($0), size: nameSize) }.max() ?? 0) * (isTight ? 1 : 0.71) + 8
    var drawing = SVGDrawing(
      width: width, height: bottom + slant + 34,
      title:
        "Confusion matrix at confidence \(EvaluationResult.short(result.confidence)) and IoU 0.50: rows are what was found, columns what is there."
    )
    drawing.text("Confusion at confidence \(EvaluationResult.short(result.confidence)), IoU 0.50", 8, 16, kind: "head")
    drawing.text("numbers: boxes; shade: share of the column", 8, 33)
    if isPart {
      drawing.text("\(places.count) of \(result.confusion.categoryCount) categories: those with most confusion", 8, 49)
    }
    let totals = rows.map { column in
      (0...result.confusion.categoryCount).reduce(0) { $0 + result.confusion[found: $1, true: column] }
    }
    for (row, found) in rows.enumerated() {
      let y = top + cell * Double(row)
      drawing.text(name(found), left - 6, y + cell / 2 + 4, .end, kind: isTight ? "small" : "tick")
      for (column, actual) in rows.enumerated() {
        let number = result.confusion[found: found, true: actual]
        let share = totals[column] == 0 ? 0 : Double(number) / Double(totals[column])
        let x = left + cell * Double(column)
        let isNothing = found == result.confusion.background && actual == result.confusion.background
        drawing.rectangle(
          x, y, cell - 1, cell - 1, fill: isNothing ? "none" : found == actual ? Self.rightColor : Self.wrongColor,
          opacity: isNothing ? 0 : max(share, 0.04),
          hint: isNothing
            ? nil
            : "\(Numbers.grouped(number)) of \(Numbers.grouped(totals[column])) \(name(actual)) found as \(name(found))"
        )
        let text = Numbers.grouped(number)
        if number > 0, TextWidth.of(text, size: 11) < cell {
          drawing.text(text, x + cell / 2 - 0.5, y + cell / 2 + 4, .middle, kind: share > 0.55 ? "light" : "cell")
        }
      }
    }
    for (column, actual) in rows.enumerated() {
      let x = left + cell * (Double(column) + 0.5)
      if isTight {
        drawing.text(name(actual), x + 3.5, bottom + 5, .end, kind: "small", rotation: -90)
      } else {
        drawing.text(name(actual), x + 4, bottom + 10, .end, rotation: -45)
      }
    }
    drawing.text("what is there: ground truth", left + cell * count / 2, bottom + slant + 26, .middle)
    drawing.text("what was found: detections", 12, (top + bottom) / 2, .middle, rotation: -90)
    return drawing
  }
}

extension EvaluationResult {
  /// The mean over categories of F1 at confidences 0, 0.01 … 1; empty where nothing counts.
  var meanF1: [Double] {
    let curves = coco.categories.compactMap(\.confidence)
    guard !curves.isEmpty else { return [] }
    return (0...100).map { percent in
      curves.reduce(0) { $0 + $1.points[percent].f1 } / Double(curves.count)
    }
  }

  /// Where that mean is highest: the one threshold for all classes that this ground truth speaks for.
  var bestMeanConfidence: (confidence: Double, f1: Double)? {
    let values = meanF1
    guard let best = values.max(), let place = values.lastIndex(of: best) else { return nil }
    return (Double(place) / 100, best)
  }
}
