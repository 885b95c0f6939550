internal import DynamicLibrary

/// Where a decoded picture goes: `nvjpegImage_t` of nvJPEG 11 and later, four plane addresses and four row lengths.
/// Interleaved output uses the first of each.
struct NVJPEGImage {
  typealias Address = UnsafeMutableRawPointer?
  var channels: (Address, Address, Address, Address)
  var pitches: (Int, Int, Int, Int)

  init(address: UInt64, bytesPerRow: Int) {
    channels = (UnsafeMutableRawPointer(bitPattern: UInt(address)), nil, nil, nil)
    pitches = (bytesPerRow, 0, 0, 0)
  }
}

/// The library's functions that this package calls, by address. Those that a version may lack are optional.
///
/// Handles are opaque pointers; a stream is a `cudaStream_t`, which is a `CUstream`.
struct NVJPEGFunctions: Sendable {
  typealias Handle = UnsafeMutableRawPointer
  typealias Bytes = UnsafePointer<UInt8>
  typealias Number = UnsafeMutablePointer<Int32>

  let property: @convention(c) (Int32, Number) -> Int32
  let cudaProperty: @convention(c) (Int32, Number) -> Int32
  let create:
    @convention(c) (
      Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32, UnsafeMutablePointer<Handle?>
    ) -> Int32
  /// The same with allocators that are told the stream; from 11.6 on.
  let createWithMemory:
    (
      @convention(c) (
        Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32, UnsafeMutablePointer<Handle?>
      ) -> Int32
    )?
  let destroy: @convention(c) (Handle) -> Int32
  let hardwareInformation:
    (@convention(c) (Handle, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32)?
  let imageInformation: @convention(c) (Handle, Bytes?, Int, Number, Number, Number, Number) -> Int32

  let createState: @convention(c) (Handle, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyState: @convention(c) (Handle) -> Int32
  let decode: @convention(c) (Handle, Handle, Bytes?, Int, Int32, UnsafeMutableRawPointer, Handle?) -> Int32
  let initializeBatch: @convention(c) (Handle, Handle, Int32, Int32, Int32) -> Int32
  let decodeBatch:
    @convention(c) (
      Handle, Handle, UnsafePointer<Bytes?>, UnsafePointer<Int>, UnsafeMutableRawPointer, Handle?
    ) -> Int32
  let preallocateBatch: (@convention(c) (Handle, Handle, Int32, Int32, Int32, Int32, Int32) -> Int32)?

  let createBitstream: @convention(c) (Handle, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyBitstream: @convention(c) (Handle) -> Int32
  let parse: @convention(c) (Handle, Bytes?, Int, Int32, Int32, Handle) -> Int32
  let parseHeader: (@convention(c) (Handle, Bytes?, Int, Handle) -> Int32)?
  let batchSupports: (@convention(c) (Handle, Handle, Number) -> Int32)?
  let batchSupportsWithParameters: (@convention(c) (Handle, Handle, Handle?, Number) -> Int32)?

  let createDecoder: @convention(c) (Handle, Int32, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyDecoder: @convention(c) (Handle) -> Int32
  let decoderSupports: @convention(c) (Handle, Handle, Handle, Number) -> Int32
  let createDecoderState: @convention(c) (Handle, Handle, UnsafeMutablePointer<Handle?>) -> Int32
  let createParameters: @convention(c) (Handle, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyParameters: @convention(c) (Handle) -> Int32
  let setOutputFormat: @convention(c) (Handle, Int32) -> Int32
  let createPinnedBuffer: @convention(c) (Handle, UnsafeMutableRawPointer?, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyPinnedBuffer: @convention(c) (Handle) -> Int32
  let createDeviceBuffer: @convention(c) (Handle, UnsafeMutableRawPointer?, UnsafeMutablePointer<Handle?>) -> Int32
  let destroyDeviceBuffer: @convention(c) (Handle) -> Int32
  let attachPinnedBuffer: @convention(c) (Handle, Handle) -> Int32
  let attachDeviceBuffer: @convention(c) (Handle, Handle) -> Int32
  let decodeHost: @convention(c) (Handle, Handle, Handle, Handle, Handle) -> Int32
  let decodeTransfer: @convention(c) (Handle, Handle, Handle, Handle, Handle?) -> Int32
  let decodeDevice: @convention(c) (Handle, Handle, Handle, UnsafeMutableRawPointer, Handle?) -> Int32

  init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    property = try library.require("nvjpegGetProperty")
    cudaProperty = try library.require("nvjpegGetCudartProperty")
    create = try library.require("nvjpegCreateEx")
    createWithMemory = library.symbol(
      "nvjpegCreateExV2",
      as: (@convention(c) (
        Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32, UnsafeMutablePointer<Handle?>
      ) -> Int32).self)
    destroy = try library.require("nvjpegDestroy")
    hardwareInformation = library.symbol(
      "nvjpegGetHardwareDecoderInfo",
      as: (@convention(c) (Handle, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32).self)
    imageInformation = try library.require("nvjpegGetImageInfo")
    createState = try library.require("nvjpegJpegStateCreate")
    destroyState = try library.require("nvjpegJpegStateDestroy")
    decode = try library.require("nvjpegDecode")
    initializeBatch = try library.require("nvjpegDecodeBatchedInitialize")
    decodeBatch = try library.require("nvjpegDecodeBatched")
    preallocateBatch = library.symbol(
      "nvjpegDecodeBatchedPreAllocate",
      as: (@convention(c) (Handle, Handle, Int32, Int32, Int32, Int32, Int32) -> Int32).self)
    createBitstream = try library.require("nvjpegJpegStreamCreate")
    destroyBitstream = try library.require("nvjpegJpegStreamDestroy")
    parse = try library.require("nvjpegJpegStreamParse")
    parseHeader = library.symbol(
      "nvjpegJpegStreamParseHeader", as: (@convention(c) (Handle, Bytes?, Int, Handle) -> Int32).self)
    batchSupports = library.symbol(
      "nvjpegDecodeBatchedSupported", as: (@convention(c) (Handle, Handle, Number) -> Int32).self)
    batchSupportsWithParameters = library.symbol(
      "nvjpegDecodeBatchedSupportedEx", as: (@convention(c) (Handle, Handle, Handle?, Number) -> Int32).self)
    createDecoder = try library.require("nvjpegDecoderCreate")
    destroyDecoder = try library.require("nvjpegDecoderDestroy")
    decoderSupports = try library.require("nvjpegDecoderJpegSupported")
    createDecoderState = try library.require("nvjpegDecoderStateCreate")
    createParameters = try library.require("nvjpegDecodeParamsCreate")
    destroyParameters = try library.require("nvjpegDecodeParamsDestroy")
    setOutputFormat = try library.require("nvjpegDecodeParamsSetOutputFormat")
    createPinnedBuffer = try library.require("nvjpegBufferPinnedCreate")
    destroyPinnedBuffer = try library.require("nvjpegBufferPinnedDestroy")
    createDeviceBuffer = try library.require("nvjpegBufferDeviceCreate")
    destroyDeviceBuffer = try library.require("nvjpegBufferDeviceDestroy")
    attachPinnedBuffer = try library.require("nvjpegStateAttachPinnedBuffer")
    attachDeviceBuffer = try library.require("nvjpegStateAttachDeviceBuffer")
    decodeHost = try library.require("nvjpegDecodeJpegHost")
    decodeTransfer = try library.require("nvjpegDecodeJpegTransferToDevice")
    decodeDevice = try library.require("nvjpegDecodeJpegDevice")
  }

  /// `NVJPEG_OUTPUT_RGBI`: interleaved RGB.
  static let interleavedRGB: Int32 = 5

  func check(_ status: Int32, _ call: @autoclosure () -> String) throws(NVJPEGError) {
    guard status != 0 else { return }
    throw .status(NVJPEGStatus(rawValue: status), call: call())
  }
}
