internal import Detection

/// What a report shows of the records, gathered in one pass and in bounded memory.
struct ReportStatistics {
  /// What is known of one class.
  struct ClassStatistics {
    var detections = 0
    var images = 0
    // The last image that was counted, so that an image counts once.
    var lastImage = -1
    /// Counts by confidence, 0 to 1 in equal steps.
    var confidences = [Int](repeating: 0, count: ReportStatistics.confidenceBins)
  }

  /// What is known of one kind of failure.
  struct FailureStatistics {
    var count = 0
    /// The first few images.
    var samples: [(key: String, reason: String)] = []
  }

  /// One picture of the gallery.
  struct Picture {
    var index: Int
    var key: String
    var width: Int
    var height: Int
    /// Boxes by class, most frequent first.
    var counts: [(classIndex: Int, count: Int)]
  }

  static let confidenceBins = 200
  static let sampleLimit = 5
  static let classLimit = 10_000
  /// Images with so many boxes or more are counted together.
  static let perImageLimit = 1000
  /// The upper ends of the bins of box sides, in pixels; one more bin is above.
  static let sideEdges: [Float] = [8, 16, 32, 64, 128, 256, 512, 1024]

  private(set) var classes: [Int: ClassStatistics] = [:]
  private(set) var failures: [ImageFailure.Code: FailureStatistics] = [:]
  private(set) var confidences = [Int](repeating: 0, count: confidenceBins)
  /// Images by their count of boxes.
  private(set) var perImage = [Int](repeating: 0, count: perImageLimit + 1)
  /// Boxes by the root of their area.
  private(set) var sides = [Int](repeating: 0, count: sideEdges.count + 1)
  private(set) var truncatedSamples: [String] = []
  private(set) var pictures: [Picture] = []
  /// Boxes of classes beyond the limit.
  private(set) var otherClassDetections = 0

  private let pictureStride: Int

  /// - Parameter images: how many records there will be, which decides what is in the gallery.
  init(images: Int) {
    pictureStride = ThumbnailSelection.stride(at: max(0, images - 1))
  }

  mutating func add(_ record: ImageRecord) {
    switch record.outcome {
    case .failed(let failure):
      failures[failure.code, default: FailureStatistics()].count += 1
      if failures[failure.code]?.samples.count ?? 0 < Self.sampleLimit {
        failures[failure.code]?.samples.append((record.key, failure.reason))
      }
    case .detected(let detections, let truncated):
      perImage[min(detections.count, Self.perImageLimit)] += 1
      if truncated > 0, truncatedSamples.count < Self.sampleLimit { truncatedSamples.append(record.key) }
      for detection in detections { add(detection, image: record.index) }
      if record.index.isMultiple(of: pictureStride) { addPicture(record, detections) }
    }
  }

  private mutating func add(_ detection: Detection, image: Int) {
    let bin = max(
      0, min(Self.confidenceBins - 1, Int(max(0, min(1, detection.score)) * Float(Self.confidenceBins))))
    confidences[bin] += 1
    let side = max(0, detection.box.area).squareRoot()
    sides[Self.sideEdges.firstIndex { side < $0 } ?? Self.sideEdges.count] += 1
    guard classes[detection.classIndex] != nil || classes.count < Self.classLimit else {
      otherClassDetections += 1
      return
    }
    func count(_ statistics: inout ClassStatistics) {
      statistics.detections += 1
      statistics.confidences[bin] += 1
      if statistics.lastImage != image {
        statistics.lastImage = image
        statistics.images += 1
      }
    }
    count(&classes[detection.classIndex, default: ClassStatistics()])
  }

  private mutating func addPicture(_ record: ImageRecord, _ detections: [Detection]) {
    var counts: [Int: Int] = [:]
    for detection in detections { counts[detection.classIndex, default: 0] += 1 }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    pictures.append(
      Picture(
        index: record.index, key: record.key, width: record.width, height: record.height,
        counts: sorted.map { ($0.key, $0.value) }))
  }

  // MARK: Derived

  /// Classes by count of boxes, most first, then by index.
  var sortedClasses: [(classIndex: Int, statistics: ClassStatistics)] {
    classes.sorted { ($1.value.detections, $0.key) < ($0.value.detections, $1.key) }.map {
      ($0.key, $0.value)
    }
  }

  /// Failures by count, most first, then by code.
  var sortedFailures: [(code: ImageFailure.Code, statistics: FailureStatistics)] {
    failures.sorted { ($1.value.count, $0.key.rawValue) < ($0.value.count, $1.key.rawValue) }.map {
      ($0.key, $0.value)
    }
  }

  /// The confidence that half of the boxes are above, to half a step; `nil` where there are none.
  static func median(_ bins: [Int]) -> Double? {
    let total = bins.reduce(0, +)
    guard total > 0 else { return nil }
    var below = 0
    for (bin, count) in bins.enumerated() {
      below += count
      if below * 2 >= total { return (Double(bin) + 0.5) / Double(bins.count) }
    }
    return nil
  }

  /// The same counts in fewer, wider bins.
  static func coarser(_ bins: [Int], count: Int) -> [Int] {
    let width = bins.count / count
    return (0..<count).map { bins[$0 * width..<($0 + 1) * width].reduce(0, +) }
  }

  /// Images by count of boxes, in at most 20 bins of equal width with 0 for itself: the label and count of each.
  var perImageBins: [(label: String, count: Int)] {
    let most = perImage.lastIndex { $0 > 0 } ?? 0
    var width = 1
    // Steps that people count in.
    for candidate in [1, 2, 5, 10, 20, 50, 100] where (most + width - 1) / width > 20 { width = candidate }
    var bins: [(label: String, count: Int)] = [("0", perImage[0])]
    var start = 1
    while start <= most {
      let end = min(start + width - 1, Self.perImageLimit)
      let isOpen = end == Self.perImageLimit && most == Self.perImageLimit
      let label = isOpen ? "\(start)+" : width == 1 ? "\(start)" : "\(start)–\(end)"
      bins.append((label, perImage[start...end].reduce(0, +)))
      start = end + 1
    }
    return bins
  }

  /// Boxes by the side of a square of their area, in pixels.
  var sideBins: [(label: String, count: Int)] {
    let edges = Self.sideEdges.map { "\(Int($0))" }
    let labels =
      ["< \(edges[0])"] + zip(edges, edges.dropFirst()).map { "\($0)–\($1)" } + [
        "≥ \(edges[edges.count - 1])"
      ]
    // Empty bins at the ends say nothing.
    let bins = Array(zip(labels, sides))
    let first = bins.firstIndex { $0.1 > 0 } ?? 0
    let last = bins.lastIndex { $0.1 > 0 } ?? 0
    return bins[first...max(first, last)].map { ($0.0, $0.1) }
  }
}
