package import Detection
package import Tensors

/// Outputs of a network that never was, with the settings to read them by: for comparing what the device makes of them
/// with what the CPU does.
package struct OutputSample {
  /// A tensor in host memory.
  package struct Tensor {
    package var name: String
    package var shape: [Int]
    package var elementType: ElementType
    /// Packed elements; somewhat more than the shape asks for, so that the memory is never empty.
    package var bytes: [UInt8]
  }

  package var tensors: [Tensor]
  package var postprocessor: Postprocessor
  /// One for each image; the tensors may have more rows.
  package var geometries: [LetterboxGeometry]
  /// What it is, for messages.
  package var title: String

  /// What a model would declare: the batch free, and the other axes too where `isDynamic`.
  package func descriptors(isDynamic: Bool = false) -> [TensorDescriptor] {
    tensors.map { tensor in
      let axes = tensor.shape.enumerated().map { axis, length -> TensorShape.Dimension in
        axis == 0 || isDynamic && length > 6 ? .dynamic(name: nil) : .fixed(length)
      }
      return TensorDescriptor(name: tensor.name, shape: TensorShape(axes), elementType: tensor.elementType)
    }
  }

  /// The detections of the images as the CPU finds them, in order of image.
  ///
  /// - Parameter rows: the images; `nil` for all.
  package func expected(rows: Range<Int>? = nil) throws -> [ImageDetections] {
    // Aligned, as runtimes' memory is; arrays of bytes need not be.
    let copies = tensors.map { tensor in
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: tensor.bytes.count, alignment: 64)
      memory.copyBytes(from: tensor.bytes)
      return memory
    }
    defer { for memory in copies { memory.deallocate() } }
    var scratch = Postprocessor.Scratch()
    return try (rows ?? 0..<geometries.count).map { row in
      try postprocessor.process(row: row, geometry: geometries[row], scratch: &scratch) { name in
        guard let place = tensors.firstIndex(where: { $0.name == name }) else {
          throw DetectionError(.unreadableOutput, "There is no output \(name).")
        }
        return TensorView(
          name: name, shape: tensors[place].shape, elementType: tensors[place].elementType,
          bytes: UnsafeRawBufferPointer(copies[place]))
      }
    }
  }
}

/// The first difference between detections, bits compared; `nil` where there is none.
package func difference(_ found: ImageDetections, _ expected: ImageDetections) -> String? {
  func counts(_ result: ImageDetections) -> [Int] {
    [
      result.candidateCount, result.invalidCount, result.truncatedCandidateCount, result.truncatedDetectionCount,
      result.detections.count,
    ]
  }
  if counts(found) != counts(expected) {
    return "candidates, invalid, truncated, truncated, detections: \(counts(found)), expected \(counts(expected))"
  }
  for (place, (a, b)) in zip(found.detections, expected.detections).enumerated() {
    let numbers = [
      (a.box.x1, b.box.x1), (a.box.y1, b.box.y1), (a.box.x2, b.box.x2), (a.box.y2, b.box.y2), (a.score, b.score),
    ]
    if a.classIndex != b.classIndex || !numbers.allSatisfy({ $0.bitPattern == $1.bitPattern }) {
      return "detection \(place): \(a), expected \(b)"
    }
  }
  return nil
}
