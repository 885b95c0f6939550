internal import CImaging
internal import Glibc

/// Pixels in memory: 8-bit R, G, B interleaved, rows from the top without gaps, shape [height, width, 3].
///
/// The memory is kept when the buffer is given a new size that fits in it, so a buffer that is used for one image after
/// another allocates only while it grows.
///
/// It is a reference with mutable contents: whoever holds it may change it, one thread at a time. It is marked Sendable
/// so that a decoding thread can hand it to the next stage; the queue between them orders the accesses.
public final class PixelBuffer: @unchecked Sendable {
  /// Size in pixels. Both are at least 1 except in a buffer that never had a size.
  public private(set) var width = 0, height = 0

  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0

  /// A buffer without a size; ``resize(width:height:)`` gives it one.
  public init() {}

  /// A buffer of a size; its contents are undefined.
  ///
  /// - Throws: ``ImageError`` with code `outOfMemory`, or `invalidArgument` for sizes below 1 or beyond addressing.
  public convenience init(width: Int, height: Int) throws(ImageError) {
    self.init()
    try resize(width: width, height: height)
  }

  deinit { free(memory) }

  /// Bytes of pixels: width * height * 3.
  public var byteCount: Int { width * height * 3 }

  /// Bytes from one row to the next: width * 3.
  public var bytesPerRow: Int { width * 3 }

  /// The largest width or height: offsets within a row of pixels must fit in 32 bits.
  public static let maximumSide = 500_000_000

  // A buffer may keep this much for pictures to come, whatever they need.
  private static let keptByteCount = 64 << 20

  /// Gives the buffer a size. The contents are undefined afterwards; memory is only allocated where it has to
  /// grow, or to give back what one enormous picture took.
  ///
  /// - Throws: ``ImageError`` with code `outOfMemory`, or `invalidArgument` for sizes below 1 or beyond addressing. The
  ///   buffer then keeps its former size.
  public func resize(width: Int, height: Int) throws(ImageError) {
    guard width > 0, height > 0, width <= Self.maximumSide, height <= Self.maximumSide else {
      throw ImageError(.invalidArgument, "a picture of \(width)x\(height) pixels cannot be held")
    }
    // Both sides are below 2^29, so this fits in 64 bits.
    let needed = width * height * 3
    // One enormous picture must not hold its memory for the rest of a run.
    let isWasteful = capacity > Self.keptByteCount && needed < capacity / 8
    if needed > capacity || memory == nil || isWasteful {
      var fresh: UnsafeMutableRawPointer?
      guard posix_memalign(&fresh, 64, needed + Int(SWOOP_ROW_SLACK)) == 0, let fresh else {
        throw ImageError(.outOfMemory, "no memory for \(width)x\(height) pixels (\(needed / 1_000_000) MB)")
      }
      free(memory)
      memory = fresh
      capacity = needed
    }
    self.width = width
    self.height = height
    // Kernels read past the last row, to the benefit of nobody; let it be the same each time.
    memory?.advanced(by: needed).initializeMemory(as: UInt8.self, repeating: 0, count: Int(SWOOP_ROW_SLACK))
  }

  /// The pixels for reading, valid during the call. `bytes.count` is ``byteCount``.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: memory, count: byteCount))
  }

  /// The pixels for writing, valid during the call.
  public func withUnsafeMutableBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
  }

  /// The first pixel, for kernels within this module; there are SWOOP_ROW_SLACK readable bytes behind the last.
  var base: UnsafeMutablePointer<UInt8> {
    guard let memory else { preconditionFailure("a pixel buffer without a size was used") }
    return memory.assumingMemoryBound(to: UInt8.self)
  }

  /// Exchanges contents with another buffer, without copying.
  func swap(with other: PixelBuffer) {
    Swift.swap(&width, &other.width)
    Swift.swap(&height, &other.height)
    Swift.swap(&memory, &other.memory)
    Swift.swap(&capacity, &other.capacity)
  }

  /// The colour of one pixel.
  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height, "pixel (\(x), \(y)) is outside \(width)x\(height)")
    let p = base + (y * width + x) * 3
    return (p[0], p[1], p[2])
  }
}
