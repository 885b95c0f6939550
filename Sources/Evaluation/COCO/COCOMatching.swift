/// What became of every detection, at ten overlap thresholds and in four area ranges at once.
///
/// The rules are pycocotools' `evaluateImg`. Within an image and category, detections are taken by score, at most 100.
/// Each takes the free object that it overlaps most, of equals the last, if the overlap reaches the threshold; an object
/// that does not count (a crowd, or outside the area range) is only taken when no other is left, a crowd any number of
/// times, and a detection that took one does not count either, nor does one outside the area range that took none.
///
/// Written with one bit a threshold: a detection's overlaps are sorted once, best first; going down that list, each
/// object is taken at all thresholds that its overlap reaches, at which it is free, and at which nothing better was
/// taken. Two detections in a hundred overlap more than one object, so nearly all the work is the overlaps themselves.
struct COCOMatching {
  /// Bits of one detection in one area range.
  struct Verdict {
    /// The thresholds at which it found a counting object.
    var isRight: UInt16 = 0
    /// The thresholds at which it does not count.
    var isIgnored: UInt16 = 0
  }

  static let areaCount = COCOParameters.AreaRange.allCases.count
  static let rankLimit = COCOParameters.maximumDetections[2]

  /// By detection, then area range. What is beyond the 100 best of its image and category has no verdict.
  private(set) var verdicts: [Verdict]
  /// By detection: its place among those of its image and category, by score.
  private(set) var ranks: [Int32]
  /// By category, then area range: how many objects count.
  private(set) var objectCounts: [Int]
  /// Detections by category, then by score, equal scores by image and then input order; where each category's begin.
  let ordered: (places: [Int32], starts: [Int])
  /// By object: the detection that took it at overlap 0.5 over all areas, or -1.
  private(set) var takers: [Int32]

  private struct Pair {
    var object: Int
    var overlap: Double
    var reached: UInt16
  }

  private static let allBits: UInt16 = 0x3FF

  init(_ truth: GroundTruth, _ detections: [ScoredBox]) {
    let imageCount = truth.images.count
    let categoryCount = truth.categories.count
    verdicts = [Verdict](repeating: Verdict(), count: detections.count * COCOMatching.areaCount)
    ranks = [Int32](repeating: 0, count: detections.count)
    objectCounts = [Int](repeating: 0, count: categoryCount * COCOMatching.areaCount)
    takers = [Int32](repeating: -1, count: truth.objects.count)

    let input = [Int32](0..<Int32(truncatingIfNeeded: detections.count))
    let byImage = StableOrder.grouped(input, keyCount: imageCount) { detections[Int($0)].image }.places
    let byScore = StableOrder.byDescendingScore(byImage) { detections[Int($0)].score }
    ordered = StableOrder.grouped(byScore, keyCount: categoryCount) { detections[Int($0)].category }
    // By category, image, then score.
    let scoredByImage = StableOrder.grouped(byScore, keyCount: imageCount) { detections[Int($0)].image }.places
    let grouped = StableOrder.grouped(scoredByImage, keyCount: categoryCount) { detections[Int($0)].category }
    let objectInput = [Int32](0..<Int32(truncatingIfNeeded: truth.objects.count))
    let objectsByImage = StableOrder.grouped(objectInput, keyCount: imageCount) { truth.objects[Int($0)].image }.places
    let objects = StableOrder.grouped(objectsByImage, keyCount: categoryCount) { truth.objects[Int($0)].category }

    var scratch = Scratch()
    for category in 0..<categoryCount {
      var place = grouped.starts[category]
      let end = grouped.starts[category + 1]
      var object = objects.starts[category]
      let objectEnd = objects.starts[category + 1]
      while place < end || object < objectEnd {
        let image = min(
          place < end ? detections[Int(grouped.places[place])].image : .max,
          object < objectEnd ? truth.objects[Int(objects.places[object])].image : .max)
        let first = place
        while place < end, detections[Int(grouped.places[place])].image == image {
          ranks[Int(grouped.places[place])] = Int32(truncatingIfNeeded: place - first)
          place += 1
        }
        let firstObject = object
        while object < objectEnd, truth.objects[Int(objects.places[object])].image == image { object += 1 }
        let last = min(place, first + COCOMatching.rankLimit)
        scratch.load(objects.places[firstObject..<object], truth.objects)
        for area in 0..<COCOMatching.areaCount {
          objectCounts[category * COCOMatching.areaCount + area] += scratch.countingCount(area)
        }
        for index in first..<last {
          judge(Int(grouped.places[index]), detections, &scratch)
        }
      }
    }
  }

  /// The objects of one image and category.
  private struct Scratch {
    var places: [Int32] = []
    var objects: [GroundTruth.Object] = []
    /// By object, then area range: whether it does not count.
    var isIgnored: [Bool] = []
    /// By object, then area range: the thresholds at which it is taken.
    var taken: [UInt16] = []
    var pairs: [Pair] = []

    mutating func load(_ places: ArraySlice<Int32>, _ all: [GroundTruth.Object]) {
      self.places.removeAll(keepingCapacity: true)
      objects.removeAll(keepingCapacity: true)
      isIgnored.removeAll(keepingCapacity: true)
      taken.removeAll(keepingCapacity: true)
      for place in places {
        let object = all[Int(place)]
        self.places.append(place)
        objects.append(object)
        for range in COCOParameters.AreaRange.allCases {
          isIgnored.append(object.isCrowd || !range.limits.contains(object.area))
          taken.append(0)
        }
      }
    }

    func countingCount(_ area: Int) -> Int {
      var count = 0
      for index in objects.indices where !isIgnored[index * COCOMatching.areaCount + area] { count += 1 }
      return count
    }
  }

  private mutating func judge(_ detection: Int, _ detections: [ScoredBox], _ scratch: inout Scratch) {
    let box = detections[detection].box
    scratch.pairs.removeAll(keepingCapacity: true)
    for (index, object) in scratch.objects.enumerated() {
      let overlap = object.isCrowd ? box.share(within: object.box) : box.overlap(with: object.box)
      let reached = COCOParameters.thresholdsReached(by: overlap)
      if reached != 0 { scratch.pairs.append(Pair(object: index, overlap: overlap, reached: reached)) }
    }
    // Best first; of equals the last object.
    if scratch.pairs.count > 1 {
      scratch.pairs.sort { ($0.overlap, $0.object) > ($1.overlap, $1.object) }
    }
    let area = box.area
    for range in COCOParameters.AreaRange.allCases {
      var matched: UInt16 = 0
      var verdict = Verdict()
      if !scratch.pairs.isEmpty {
        // What pycocotools sees as a match: not one with the annotation 0.
        var seen: UInt16 = 0
        for takesIgnored in [false, true] {
          for pair in scratch.pairs {
            let slot = pair.object * COCOMatching.areaCount + range.rawValue
            guard scratch.isIgnored[slot] == takesIgnored else { continue }
            let object = scratch.objects[pair.object]
            let free = object.isCrowd ? COCOMatching.allBits : ~scratch.taken[slot]
            let bits = pair.reached & free & ~matched
            guard bits != 0 else { continue }
            scratch.taken[slot] |= bits
            matched |= bits
            if object.id != 0 { seen |= bits }
            if takesIgnored { verdict.isIgnored |= bits }
            if range == .all, bits & 1 != 0, !takesIgnored {
              takers[Int(scratch.places[pair.object])] = Int32(truncatingIfNeeded: detection)
            }
          }
        }
        verdict.isRight = seen & ~verdict.isIgnored
        matched = seen
      }
      if !range.limits.contains(area) { verdict.isIgnored |= COCOMatching.allBits & ~matched }
      verdict.isRight &= ~verdict.isIgnored
      verdicts[detection * COCOMatching.areaCount + range.rawValue] = verdict
    }
  }
}
