public import Evaluation

/// Detections brought into the terms of ground truth: which image is which, which class is which category.
public struct EvaluationInput: Sendable {
  /// The boxes that can be judged.
  public var detections: [ScoredBox] = []
  /// What was left out, one sentence each.
  public var warnings: [String] = []
  /// By image of the ground truth: the place in the detection set, or `nil` where that has no such image.
  public var places: [Int?]
  /// By class of the detection set: the category's place.
  public var categories: [Int: Int] = [:]

  /// Matches images and classes.
  ///
  /// Images go by COCO's number where the detections have only that, else by name (see the notes on names in the
  /// documentation of `swoop evaluate`). Classes go by name where both sides have names, else by number.
  ///
  /// - Throws: ``EvaluationFileError`` if a name could mean several images, or if nothing matches at all.
  public init(_ file: GroundTruthFile, _ set: DetectionSet) throws(EvaluationFileError) {
    let truth = file.truth
    places = [Int?](repeating: nil, count: truth.images.count)
    let images = try EvaluationInput.matchImages(truth, set, &warnings)
    for (place, image) in images.enumerated() {
      guard let image else { continue }
      guard places[image] == nil else {
        throw EvaluationFileError(
          file: set.source,
          reason: "\(set.images[places[image] ?? 0].title) and \(set.images[place].title) both mean the ground truth's "
            + "\(truth.images[image].name); run the folder that the ground truth was made for")
      }
      places[image] = place
    }
    let missing = places.filter { $0 == nil }.count
    if missing > 0 {
      // COCO's lists have no entry for an image in which nothing was found, so only other formats can tell.
      if set.images.contains(where: { $0.name != nil }) {
        warnings.append(
          "\(missing) of the \(truth.images.count) images of the ground truth have no record in \(set.source); all their "
            + "objects count as missed.")
      }
    }
    let failed = images.enumerated().filter { $0.element != nil && set.images[$0.offset].failure != nil }.count
    if failed > 0 {
      warnings.append("\(failed) images failed in \(set.source); all their objects count as missed.")
    }
    categories = try EvaluationInput.matchCategories(file, set, &warnings)
    detections.reserveCapacity(set.entries.count)
    for entry in set.entries {
      guard let image = images[entry.image], let category = categories[entry.classID] else { continue }
      detections.append(ScoredBox(image: image, category: category, box: entry.box, score: entry.score))
    }
  }

  private static func matchImages(
    _ truth: GroundTruth, _ set: DetectionSet, _ warnings: inout [String]
  ) throws(EvaluationFileError) -> [Int?] {
    let index = NameIndex(truth.images.map(\.name))
    let bare = NameIndex(truth.images.map(\.name), ignoresExtension: true)
    let ids = Dictionary(truth.images.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var unknown: [String] = []
    var result: [Int?] = []
    for image in set.images {
      guard let name = image.name else {
        let place = image.id.flatMap { ids[$0] }
        if place == nil { unknown.append(image.title) }
        result.append(place)
        continue
      }
      var match = index.match(name)
      if match == .none { match = bare.match(name) }
      switch match {
      case .found(let place): result.append(place)
      case .none:
        unknown.append(name)
        result.append(nil)
      case .ambiguous(let names):
        throw EvaluationFileError(
          file: set.source,
          reason:
            "the image \(name) could be any of \(names.prefix(3).joined(separator: ", ")) of the ground truth; run "
            + "the folder that the ground truth's names start from")
      }
    }
    if !set.images.isEmpty, unknown.count == set.images.count {
      let sample = truth.images.first.map { "\"\($0.name)\" (id \($0.id))" } ?? "none"
      throw EvaluationFileError(
        file: set.source,
        reason: "none of its \(set.images.count) images is in the ground truth; its first is \(unknown[0]), the ground "
          + "truth's first is \(sample)")
    }
    if !unknown.isEmpty {
      warnings.append(
        (unknown.count == 1
          ? "1 image of \(set.source) is not in the ground truth and was left out: "
          : "\(unknown.count) images of \(set.source) are not in the ground truth and were left out: ")
          + "\(unknown.prefix(3).joined(separator: ", "))\(unknown.count > 3 ? " …" : "").")
    }
    return result
  }

  private static func matchCategories(
    _ file: GroundTruthFile, _ set: DetectionSet, _ warnings: inout [String]
  ) throws(EvaluationFileError) -> [Int: Int] {
    let truth = file.truth
    let used = Set(set.entries.map(\.classID))
    var result: [Int: Int] = [:]
    if let labels = set.labels, file.hasCategoryNames {
      let exact = Dictionary(
        truth.categories.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
      // Names that differ in case or surrounding space alone are one name, where that is not ambiguous.
      var loose: [String: [Int]] = [:]
      for (place, category) in truth.categories.enumerated() {
        loose[normalised(category.name), default: []].append(place)
      }
      for (id, label) in labels {
        if let place = exact[label] {
          result[id] = place
        } else if let places = loose[normalised(label)], places.count == 1 {
          result[id] = places[0]
        }
      }
    } else {
      let ids = Dictionary(
        truth.categories.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
      for id in used { result[id] = ids[id] }
    }
    let unknown = used.filter { result[$0] == nil }.sorted()
    if !unknown.isEmpty {
      let names = unknown.prefix(5).map { set.title(ofClass: $0) }.joined(separator: ", ")
      let known = truth.categories.prefix(5).map { "\($0.name) (\($0.id))" }.joined(separator: ", ")
      let count = set.entries.count { result[$0.classID] == nil }
      guard unknown.count < used.count else {
        throw EvaluationFileError(
          file: set.source,
          reason: "none of its classes (\(names)\(unknown.count > 5 ? " …" : "")) is a category of the ground truth "
            + "(\(known)\(truth.categories.count > 5 ? " …" : ""))")
      }
      warnings.append(
        "\(count) boxes of \(set.source) have classes that the ground truth lacks and were left out: "
          + "\(names)\(unknown.count > 5 ? " …" : "").")
    }
    return result
  }

  private static func normalised(_ name: String) -> String {
    name.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "_" || $0 == "-" }).joined(separator: " ")
  }
}
