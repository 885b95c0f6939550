internal import Detection

/// Writes `detections.csv`: a header row; one row a detection; one row with status `none` for an image without any, and
/// one with status `failed` and the reason for an image that failed. So every image is in it.
///
/// Fields are quoted as RFC 4180 says; lines end with a newline. `truncated` is how many more boxes of the image a limit
/// cut off, the same in each of its rows.
final class CSVWriter: DerivedWriter {
  private let folder: OutputFolder
  private let file: FileWriter
  private let labels: [[UInt8]]

  init(folder: OutputFolder, header: RunHeader) throws {
    self.folder = folder
    labels = header.model.labels.map { label in
      var bytes = ByteBuffer()
      bytes.append(field: label)
      return bytes.bytes
    }
    file = try folder.beginReplacing(OutputFormat.csv.artifact)
    try file.write { bytes in
      bytes.append("index,image,status,width,height,class,label,confidence,x1,y1,x2,y2,truncated,reason\n")
    }
  }

  func add(_ record: ImageRecord) throws {
    switch record.outcome {
    case .failed(let failure):
      try file.write { bytes in
        bytes.append(record.index)
        bytes.append(",")
        bytes.append(field: record.key)
        bytes.append(",failed,,,,,,,,,,,")
        bytes.append(field: failure.description)
        bytes.append("\n")
      }
    case .detected(let detections, let truncated):
      if detections.isEmpty {
        try file.write { bytes in
          begin(record, "none", &bytes)
          bytes.append(",,,,,,,,")
          bytes.append(truncated)
          bytes.append(",\n")
        }
      }
      for detection in detections {
        try file.write { bytes in
          begin(record, "detected", &bytes)
          bytes.append(",")
          bytes.append(detection.classIndex)
          bytes.append(",")
          if labels.indices.contains(detection.classIndex) {
            bytes.append(contentsOf: labels[detection.classIndex])
          } else {
            bytes.append(raw: "class\(detection.classIndex)")
          }
          for number in [
            detection.score, detection.box.x1, detection.box.y1, detection.box.x2, detection.box.y2,
          ] {
            bytes.append(",")
            bytes.append(number)
          }
          bytes.append(",")
          bytes.append(truncated)
          bytes.append(",\n")
        }
      }
    }
  }

  private func begin(_ record: ImageRecord, _ status: StaticString, _ bytes: inout ByteBuffer) {
    bytes.append(record.index)
    bytes.append(",")
    bytes.append(field: record.key)
    bytes.append(",")
    bytes.append(status)
    bytes.append(",")
    bytes.append(record.width)
    bytes.append(",")
    bytes.append(record.height)
  }

  func finish() throws {
    try folder.endReplacing(file)
  }
}

extension ByteBuffer {
  /// A field of a CSV row: in quotes where it has a comma, quote, line break, or a space at an end.
  mutating func append(field text: String) {
    let needsQuotes =
      text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D].contains($0) }
      || text.utf8.first == 0x20 || text.utf8.last == 0x20
    guard needsQuotes else { return append(raw: text) }
    append(byte: UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte: byte) }
      append(byte: byte)
    }
    append(byte: UInt8(ascii: "\""))
  }
}
