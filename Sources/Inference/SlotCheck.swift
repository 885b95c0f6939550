internal import Tensors

/// Checks that an engine's batch rows do not depend on one another: one picture in every slot, alone and among others,
/// must come out the same. Wrongly exported models, and engines built with the wrong layout, fail it.
public struct SlotCheck: Sendable {
  /// How far apart two runs of the same picture may be.
  public struct Tolerance: Sendable, Hashable {
    public var absolute: Double
    public var relative: Double
    /// The share of elements that may be further apart: sorted outputs swap rows of nearly equal scores.
    public var share: Double

    public init(absolute: Double, relative: Double, share: Double) {
      self.absolute = absolute
      self.relative = relative
      self.share = share
    }
  }

  /// For the same batch size: the same arithmetic runs, so hardly anything may differ.
  public var sameShape = Tolerance(absolute: 1e-3, relative: 1e-3, share: 0.01)
  /// For different batch sizes: other kernels may run, in float16 too.
  public var otherShape = Tolerance(absolute: 2e-2, relative: 2e-2, share: 0.02)

  public init() {}

  /// Runs the check. Takes four executions, and as much memory as one context.
  ///
  /// - Parameters:
  ///   - batch: the rows of a batch; 1 needs no check and passes.
  ///   - shapes: the shape of each input at that batch; axis 0 is the batch.
  /// - Throws: ``InferenceError`` of code `modelInvalid` with the numbers where rows disagree; what the engine throws.
  public func check(_ engine: any Engine, batch: Int, shapes: [String: [Int]]) throws {
    guard batch > 1 else { return }
    let context = try engine.makeContext(maximumInputShapes: shapes)
    // The picture looked at is number 0; the others are different.
    let everywhere = try run(context, engine, shapes, pictures: Array(repeating: 0, count: batch))
    let mixed = try run(context, engine, shapes, pictures: Array(0..<batch))
    let turned = try run(context, engine, shapes, pictures: (0..<batch).map { ($0 + 1) % batch })
    for output in engine.outputs {
      guard let all = everywhere[output.name], let first = mixed[output.name], let second = turned[output.name],
        all.count == batch
      else { continue }
      for slot in 1..<batch {
        try compare(all[0], all[slot], output, sameShape, "the same picture in slots 0 and \(slot), in every slot")
      }
      try compare(all[0], first[0], output, sameShape, "the same picture in slot 0, in every slot and among others")
      // In the turned batch, picture p + 1 is in slot p.
      for slot in 1..<batch {
        try compare(
          first[slot], second[slot - 1], output, sameShape,
          "the same picture in slots \(slot) and \(slot - 1), among others")
      }
    }
    guard engine.inputs.allSatisfy({ $0.shape.dimensions.first?.length == nil }) else { return }
    let alone = try run(context, engine, shapes.mapValues { [1] + $0.dropFirst() }, pictures: [0])
    for output in engine.outputs {
      guard let all = everywhere[output.name], let one = alone[output.name], all.count == batch, one.count == 1 else {
        continue
      }
      try compare(all[0], one[0], output, otherShape, "the same picture alone and in a batch of \(batch)")
    }
  }

  /// The rows of each output as numbers; outputs whose first axis is not the batch are left out.
  private func run(
    _ context: any ExecutionContext, _ engine: any Engine, _ shapes: [String: [Int]], pictures: [Int]
  ) throws -> [String: [[Double]]] {
    for input in engine.inputs {
      guard let shape = shapes[input.name] else { continue }
      try context.setInputShape(shape, named: input.name)
      let bytes = try context.inputBytes(named: input.name)
      let rowSize = bytes.count / max(1, pictures.count)
      for (slot, picture) in pictures.enumerated() {
        let row = UnsafeMutableRawBufferPointer(rebasing: bytes[slot * rowSize..<(slot + 1) * rowSize])
        try Self.paint(picture, row, input)
      }
    }
    try context.enqueue()
    try context.synchronize()
    var rows: [String: [[Double]]] = [:]
    for output in engine.outputs {
      let view = try context.output(named: output.name)
      guard view.shape.first == pictures.count, let values = Self.numbers(view) else { continue }
      let count = values.count / pictures.count
      rows[output.name] = (0..<pictures.count).map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    return rows
  }

  private func compare(
    _ a: [Double], _ b: [Double], _ output: TensorDescriptor, _ tolerance: Tolerance, _ where: String
  ) throws(InferenceError) {
    var apart = 0
    var worst = (index: 0, difference: 0.0)
    for index in a.indices {
      let difference = a[index] == b[index] ? 0 : abs(a[index] - b[index])
      // A number against no number is as far apart as can be.
      let distance = difference.isNaN ? (a[index].isNaN && b[index].isNaN ? 0 : Double.infinity) : difference
      if distance > tolerance.absolute + tolerance.relative * max(abs(a[index]), abs(b[index])) { apart += 1 }
      if distance > worst.difference { worst = (index, distance) }
    }
    guard Double(apart) > tolerance.share * Double(a.count) else { return }
    throw InferenceError(
      .modelInvalid,
      """
      The engine's batch rows depend on one another: of the output \(output), \(`where`), \(apart) of \(a.count) numbers \
      differ, the most at \(worst.index): \(a[worst.index]) and \(b[worst.index]). Results would depend on the \
      neighbours in a batch. Export the model again with a batch axis of its own, or run it with batch 1; \
      --slot-check off skips this check.
      """)
  }

  /// A picture that is different for each number and the same each time: blocks of 8 pixels of pseudo-random brightness,
  /// so that detectors find something to disagree about.
  private static func paint(_ picture: Int, _ row: UnsafeMutableRawBufferPointer, _ input: TensorDescriptor)
    throws(InferenceError)
  {
    func value(_ index: Int) -> Double {
      var state = UInt64(truncatingIfNeeded: picture) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(index / 8)
      state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
      return Double((state ^ state >> 31) >> 40) / Double(1 << 24)
    }
    func fill<Element>(_ type: Element.Type, _ convert: (Double) -> Element) {
      for index in 0..<row.count / MemoryLayout<Element>.stride {
        row.storeBytes(of: convert(value(index)), toByteOffset: index * MemoryLayout<Element>.stride, as: type)
      }
    }
    switch input.elementType {
    case .float32: fill(Float.self) { Float($0) }
    case .float16: fill(UInt16.self) { HalfFloat.bits($0) }
    case .uint8: fill(UInt8.self) { UInt8($0 * 255) }
    case .int8: fill(Int8.self) { Int8($0 * 127) }
    // Sizes of pictures and the like: a plain number that is no size of nothing.
    case .int32: fill(Int32.self) { _ in 64 }
    case .int64: fill(Int64.self) { _ in 64 }
    default:
      throw InferenceError(
        .modelUnsupported,
        "The slot check cannot make pictures of type \(input.elementType) for the input \(input); --slot-check off skips it."
      )
    }
  }

  private static func numbers(_ view: TensorView) -> [Double]? {
    func read<Element>(_ type: Element.Type, _ convert: (Element) -> Double) -> [Double] {
      (0..<view.elementCount).map {
        convert(view.bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: type))
      }
    }
    switch view.elementType {
    case .float32: return read(Float.self) { Double($0) }
    case .float16: return read(UInt16.self) { HalfFloat.number($0) }
    case .int32: return read(Int32.self) { Double($0) }
    case .int64: return read(Int64.self) { Double($0) }
    case .int8: return read(Int8.self) { Double($0) }
    case .uint8, .boolean: return read(UInt8.self) { Double($0) }
    default: return nil
    }
  }
}

/// float16 by its bits (IEEE 754 binary16), for machines whose Swift has no such type.
private enum HalfFloat {
  static func bits(_ number: Double) -> UInt16 {
    // Only numbers in 0...1 are asked for; rounding to the nearest of 2^-10 steps of the exponent is enough.
    guard number >= 0x1p-14 else { return UInt16(number / 0x1p-24) }
    let exponent = Int(number.exponent)
    let fraction = Int(((number.significand - 1) * 1024).rounded())
    return UInt16((exponent + 15) << 10 + fraction)
  }

  static func number(_ bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
