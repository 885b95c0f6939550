internal import Evaluation
public import Swoop

extension ComparisonResult: CustomStringConvertible {
  /// The tables that the command prints.
  public var description: String {
    var lines = [
      "A  \(firstName): \(Numbers.count(comparison.firstCount, "box", "boxes"))",
      "B  \(secondName): \(Numbers.count(comparison.secondCount, "box", "boxes"))",
      "\(Numbers.count(images.count, "image")) in both"
        + (confidence > 0 ? ", boxes above confidence \(EvaluationResult.short(confidence))" : ""),
      "",
    ]
    var counts = TextTable(["boxes", "count", "of A"])
    for (name, count) in [
      ("in both", comparison.matchedCount), ("with another class in B", comparison.relabelledCount),
      ("lost: only in A", comparison.lostCount), ("added: only in B", comparison.addedCount),
    ] {
      counts.add([name, Numbers.grouped(count), Numbers.percent(count, of: comparison.firstCount)])
    }
    lines += counts.lines
    if comparison.lostCount > 0 {
      lines.append("highest confidence of a lost box   \(fixed3(comparison.highestLostScore))")
    }
    if comparison.addedCount > 0 {
      lines.append("highest confidence of an added box \(fixed3(comparison.highestAddedScore))")
    }
    lines.append("")
    var drift = TextTable(["drift of boxes in both", "median", "p99", "worst"])
    for (name, quantiles, decimals) in drifts {
      drift.add([name] + [quantiles.median, quantiles.p99, quantiles.worst].map { Numbers.fixed($0, decimals) })
    }
    lines += drift.lines
    if let figures {
      lines.append("")
      var table = TextTable(["figure", "A", "B", "B - A"])
      for name in COCOFigures.Name.allCases {
        let (a, b) = (figures.first[name], figures.second[name])
        table.add([name.title, fixed4(a), fixed4(b), a < 0 || b < 0 ? "–" : signed(b - a)])
      }
      lines += table.lines
    }
    return lines.joined(separator: "\n")
  }

  /// What is measured of matched boxes, with the decimals that make sense.
  var drifts: [(name: String, quantiles: Quantiles, decimals: Int)] {
    [
      ("confidence", comparison.scoreChange, 5), ("edge, px", comparison.move, 3),
      ("1 - IoU", comparison.overlapLoss, 5),
    ]
  }

  /// Everything as JSON.
  public var json: JSONValue {
    func quantiles(_ quantiles: Quantiles) -> JSONValue {
      .object([
        .init("median", jsonNumber(quantiles.median)), .init("p99", jsonNumber(quantiles.p99)),
        .init("worst", jsonNumber(quantiles.worst)),
      ])
    }
    var members: [JSONValue.Member] = [
      .init("a", .string(firstName)), .init("b", .string(secondName)), .init("images", .integer(images.count)),
      .init("confidence", jsonNumber(confidence)), .init("boxesOfA", .integer(comparison.firstCount)),
      .init("boxesOfB", .integer(comparison.secondCount)), .init("matched", .integer(comparison.matchedCount)),
      .init("relabelled", .integer(comparison.relabelledCount)), .init("lost", .integer(comparison.lostCount)),
      .init("added", .integer(comparison.addedCount)),
      .init("highestLostConfidence", jsonNumber(comparison.highestLostScore)),
      .init("highestAddedConfidence", jsonNumber(comparison.highestAddedScore)),
      .init("confidenceChange", quantiles(comparison.scoreChange)), .init("edgeMove", quantiles(comparison.move)),
      .init("overlapLoss", quantiles(comparison.overlapLoss)),
      .init("onlyInA", .array(onlyInFirst.map(JSONValue.string))),
      .init("onlyInB", .array(onlyInSecond.map(JSONValue.string))),
      .init("failedInAAlone", .array(failuresOfFirst.map(JSONValue.string))),
      .init("failedInBAlone", .array(failuresOfSecond.map(JSONValue.string))),
    ]
    if let figures {
      members.append(
        .init(
          "figures",
          .object(
            COCOFigures.Name.allCases.map { name in
              let values = [figures.first[name], figures.second[name]].map { $0 < 0 ? JSONValue.null : jsonNumber($0) }
              return .init(name.rawValue, .array(values))
            })))
    }
    members.append(.init("warnings", .array(warnings.map(JSONValue.string))))
    return .object(members)
  }
}
