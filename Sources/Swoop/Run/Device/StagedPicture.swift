internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging

/// What a worker has put into one row of a slot, in page-locked memory that is used again for the next picture.
///
/// A worker writes it, then the slot's lane reads it, never at the same time.
// @unchecked: the pipeline sees to what the line above says.
final class StagedPicture: @unchecked Sendable {
  enum Content {
    case nothing
    /// A JPEG file for the device's decoder.
    case jpeg(RoutedJPEG)
    /// Upright RGB pixels.
    case pixels(width: Int, height: Int)
    /// The picture's row of the input tensor, as it is.
    case row
  }

  private let context: CUDAContext
  private var memory: PinnedMemory?
  private(set) var byteCount = 0
  var content = Content.nothing
  var geometry: LetterboxGeometry?
  /// Why the picture failed after all, on the device.
  var failure: ImageFailure?

  // More than this is given back once pictures are small again.
  private static let keptByteCount = 32 << 20

  init(in context: CUDAContext) { self.context = context }

  /// The bytes that were staged last.
  var bytes: UnsafeRawBufferPointer {
    guard let memory else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.bytes)[..<byteCount])
  }

  /// Memory for as many bytes; its content is undefined.
  ///
  /// - Throws: `CUDAError`, out of memory among them.
  func reserve(_ count: Int) throws(CUDAError) -> UnsafeMutableRawBufferPointer {
    let held = memory?.bytes.count ?? 0
    let isWasteful = held > Self.keptByteCount && count < held / 8
    if count > held || isWasteful {
      memory = nil
      // Some room to grow, since page-locking is slow and the next file is likely a little larger.
      memory = try PinnedMemory(byteCount: count + count / 4 + 4096, in: context)
    }
    byteCount = count
    guard let memory else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    return UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<count])
  }

  func stage(_ bytes: UnsafeRawBufferPointer) throws(CUDAError) {
    try reserve(bytes.count).copyMemory(from: bytes)
  }
}
