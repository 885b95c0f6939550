package import CUDA
package import NVJPEG

/// Why a batch of JPEG pictures could not be decoded on the device at all. What is wrong with single pictures is told by
/// ``PlacedPicture`` instead.
package enum DeviceJPEGError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The device, or pinned memory, has no room: how much was asked for, and in whose words.
  case outOfMemory(byteCount: Int, reason: String)
  /// The batch's pixels need more than the arena may have: make the batch smaller.
  case batchTooLarge(byteCount: Int, limit: Int)
  /// The driver failed; where `isSticky`, the context is broken for good.
  case cuda(CUDAError)
  /// nvJPEG failed where no picture is to blame.
  case nvjpeg(NVJPEGError)

  init(_ error: CUDAError, byteCount: Int = 0) {
    self = error.isOutOfMemory ? .outOfMemory(byteCount: byteCount, reason: error.description) : .cuda(error)
  }

  init(_ error: NVJPEGError) {
    if error.isOutOfMemory {
      self = .outOfMemory(byteCount: 0, reason: error.description)
    } else if case .cuda(let cause) = error {
      self = .cuda(cause)
    } else {
      self = .nvjpeg(error)
    }
  }

  /// There is no memory for the batch; another may find some.
  package var isOutOfMemory: Bool {
    switch self {
    case .outOfMemory, .batchTooLarge: true
    case .cuda, .nvjpeg: false
    }
  }

  package var description: String {
    switch self {
    case .outOfMemory(let byteCount, let reason):
      byteCount > 0
        ? "No memory for \(byteCount) bytes of decoded pictures: \(reason). Use a smaller batch or fewer slots."
        : "No memory to decode JPEG on the device: \(reason). Use a smaller batch or fewer slots."
    case .batchTooLarge(let byteCount, let limit):
      "The decoded pictures of one batch need \(byteCount) bytes on the device; at most \(limit) are allowed. "
        + "Use a smaller batch."
    case .cuda(let error): error.description
    case .nvjpeg(let error): error.description
    }
  }
}
