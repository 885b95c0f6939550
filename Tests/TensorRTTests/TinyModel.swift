/// ONNX models of a few nodes, written byte by byte: enough protocol buffers for tests, and no more.
enum TinyModel {
  enum Batch {
    case fixed(Int)
    case dynamic
  }

  /// `output = sigmoid(images * 2)` for images (batch, 3, 4, 4) float32.
  static func scale(batch: Batch, elementType: Int = 1) -> [UInt8] {
    var graph: [UInt8] = []
    graph += field(1, node("Mul", ["images", "two"], "scaled"))
    graph += field(1, node("Sigmoid", ["scaled"], "output"))
    graph += field(2, text("tiny"))
    graph += field(5, scalar("two", 2))
    graph += field(11, value("images", batch, [3, 4, 4], elementType))
    graph += field(12, value("output", batch, [3, 4, 4], elementType))
    return model(graph)
  }

  /// A node whose operator exists nowhere.
  static func unknownOperator() -> [UInt8] {
    var graph: [UInt8] = []
    graph += field(1, node("Frobnicate", ["images"], "output"))
    graph += field(2, text("tiny"))
    graph += field(11, value("images", .fixed(1), [3, 4, 4], 1))
    graph += field(12, value("output", .fixed(1), [3, 4, 4], 1))
    return model(graph)
  }

  static func model(_ graph: [UInt8]) -> [UInt8] {
    varint(1, 8) + field(7, graph) + field(8, field(1, text("")) + varint(2, 13))
  }

  static func node(_ operation: String, _ inputs: [String], _ output: String) -> [UInt8] {
    inputs.flatMap { field(1, text($0)) } + field(2, text(output)) + field(3, text("the_\(operation)"))
      + field(4, text(operation))
  }

  static func scalar(_ name: String, _ value: Float) -> [UInt8] {
    // dims (none: a scalar), data_type FLOAT, name, raw_data
    let bits = value.bitPattern
    let raw = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    return varint(2, 1) + field(8, text(name)) + field(9, raw)
  }

  static func value(_ name: String, _ batch: Batch, _ rest: [Int], _ elementType: Int) -> [UInt8] {
    let first: [UInt8] =
      switch batch {
      case .fixed(let length): varint(1, length)
      case .dynamic: field(2, text("batch"))
      }
    let shape = field(1, first) + rest.flatMap { field(1, varint(1, $0)) }
    return field(1, text(name)) + field(2, field(1, varint(1, elementType) + field(2, shape)))
  }

  static func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    number7(number << 3 | 2) + number7(bytes.count) + bytes
  }

  static func varint(_ number: Int, _ value: Int) -> [UInt8] { number7(number << 3) + number7(value) }

  private static func number7(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = UInt64(value)
    repeat {
      let low = UInt8(rest & 0x7f)
      rest >>= 7
      bytes.append(rest == 0 ? low : low | 0x80)
    } while rest > 0
    return bytes
  }
}
