internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging
internal import Inference
internal import Synchronization

/// What happens where the device has no memory for the pictures of a batch although it had for the slot: another process
/// may have come, or the pictures are larger than those before.
extension DeviceSlot {
  /// Prepares the batch's JPEG files on the processor, into rows of the input tensor, which need no memory of the device's.
  func prepareFilesOnProcessor(rowByteCount: Int, _ error: any Error) throws {
    useLess(error)
    let files = decoded
    // The decoder has nothing to say of them.
    decoded.removeAll(keepingCapacity: true)
    for row in files {
      try failing(row) {
        let pixels = try imageDecoder.decode(rows[row].bytes, options: decoding)
        try becomeRow(row, pixels, byteCount: rowByteCount)
      }
    }
  }

  /// The same for pictures that are pixels already.
  func preparePixelsOnProcessor(count: Int, rowByteCount: Int, _ error: any Error) throws {
    useLess(error)
    for row in 0..<count {
      guard case .pixels(let width, let height) = rows[row].content else { continue }
      try failing(row) {
        let pixels = try PixelBuffer(width: width, height: height)
        pixels.withUnsafeMutableBytes { $0.copyMemory(from: rows[row].bytes) }
        try becomeRow(row, pixels, byteCount: rowByteCount)
      }
    }
  }

  /// A batch that finds no memory anywhere, the network's own among it: gives back what the slot holds for pictures, and
  /// prepares all of them on the processor.
  func moveToProcessor(count: Int, rowByteCount: Int, _ error: any Error) throws {
    // An execution that was begun, and what was queued without one.
    try? context.synchronize()
    try context.stream.synchronize()
    decoder = nil
    pixels.empty()
    decoded = (0..<count).filter { if case .jpeg = rows[$0].content { true } else { false } }
    try prepareFilesOnProcessor(rowByteCount: rowByteCount, error)
    try preparePixelsOnProcessor(count: count, rowByteCount: rowByteCount, error)
  }

  static func isLackOfMemory(_ error: any Error) -> Bool {
    switch error {
    case let error as CUDAError: error.isOutOfMemory
    case let error as DeviceJPEGError: error.isOutOfMemory
    case let error as InferenceError: error.code == .outOfMemory
    default: false
    }
  }

  /// From the next batch on at most half as many bytes of pixels go to the device, which the workers see to: so it soon
  /// finds what there is room for.
  private func useLess(_ error: any Error) {
    pixelBudget = min(pixelBudget, claimed.load(ordering: .relaxed)) / 2
    troubles.noteShortage(of: path.cuda.device, error)
  }

  private func becomeRow(_ row: Int, _ pixels: PixelBuffer, byteCount: Int) throws {
    guard let geometry = rows[row].geometry else { preconditionFailure("a row that was not staged") }
    try tensorWriter.write(pixels, at: Placement(geometry), into: try rows[row].reserve(byteCount))
    rows[row].content = .row
  }

  /// A picture that the processor cannot decode fails alone.
  private func failing(_ row: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ImageError {
      rows[row].failure = ImageFailure(error)
      rows[row].content = .nothing
    }
  }
}
