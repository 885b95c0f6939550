public import CUDA

/// A picture to decode and where its pixels go.
public struct NVJPEGPicture: @unchecked Sendable {
  // Sendable: a description; who may touch the bytes when is the caller's business.

  /// The whole file, in host memory. Pinned memory spares nvJPEG a copy.
  public var bytes: UnsafeRawBufferPointer
  /// The device address of the first pixel.
  public var address: UInt64
  /// Bytes from one row to the next, at least width * 3.
  public var bytesPerRow: Int

  public init(bytes: UnsafeRawBufferPointer, address: UInt64, bytesPerRow: Int) {
    self.bytes = bytes
    self.address = address
    self.bytesPerRow = bytesPerRow
  }
}

/// Decodes several pictures in one call into interleaved RGB, `nvjpegJpegState_t`.
///
/// For one thread at a time: one for each lane of a pipeline, all over one ``NVJPEGHandle``. After the first batch of a
/// size nothing is allocated here.
public final class NVJPEGBatchDecoder {
  public let handle: NVJPEGHandle
  /// The most pictures in a call.
  public let capacity: Int
  private let state: NVJPEGFunctions.Handle
  // What nvJPEG was last told; 0 before the first and after a failed batch.
  private var initializedCount = 0
  private let files: UnsafeMutablePointer<UnsafePointer<UInt8>?>
  private let lengths: UnsafeMutablePointer<Int>
  private let images: UnsafeMutablePointer<NVJPEGImage>

  /// - Parameter capacity: the most pictures in a call, at least 1.
  public init(_ handle: NVJPEGHandle, capacity: Int) throws(NVJPEGError) {
    let capacity = max(1, capacity)
    state = try handle.make("nvjpegJpegStateCreate") { handle.functions.createState(handle.pointer, $0) }
    self.handle = handle
    self.capacity = capacity
    files = .allocate(capacity: capacity)
    lengths = .allocate(capacity: capacity)
    images = .allocate(capacity: capacity)
  }

  deinit {
    handle.release { [handle, state] in handle.functions.destroyState(state) }
    files.deallocate()
    lengths.deallocate()
    images.deallocate()
  }

  /// Makes nvJPEG's own memory ready for batches of pictures of up to a size, so that the first calls do not allocate.
  /// Does nothing in versions without it.
  public func preallocate(count: Int, width: Int, height: Int) throws(NVJPEGError) {
    guard let preallocate = handle.functions.preallocateBatch else { return }
    func clamp(_ value: Int) -> Int32 { Int32(clamping: max(1, value)) }
    try handle.context.calling { () throws(NVJPEGError) in
      // 0 is 4:4:4, which needs the most.
      try handle.functions.check(
        preallocate(
          handle.pointer, state, clamp(count), clamp(width), clamp(height), 0, NVJPEGFunctions.interleavedRGB),
        "nvjpegDecodeBatchedPreAllocate of \(count) pictures of \(width)x\(height)")
    }
  }

  /// Decodes pictures in one call.
  ///
  /// The pixels are there for work that is queued on the stream afterwards. The files' bytes stay as they are until the
  /// stream has run. With ``NVJPEGBackend/hardware`` the engines may write **at once**, before what was queued on the
  /// stream earlier has run (seen on H100 with 12.3 to 13.2): whoever still reads or writes the destinations must have
  /// been waited for on the host.
  ///
  /// - Parameter pictures: 1 to ``capacity`` of them. Every destination has room for height rows.
  /// - Throws: ``NVJPEGError`` for the batch as a whole: which picture it was nvJPEG does not tell, and any of the
  ///   destinations may have been written. The next call starts afresh.
  public func decode(_ pictures: [NVJPEGPicture], on stream: CUDAStream) throws(NVJPEGError) {
    precondition(pictures.count <= capacity, "\(pictures.count) pictures for a decoder of \(capacity)")
    guard !pictures.isEmpty else { return }
    for index in pictures.indices {
      let picture = pictures[index]
      files[index] = picture.bytes.bindMemory(to: UInt8.self).baseAddress
      lengths[index] = picture.bytes.count
      images[index] = NVJPEGImage(address: picture.address, bytesPerRow: picture.bytesPerRow)
    }
    let count = pictures.count
    let functions = handle.functions
    try handle.context.calling { () throws(NVJPEGError) in
      if initializedCount != count {
        initializedCount = 0
        // One thread of the processor: pipelines bring threads of their own.
        try functions.check(
          functions.initializeBatch(handle.pointer, state, Int32(count), 1, NVJPEGFunctions.interleavedRGB),
          "nvjpegDecodeBatchedInitialize for \(count) pictures")
        initializedCount = count
      }
      let status = functions.decodeBatch(handle.pointer, state, files, lengths, images, stream.handle)
      if status != 0 { initializedCount = 0 }
      try functions.check(status, "nvjpegDecodeBatched of \(count) \(count == 1 ? "picture" : "pictures")")
    }
  }

  /// Decodes one picture through `nvjpegDecode`, which hardware handles do on the GPU's cores where they do at all.
  public func decodeOne(_ picture: NVJPEGPicture, on stream: CUDAStream) throws(NVJPEGError) {
    var image = NVJPEGImage(address: picture.address, bytesPerRow: picture.bytesPerRow)
    let functions = handle.functions
    initializedCount = 0
    try handle.context.calling { () throws(NVJPEGError) in
      try functions.check(
        functions.decode(
          handle.pointer, state, picture.bytes.bindMemory(to: UInt8.self).baseAddress, picture.bytes.count,
          NVJPEGFunctions.interleavedRGB, &image, stream.handle), "nvjpegDecode of \(picture.bytes.count) bytes")
    }
  }
}
