package import CUDA

/// Finds pictures that were reported as decoded and were not: the last pixels of each are overwritten before, and looked
/// at after, all in one launch.
package final class WriteMarks {
  /// `decode::End` of decode.cu.
  private struct End: BitwiseCopyable {
    var address: UInt64
    var byteCount: UInt64
  }

  // 16 pixels.
  private static let byteCount = 48
  private static let block = 64

  private let mark, check: CUDAKernel
  // Ends on the host, then on the device; likewise the answers, a byte each.
  private let hostEnds, hostAnswers: PinnedMemory
  private let deviceEnds, deviceAnswers: DeviceMemory
  /// The pictures looked at.
  private var indices: [Int] = []

  /// - Parameter capacity: the most pictures at once.
  package init(capacity: Int, kernels: DeviceKernels) throws(CUDAError) {
    let context = kernels.context
    mark = try kernels.kernel("swoop_decode_mark")
    check = try kernels.kernel("swoop_decode_intact")
    let endsByteCount = capacity * MemoryLayout<End>.stride
    hostEnds = try PinnedMemory(byteCount: endsByteCount, in: context)
    deviceEnds = try DeviceMemory(byteCount: endsByteCount, in: context)
    hostAnswers = try PinnedMemory(byteCount: capacity, in: context)
    deviceAnswers = try DeviceMemory(byteCount: capacity, in: context)
    indices.reserveCapacity(capacity)
  }

  /// Marks the pictures that will be decoded. The stream has nothing that still reads an earlier batch's ends.
  package func mark(_ pictures: [PlacedPicture], on stream: CUDAStream) throws(CUDAError) {
    indices.removeAll(keepingCapacity: true)
    for (index, picture) in pictures.enumerated() where picture.missing == nil {
      let count = min(Self.byteCount, picture.bytesPerRow)
      let end = End(
        address: picture.address + UInt64(picture.height * picture.bytesPerRow - count), byteCount: UInt64(count))
      hostEnds.bytes.storeBytes(of: end, toByteOffset: indices.count * MemoryLayout<End>.stride, as: End.self)
      indices.append(index)
    }
    guard !indices.isEmpty else { return }
    try stream.copy(
      UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(hostEnds.bytes)[..<(indices.count * MemoryLayout<End>.stride)]),
      to: deviceEnds.address)
    try mark.launch(
      deviceEnds.address, grid: CUDAExtent(indices.count), block: CUDAExtent(Self.byteCount), on: stream)
  }

  /// Looks at the ends of the marked pictures.
  package func collect(on stream: CUDAStream) throws(CUDAError) {
    guard !indices.isEmpty else { return }
    try check.launch(
      deviceEnds.address, deviceAnswers.address, UInt32(indices.count),
      grid: CUDAExtent((indices.count + Self.block - 1) / Self.block), block: CUDAExtent(Self.block), on: stream)
    try stream.copy(
      deviceAnswers.address, to: UnsafeMutableRawBufferPointer(rebasing: hostAnswers.bytes[..<indices.count]))
  }

  /// The indices of the pictures that nothing was written to, once the stream has been waited for.
  package func intact() -> [Int] { indices.indices.filter { hostAnswers.bytes[$0] != 0 }.map { indices[$0] } }
}
