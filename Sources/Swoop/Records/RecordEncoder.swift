internal import Detection

/// Writes records as lines of JSON.
///
/// What does not change from record to record is prepared once: the label of each class is escaped here, not for every
/// box.
package struct RecordEncoder: Sendable {
  // `{"class":3,"label":"RBC","confidence":` for each class of the model.
  private let prefixes: [[UInt8]]

  package init(header: RunHeader) {
    prefixes = header.model.labels.indices.map { Self.prefix($0, label: header.label($0)) }
  }

  private static func prefix(_ classIndex: Int, label: String) -> [UInt8] {
    var bytes = ByteBuffer()
    bytes.append("{\"class\":")
    bytes.append(classIndex)
    bytes.append(",\"label\":")
    bytes.append(quoted: label)
    bytes.append(",\"confidence\":")
    return bytes.bytes
  }

  /// Appends the header line with its newline.
  package static func encode(_ header: RunHeader, into bytes: inout ByteBuffer) {
    bytes.append(json: header.json)
    bytes.append(byte: 0x0A)
  }

  /// Appends the record's line with its newline. Numbers must be finite; see ``ImageRecord/writable``.
  package func encode(_ record: ImageRecord, into bytes: inout ByteBuffer) {
    bytes.append("{\"index\":")
    bytes.append(record.index)
    bytes.append(",\"image\":")
    bytes.append(quoted: record.key)
    switch record.outcome {
    case .failed(let failure):
      bytes.append(",\"failed\":{\"code\":")
      bytes.append(quoted: failure.code.rawValue)
      bytes.append(",\"reason\":")
      bytes.append(quoted: failure.reason)
      bytes.append("}}\n")
    case .detected(let detections, let truncated):
      bytes.append(",\"width\":")
      bytes.append(record.width)
      bytes.append(",\"height\":")
      bytes.append(record.height)
      bytes.append(",\"detections\":[")
      var isFirst = true
      for detection in detections {
        if !isFirst { bytes.append(byte: UInt8(ascii: ",")) }
        isFirst = false
        encode(detection, into: &bytes)
      }
      bytes.append(byte: UInt8(ascii: "]"))
      if truncated > 0 {
        bytes.append(",\"truncated\":")
        bytes.append(truncated)
      }
      bytes.append("}\n")
    }
  }

  private func encode(_ detection: Detection, into bytes: inout ByteBuffer) {
    if prefixes.indices.contains(detection.classIndex) {
      bytes.append(contentsOf: prefixes[detection.classIndex])
    } else {
      bytes.append(contentsOf: Self.prefix(detection.classIndex, label: "class\(detection.classIndex)"))
    }
    bytes.append(detection.score)
    bytes.append(",\"box\":[")
    bytes.append(detection.box.x1)
    bytes.append(byte: UInt8(ascii: ","))
    bytes.append(detection.box.y1)
    bytes.append(byte: UInt8(ascii: ","))
    bytes.append(detection.box.x2)
    bytes.append(byte: UInt8(ascii: ","))
    bytes.append(detection.box.y2)
    bytes.append("]}")
  }
}
