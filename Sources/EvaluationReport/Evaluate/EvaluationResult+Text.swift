internal import Evaluation
internal import EvaluationFiles
public import Swoop

extension EvaluationResult: CustomStringConvertible {
  /// The tables that the command prints.
  public var description: String {
    var lines = [
      "\(Numbers.count(truth.images.count, "image")), \(Numbers.count(objectCount, "object")) of "
        + "\(Numbers.count(truth.categories.count, "category", "categories")); "
        + "\(Numbers.count(input.detections.count, "detection"))",
      "",
    ]
    for name in COCOFigures.Name.allCases {
      let padding = String(repeating: " ", count: max(0, 24 - name.title.count))
      lines.append("\(name.title)\(padding)  \(fixed4(coco.figures[name]))   \(name.rawValue)")
    }
    lines += ["", "At IoU 0.50, best F1 by category:"]
    lines += categoryTable.lines
    lines += [
      "",
      "Mistakes at confidence \(EvaluationResult.short(confidence)), and what mending all of a kind would add to AP at IoU 0.50:",
    ]
    var table = TextTable(["kind", "count", "gain"])
    for kind in ErrorAnalysis.Kind.allCases {
      let gain = mistakes.gains?[kind].map { Numbers.fixed($0, 4) } ?? "–"
      table.add([kind.title, Numbers.grouped(mistakes.counts[kind] ?? 0), gain])
    }
    return (lines + table.lines).joined(separator: "\n")
  }

  private var categoryTable: TextTable {
    var table = TextTable([
      "category", "objects", "detections", "AP", "AP50", "AP75", "AR100", "confidence", "precision", "recall", "F1",
    ])
    for (category, figures) in zip(truth.categories, coco.categories) {
      let best = figures.confidence?.best
      table.add(
        [
          shortened(category.name, 32), Numbers.grouped(figures.objectCount), Numbers.grouped(figures.detectionCount),
          fixed3(figures.map), fixed3(figures.map50), fixed3(figures.map75), fixed3(figures.mar100),
        ] + [best?.confidence, best?.precision, best?.recall, best?.f1].map { $0.map(fixed3) ?? "–" })
    }
    return table
  }

  /// Everything as JSON.
  public var json: JSONValue {
    let figures = COCOFigures.Name.allCases.map { name in
      JSONValue.Member(name.rawValue, coco.figures[name] < 0 ? .null : jsonNumber(coco.figures[name]))
    }
    let categories = zip(truth.categories, coco.categories).map { category, figures -> JSONValue in
      func figure(_ value: Double) -> JSONValue { value < 0 ? .null : jsonNumber(value) }
      let best = figures.confidence?.best
      return .object([
        .init("id", .integer(category.id)), .init("name", .string(category.name)),
        .init("objects", .integer(figures.objectCount)), .init("detections", .integer(figures.detectionCount)),
        .init("map", figure(figures.map)), .init("map50", figure(figures.map50)), .init("map75", figure(figures.map75)),
        .init("mar100", figure(figures.mar100)),
        .init(
          "best",
          best.map { best in
            .object([
              .init("confidence", jsonNumber(best.confidence)), .init("precision", jsonNumber(best.precision)),
              .init("recall", jsonNumber(best.recall)), .init("f1", jsonNumber(best.f1)),
            ])
          } ?? .null),
        .init("precisionByRecall", .array(figures.precisionByRecall.map(jsonNumber))),
      ])
    }
    let mistakes = ErrorAnalysis.Kind.allCases.map { kind in
      JSONValue.Member(
        kind.rawValue,
        .object([
          .init("count", .integer(self.mistakes.counts[kind] ?? 0)),
          .init("gain", self.mistakes.gains?[kind].map(jsonNumber) ?? .null),
        ]))
    }
    let size = 0...confusion.categoryCount
    let matrix = size.map { found in
      JSONValue.array(size.map { .integer(confusion[found: found, true: $0]) })
    }
    return .object([
      .init("images", .integer(truth.images.count)), .init("objects", .integer(objectCount)),
      .init("detections", .integer(input.detections.count)), .init("figures", .object(figures)),
      .init("categories", .array(categories)), .init("confidence", jsonNumber(confidence)),
      .init("mistakes", .object(mistakes)),
      .init(
        "confusion",
        .object([
          .init("rows", "found, background last"), .init("columns", "true, background last"),
          .init("counts", .array(matrix)),
        ])),
      .init("warnings", .array(warnings.map(JSONValue.string))),
    ])
  }
}
