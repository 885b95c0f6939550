internal import Evaluation

/// Reads a folder of YOLO's label files: a line an object, `class centre-x centre-y width height` in fractions of the
/// image; or `class x y x y x y …`, a polygon, of which the enclosing box is taken.
enum YOLOGroundTruthReader {
  static func read(
    _ folder: String, files: [String], images: [GroundTruth.Image], labels: [String]
  ) throws(EvaluationFileError) -> GroundTruthFile {
    guard !images.isEmpty else {
      throw EvaluationFileError(
        file: folder,
        reason: "label files hold fractions of the image, and no image's size is known; give the detections as Swoop's "
          + "detections.jsonl, which has them")
    }
    var names: [String]?
    var labelFiles: [String] = []
    for file in files {
      let last = file.split(separator: "/").last.map(String.init) ?? file
      if last == "classes.txt" || last == "labels.txt" {
        names = try TextFile(path(folder, file)).lines.map { trimmed($0) }
        while names?.last?.isEmpty == true { names?.removeLast() }
      } else {
        labelFiles.append(file)
      }
    }
    var warnings: [String] = []
    let index = NameIndex(labelFiles, ignoresExtension: true)
    var truth = GroundTruth(images: images)
    var used: Set<Int> = []
    var isTaken: Set<Int> = []
    var withoutSize = 0
    for (place, image) in images.enumerated() {
      let file: Int
      switch index.match(image.name) {
      case .none: continue
      case .found(let found): file = found
      case .ambiguous(let names):
        throw EvaluationFileError(
          file: folder,
          reason: "the labels of \(image.name) could be any of \(names.prefix(3).joined(separator: ", ")); give the "
            + "folder whose names start as the images' do")
      }
      guard isTaken.insert(file).inserted else {
        throw EvaluationFileError(
          file: path(folder, labelFiles[file]),
          reason: "the file would be the labels of two images, one of them \(image.name)")
      }
      guard let width = image.width, let height = image.height else {
        withoutSize += 1
        continue
      }
      for (number, line) in try TextFile(path(folder, labelFiles[file])).lines.enumerated() {
        guard
          let object = try parse(line, file: path(folder, labelFiles[file]), number: number + 1)
        else { continue }
        used.insert(object.classIndex)
        let box = EvaluationBox(
          x: object.left * Double(width), y: object.top * Double(height), width: object.width * Double(width),
          height: object.height * Double(height))
        truth.objects.append(
          GroundTruth.Object(image: place, category: object.classIndex, box: box, id: truth.objects.count + 1))
      }
    }
    guard !isTaken.isEmpty else {
      throw EvaluationFileError(
        file: folder,
        reason: "none of its \(labelFiles.count) label files belongs to an image that was run; the first are "
          + "\(labelFiles.first ?? "none") and \(images[0].name)")
    }
    if withoutSize > 0 {
      warnings.append("\(withoutSize) images that failed have labels, which were left out: their size is not known.")
    }
    if isTaken.count < labelFiles.count {
      warnings.append(
        "\(labelFiles.count - isTaken.count) of the \(labelFiles.count) label files of \(folder) belong to no image that "
          + "was run; they were left out.")
    }
    let known = names ?? labels
    let count = max(known.count, (used.max() ?? -1) + 1)
    truth.categories = (0..<count).map { .init(name: $0 < known.count ? known[$0] : "class\($0)", id: $0) }
    if let names, let highest = used.max(), highest >= names.count {
      warnings.append("\(folder): classes.txt names \(names.count) classes, but labels use class \(highest).")
    }
    return GroundTruthFile(format: .yolo, truth: truth, warnings: warnings, hasCategoryNames: names != nil)
  }

  private struct Object {
    var classIndex: Int
    /// Fractions of the image.
    var left, top, width, height: Double
  }

  private static func parse(
    _ line: Substring, file: String, number: Int
  ) throws(EvaluationFileError) -> Object? {
    let words = line.split(whereSeparator: \.isWhitespace)
    if words.isEmpty { return nil }
    let values = words.compactMap { Double($0) }
    guard values.count == words.count, values.allSatisfy({ abs($0) < 1e9 }) else {
      throw EvaluationFileError(file: file, line: number, reason: "expected numbers, found \"\(line.prefix(60))\"")
    }
    guard let classIndex = Int(exactly: values[0]), (0...65_535).contains(classIndex) else {
      throw EvaluationFileError(
        file: file, line: number, reason: "expected a class from 0 to 65535 first, found \(words[0])")
    }
    if values.count == 5 {
      guard values[3] >= 0, values[4] >= 0 else {
        throw EvaluationFileError(file: file, line: number, reason: "the box has a negative size")
      }
      return Object(
        classIndex: classIndex, left: values[1] - values[3] / 2, top: values[2] - values[4] / 2, width: values[3],
        height: values[4])
    }
    guard values.count >= 7, values.count % 2 == 1 else {
      throw EvaluationFileError(
        file: file, line: number,
        reason: "expected a class and four numbers (a box), or a class and at least three points (a polygon); found "
          + "\(values.count) numbers")
    }
    let xs = stride(from: 1, to: values.count, by: 2).map { values[$0] }
    let ys = stride(from: 2, to: values.count, by: 2).map { values[$0] }
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return nil }
    return Object(classIndex: classIndex, left: left, top: top, width: right - left, height: bottom - top)
  }

  private static func path(_ folder: String, _ file: String) -> String {
    folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
  }

  private static func trimmed(_ line: Substring) -> String {
    let start = line.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }
}
