/// The messages on the way from a model to the bytes of its tensors. Every other message is copied as it is.
enum MessageKind {
  case model, graph, node, attribute, tensor

  /// What the length-delimited field `number` of this message holds, where that leads to tensors.
  func child(_ number: Int) -> MessageKind? {
    switch (self, number) {
    case (.model, 7): .graph
    case (.graph, 1): .node
    case (.graph, 5): .tensor
    case (.node, 5): .attribute
    case (.attribute, 5), (.attribute, 10): .tensor
    case (.attribute, 6), (.attribute, 11): .graph
    default: nil
    }
  }

  /// The field of a tensor that holds its elements as bytes.
  static let rawData = 9
}

/// Splits a serialised model into its structure and the bytes of its tensors.
///
/// Protocol Buffers decode a message by copying all of it. For weights that would double the memory and touch every
/// page of the file, so the structure is copied first with every tensor's bytes replaced by an 8-byte index into a
/// table of file ranges; only that skeleton is decoded. As *every* `raw_data` is replaced, an index cannot be
/// mistaken for data.
struct PayloadExtraction {
  /// The model without tensor bytes; decodes as a model.
  private(set) var skeleton: [UInt8] = []
  /// The file range of each tensor's bytes, by index.
  private(set) var payloads: [Range<Int>] = []

  /// Messages nested deeper are refused. The decoder has the same limit.
  static let depthLimit = 100

  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) throws {
    self.bytes = bytes
    try copy(.model, 0..<bytes.count, depth: 0)
  }

  private mutating func copy(_ kind: MessageKind, _ range: Range<Int>, depth: Int) throws {
    var reader = WireReader(bytes, range)
    guard depth < Self.depthLimit else {
      throw ModelError(
        .malformed, "graphs are nested deeper than \(Self.depthLimit) messages at byte \(range.lowerBound)")
    }
    var literalStart = range.lowerBound
    while !reader.isAtEnd {
      let fieldStart = reader.position
      let (field, type) = try reader.tag()
      guard type == .lengthDelimited else {
        try reader.skip(type)
        continue
      }
      if kind == .tensor, field == MessageKind.rawData {
        let payload = try reader.delimited()
        append(literalStart..<fieldStart)
        skeleton.append(UInt8(MessageKind.rawData << 3 | 2))
        skeleton.append(8)
        withUnsafeBytes(of: UInt64(payloads.count).littleEndian) { skeleton.append(contentsOf: $0) }
        payloads.append(payload)
        literalStart = reader.position
      } else if let child = kind.child(field) {
        let content = try reader.delimited()
        append(literalStart..<fieldStart)
        skeleton.append(UInt8(field << 3 | 2))
        let lengthAt = skeleton.count
        skeleton.append(contentsOf: [0, 0, 0, 0, 0])
        try copy(child, content, depth: depth + 1)
        try patchLength(at: lengthAt)
        literalStart = reader.position
      } else {
        _ = try reader.delimited()
      }
    }
    append(literalStart..<range.upperBound)
  }

  private mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    skeleton.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// Writes the length of what follows as a varint of five bytes, which decoders take like a shorter one.
  private mutating func patchLength(at index: Int) throws {
    var length = UInt64(skeleton.count - index - 5)
    guard length < 1 << 31 else {
      throw ModelError(.malformed, "the structure of the model without its weights is larger than 2 GB")
    }
    for i in 0..<5 {
      skeleton[index + i] = UInt8(length & 0x7F) | (i < 4 ? 0x80 : 0)
      length >>= 7
    }
  }
}
