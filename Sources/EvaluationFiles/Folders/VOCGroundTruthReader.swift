internal import Evaluation
internal import Foundation
internal import FoundationXML

/// Reads a folder of Pascal VOC's XML files, one an image.
///
/// The corners `xmin`, `ymin`, `xmax`, `ymax` are taken as pixel edges, as labelling tools write them. An object marked
/// `difficult` becomes one that does not count: detections within it are neither right nor wrong.
enum VOCGroundTruthReader {
  static func read(_ folder: String, files: [String]) throws(EvaluationFileError) -> GroundTruthFile {
    var documents: [VOCDocument] = []
    for file in files {
      let path = folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
      documents.append(try VOCDocument(path: path, name: file))
    }
    var truth = GroundTruth()
    let names = Set(documents.flatMap { $0.objects.map(\.name) }).sorted()
    truth.categories = names.enumerated().map { .init(name: $1, id: $0) }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    for (place, document) in documents.enumerated() {
      truth.images.append(
        .init(name: document.imageName, id: place + 1, width: document.width, height: document.height))
      for object in document.objects {
        let box = EvaluationBox(
          x: object.left, y: object.top, width: object.right - object.left, height: object.bottom - object.top)
        truth.objects.append(
          .init(
            image: place, category: places[object.name] ?? 0, box: box, isCrowd: object.isDifficult,
            id: truth.objects.count + 1))
      }
    }
    return GroundTruthFile(format: .voc, truth: truth)
  }
}

/// One file.
private struct VOCDocument {
  var imageName: String
  var width: Int?
  var height: Int?
  var objects: [Object] = []

  struct Object {
    var name = ""
    var isDifficult = false
    var left = 0.0
    var top = 0.0
    var right = 0.0
    var bottom = 0.0
  }

  init(path: String, name: String) throws(EvaluationFileError) {
    let file = try TextFile(path)
    let parser = XMLParser(data: file.data)
    parser.shouldResolveExternalEntities = false
    let handler = VOCHandler()
    parser.delegate = handler
    let isRead = parser.parse()
    if let problem = handler.problem {
      throw EvaluationFileError(file: path, line: problem.line, reason: problem.reason)
    }
    // The parser takes a document that ends inside its elements for a good one.
    guard isRead, handler.isFinished else {
      throw EvaluationFileError(file: path, line: max(parser.lineNumber, 1), reason: "the XML is damaged here")
    }
    guard handler.isAnnotation else {
      throw EvaluationFileError(file: path, reason: "expected the root element annotation")
    }
    // The name of the XML file stands for the image's where the file does not say it, or says only a folder.
    let stem = name.lowercased().hasSuffix(".xml") ? String(name.dropLast(4)) : name
    imageName = handler.fileName.isEmpty ? stem : handler.fileName
    width = handler.width
    height = handler.height
    objects = handler.objects
  }
}

/// Collects the elements that matter, by their path.
private final class VOCHandler: NSObject, XMLParserDelegate {
  var fileName = ""
  var width: Int?
  var height: Int?
  var objects: [VOCDocument.Object] = []
  var isAnnotation = false
  /// Whether the root element has ended.
  var isFinished: Bool { path.isEmpty }
  var problem: (line: Int, reason: String)?

  private var path: [String] = []
  private var text = ""
  private var corners: [String: Double] = [:]
  private var object = VOCDocument.Object()
  private static let depthLimit = 64

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    text = ""
    guard path.count <= VOCHandler.depthLimit else {
      return stop(parser, "elements nest deeper than \(VOCHandler.depthLimit)")
    }
    if path == ["annotation"] { isAnnotation = true }
    if path == ["annotation", "object"] {
      object = VOCDocument.Object()
      corners = [:]
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    // Nothing that is read is long; the rest of a huge text is not kept.
    if text.utf8.count < 4096 { text += string }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
    text = ""
    switch path {
    case ["annotation", "filename"]: fileName = value
    case ["annotation", "size", "width"]: width = Int(value).flatMap { $0 > 0 ? $0 : nil }
    case ["annotation", "size", "height"]: height = Int(value).flatMap { $0 > 0 ? $0 : nil }
    case ["annotation", "object", "name"]: object.name = value
    case ["annotation", "object", "difficult"]: object.isDifficult = value == "1" || value.lowercased() == "true"
    case ["annotation", "object", "bndbox", "xmin"], ["annotation", "object", "bndbox", "ymin"],
      ["annotation", "object", "bndbox", "xmax"], ["annotation", "object", "bndbox", "ymax"]:
      guard let number = Double(value), abs(number) < 1e9 else {
        return stop(parser, "\(name) is \"\(value.prefix(40))\"; a number was expected")
      }
      corners[name] = number
    case ["annotation", "object"]: finishObject(parser)
    default: break
    }
    path.removeLast()
  }

  private func finishObject(_ parser: XMLParser) {
    guard !object.name.isEmpty else { return stop(parser, "the object has no name") }
    guard let left = corners["xmin"], let top = corners["ymin"], let right = corners["xmax"],
      let bottom = corners["ymax"]
    else { return stop(parser, "the object \(object.name) has no bndbox with xmin, ymin, xmax and ymax") }
    guard right >= left, bottom >= top else {
      return stop(parser, "the box of \(object.name) is turned inside out: \(left), \(top), \(right), \(bottom)")
    }
    object.left = left
    object.top = top
    object.right = right
    object.bottom = bottom
    objects.append(object)
  }

  private func stop(_ parser: XMLParser, _ reason: String) {
    if problem == nil { problem = (max(parser.lineNumber, 1), reason) }
    parser.abortParsing()
  }
}
