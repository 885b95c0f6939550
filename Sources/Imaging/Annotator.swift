/// One object to draw on a picture.
public struct Annotation: Hashable, Sendable {
  /// The box by two corners, in pixels of the picture, edges not centres: a box around all of a 640x480 picture is
  /// (0, 0, 640, 480).
  public var x1, y1, x2, y2: Float
  /// The class, which decides the colour.
  public var classIndex: Int
  /// What the tag says, usually the class name; `nil` for a box without a tag.
  public var label: String?
  /// 0...1, shown behind the label with two digits.
  public var confidence: Float?

  public init(
    x1: Float, y1: Float, x2: Float, y2: Float, classIndex: Int, label: String?, confidence: Float? = nil
  ) {
    self.x1 = x1
    self.y1 = y1
    self.x2 = x2
    self.y2 = y2
    self.classIndex = classIndex
    self.label = label
    self.confidence = confidence
  }
}

/// Draws boxes and their tags on pictures. Line width and text grow with the picture; colours follow the class; tags
/// stay within the picture and avoid one another where there is room.
///
/// Any number of threads may draw with one annotator, each on its own picture.
public final class Annotator: Sendable {
  private let text: TextRenderer

  /// - Parameter font: a family that fontconfig knows; the nearest one is taken where it does not.
  public init(font: String = "DejaVu Sans") {
    text = TextRenderer(font: font)
  }

  /// Draws on `image`, the surest objects last and so on top; tags lie above all boxes. Boxes that are not numbers or
  /// lie outside are skipped.
  ///
  /// - Throws: ``ImageError`` with code `decoderUnavailable` where tags are asked for and libvips is missing,
  ///   `encodingFailed` where a label cannot be rendered. The picture may then be partly drawn on.
  public func draw(_ annotations: [Annotation], on image: PixelBuffer) throws(ImageError) {
    let scale = Scale(image.width, image.height)
    let canvas = Canvas(image: image)
    let ordered = annotations.enumerated()
      .sorted { ($0.element.confidence ?? 1, -$0.offset) < ($1.element.confidence ?? 1, -$1.offset) }
      .compactMap { item in Frame(item.element, in: image).map { (item.element, $0) } }
    for (annotation, frame) in ordered { outline(frame, annotation, scale, canvas) }

    // The surest first: it gets the place it wants.
    var tags: [(Tag, Annotation)] = []
    for (annotation, frame) in ordered.reversed() {
      guard let words = Self.words(annotation) else { continue }
      let mask = try fitted(words, scale, within: image.width)
      guard mask.width > 0 else { continue }
      let tag = Tag.placed(
        mask, at: frame, scale, in: image, avoiding: tags.map(\.0))
      tags.append((tag, annotation))
    }
    for (tag, annotation) in tags.reversed() {
      let colour = ClassPalette.colour(forClass: annotation.classIndex)
      canvas.fill(tag.left, tag.top, tag.width, tag.height, colour)
      // Letters without a descent are the rule: centred as if there were none.
      let top = tag.top + (tag.height - tag.mask.height) / 2 + tag.mask.height / 12
      canvas.paint(tag.mask, tag.left + scale.padding, top, colour.contrasting)
    }
  }

  private func outline(_ frame: Frame, _ annotation: Annotation, _ scale: Scale, _ canvas: Canvas) {
    let colour = ClassPalette.colour(forClass: annotation.classIndex)
    // A fine dark line on both sides keeps light colours visible on light ground.
    canvas.stroke(frame.grown(by: 1), scale.line + 2, .black, opacity: 72)
    canvas.stroke(frame, scale.line, colour, opacity: 256)
  }

  private static func words(_ annotation: Annotation) -> String? {
    guard let label = annotation.label else { return nil }
    guard let confidence = annotation.confidence, confidence.isFinite else { return label }
    let hundredths = Int((min(max(confidence, 0), 9) * 100).rounded())
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    return "\(label) \(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  // Text too wide for the picture loses its middle, not the confidence at its end.
  private func fitted(_ words: String, _ scale: Scale, within width: Int) throws(ImageError) -> TextMask {
    var mask = try text.mask(words, size: scale.text)
    let room = width - 2 * scale.padding
    var kept = words.count
    while mask.width > room && kept > 1 {
      kept = max(1, min(kept - 1, kept * room / mask.width))
      let tail = min(kept / 3, 5)
      mask = try text.mask(words.prefix(kept - tail) + "…" + words.suffix(tail), size: scale.text)
    }
    return mask.width > room ? TextMask() : mask
  }
}

/// Sizes in pixels that suit a picture.
private struct Scale {
  let line, text, padding: Int

  init(_ width: Int, _ height: Int) {
    let side = Double(width + height) / 2
    line = max(1, Int((side * 0.0032).rounded()))
    text = max(9, Int((side * 0.0225).rounded()))
    padding = max(2, text / 4)
  }
}

/// A box in whole pixels: left and top inside it, right and bottom just outside.
private struct Frame {
  var left, top, right, bottom: Int

  /// `nil` where nothing of it can be seen.
  init?(_ a: Annotation, in image: PixelBuffer) {
    guard a.x1.isFinite, a.y1.isFinite, a.x2.isFinite, a.y2.isFinite else { return nil }
    func whole(_ value: Float, _ limit: Int) -> Int { Int(min(max(value, 0), Float(limit)).rounded()) }
    left = whole(min(a.x1, a.x2), image.width)
    right = whole(max(a.x1, a.x2), image.width)
    top = whole(min(a.y1, a.y2), image.height)
    bottom = whole(max(a.y1, a.y2), image.height)
    guard left < image.width, top < image.height, right > 0, bottom > 0 else { return nil }
    right = max(right, left + 1)
    bottom = max(bottom, top + 1)
  }

  func grown(by distance: Int) -> Frame {
    var frame = self
    frame.left -= distance
    frame.top -= distance
    frame.right += distance
    frame.bottom += distance
    return frame
  }
}

/// The filled rectangle with a label.
private struct Tag {
  var left, top, width, height: Int
  var mask: TextMask

  /// At the first place of a few that is free: above the box, within it, below it, each from the left and the right;
  /// failing that, above and moved into the picture.
  static func placed(
    _ mask: TextMask, at frame: Frame, _ scale: Scale, in image: PixelBuffer, avoiding others: [Tag]
  ) -> Tag {
    let width = mask.width + 2 * scale.padding
    let height = mask.height + 2 * max(1, scale.padding / 2)
    func tag(_ left: Int, _ top: Int) -> Tag {
      Tag(
        left: max(0, min(left, image.width - width)), top: max(0, min(top, image.height - height)),
        width: width,
        height: height, mask: mask)
    }
    let above = frame.top - height
    let places = [
      (frame.left, above), (frame.right - width, above), (frame.left, frame.top),
      (frame.right - width, frame.top),
      (frame.left, frame.bottom), (frame.right - width, frame.bottom),
    ]
    let isRoomAbove = above >= 0
    for (left, top) in places where isRoomAbove || top != above {
      let candidate = tag(left, top)
      if !others.contains(where: { candidate.overlaps($0) }) { return candidate }
    }
    return isRoomAbove ? tag(frame.left, above) : tag(frame.left, frame.top)
  }

  private func overlaps(_ other: Tag) -> Bool {
    left < other.left + other.width && other.left < left + width && top < other.top + other.height
      && other.top < top + height
  }
}

/// Pixels to draw on, clipped to the picture.
private struct Canvas {
  let image: PixelBuffer

  /// A rectangle's outline of a width, inside its edges. `opacity` is of 256.
  func stroke(_ frame: Frame, _ line: Int, _ colour: Colour, opacity: Int) {
    let line = min(line, (frame.right - frame.left + 1) / 2, (frame.bottom - frame.top + 1) / 2)
    let width = frame.right - frame.left
    let inner = frame.bottom - frame.top - 2 * line
    fill(frame.left, frame.top, width, line, colour, opacity: opacity)
    fill(
      frame.left, frame.bottom - line, width, min(line, frame.bottom - frame.top - line), colour,
      opacity: opacity)
    fill(frame.left, frame.top + line, line, inner, colour, opacity: opacity)
    fill(frame.right - line, frame.top + line, min(line, width - line), inner, colour, opacity: opacity)
  }

  func fill(_ left: Int, _ top: Int, _ width: Int, _ height: Int, _ colour: Colour, opacity: Int = 256) {
    let columns = max(left, 0)..<max(max(left, 0), min(left + width, image.width))
    let rows = max(top, 0)..<max(max(top, 0), min(top + height, image.height))
    for y in rows {
      for x in columns { blend(x, y, colour, opacity) }
    }
  }

  func paint(_ mask: TextMask, _ left: Int, _ top: Int, _ colour: Colour) {
    for row in 0..<mask.height where top + row >= 0 && top + row < image.height {
      for column in 0..<mask.width where left + column >= 0 && left + column < image.width {
        let coverage = Int(mask.coverage[row * mask.width + column])
        if coverage > 0 { blend(left + column, top + row, colour, coverage + coverage >> 7) }
      }
    }
  }

  private func blend(_ x: Int, _ y: Int, _ colour: Colour, _ opacity: Int) {
    let pixel = image.base + y * image.bytesPerRow + 3 * x
    if opacity == 256 {
      (pixel[0], pixel[1], pixel[2]) = (colour.red, colour.green, colour.blue)
      return
    }
    func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
      UInt8((Int(old) * (256 - opacity) + Int(new) * opacity + 128) >> 8)
    }
    (pixel[0], pixel[1], pixel[2]) = (
      mixed(pixel[0], colour.red), mixed(pixel[1], colour.green), mixed(pixel[2], colour.blue)
    )
  }
}
