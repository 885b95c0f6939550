internal import Detection
internal import Glibc

/// Writes `coco.json` in one pass over the records and in constant memory.
///
/// - `images`: every image that did not fail. `id` is the record's index + 1; `file_name` is its key.
/// - `annotations`: every box. `id` counts from 1; `bbox` is left, top, width, height in pixels; `area` is width times
///   height; `score` is the confidence; `iscrowd` is 0.
/// - `categories`: every class of the model. `id` is the class's index + 1, because tools take 0 for background.
/// - `failed`: the images that failed, with code and reason; readers of COCO files pass over it.
///
/// The format wants all images before all annotations, so annotations wait in an unnamed temporary file.
final class COCOWriter: DerivedWriter {
  private let folder: OutputFolder
  private let file: FileWriter
  private let annotations: FileWriter
  private let failures: FileWriter
  private var annotationCount = 0
  private var hasImages = false
  private var hasFailures = false
  private let header: RunHeader

  init(folder: OutputFolder, header: RunHeader) throws {
    self.folder = folder
    self.header = header
    file = try folder.beginReplacing(OutputFormat.coco.artifact)
    annotations = try folder.makeTemporary("annotations.new")
    failures = try folder.makeTemporary("failures.new")
    try file.write { bytes in
      bytes.append("{\"info\":")
      bytes.append(
        json: .object([
          .init("description", .string("Detections of \(header.model.file)")),
          .init("version", .string("swoop \(header.version)")),
        ]))
      bytes.append(",\n\"licenses\":[],\n\"images\":[")
    }
  }

  func add(_ record: ImageRecord) throws {
    switch record.outcome {
    case .failed(let failure):
      try failures.write { bytes in
        bytes.append(raw: hasFailures ? ",\n" : "\n")
        bytes.append("{\"id\":")
        bytes.append(record.index + 1)
        bytes.append(",\"file_name\":")
        bytes.append(quoted: record.key)
        bytes.append(",\"code\":")
        bytes.append(quoted: failure.code.rawValue)
        bytes.append(",\"reason\":")
        bytes.append(quoted: failure.reason)
        bytes.append("}")
      }
      hasFailures = true
    case .detected(let detections, _):
      try file.write { bytes in
        bytes.append(raw: hasImages ? ",\n" : "\n")
        bytes.append("{\"id\":")
        bytes.append(record.index + 1)
        bytes.append(",\"file_name\":")
        bytes.append(quoted: record.key)
        bytes.append(",\"width\":")
        bytes.append(record.width)
        bytes.append(",\"height\":")
        bytes.append(record.height)
        bytes.append("}")
      }
      hasImages = true
      for detection in detections { try add(detection, image: record.index + 1) }
    }
  }

  private func add(_ detection: Detection, image: Int) throws {
    annotationCount += 1
    // Coordinates are finite, but their differences and products need not be.
    func finite(_ value: Float) -> Float {
      min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }
    let box = detection.box
    try annotations.write { bytes in
      bytes.append(raw: annotationCount > 1 ? ",\n" : "\n")
      bytes.append("{\"id\":")
      bytes.append(annotationCount)
      bytes.append(",\"image_id\":")
      bytes.append(image)
      bytes.append(",\"category_id\":")
      bytes.append(detection.classIndex + 1)
      bytes.append(",\"bbox\":[")
      bytes.append(box.x1)
      bytes.append(",")
      bytes.append(box.y1)
      bytes.append(",")
      bytes.append(finite(box.width))
      bytes.append(",")
      bytes.append(finite(box.height))
      bytes.append("],\"area\":")
      bytes.append(finite(finite(box.width) * finite(box.height)))
      bytes.append(",\"iscrowd\":0,\"score\":")
      bytes.append(detection.score)
      bytes.append("}")
    }
  }

  func finish() throws {
    try file.write { $0.append("],\n\"annotations\":[") }
    try annotations.copy(to: file)
    try file.write { bytes in
      bytes.append("],\n\"categories\":[")
      for (index, label) in header.model.labels.enumerated() {
        bytes.append(raw: index > 0 ? ",\n" : "\n")
        bytes.append("{\"id\":")
        bytes.append(index + 1)
        bytes.append(",\"name\":")
        bytes.append(quoted: label)
        bytes.append(",\"supercategory\":\"\"}")
      }
      bytes.append("],\n\"failed\":[")
    }
    try failures.copy(to: file)
    try file.write { $0.append("]}\n") }
    try folder.endReplacing(file)
  }
}
