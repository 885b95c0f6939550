internal import CUDA
internal import Detection
internal import DeviceDetection
internal import Imaging

/// What a worker has put into one row of a slot, in memory that is used again for the next picture: page-locked, as long as
/// there is any.
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

  /// A part of memory that several pictures share, which most of them find enough.
  private let shared: PinnedMemory
  private let part: Range<Int>
  /// Memory of its own for one that needs more.
  private var own: StagingMemory?
  private let onShortage: @Sendable (any Error) -> Void
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  var content = Content.nothing
  var geometry: LetterboxGeometry?
  /// Why the picture failed after all, on the device.
  var failure: ImageFailure?

  // More than this is given back once pictures are small again.
  private static let keptByteCount = 32 << 20

  /// - Parameters:
  ///   - part: the picture's place in memory that others share.
  ///   - onShortage: told that a larger picture finds no page-locked memory, and goes through ordinary memory.
  init(in shared: PinnedMemory, at part: Range<Int>, onShortage: @escaping @Sendable (any Error) -> Void) {
    self.shared = shared
    self.part = part
    self.onShortage = onShortage
  }

  /// The bytes that were staged last.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }
  var byteCount: Int { memory.count }

  /// Memory for as many bytes; its content is undefined.
  ///
  /// - Throws: `CUDAError`, out of memory among them.
  func reserve(_ count: Int) throws(CUDAError) -> UnsafeMutableRawBufferPointer {
    memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    let held = own?.bytes.count ?? 0
    if held > Self.keptByteCount && count < held / 8 { own = nil }
    if count <= part.count {
      memory = UnsafeMutableRawBufferPointer(rebasing: shared.bytes[part.lowerBound..<part.lowerBound + count])
      return memory
    }
    if count > own?.bytes.count ?? 0 {
      own = nil
      // Some room to grow, since page-locking is slow and the next file is likely a little larger.
      own = try StagingMemory(byteCount: count + count / 4 + 4096, in: shared.context, onShortage: onShortage)
    }
    if let own { memory = UnsafeMutableRawBufferPointer(rebasing: own.bytes[..<count]) }
    return memory
  }

  func stage(_ bytes: UnsafeRawBufferPointer) throws(CUDAError) {
    try reserve(bytes.count).copyMemory(from: bytes)
  }
}
