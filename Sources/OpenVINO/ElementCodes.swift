internal import COpenVINO
internal import Tensors

/// Which number stands for which element type in the library that is loaded.
///
/// The numbers are part of no stable interface: releases have removed entries at the front (`undefined`) and added some
/// in the middle (`u2`, `u3`, `u6`). So they are found out by making a tensor of eight elements of each number and
/// asking for its size. The order within a run (`boolean bf16 f16 f32 f64 i4 i8 i16 i32 i64`, then `u8 u16 u32 u64`) has
/// never changed.
struct ElementCodes: Sendable {
  private var types: [Int32: ElementType] = [:]
  private var codes: [ElementType: Int32] = [:]

  init?(_ functions: Functions) {
    // Bits of one element by number; -1 where the library makes no tensor of it.
    let bits = (0..<24).map { Self.bits(of: Int32($0), functions) }
    let signed: [ElementType?] = [
      .boolean, .bfloat16, .float16, .float32, .float64, nil, .int8, .int16, .int32, .int64,
    ]
    guard let first = Self.start(of: [8, 16, 16, 32, 64, 4, 8, 16, 32, 64], in: bits, from: 0),
      let firstUnsigned = Self.start(of: [8, 16, 32, 64], in: bits, from: first + signed.count)
    else { return nil }
    for (offset, type) in signed.enumerated() {
      if let type { add(type, Int32(first + offset)) }
    }
    for (offset, type) in [ElementType.uint8, .uint16, .uint32, .uint64].enumerated() {
      add(type, Int32(firstUnsigned + offset))
    }
  }

  /// The type of a number; numbers without a counterpart become ``ElementType/unknown(_:)``.
  func type(of code: Int32) -> ElementType {
    types[code] ?? .unknown("OpenVINO's element type \(code)")
  }

  /// The number of a type, or `nil` where OpenVINO has none.
  func code(of type: ElementType) -> Int32? { codes[type] }

  private mutating func add(_ type: ElementType, _ code: Int32) {
    types[code] = type
    codes[type] = code
  }

  private static func bits(of code: Int32, _ functions: Functions) -> Int {
    var eight: Int64 = 8
    return withUnsafeMutablePointer(to: &eight) { dims in
      var tensor: OpaquePointer?
      guard functions.tensorCreate(code, ov_shape(rank: 1, dims: dims), &tensor) == 0, let tensor else {
        return -1
      }
      defer { functions.tensorFree(tensor) }
      var byteCount = 0
      // Eight elements of b bits are b bytes.
      return functions.tensorByteCount(tensor, &byteCount) == 0 ? byteCount : -1
    }
  }

  private static func start(of run: [Int], in bits: [Int], from: Int) -> Int? {
    guard bits.count >= run.count + from else { return nil }
    return (from...(bits.count - run.count)).first { Array(bits[$0..<$0 + run.count]) == run }
  }
}
