/// What every kernel of postprocessing is given: `Parameters` of `postprocess.cu`, the same fields in the same order,
/// without padding.
struct PostprocessParameters: BitwiseCopyable {
  typealias Addresses = (UInt64, UInt64, UInt64, UInt64)
  typealias Codes = (Int32, Int32, Int32, Int32)

  var tensors: Addresses = (0, 0, 0, 0)
  var confidences: UInt64 = 0
  var overlaps: UInt64 = 0
  var images: UInt64 = 0
  var keys: UInt64 = 0
  var boxes: UInt64 = 0
  var classes: UInt64 = 0
  var sortedBoxes: UInt64 = 0
  var sortedScores: UInt64 = 0
  var results: UInt64 = 0
  var tensorTypes: Codes = (0, 0, 0, 0)
  var confidenceCount: Int32 = 0
  var overlapCount: Int32 = 0
  var confidenceBeyond: Float = 0
  var confidenceMinimum: Float = 0
  var overlapBeyond: Float = 0
  var anchors: Int32 = 0
  var channels: Int32 = 0
  var firstClass: Int32 = 0
  var boxStride: Int32 = 0
  var scoreStride: Int32 = 0
  var scoreOffset: Int32 = 0
  var classOffset: Int32 = 0
  var isCorners: Int32 = 0
  var hasCount: Int32 = 0
  var suppression: Int32 = 0
  var maximumCandidates: Int32 = 0
  var maximumDetections: Int32 = 0
  var resultStride: Int32 = 0
  var chunk: Int32 = 0
  var keptInShared: Int32 = 0
}

/// The kernels' `ImageState`: an image's geometry and its counters, which start at zero.
struct PostprocessImage: BitwiseCopyable {
  var left, top, scaleX, scaleY, width, height: Float
  var candidates: Int32 = 0
  var invalid: Int32 = 0
}

/// The kernels' `ResultHead`, in front of an image's detections.
struct PostprocessResultHead: BitwiseCopyable {
  var candidates, invalid, kept, count: Int32
}

/// The kernels' `Found`: a detection in source pixels.
struct PostprocessDetection: BitwiseCopyable {
  var x1, y1, x2, y2, score: Float
  var classIndex: Int32
}
