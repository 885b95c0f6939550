public import CUDA

/// Decodes single pictures in phases: Huffman decoding on the processor, then the transfer and the rest on the GPU, so
/// that the processor's part of one picture runs beside the GPU's part of the one before.
///
/// For one thread at a time. It has two sets of buffers and waits, before a set is used again, until the GPU is done with
/// it.
public final class NVJPEGPhasedDecoder {
  public let handle: NVJPEGHandle
  private let decoder: Decoder
  private let parameters: NVJPEGParameters
  private let stages: [Stage]
  private var next = 0

  /// - Parameters:
  ///   - handle: of any backend.
  ///   - implementation: ``NVJPEGBackend/hybrid`` or ``NVJPEGBackend/gpuHybrid``.
  public init(_ handle: NVJPEGHandle, implementation: NVJPEGBackend = .hybrid) throws(NVJPEGError) {
    let decoder = try Decoder(handle, implementation)
    self.handle = handle
    self.decoder = decoder
    parameters = try NVJPEGParameters(handle)
    var stages: [Stage] = []
    for _ in 0..<2 { stages.append(try Stage(handle, decoder)) }
    self.stages = stages
  }

  /// Decodes a picture: when this returns, the processor's part is done and the rest is queued, in stream order.
  ///
  /// The file's bytes stay as they are until the stream has run.
  ///
  /// - Throws: ``NVJPEGError`` of this picture; the next may follow.
  public func decode(_ picture: NVJPEGPicture, on stream: CUDAStream) throws(NVJPEGError) {
    let stage = stages[next]
    next = (next + 1) % stages.count
    try stage.waitUntilFree()
    try stage.bitstream.parse(picture.bytes)
    let functions = handle.functions
    var image = NVJPEGImage(address: picture.address, bytesPerRow: picture.bytesPerRow)
    try handle.context.calling { () throws(NVJPEGError) in
      try functions.check(
        functions.decodeHost(
          handle.pointer, decoder.pointer, stage.state, parameters.pointer, stage.bitstream.pointer),
        "nvjpegDecodeJpegHost of \(picture.bytes.count) bytes")
      stage.begin(stream)
      try functions.check(
        functions.decodeTransfer(
          handle.pointer, decoder.pointer, stage.state, stage.bitstream.pointer, stream.handle),
        "nvjpegDecodeJpegTransferToDevice of \(picture.bytes.count) bytes")
      try functions.check(
        functions.decodeDevice(handle.pointer, decoder.pointer, stage.state, &image, stream.handle),
        "nvjpegDecodeJpegDevice of \(picture.bytes.count) bytes")
    }
    try stage.mark(stream)
  }

  /// Whether this decoder takes a picture of this kind.
  public func supports(_ bitstream: NVJPEGBitstream) throws(NVJPEGError) -> Bool {
    // 0 means yes.
    var answer: Int32 = 1
    let functions = handle.functions
    try handle.context.calling { () throws(NVJPEGError) in
      try functions.check(
        functions.decoderSupports(decoder.pointer, bitstream.pointer, parameters.pointer, &answer),
        "nvjpegDecoderJpegSupported")
    }
    return answer == 0
  }

  /// `nvjpegJpegDecoder_t`.
  fileprivate final class Decoder {
    let handle: NVJPEGHandle
    let pointer: NVJPEGFunctions.Handle

    init(_ handle: NVJPEGHandle, _ implementation: NVJPEGBackend) throws(NVJPEGError) {
      self.handle = handle
      pointer = try handle.make("nvjpegDecoderCreate (\(implementation))") {
        handle.functions.createDecoder(handle.pointer, implementation.rawValue, $0)
      }
    }

    deinit { handle.release { [handle, pointer] in handle.functions.destroyDecoder(pointer) } }
  }

  /// A buffer of nvJPEG's, pinned or on the device.
  fileprivate final class Buffer {
    let handle: NVJPEGHandle
    let isPinned: Bool
    let pointer: NVJPEGFunctions.Handle

    init(_ handle: NVJPEGHandle, isPinned: Bool) throws(NVJPEGError) {
      self.handle = handle
      self.isPinned = isPinned
      let functions = handle.functions
      pointer =
        isPinned
        ? try handle.make("nvjpegBufferPinnedCreate") { functions.createPinnedBuffer(handle.pointer, nil, $0) }
        : try handle.make("nvjpegBufferDeviceCreate") { functions.createDeviceBuffer(handle.pointer, nil, $0) }
    }

    deinit {
      handle.release { [handle, isPinned, pointer] in
        isPinned ? handle.functions.destroyPinnedBuffer(pointer) : handle.functions.destroyDeviceBuffer(pointer)
      }
    }
  }

  /// What one picture in flight needs.
  fileprivate final class Stage {
    let handle: NVJPEGHandle
    let state: NVJPEGFunctions.Handle
    let bitstream: NVJPEGBitstream
    private let pinned: Buffer
    private let device: Buffer
    private let event: CUDAEvent
    private let decoder: Decoder
    private var isBusy = false
    // The stream whose work uses the buffers, until the event marks the end of that work.
    private var unmarked: CUDAStream?

    init(_ handle: NVJPEGHandle, _ decoder: Decoder) throws(NVJPEGError) {
      let functions = handle.functions
      let pinned = try Buffer(handle, isPinned: true)
      let device = try Buffer(handle, isPinned: false)
      let bitstream = try NVJPEGBitstream(handle)
      do {
        event = try CUDAEvent(in: handle.context)
      } catch {
        throw .cuda(error)
      }
      let state = try handle.make("nvjpegDecoderStateCreate") {
        functions.createDecoderState(handle.pointer, decoder.pointer, $0)
      }
      self.handle = handle
      self.decoder = decoder
      self.pinned = pinned
      self.device = device
      self.bitstream = bitstream
      self.state = state
      try handle.context.calling { () throws(NVJPEGError) in
        try functions.check(functions.attachPinnedBuffer(state, pinned.pointer), "nvjpegStateAttachPinnedBuffer")
        try functions.check(functions.attachDeviceBuffer(state, device.pointer), "nvjpegStateAttachDeviceBuffer")
      }
    }

    deinit {
      // nvJPEG's buffers must outlive what is queued.
      try? waitUntilFree()
      handle.release { [handle, state] in handle.functions.destroyState(state) }
    }

    func waitUntilFree() throws(NVJPEGError) {
      guard isBusy else { return }
      do {
        if let stream = unmarked { try stream.synchronize() } else { try event.synchronize() }
      } catch {
        throw .cuda(error)
      }
      unmarked = nil
      isBusy = false
    }

    /// From here on the stream's work uses the buffers.
    func begin(_ stream: CUDAStream) {
      isBusy = true
      unmarked = stream
    }

    /// The stream's work that uses the buffers is queued.
    func mark(_ stream: CUDAStream) throws(NVJPEGError) {
      do {
        try event.record(on: stream)
      } catch {
        throw .cuda(error)
      }
      unmarked = nil
    }
  }
}
