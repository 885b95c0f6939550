internal import Imaging

/// One axis of a picture that is resized by Pillow's bicubic: where its table is, and what a block needs to know of it.
///
/// The table, as preprocess_bicubic.cu reads it: 8 bytes for each output, its first input and the number of its taps; from
/// the next multiple of 16 bytes on, ``groups`` times 16 bytes for each output, the coefficients of four taps each, first
/// all their lowest bytes, then the bytes above, and so on. Taps that there are not have zeros, and so has what lies before
/// each output's groups and behind the last's: as much as two groups.
struct BicubicAxis {
  struct Size: Hashable {
    var inputs, outputs: Int
  }

  /// Where in the arena the table is: a multiple of 16.
  let offset: Int
  /// Groups of four taps that every output has.
  let groups: Int
  /// The most inputs that 2^i outputs that follow each other need.
  private let spans: [Int]
  /// The most that as many outputs need as a window of ``BicubicProducts`` has, and as its tiles may be high.
  let windowSpan: Int
  let tileSpans: [Int]

  /// Appends the table, a multiple of 16 bytes. O(inputs + outputs).
  init(_ size: Size, at offset: Int, using table: inout BicubicTable, appendingTo bytes: inout [UInt8]) {
    self.offset = offset
    // An axis that stays as it is has one tap of weight 1, which rounds to the byte itself.
    let isSame = size.inputs == size.outputs
    if !isSame { table.prepare(inputs: size.inputs, outputs: size.outputs) }
    // Sides are at most a million, so numbers have 32 bits.
    func first(_ output: Int) -> Int32 { isSame ? Int32(output) : table.firsts[output] }
    func count(_ output: Int) -> Int32 { isSame ? 1 : table.counts[output] }
    var most = 1
    for output in 0..<size.outputs {
      most = max(most, Int(count(output)))
      withUnsafeBytes(of: (first(output), count(output))) { bytes.append(contentsOf: $0) }
    }
    if size.outputs % 2 == 1 { bytes.append(contentsOf: repeatElement(0, count: 8)) }
    groups = (most + 3) / 4
    let zeros = repeatElement(UInt8(0), count: 2 * 16)
    for output in 0..<size.outputs {
      let taps = Int(count(output))
      bytes.append(contentsOf: zeros)
      for group in 0..<groups {
        var planes = SIMD4<UInt32>()
        for tap in 4 * group..<max(4 * group, min(4 * group + 4, taps)) {
          let coefficient =
            isSame ? Int32(1 << BicubicTable.fractionBits) : table.coefficients[Int(table.starts[output]) + tap]
          let bits = UInt32(bitPattern: coefficient)
          planes |= (SIMD4(bits, bits >> 8, bits >> 16, bits >> 24) & 255) &<< UInt32(8 * (tap % 4))
        }
        withUnsafeBytes(of: planes) { bytes.append(contentsOf: $0) }
      }
    }
    bytes.append(contentsOf: zeros)
    func span(_ outputs: Int) -> Int {
      let last = min(outputs, size.outputs) - 1
      return (0..<size.outputs - last).reduce(0) { max($0, Int(first($1 + last) + count($1 + last) - first($1))) }
    }
    spans = (0...Self.mostDoublings).map { span(1 << $0) }
    windowSpan = span(BicubicProducts.windowOutputs)
    tileSpans = BicubicProducts.tileHeights.map(span)
  }

  private static let mostDoublings = 6

  /// The most inputs that `outputs` outputs that follow each other need; `outputs` is a power of 2 up to 64.
  func span(_ outputs: Int) -> Int { spans[outputs.trailingZeroBitCount] }
}

/// What a block of the bicubic kernel makes at once: as much of its tile as its shared memory has room for.
struct BicubicPlan {
  /// The tile in pixels.
  static let tileWidth = 64, tileHeight = 32
  /// `Bicubic`'s memory in preprocess_bicubic.cu, in words.
  private static let middleWords = 5568, stageWords = 5120, slackWords = 256
  /// Bytes of shared memory that a block needs; the larger of both layouts' tiles is the one of planes, whose rows have 16
  /// bytes more.
  static let sharedByteCount = 4 * (middleWords + stageWords + slackWords) + 3 * tileHeight * (tileWidth + 16)

  let across, down: BicubicAxis
  /// Outputs along the axis that is convolved first, 8, 16, 32 or 64, and along the other. Both are 0 where there is no room
  /// even for the fewest.
  let innerOutputs, outerOutputs: Int
  /// How many times 32 inputs eight outputs need along both axes.
  let innerSteps, outerSteps: Int

  /// The source's lines that there is room for at once: a multiple of 32.
  let stageLines: Int
  let isDownFirst: Bool
  /// Whether it takes the kernel for any picture: the other resizes across first and keeps the coefficients of 2 * 32 inputs
  /// (`Band::kept`).
  var isRare: Bool { isDownFirst || innerOutputs == 0 || max(innerSteps, outerSteps) > 2 }

  init(across: BicubicAxis, down: BicubicAxis, isDownFirst: Bool) {
    (self.across, self.down, self.isDownFirst) = (across, down, isDownFirst)
    let (inner, outer) = isDownFirst ? (down, across) : (across, down)
    let (mostInner, mostOuter) =
      isDownFirst ? (Self.tileHeight, Self.tileWidth) : (Self.tileWidth, Self.tileHeight)
    // The stage has three planes of 32 lines or more.
    func fits(width: Int) -> Bool { 3 * 32 * Self.pitch(inner.span(width)) <= Self.stageWords }
    // The middle has three planes of `width` lines, and as many as make 32 are read of the last.
    func fits(width: Int, height: Int) -> Bool {
      max(3 * width, 2 * width + 32) * Self.pitch(outer.span(height)) <= Self.middleWords
    }
    var width = mostInner
    while width > 8 && !fits(width: width) { width /= 2 }
    var height = min(mostOuter, 32)
    while height > 1 && !fits(width: width, height: height) { height /= 2 }
    stageLines = Self.stageWords / (3 * 32 * Self.pitch(inner.span(width))) * 32
    // Eight outputs' inputs begin anywhere in their first word.
    (innerSteps, outerSteps) = ((inner.span(8) + 3 + 31) / 32, (outer.span(8) + 3 + 31) / 32)
    // What is read behind the last line: 32 inputs for each step.
    let hasRoom =
      fits(width: width) && fits(width: width, height: height) && 8 * max(innerSteps, outerSteps) <= Self.slackWords
    (innerOutputs, outerOutputs) = hasRoom ? (width, height) : (0, 0)
  }

  /// Words from one line of so many bytes to the next, where the first is not the first of its word: an odd number.
  private static func pitch(_ bytes: Int) -> Int { (bytes + 6) / 4 | 1 }
}
