/// What kinds of mistakes there are, and what each costs.
///
/// After the idea of TIDE (Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", 2020), with
/// these rules. A detection is right as COCO's evaluation has it, at IoU 0.5. One that is not, and that does not lie in a
/// crowd, is of the first kind that fits:
///
/// 1. *duplicate*: it overlaps an object of its category by 0.5 or more, which a better one has taken.
/// 2. *class*: it overlaps an object of another category by 0.5 or more.
/// 3. *localisation*: it overlaps an object of its category by 0.1 or more.
/// 4. *class and localisation*: it overlaps an object of another category by 0.1 or more.
/// 5. *background*: it overlaps nothing by 0.1.
///
/// An object that is not found, and that no error of class or localisation above the confidence is about, is *missed*.
public struct ErrorAnalysis: Sendable {
  /// A kind of mistake.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case localisation
    case classification = "class"
    case both = "class-and-localisation"
    case duplicate, background, missed

    /// The kind in words.
    public var title: String {
      switch self {
      case .localisation: "Localisation: right class, box off"
      case .classification: "Class: right box, wrong class"
      case .both: "Class and localisation: both off"
      case .duplicate: "Duplicate: object found already"
      case .background: "Background: nothing there"
      case .missed: "Missed: object not found"
      }
    }
  }

  /// What became of one detection above the confidence.
  public enum Verdict: Hashable, Sendable {
    case right
    case wrong(Kind)
    /// In a crowd, or otherwise without effect on the figures.
    case ignored
  }

  /// One image's mistakes.
  public struct Image: Hashable, Sendable {
    /// The place in ``GroundTruth/images``.
    public var image: Int
    /// The detections above the confidence, best first, as places in the list given, and what became of them.
    public var detections: [Int]
    /// By detection in ``detections``.
    public var verdicts: [Verdict]
    /// The missed objects, as places in ``GroundTruth/objects``.
    public var missed: [Int]

    /// How many mistakes there are.
    public var mistakeCount: Int {
      missed.count
        + verdicts.count { verdict in
          if case .wrong = verdict { true } else { false }
        }
    }
  }

  /// Detections above this are counted.
  public let confidence: Double
  /// How many mistakes of each kind there are among them.
  public let counts: [Kind: Int]
  /// How much AP at IoU 0.5 would gain if all mistakes of a kind, at any confidence, were mended: a localisation or
  /// class put right where that finds a new object and taken away where not; a wrong box taken away; a missed object
  /// not asked for. `nil` where no object counts.
  public let gains: [Kind: Double]?
  /// The images in the order of the ground truth.
  public let images: [Image]

  /// The images with most mistakes, worst first; equal ones by place.
  public func worst(_ count: Int) -> [Image] {
    Array(
      images.filter { $0.mistakeCount > 0 }.sorted { ($0.mistakeCount, -$0.image) > ($1.mistakeCount, -$1.image) }
        .prefix(count))
  }

  private static let positive = 0.5
  private static let near = 0.1

  /// Analyses what an evaluation has judged.
  ///
  /// - Parameters:
  ///   - evaluation: made from the same ground truth and detections.
  ///   - confidence: detections above it are counted; the gains are over all.
  public init(_ evaluation: COCOEvaluation, _ truth: GroundTruth, _ detections: [ScoredBox], confidence: Double) {
    self.confidence = confidence
    let matching = evaluation.matching
    let groups = ImageGroups(truth, detections)
    var kinds = [Judgement](repeating: .unranked, count: detections.count)
    for image in truth.images.indices {
      let objects = groups.objects(of: image).map { (place: Int($0), object: truth.objects[Int($0)]) }
      for place in groups.detections(of: image) {
        kinds[Int(place)] = ErrorAnalysis.judge(Int(place), detections, objects, matching)
      }
    }
    var counts = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, 0) })
    var images: [Image] = []
    for image in truth.images.indices {
      var result = Image(image: image, detections: [], verdicts: [], missed: [])
      var covered: Set<Int> = []
      var found: Set<Int> = []
      for place in groups.detections(of: image) where detections[Int(place)].score > confidence {
        let verdict: Verdict
        switch kinds[Int(place)] {
        case .unranked: continue
        case .right(let object):
          verdict = .right
          found.insert(object)
        case .ignored: verdict = .ignored
        case .wrong(let kind, let object):
          verdict = .wrong(kind)
          counts[kind, default: 0] += 1
          if let object, kind == .localisation || kind == .classification { covered.insert(object) }
        }
        result.detections.append(Int(place))
        result.verdicts.append(verdict)
      }
      for place in groups.objects(of: image).map({ Int($0) })
      where !truth.objects[place].isCrowd && !found.contains(place) && !covered.contains(place) {
        result.missed.append(place)
      }
      counts[.missed, default: 0] += result.missed.count
      images.append(result)
    }
    self.counts = counts
    self.images = images
    gains = ErrorAnalysis.gains(truth, detections, matching, kinds)
  }

  /// What a detection is, with the object that it is about.
  enum Judgement {
    case right(Int)
    case wrong(Kind, Int?)
    case ignored
    /// Beyond the 100 of its image and category, so not part of any figure.
    case unranked
  }

  private static func judge(
    _ place: Int, _ detections: [ScoredBox], _ objects: [(place: Int, object: GroundTruth.Object)],
    _ matching: COCOMatching
  ) -> Judgement {
    guard matching.ranks[place] < COCOMatching.rankLimit else { return .unranked }
    let verdict = matching.verdicts[place * COCOMatching.areaCount]
    let detection = detections[place]
    if verdict.isIgnored & 1 != 0 { return .ignored }
    var same: (overlap: Double, place: Int)?
    var other: (overlap: Double, place: Int)?
    for (objectPlace, object) in objects where !object.isCrowd {
      let overlap = detection.box.overlap(with: object.box)
      if object.category == detection.category {
        if verdict.isRight & 1 != 0, matching.takers[objectPlace] == Int32(truncatingIfNeeded: place) {
          return .right(objectPlace)
        }
        if overlap > same?.overlap ?? 0 { same = (overlap, objectPlace) }
      } else if overlap > other?.overlap ?? 0 {
        other = (overlap, objectPlace)
      }
    }
    if let same, same.overlap >= positive { return .wrong(.duplicate, same.place) }
    if let other, other.overlap >= positive { return .wrong(.classification, other.place) }
    if let same, same.overlap >= near { return .wrong(.localisation, same.place) }
    if let other, other.overlap >= near { return .wrong(.both, other.place) }
    return .wrong(.background, nil)
  }
}
