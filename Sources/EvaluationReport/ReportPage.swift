internal import Swoop

/// The frame of a self-contained page, in the style of the other reports.
struct ReportPage {
  private var html = ByteBuffer(capacity: 1 << 18)

  init(kind: String, title: String, subtitle: String, lead: String) {
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    html.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
    html.append(html: "\(title) – \(kind)")
    html.append("</title>\n<style>\n")
    html.append(ReportStyle.css)
    html.append(SVGDrawing.css)
    html.append(
      """
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:26px;margin-top:8px}
      .boxes{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:18px;margin:12px 0 0;padding:0;
      list-style:none}.boxes svg{background:var(--floor);border:1px solid var(--line);border-radius:8px}
      .boxes figure{margin:0}.alert.good{background:#e7f5ec;color:#0b5d33}@media(prefers-color-scheme:dark){
      .alert.good{background:#12301f;color:#8fe0b0}}@media print{.boxes li,.plots>div{break-inside:avoid}
      .plots{grid-template-columns:repeat(2,84mm);gap:10pt}.boxes{grid-template-columns:repeat(3,1fr);gap:9pt}}
      """)
    html.append("</style>\n</head>\n<body>\n<main>\n<header>\n<p class=\"over\">")
    html.append(html: kind)
    html.append("</p>\n<h1>")
    html.append(html: title)
    html.append("</h1>\n<p class=\"sub\">")
    html.append(html: subtitle)
    html.append("</p>\n<p class=\"lead\">")
    html.append(html: lead)
    html.append("</p>\n")
  }

  /// How an alert is meant; the raw value is its class in the style.
  enum AlertKind: String {
    case good, warning, bad
  }

  mutating func figures(_ figures: [(name: String, value: String, unit: String, isBad: Bool)]) {
    html.append("<dl class=\"figures\">\n")
    for figure in figures {
      html.append(raw: figure.isBad ? "<div class=\"bad\"><dt>" : "<div><dt>")
      html.append(html: figure.name)
      html.append("</dt><dd>")
      html.append(html: figure.value)
      if !figure.unit.isEmpty {
        html.append("<small>")
        html.append(html: figure.unit)
        html.append("</small>")
      }
      html.append("</dd></div>\n")
    }
    html.append("</dl>\n")
  }

  mutating func endHeader() { html.append("</header>\n") }

  /// Something that must not be overlooked.
  mutating func alert(_ text: String, _ kind: AlertKind = .warning) {
    html.append(raw: "<p class=\"alert \(kind.rawValue)\" role=\"note\">")
    html.append(html: text)
    html.append("</p>\n")
  }

  mutating func section(_ title: String, note: String = "", _ body: (inout ReportPage) -> Void) {
    html.append("<section>\n<h2>")
    html.append(html: title)
    html.append("</h2>\n")
    if !note.isEmpty { paragraph(note) }
    body(&self)
    html.append("</section>\n")
  }

  mutating func paragraph(_ text: String) {
    html.append("<p class=\"note\">")
    html.append(html: text)
    html.append("</p>\n")
  }

  mutating func plots(_ drawings: [SVGDrawing]) {
    html.append("<div class=\"plots\">\n")
    for drawing in drawings {
      html.append("<div>")
      drawing.append(to: &html)
      html.append("</div>\n")
    }
    html.append("</div>\n")
  }

  /// A table; the first column is text and names its row, with a dot of colour where one is given.
  mutating func table(_ head: [String], _ rows: [(color: String?, cells: [String])]) {
    // Short tables stay on one sheet of paper.
    html.append(raw: "<div class=\"scroll\(rows.count <= 16 ? " whole" : "")\"><table><thead><tr>")
    for (column, text) in head.enumerated() {
      html.append(raw: column == 0 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"num\">")
      html.append(html: text)
      html.append("</th>")
    }
    html.append("</tr></thead><tbody>\n")
    for row in rows {
      html.append("<tr>")
      for (column, text) in row.cells.enumerated() {
        if column == 0 {
          html.append("<th scope=\"row\" class=\"name\">")
          if let color = row.color {
            html.append(raw: "<span class=\"label\"><span class=\"dot\" style=\"background:\(color)\"></span><span>")
          }
          html.append(html: text)
          html.append(row.color == nil ? "</th>" : "</span></span></th>")
        } else {
          html.append("<td class=\"num\">")
          html.append(html: text)
          html.append("</td>")
        }
      }
      html.append("</tr>\n")
    }
    html.append("</tbody></table></div>\n")
  }

  /// Drawings of pictures with their boxes.
  mutating func gallery(_ items: [(drawing: SVGDrawing, name: String, text: String)]) {
    html.append("<ul class=\"boxes\">\n")
    for item in items {
      html.append("<li><figure>")
      item.drawing.append(to: &html)
      html.append("<figcaption><span class=\"key\">")
      html.append(html: item.name)
      html.append("</span><span class=\"chips\">")
      html.append(html: item.text)
      html.append("</span></figcaption></figure></li>\n")
    }
    html.append("</ul>\n")
  }

  /// What the colours of a gallery's boxes mean.
  mutating func legend(_ entries: [(color: String, text: String)]) {
    html.append("<p class=\"chips\">")
    for entry in entries {
      html.append(raw: "<span><span class=\"dot\" style=\"background:\(entry.color)\"></span>")
      html.append(html: entry.text)
      html.append("</span>")
    }
    html.append("</p>\n")
  }

  /// The whole page.
  func finished(footer: String) -> String {
    var html = html
    html.append("<footer><p>")
    html.append(html: footer)
    html.append("</p></footer>\n</main>\n</body>\n</html>\n")
    return html.text
  }
}

/// The boxes of one image over its picture, or over an empty frame where there is none.
struct BoxDrawing {
  var drawing: SVGDrawing
  private let scale: Double
  private let size: (width: Double, height: Double)

  /// - Parameters:
  ///   - width, height: the image's size in pixels.
  init(width: Int, height: Int, picture: PictureSource.Picture?, title: String) {
    let longest = Double(max(width, height, 1))
    scale = 360 / longest
    size = (max(Double(width) * scale, 1), max(Double(height) * scale, 1))
    drawing = SVGDrawing(width: size.width, height: size.height, title: title)
    if let picture { drawing.picture(picture.jpeg) }
  }

  mutating func box(
    _ box: (x: Double, y: Double, width: Double, height: Double), color: String, isDashed: Bool, hint: String
  ) {
    // Within the frame, so that boxes along an edge show all their sides.
    let left = min(max(box.x * scale, 1), size.width - 1)
    let top = min(max(box.y * scale, 1), size.height - 1)
    let right = min(max((box.x + box.width) * scale, left), size.width - 1)
    let bottom = min(max((box.y + box.height) * scale, top), size.height - 1)
    drawing.frame(
      left, top, max(right - left, 0.5), max(bottom - top, 0.5), color: color, thickness: isDashed ? 2 : 1.8,
      isDashed: isDashed, hint: hint)
  }
}
