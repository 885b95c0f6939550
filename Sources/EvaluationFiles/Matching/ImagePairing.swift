/// Which images of two sets of detections are the same: by name, or by number where one of the sets has only that.
public struct ImagePairing: Sendable {
  /// Places in both sets, in the first set's order.
  public private(set) var pairs: [(first: Int, second: Int)] = []
  /// Places in the first set without a partner.
  public private(set) var onlyInFirst: [Int] = []
  /// Places in the second set without a partner.
  public private(set) var onlyInSecond: [Int] = []

  /// Pairs images.
  ///
  /// - Throws: ``EvaluationFileError`` where a name could mean several images, or no image has a partner.
  public init(_ first: DetectionSet, _ second: DetectionSet) throws(EvaluationFileError) {
    let places = second.images.indices.filter { second.images[$0].name != nil }
    let index = NameIndex(places.map { second.images[$0].name ?? "" })
    let ids = Dictionary(
      second.images.enumerated().compactMap { place, image in image.id.map { ($0, place) } },
      uniquingKeysWith: { first, _ in first })
    var isTaken = [Bool](repeating: false, count: second.images.count)
    for (place, image) in first.images.enumerated() {
      var partner: Int?
      if let name = image.name {
        switch index.match(name) {
        case .found(let found): partner = places[found]
        case .none: partner = nil
        case .ambiguous(let names):
          throw EvaluationFileError(
            file: second.source,
            reason: "the image \(name) of \(first.source) could be any of \(names.prefix(3).joined(separator: ", "))")
        }
      }
      if partner == nil, let id = image.id, image.name == nil || places.isEmpty { partner = ids[id] }
      if let partner, !isTaken[partner] {
        isTaken[partner] = true
        pairs.append((place, partner))
      } else {
        onlyInFirst.append(place)
      }
    }
    onlyInSecond = second.images.indices.filter { !isTaken[$0] }
    if pairs.isEmpty, !first.images.isEmpty, !second.images.isEmpty {
      throw EvaluationFileError(
        file: second.source,
        reason: "it has no image in common with \(first.source); their first are \(second.images[0].title) and "
          + "\(first.images[0].title)")
    }
  }
}
