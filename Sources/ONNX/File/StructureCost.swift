/// How much memory the structure of a serialised model takes once it is decoded, estimated before anything is.
///
/// A message of two bytes becomes a value of hundreds, so a file of nothing but tiny messages would take hundreds of
/// times its size. Real models are far from that: most of a file is weights, which are not decoded, and names. A file
/// whose structure would cost more than ``limit(forFileOf:)`` is refused.
///
/// The costs are those of 64-bit Swift: what the decoder makes of a message, what this package makes of that, and what
/// ``Model/check()`` remembers of it, rounded up from measurements of files with many such messages. The test
/// `FuzzTests` repeats these.
struct StructureCost {
  /// The memory that the structure of a file of so many bytes may take: 32 MB and 16 times its size.
  ///
  /// YOLO exports take 1 to 3 MB. What is densest, 10,000 convolutions with numbers for names and their weights in
  /// another file, takes 80 MB of the 90 MB that its 3.5 MB allow.
  static func limit(forFileOf byteCount: Int) -> Int {
    let (scaled, overflow) = byteCount.multipliedReportingOverflow(by: 16)
    return overflow || scaled > .max - (32 << 20) ? .max : scaled + (32 << 20)
  }

  /// - Throws: ``ModelError`` with code `malformed` where the structure costs more than the limit, or is broken.
  static func check(_ bytes: UnsafeRawBufferPointer) throws {
    var cost = StructureCost(bytes, limit: limit(forFileOf: bytes.count))
    try cost.walk(.model, 0..<bytes.count, depth: 0)
  }

  /// The messages whose number a file decides.
  private enum Kind {
    case model, graph, node, attribute, tensor, value, type, tensorType, shape
    /// The name of a tensor that a node reads or writes.
    case name
    /// A pair of strings, or a set of operators.
    case entry
    /// The length of an axis of a value.
    case length
    /// An element of a list of strings.
    case string

    /// What a message costs beside its bytes.
    var byteCount: Int {
      switch self {
      case .model, .type, .tensorType, .shape: 0
      case .graph: 400
      case .node: 400
      case .attribute: 720
      case .tensor: 1100
      case .value: 350
      case .name: 250
      case .entry: 100
      case .length: 70
      case .string: 50
      }
    }
  }

  /// What one field holds.
  private enum Content {
    case message(Kind)
    /// Numbers, one after another in one field or one in each: what each costs, and the bytes that each takes where
    /// they are together; `nil` for a varint.
    case numbers(cost: Int, width: Int?)
    /// Bytes that are not decoded.
    case opaque
  }

  private let bytes: UnsafeRawBufferPointer
  private let limit: Int
  private var total = 0

  private init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
    self.bytes = bytes
    self.limit = limit
  }

  private static func content(_ kind: Kind, _ field: Int) -> Content {
    switch (kind, field) {
    case (.model, 7), (.attribute, 6), (.attribute, 11): .message(.graph)
    case (.graph, 1): .message(.node)
    case (.graph, 5), (.attribute, 5), (.attribute, 10): .message(.tensor)
    case (.graph, 11), (.graph, 12), (.graph, 13): .message(.value)
    case (.node, 5): .message(.attribute)
    case (.value, 2): .message(.type)
    case (.type, 1): .message(.tensorType)
    case (.tensorType, 2): .message(.shape)
    case (.node, 1), (.node, 2): .message(.name)
    case (.model, 8), (.model, 14), (.tensor, 13): .message(.entry)
    case (.shape, 1): .message(.length)
    case (.attribute, 9), (.tensor, 6): .message(.string)
    case (.attribute, 7): .numbers(cost: 8, width: 4)
    case (.attribute, 8): .numbers(cost: 16, width: nil)
    case (.tensor, 1): .numbers(cost: 50, width: nil)
    case (.tensor, 4): .numbers(cost: 4, width: 4)
    case (.tensor, 5): .numbers(cost: 4, width: nil)
    case (.tensor, 7), (.tensor, 11): .numbers(cost: 8, width: nil)
    case (.tensor, 10): .numbers(cost: 8, width: 8)
    default: .opaque
    }
  }

  private mutating func walk(_ kind: Kind, _ range: Range<Int>, depth: Int) throws {
    var reader = WireReader(bytes, range)
    guard depth < PayloadExtraction.depthLimit else {
      throw ModelError(
        .malformed,
        "graphs are nested deeper than \(PayloadExtraction.depthLimit) messages at byte \(range.lowerBound)")
    }
    try add(kind.byteCount, reader)
    while !reader.isAtEnd {
      let (field, type) = try reader.tag()
      let content = Self.content(kind, field)
      guard type == .lengthDelimited else {
        try reader.skip(type)
        if case .numbers(let cost, _) = content { try add(cost, reader) }
        continue
      }
      let inner = try reader.delimited()
      switch content {
      case .message(let child) where [.name, .entry, .length, .string].contains(child):
        try add(child.byteCount, reader)
      case .message(let child): try walk(child, inner, depth: depth + 1)
      case .numbers(let cost, let width):
        // A varint ends with the byte that has no upper bit.
        let count: Int
        if let width {
          count = inner.count / width
        } else {
          count = bytes[inner].reduce(0) { $0 + ($1 < 0x80 ? 1 : 0) }
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: cost)
        try add(overflow ? .max : product, reader)
      case .opaque: break
      }
    }
  }

  private mutating func add(_ cost: Int, _ reader: WireReader) throws {
    let (sum, overflow) = total.addingReportingOverflow(cost)
    total = sum
    guard !overflow, total <= limit else {
      throw ModelError(
        .malformed,
        "not an ONNX model: at byte \(reader.position) its structure would take over \(limit >> 20) MB of memory (32 MB and 16 times the file), as a file of empty messages does"
      )
    }
  }
}
