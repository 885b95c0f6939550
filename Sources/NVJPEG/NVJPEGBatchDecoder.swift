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
  /// How many threads of the processor nvJPEG may use in a call.
  public let processorThreads: Int
  private let state: NVJPEGFunctions.Handle
  // What nvJPEG was last told; 0 before the first and after a failed batch.
  private var initializedCount = 0
  // The largest picture that nvJPEG's memory was made ready for, since it was told the count.
  private var ready = (width: 0, height: 0)
  private let files: UnsafeMutablePointer<UnsafePointer<UInt8>?>
  private let lengths: UnsafeMutablePointer<Int>
  private let images: UnsafeMutablePointer<NVJPEGImage>
  private let padding: UnsafeMutablePointer<UInt8>
  private let paddingTarget: DeviceMemory

  /// - Parameters:
  ///   - capacity: the most pictures in a call, at least 1.
  ///   - processorThreads: how many threads of the processor nvJPEG may use in a call, at least 1; one is right for
  ///     pipelines, which bring threads of their own.
  public init(_ handle: NVJPEGHandle, capacity: Int, processorThreads: Int = 1) throws(NVJPEGError) {
    let capacity = max(1, capacity)
    do {
      paddingTarget = try DeviceMemory(byteCount: PaddingPicture.side * PaddingPicture.side * 3, in: handle.context)
    } catch {
      throw .cuda(error)
    }
    state = try handle.make("nvjpegJpegStateCreate") { handle.functions.createState(handle.pointer, $0) }
    self.handle = handle
    self.capacity = capacity
    self.processorThreads = max(1, processorThreads)
    files = .allocate(capacity: capacity)
    lengths = .allocate(capacity: capacity)
    images = .allocate(capacity: capacity)
    padding = .allocate(capacity: PaddingPicture.file.count)
    padding.initialize(from: PaddingPicture.file, count: PaddingPicture.file.count)
  }

  deinit {
    handle.release { [handle, state] in handle.functions.destroyState(state) }
    files.deallocate()
    lengths.deallocate()
    images.deallocate()
    padding.deallocate()
  }

  /// Decodes pictures in one call.
  ///
  /// The pixels are there for work that is queued on the stream afterwards. The files' bytes stay as they are until the
  /// stream has run. With ``NVJPEGBackend/hardware`` the engines may write **at once**, before what was queued on the
  /// stream earlier has run (seen on H100 with 12.3 to 13.2): whoever still reads or writes the destinations must have
  /// been waited for on the host.
  ///
  /// To be told another number of pictures makes nvJPEG give up its memory and take new, and so does a picture that is
  /// larger than the one before it in its place; each time the driver waits for all that the device does. So calls of
  /// fewer pictures are filled up with a tiny one, and memory is taken for the largest of all pictures at once.
  ///
  /// - Parameters:
  ///   - pictures: 1 to ``capacity`` of them. Every destination has room for height rows.
  ///   - usualCount: how many most calls have: nvJPEG is made ready for as many by the first that has more than one.
  ///   - largest: a size that is at least that of every picture; `nil` leaves it to nvJPEG to take memory as it goes.
  /// - Throws: ``NVJPEGError`` for the batch as a whole: which picture it was nvJPEG does not tell, and any of the
  ///   destinations may have been written. The next call starts afresh.
  public func decode(
    _ pictures: [NVJPEGPicture], usualCount: Int = 1, largest: (width: Int, height: Int)? = nil, on stream: CUDAStream
  ) throws(NVJPEGError) {
    precondition(pictures.count <= capacity, "\(pictures.count) pictures for a decoder of \(capacity)")
    guard !pictures.isEmpty else { return }
    try handle.context.calling { () throws(NVJPEGError) in
      let most = min(capacity, max(usualCount, pictures.count))
      // It may have served larger batches before, which would all be filled up.
      if initializedCount < pictures.count || initializedCount > most {
        try initialize(for: pictures.count == 1 ? 1 : most)
      }
      if let largest { try makeReady(for: largest) }
      fill(pictures)
      let functions = handle.functions
      let status = functions.decodeBatch(handle.pointer, state, files, lengths, images, stream.handle)
      if status != 0 { initializedCount = 0 }
      try functions.check(
        status, "nvjpegDecodeBatched of \(pictures.count) \(pictures.count == 1 ? "picture" : "pictures")")
    }
  }

  private func initialize(for count: Int) throws(NVJPEGError) {
    initializedCount = 0
    ready = (0, 0)
    try handle.functions.check(
      handle.functions.initializeBatch(
        handle.pointer, state, Int32(count), Int32(clamping: processorThreads), NVJPEGFunctions.interleavedRGB),
      "nvjpegDecodeBatchedInitialize for \(count) pictures")
    initializedCount = count
  }

  private func makeReady(for size: (width: Int, height: Int)) throws(NVJPEGError) {
    guard let preallocate = handle.functions.preallocateBatch, size.width > ready.width || size.height > ready.height
    else { return }
    ready = (max(size.width, ready.width), max(size.height, ready.height))
    func clamp(_ value: Int) -> Int32 { Int32(clamping: max(1, value)) }
    // 0 is 4:4:4, which needs the most.
    let status = preallocate(
      handle.pointer, state, clamp(initializedCount), clamp(ready.width), clamp(ready.height), 0,
      NVJPEGFunctions.interleavedRGB)
    // Where there is no room for as much, or the backend has no use for it, nvJPEG takes what it needs as it goes.
    switch NVJPEGStatus(rawValue: status) {
    case .allocatorFailure, .implementationNotSupported, .invalidParameter: return
    default:
      try handle.functions.check(
        status, "nvjpegDecodeBatchedPreAllocate of \(initializedCount) pictures of \(ready.width)x\(ready.height)")
    }
  }

  private func fill(_ pictures: [NVJPEGPicture]) {
    for (index, picture) in pictures.enumerated() {
      files[index] = picture.bytes.bindMemory(to: UInt8.self).baseAddress
      lengths[index] = picture.bytes.count
      images[index] = NVJPEGImage(address: picture.address, bytesPerRow: picture.bytesPerRow)
    }
    for index in pictures.count..<initializedCount {
      files[index] = UnsafePointer(padding)
      lengths[index] = PaddingPicture.file.count
      images[index] = NVJPEGImage(address: paddingTarget.address, bytesPerRow: PaddingPicture.side * 3)
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
