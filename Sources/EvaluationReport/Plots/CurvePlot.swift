/// A plot of curves over shares: both axes go from 0 to 1.
struct CurvePlot {
  struct Curve {
    var name: String
    /// What the legend says behind the name, whole whatever the name's length.
    var figure = ""
    var color: String
    /// From left to right.
    var points: [(x: Double, y: Double)]
    /// Whether it stands for all the others.
    var isMain = false
  }

  /// More curves than this are drawn thin and without names of their own.
  static let namedLimit = 10

  private static let frame = (left: 46.0, right: 346.0, top: 34.0, bottom: 250.0)

  /// - Parameters:
  ///   - mark: a point to be marked, with its words.
  static func drawing(
    _ title: String, summary: String, x: String, y: String, _ curves: [Curve],
    mark: (x: Double, y: Double, text: String)?
  ) -> SVGDrawing {
    let others = curves.filter { !$0.isMain }
    let isNamed = others.count <= namedLimit
    let legend = isNamed ? curves : curves.filter(\.isMain)
    // Two columns where all names have room in them.
    let widest = legend.map { TextWidth.of("\($0.name) \($0.figure)") }.max() ?? 0
    let columns = widest <= 150 ? [8.0, 186.0] : [8.0]
    let room = columns.count == 2 ? 150.0 : 322
    let rows = (legend.count + columns.count - 1) / columns.count + (isNamed ? 0 : 1)
    var drawing = SVGDrawing(width: 360, height: 292 + Double(rows) * 17, title: summary)
    drawing.text(title, 8, 16, kind: "head")
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (
        frame.left + min(max(point.x, 0), 1) * (frame.right - frame.left),
        frame.bottom - min(max(point.y, 0), 1) * (frame.bottom - frame.top)
      )
    }
    for step in 0...5 {
      let value = Double(step) / 5
      let (across, up) = place((value, value))
      drawing.line(step == 0 ? "axis" : "grid", frame.left, up, frame.right, up)
      drawing.line(step == 0 ? "axis" : "grid", across, frame.top, across, frame.bottom)
      let label = step == 0 ? "0" : step == 5 ? "1" : "0.\(step * 2)"
      drawing.text(label, frame.left - 6, up + 4, .end)
      drawing.text(label, across, frame.bottom + 16, .middle)
    }
    drawing.text(x, (frame.left + frame.right) / 2, frame.bottom + 33, .middle)
    drawing.text(y, 14, (frame.top + frame.bottom) / 2, .middle, rotation: -90)
    for curve in others {
      drawing.polyline(
        curve.points.map(place), color: curve.color, width: isNamed ? 1.6 : 0.8, opacity: isNamed ? 1 : 0.6)
    }
    for curve in curves where curve.isMain {
      drawing.polyline(curve.points.map(place), color: curve.color, width: 3)
    }
    if let mark {
      let (across, up) = place((mark.x, mark.y))
      drawing.circle(
        across, up, radius: 4.5, color: curves.first(where: \.isMain)?.color ?? "currentColor", hint: mark.text)
      // On the side where there is room for the words.
      let isLeft = mark.x > 0.5
      drawing.text(
        mark.text, across + (isLeft ? -9 : 9), min(max(up - 8, frame.top + 12), frame.bottom - 6),
        isLeft ? .end : .start,
        kind: "mark")
    }
    var y = frame.bottom + 54
    for (index, curve) in legend.enumerated() {
      let column = columns[index % columns.count]
      drawing.rectangle(column, y - (curve.isMain ? 6 : 5), 16, curve.isMain ? 4 : 2.5, fill: curve.color)
      drawing.text(
        TextWidth.shortened(curve.name, to: room - TextWidth.of(" \(curve.figure)")) + " " + curve.figure, column + 22,
        y)
      if index % columns.count == columns.count - 1 || index == legend.count - 1 { y += 17 }
    }
    if !isNamed {
      drawing.text("thin lines: the \(others.count) categories", 8, y)
    }
    return drawing
  }
}
