/// How a picture is made by the kernel for usual pictures (preprocess_products.cu).
struct BicubicProducts {
  static let threadCount = 192
  static let tileWidth = 32
  /// Tiles may be so high: eight rows for each warp.
  static let tileHeights = Array(stride(from: 8, through: 48, by: 8))
  /// 16 bytes of interleaved pixels are of so many pixels.
  static let windowOutputs = 6
  /// Blocks that keep every device busy to its last.
  static let blockCount = 2048
  /// Bytes of shared memory of eight lines that are convolved: `Products::lineWords`.
  private static let bytesOfEightLines = 4 * (3 * (2 * tileWidth + 4) + 28)
  /// Coefficients are found for windows of a thousand bytes.
  private static let mostSteps = 32

  /// How many times 32 bytes a window has.
  let steps: Int
  /// Bytes from one line of the source to the next in shared memory.
  let pitch: Int
  /// How many times 32 lines eight rows need.
  let downSteps: Int
  /// Lines of the source for tiles of each of the heights.
  private let lines: [Int]

  init(across: BicubicAxis, down: BicubicAxis) {
    lines = down.tileSpans
    // A window begins at a multiple of 8 bytes, a tile's lines too, strips at a multiple of 8 lines.
    steps = (3 * across.windowSpan + 7 + 31) / 32
    downSteps = (down.span(8) + 7 + 31) / 32
    // 32 more than a multiple of 64, for the banks (`Products::Stage`).
    pitch = (3 * across.span(Self.tileWidth) + 7 + 31) / 64 * 64 + 32
  }

  /// Bytes of shared memory for the source's lines, which are read by sixteens and to the end of the last's windows.
  func stageByteCount(_ heightIndex: Int) -> Int {
    let count = (lines[heightIndex] + 15) / 16 * 16
    return count * pitch + count / 4 * 64 + 32 * steps
  }

  /// Bytes of shared memory for what the convolution across makes of them.
  func middleByteCount(_ heightIndex: Int) -> Int { (lines[heightIndex] + 7) / 8 * Self.bytesOfEightLines }

  /// Whether there is a height of tiles for which a block may have enough shared memory.
  func fits(_ byteCount: Int) -> Bool {
    steps <= Self.mostSteps && stageByteCount(0) + middleByteCount(0) <= byteCount
  }

  /// About how many instructions of a warp a row of a tile of that height takes. Warps make 16 lines at a time, then eight
  /// rows each while some may have none; higher tiles make fewer lines twice.
  func cost(_ heightIndex: Int) -> Double {
    let height = Self.tileHeights[heightIndex]
    let warps = Self.threadCount / 32
    let across = warps * (150 + (34 + 14 * steps) * ((lines[heightIndex] + 15) / 16))
    // Half of it as if every warp had rows.
    let down = (height / 8 + warps) / 2 * (200 + 60 * downSteps)
    return Double(across + down) / Double(height)
  }
}
