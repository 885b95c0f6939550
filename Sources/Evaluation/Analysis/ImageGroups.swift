/// Detections and objects by image, for analyses that look across categories.
struct ImageGroups {
  let detections: (places: [Int32], starts: [Int])
  let objects: (places: [Int32], starts: [Int])

  init(_ truth: GroundTruth, _ all: [ScoredBox]) {
    let input = [Int32](0..<Int32(truncatingIfNeeded: all.count))
    let ordered = StableOrder.byDescendingScore(input) { all[Int($0)].score }
    detections = StableOrder.grouped(ordered, keyCount: truth.images.count) { all[Int($0)].image }
    let objectInput = [Int32](0..<Int32(truncatingIfNeeded: truth.objects.count))
    objects = StableOrder.grouped(objectInput, keyCount: truth.images.count) { truth.objects[Int($0)].image }
  }

  /// The detections of an image, best first.
  func detections(of image: Int) -> ArraySlice<Int32> {
    detections.places[detections.starts[image]..<detections.starts[image + 1]]
  }

  /// The objects of an image, in the order of the file.
  func objects(of image: Int) -> ArraySlice<Int32> {
    objects.places[objects.starts[image]..<objects.starts[image + 1]]
  }
}
