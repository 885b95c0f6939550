package import Detection
internal import SeededNumbers
package import Tensors

extension OutputSample {
  /// What a good detector gives for photographs: most anchors see nothing, and around each object some anchors agree.
  ///
  /// - Parameters:
  ///   - kind: one of the heads with a score for every class.
  ///   - candidates: how many anchors of an image are above 0.25, some six for each object.
  package static func realistic(
    kind: DetectionHead.Kind = .yolov8, elementType: ElementType = .float32, images: Int, anchors: Int, classCount: Int,
    candidates: ClosedRange<Int>, settings: Postprocessor.Settings = Postprocessor.Settings(), seed: Int
  ) throws -> OutputSample {
    var random = SplitMix64(seed: seed)
    let first = kind == .yolov5 ? 5 : 4
    let channels = first + classCount
    let (anchorStride, channelStride) = kind == .yolov8 ? (1, anchors) : (channels, 1)
    var values = [Float](repeating: 0, count: images * channels * anchors)
    values.withUnsafeMutableBufferPointer { values in
      for image in 0..<images {
        let start = image * channels * anchors
        for index in 0..<channels * anchors { values[start + index] = random.unit() * 0.02 }
        func set(_ anchor: Int, _ channel: Int, _ value: Float) {
          values[start + anchor * anchorStride + channel * channelStride] = value
        }
        let total = random.int(candidates)
        var (object, classIndex): ((Float, Float, Float, Float), Int) = ((0, 0, 0, 0), 0)
        for place in 0..<total {
          if place % 6 == 0 {
            object = (
              random.float(20..<620), random.float(20..<620), random.float(10..<200), random.float(10..<200)
            )
            classIndex = random.int(0...classCount - 1)
          }
          // Anchors of one object are neighbours in the grid, so they are spread here too.
          let anchor = (place * 97 + image * 31) % anchors
          set(anchor, 0, object.0 + random.float(-2..<2))
          set(anchor, 1, object.1 + random.float(-2..<2))
          set(anchor, 2, object.2 * random.float(0.9..<1.1))
          set(anchor, 3, object.3 * random.float(0.9..<1.1))
          if first == 5 { set(anchor, 4, random.float(0.9..<1)) }
          set(anchor, first + classIndex, random.float(0.3..<0.98))
        }
      }
    }
    let shape = kind == .yolov8 ? [images, channels, anchors] : [images, anchors, channels]
    let bytes =
      elementType == .float16
      ? values.map { HalfPrecision.bits(of: $0) }.withUnsafeBytes { Array($0) } : values.withUnsafeBytes { Array($0) }
    let tensor = Tensor(
      name: "output0", shape: shape, elementType: elementType == .float16 ? .float16 : .float32, bytes: bytes)
    let descriptor = TensorDescriptor(
      name: tensor.name, shape: TensorShape([.dynamic(name: nil)] + shape.dropFirst().map { .fixed($0) }),
      elementType: tensor.elementType)
    let head = try DetectionHead.resolve(inputs: [], outputs: [descriptor], kind: kind)
    let geometry = try LetterboxGeometry(
      .ultralytics, imageWidth: 640, imageHeight: 480, canvasWidth: 640, canvasHeight: 640)
    return OutputSample(
      tensors: [tensor], postprocessor: try Postprocessor(head: head, settings: settings),
      geometries: [LetterboxGeometry](repeating: geometry, count: images),
      title: "\(kind.rawValue) \(tensor.elementType), \(images) images of \(anchors) anchors and \(classCount) classes")
  }
}
