internal import Swoop

/// A drawing under construction: SVG elements with a fixed set of classes, inside a page or as a file of its own.
///
/// Colours of text and lines come from the classes, so that inside a page they follow light and dark; as a file of its
/// own a drawing has the light colours, on white.
struct SVGDrawing {
  let width, height: Double
  private let title: String
  private var body = ByteBuffer()

  /// - Parameter title: what is shown, in a sentence, for who does not see it.
  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// Alignment of text at its place.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(_ kind: StaticString, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    body.append(
      raw: "<line class=\"\(kind)\" x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\"/>")
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, kind: StaticString = "tick",
    rotation: Double = 0
  ) {
    let turn = rotation == 0 ? "" : " transform=\"rotate(\(short(rotation)) \(short(x)) \(short(y)))\""
    body.append(
      raw: "<text class=\"\(kind)\" x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor.rawValue)\"\(turn)>")
    body.append(html: text)
    body.append("</text>")
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], color: String, width: Double, opacity: Double = 1) {
    let path = points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
    body.append(
      raw: "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(short(width))\" stroke-linejoin=\"round\" ")
    body.append(raw: "stroke-opacity=\"\(short(opacity))\" points=\"\(path)\"/>")
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, color: String, hint: String) {
    body.append(raw: "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(short(radius))\" fill=\"\(color)\"><title>")
    body.append(html: hint)
    body.append("</title></circle>")
  }

  /// A rectangle filled with a colour.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, opacity: Double = 1, hint: String? = nil
  ) {
    body.append(raw: "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"\(short(height))\" ")
    body.append(raw: "fill=\"\(fill)\" fill-opacity=\"\(Numbers.fixed(opacity, 3))\">")
    if let hint {
      body.append("<title>")
      body.append(html: hint)
      body.append("</title>")
    }
    body.append("</rect>")
  }

  /// An unfilled rectangle; with dashes where it is wanted.
  mutating func frame(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, color: String, thickness: Double, isDashed: Bool,
    hint: String
  ) {
    let dashes = isDashed ? " stroke-dasharray=\"\(short(thickness * 3)) \(short(thickness * 2))\"" : ""
    body.append(
      raw:
        "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"\(short(height))\" fill=\"none\" "
    )
    body.append(raw: "stroke=\"\(color)\" stroke-width=\"\(short(thickness))\"\(dashes)><title>")
    body.append(html: hint)
    body.append("</title></rect>")
  }

  /// A JPEG that fills the whole drawing.
  mutating func picture(_ jpeg: [UInt8]) {
    body.append(
      raw:
        "<image width=\"\(short(width))\" height=\"\(short(height))\" preserveAspectRatio=\"none\" href=\"data:image/jpeg;base64,"
    )
    body.append(base64: jpeg)
    body.append("\"/>")
  }

  /// The element for a page.
  func append(to html: inout ByteBuffer) {
    html.append(raw: "<svg class=\"chart\" viewBox=\"0 0 \(short(width)) \(short(height))\" role=\"img\" aria-label=\"")
    html.append(html: title)
    html.append("\">")
    html.append(contentsOf: body.bytes)
    html.append("</svg>")
  }

  /// A file of its own, in which everything that a page's style says is said by attributes: programs for slides and
  /// converters know little of style sheets.
  ///
  /// - Parameter pixels: the width that it asks for; whoever draws it may scale it.
  func file(width pixels: Int = 1600) -> String {
    let tall = Int((Double(pixels) * height / max(width, 1)).rounded(.up))
    var content = body.text
    for (kind, look) in Self.looks { content = content.replacing("class=\"\(kind)\"", with: look) }
    // Quotes within text are escaped, so that only attributes are replaced.
    content = content.replacing("\"currentColor\"", with: "\"\(Self.ink)\"")
    var text = ByteBuffer()
    text.append(raw: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(pixels)\" height=\"\(tall)\" ")
    text.append(
      raw:
        "viewBox=\"0 0 \(short(width)) \(short(height))\" font-family=\"DejaVu Sans,Arial,Helvetica,sans-serif\"><title>"
    )
    text.append(html: title)
    text.append("</title>")
    text.append(raw: "<rect width=\"\(short(width))\" height=\"\(short(height))\" fill=\"#ffffff\"/>")
    text.append(raw: content)
    text.append("</svg>\n")
    return text.text
  }

  private static let ink = "#1b1e23"

  /// What each class looks like in a file of its own: as in a page's light colours.
  private static let looks: [(kind: String, attributes: String)] = [
    ("tick", "font-size=\"12\" fill=\"#444444\""),
    ("small", "font-size=\"10\" fill=\"#444444\""),
    ("cell", "font-size=\"11\" fill=\"\(ink)\""),
    ("light", "font-size=\"11\" fill=\"#ffffff\""),
    (
      "mark",
      "font-size=\"11\" fill=\"\(ink)\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    ),
    ("head", "font-size=\"13\" font-weight=\"bold\" fill=\"\(ink)\""),
    ("grid", "stroke=\"#dddddd\" stroke-width=\"1\""),
    ("axis", "stroke=\"#555555\" stroke-width=\"1\""),
  ]

  /// The classes that the page's own style lacks.
  static let css: StaticString = """
    .chart{color:var(--ink)}.small{fill:var(--soft);font-size:10px}.cell{fill:var(--ink);font-size:11px}.light{fill:#fff;font-size:11px}
    .mark{fill:var(--ink);font-size:11px;stroke:var(--card);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
    .head{fill:var(--ink);font-size:13px;font-weight:600}
    """

  private func short(_ value: Double) -> String {
    let text = "\((value * 10).rounded() / 10)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
