internal import Evaluation
internal import Swoop

/// Reads COCO's JSON of objects: `images`, `categories` and `annotations` in any order; everything else is skipped.
enum COCOGroundTruthReader {
  private typealias Problem = RecordFormatError.Problem

  private struct Annotation {
    var id: Int
    var image: Int
    var category: Int
    var box: EvaluationBox
    var area: Double?
    var isCrowd: Bool
  }

  private struct Content {
    var images: [GroundTruth.Image]?
    var categories: [GroundTruth.Category]?
    var annotations: [Annotation]?
  }

  static func read(_ path: String) throws(EvaluationFileError) -> GroundTruthFile {
    let file = try TextFile(path)
    guard file.firstByte == UInt8(ascii: "{") else {
      throw EvaluationFileError(
        file: path,
        reason: file.data.isEmpty
          ? "the file is empty"
          : "this is not a COCO file: expected a JSON object with images, categories and annotations")
    }
    let content = try file.scan { scanner throws(Problem) -> Content in try Self.content(&scanner) }
    guard let images = content.images, let categories = content.categories, let annotations = content.annotations
    else {
      let missing = [
        content.images == nil ? "images" : nil, content.categories == nil ? "categories" : nil,
        content.annotations == nil ? "annotations" : nil,
      ].compactMap { $0 }.joined(separator: ", ")
      throw EvaluationFileError(file: path, reason: "the object has no \(missing)")
    }
    return try resolve(path, images, categories, annotations)
  }

  private static func resolve(
    _ path: String, _ images: [GroundTruth.Image], _ categories: [GroundTruth.Category], _ annotations: [Annotation]
  ) throws(EvaluationFileError) -> GroundTruthFile {
    // pycocotools goes through images and categories by id.
    var truth = GroundTruth(
      images: images.sorted { $0.id < $1.id }, categories: categories.sorted { $0.id < $1.id })
    let imagePlaces = try places(truth.images.map(\.id), of: "images", in: path)
    let categoryPlaces = try places(truth.categories.map(\.id), of: "categories", in: path)
    var warnings: [String] = []
    var lost = 0
    var withoutArea = 0
    var ids: Set<Int> = []
    ids.reserveCapacity(annotations.count)
    var repeated = 0
    truth.objects.reserveCapacity(annotations.count)
    for annotation in annotations {
      guard let image = imagePlaces[annotation.image], let category = categoryPlaces[annotation.category] else {
        lost += 1
        continue
      }
      if !ids.insert(annotation.id).inserted { repeated += 1 }
      if annotation.area == nil { withoutArea += 1 }
      truth.objects.append(
        GroundTruth.Object(
          image: image, category: category, box: annotation.box, area: annotation.area, isCrowd: annotation.isCrowd,
          id: annotation.id))
    }
    if lost > 0 {
      warnings.append(
        "\(path): \(lost) annotations belong to images or categories that the file does not list; they were left out, as "
          + "pycocotools does.")
    }
    if repeated > 0 {
      warnings.append(
        "\(path): \(repeated) annotations have an id that another has too; each counts here, while pycocotools would take "
          + "the last of them several times.")
    }
    if withoutArea > 0 {
      warnings.append("\(path): \(withoutArea) annotations have no area; that of their box was taken.")
    }
    if ids.contains(0) {
      warnings.append(
        "\(path): one annotation has the id 0; as in pycocotools, a match with it counts as none. Number annotations from "
          + "1.")
    }
    return GroundTruthFile(format: .coco, truth: truth, warnings: warnings)
  }

  private static func places(
    _ ids: [Int], of what: String, in path: String
  ) throws(EvaluationFileError) -> [Int: Int] {
    var places: [Int: Int] = [:]
    places.reserveCapacity(ids.count)
    for (place, id) in ids.enumerated() {
      guard places.updateValue(place, forKey: id) == nil else {
        throw EvaluationFileError(file: path, reason: "two of the \(what) have the id \(id)")
      }
    }
    return places
  }

  // MARK: Elements

  private static func content(_ scanner: inout JSONScanner) throws(Problem) -> Content {
    var content = Content()
    try scanner.members { scanner, name throws(Problem) in
      if name.isName("images"), content.images == nil {
        content.images = try list(&scanner, "images") { scanner throws(Problem) in try image(&scanner) }
      } else if name.isName("categories"), content.categories == nil {
        content.categories = try list(&scanner, "categories") { scanner throws(Problem) in try category(&scanner) }
      } else if name.isName("annotations"), content.annotations == nil {
        content.annotations = try list(&scanner, "annotations") { scanner throws(Problem) in
          try annotation(&scanner)
        }
      } else {
        try scanner.skipValue()
      }
    }
    return content
  }

  private static func list<Element>(
    _ scanner: inout JSONScanner, _ what: String, _ element: (inout JSONScanner) throws(Problem) -> Element
  ) throws(Problem) -> [Element] {
    var elements: [Element] = []
    try scanner.elements { scanner, index throws(Problem) in
      do throws(Problem) {
        elements.append(try element(&scanner))
      } catch {
        throw Problem("\(what)[\(index)]: \(error.reason)")
      }
    }
    return elements
  }

  private static func image(_ scanner: inout JSONScanner) throws(Problem) -> GroundTruth.Image {
    var id: Int?
    var name: String?
    var width: Int?
    var height: Int?
    try scanner.members { scanner, member throws(Problem) in
      if member.isName("id") {
        id = try scanner.wholeNumber()
      } else if member.isName("file_name"), scanner.peek() == UInt8(ascii: "\"") {
        name = try scanner.string()
      } else if member.isName("width"), scanner.peek() != UInt8(ascii: "n") {
        width = try scanner.wholeNumber()
      } else if member.isName("height"), scanner.peek() != UInt8(ascii: "n") {
        height = try scanner.wholeNumber()
      } else {
        try scanner.skipValue()
      }
    }
    guard let id else { throw Problem("the image has no id") }
    return GroundTruth.Image(name: name ?? "\(id)", id: id, width: width, height: height)
  }

  private static func category(_ scanner: inout JSONScanner) throws(Problem) -> GroundTruth.Category {
    var id: Int?
    var name: String?
    try scanner.members { scanner, member throws(Problem) in
      if member.isName("id") {
        id = try scanner.wholeNumber()
      } else if member.isName("name"), scanner.peek() == UInt8(ascii: "\"") {
        name = try scanner.string()
      } else {
        try scanner.skipValue()
      }
    }
    guard let id else { throw Problem("the category has no id") }
    return GroundTruth.Category(name: name ?? "\(id)", id: id)
  }

  private static func annotation(_ scanner: inout JSONScanner) throws(Problem) -> Annotation {
    var id: Int?
    var image: Int?
    var category: Int?
    var box: EvaluationBox?
    var area: Double?
    var isCrowd = false
    try scanner.members { scanner, member throws(Problem) in
      if member.isName("id") {
        id = try scanner.wholeNumber()
      } else if member.isName("image_id") {
        image = try scanner.wholeNumber()
      } else if member.isName("category_id") {
        category = try scanner.wholeNumber()
      } else if member.isName("bbox") {
        let (x, y, width, height) = try scanner.box()
        box = EvaluationBox(x: x, y: y, width: width, height: height)
      } else if member.isName("area"), scanner.peek() != UInt8(ascii: "n") {
        area = try scanner.double()
      } else if member.isName("iscrowd") {
        isCrowd = try scanner.flag()
      } else {
        try scanner.skipValue()
      }
    }
    guard let image, let category, let box else {
      throw Problem("the annotation lacks its image_id, category_id or bbox")
    }
    guard let id else { throw Problem("the annotation has no id") }
    return Annotation(id: id, image: image, category: category, box: box, area: area, isCrowd: isCrowd)
  }
}
