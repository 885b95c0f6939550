internal import Evaluation
internal import Foundation
internal import Swoop

extension DetectionSet {
  /// Reads detections of any of the formats; which one is seen from what is there.
  ///
  /// - Parameter path: Swoop's `detections.jsonl` or the folder of a run; COCO's list of results; or a COCO object whose
  ///   annotations have scores, as Swoop's `coco.json`.
  /// - Throws: ``EvaluationFileError``.
  public static func read(_ path: String) throws(EvaluationFileError) -> DetectionSet {
    var path = path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      path = (path.hasSuffix("/") ? path : path + "/") + "detections.jsonl"
      guard FileManager.default.fileExists(atPath: path) else {
        throw EvaluationFileError(
          file: path, reason: "the folder has no detections.jsonl, so it is no folder of results")
      }
    }
    let file = try TextFile(path)
    switch file.firstByte {
    case UInt8(ascii: "["): return try readResults(file)
    case UInt8(ascii: "{"): return isRecords(file) ? try readRecords(file) : try readScoredAnnotations(file)
    default:
      throw EvaluationFileError(
        file: path,
        reason: "this is neither Swoop's detections.jsonl nor COCO's results: expected { or [ at its start")
    }
  }

  /// Whether the first line is a header of records: an object with the member `swoop`.
  private static func isRecords(_ file: TextFile) -> Bool {
    let first = file.data.prefix { $0 != 0x0A }
    guard let value = try? JSONSerialization.jsonObject(with: Data(first)) as? [String: Any] else { return false }
    return value["swoop"] != nil
  }

  private static func readRecords(_ file: TextFile) throws(EvaluationFileError) -> DetectionSet {
    do {
      let reader = try RecordReader(path: file.path)
      var set = DetectionSet(source: file.path, labels: reader.header.model.labels)
      while let record = try reader.next() { set.append(record) }
      return set
    } catch let error as RecordFormatError {
      throw EvaluationFileError(file: error.file, line: error.line, reason: error.reason)
    } catch {
      throw EvaluationFileError(file: file.path, reason: "\(error)")
    }
  }

  /// COCO's results: a list of image_id, category_id, bbox and score.
  private static func readResults(_ file: TextFile) throws(EvaluationFileError) -> DetectionSet {
    var set = DetectionSet(source: file.path)
    var places: [Int: Int] = [:]
    // Results come image by image, so the last place is nearly always the next one.
    var last: (id: Int, place: Int)?
    try file.scan { scanner throws(RecordFormatError.Problem) in
      try scanner.elements { scanner, index throws(RecordFormatError.Problem) in
        let result = try scored(&scanner, "results", index)
        if last?.id != result.image {
          let place = places[result.image] ?? set.images.count
          if place == set.images.count {
            places[result.image] = place
            set.images.append(Image(id: result.image))
          }
          last = (result.image, place)
        }
        guard let score = result.score else {
          throw RecordFormatError.Problem("results[\(index)]: the result has no score")
        }
        set.entries.append(
          Entry(image: last?.place ?? 0, classID: result.category, box: result.box, score: score))
      }
    }
    return set
  }

  /// A COCO object whose annotations have scores.
  private static func readScoredAnnotations(_ file: TextFile) throws(EvaluationFileError) -> DetectionSet {
    let truth = try COCOGroundTruthReader.read(file.path).truth
    var set = DetectionSet(source: file.path)
    set.labels = Dictionary(uniqueKeysWithValues: truth.categories.map { ($0.id, $0.name) })
    set.images = truth.images.map { Image(name: $0.name, id: $0.id, width: $0.width, height: $0.height) }
    let places = Dictionary(uniqueKeysWithValues: truth.images.enumerated().map { ($1.id, $0) })
    var withoutScore = 0
    try file.scan { scanner throws(RecordFormatError.Problem) in
      try scanner.members { scanner, name throws(RecordFormatError.Problem) in
        guard name.isName("annotations") else { return try scanner.skipValue() }
        try scanner.elements { scanner, index throws(RecordFormatError.Problem) in
          let result = try scored(&scanner, "annotations", index)
          guard let score = result.score else {
            withoutScore += 1
            return
          }
          guard let place = places[result.image] else {
            throw RecordFormatError.Problem(
              "annotations[\(index)]: there is no image with the id \(result.image)")
          }
          set.entries.append(Entry(image: place, classID: result.category, box: result.box, score: score))
        }
      }
    }
    if withoutScore > 0 {
      throw EvaluationFileError(
        file: file.path,
        reason: "\(withoutScore) annotations have no score, so these are no detections but ground truth")
    }
    return set
  }

  private struct Scored {
    var image: Int
    var category: Int
    var box: EvaluationBox
    var score: Double?
  }

  private static func scored(
    _ scanner: inout JSONScanner, _ list: StaticString, _ index: Int
  ) throws(RecordFormatError.Problem) -> Scored {
    var image: Int?
    var category: Int?
    var box: EvaluationBox?
    var score: Double?
    do throws(RecordFormatError.Problem) {
      try scanner.members { scanner, member throws(RecordFormatError.Problem) in
        if member.isName("image_id") {
          image = try scanner.wholeNumber()
        } else if member.isName("category_id") {
          category = try scanner.wholeNumber()
        } else if member.isName("bbox") {
          let (x, y, width, height) = try scanner.box()
          box = EvaluationBox(x: x, y: y, width: width, height: height)
        } else if member.isName("score") {
          score = try scanner.double()
        } else {
          try scanner.skipValue()
        }
      }
    } catch {
      throw RecordFormatError.Problem("\(list)[\(index)]: \(error.reason)")
    }
    guard let image, let category, let box else {
      throw RecordFormatError.Problem("\(list)[\(index)]: it lacks its image_id, category_id or bbox")
    }
    return Scored(image: image, category: category, box: box, score: score)
  }
}
