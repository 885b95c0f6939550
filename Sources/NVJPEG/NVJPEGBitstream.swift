/// A JPEG file as nvJPEG has parsed it, `nvjpegJpegStream_t`: used again and again for one file after another.
///
/// For one thread at a time. nvJPEG keeps pointers into the file's bytes: they stay as they are as long as what was parsed
/// last is used.
public final class NVJPEGBitstream {
  public let handle: NVJPEGHandle
  let pointer: NVJPEGFunctions.Handle

  public init(_ handle: NVJPEGHandle) throws(NVJPEGError) {
    self.handle = handle
    pointer = try handle.make("nvjpegJpegStreamCreate") { handle.functions.createBitstream(handle.pointer, $0) }
  }

  deinit { handle.release { [handle, pointer] in handle.functions.destroyBitstream(pointer) } }

  /// Parses a whole file; nothing of it is copied.
  ///
  /// - Parameter headerOnly: whether the coded data is left out, which is enough to ask what is supported. Versions
  ///   without that call parse all.
  /// - Throws: ``NVJPEGError``: `badJPEG`, `jpegNotSupported`, `incompleteBitstream`.
  public func parse(_ bytes: UnsafeRawBufferPointer, headerOnly: Bool = false) throws(NVJPEGError) {
    let functions = handle.functions
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    try handle.context.calling { () throws(NVJPEGError) in
      if headerOnly, let parseHeader = functions.parseHeader {
        try functions.check(
          parseHeader(handle.pointer, start, bytes.count, pointer),
          "nvjpegJpegStreamParseHeader of \(bytes.count) bytes")
      } else {
        try functions.check(
          functions.parse(handle.pointer, start, bytes.count, 0, 0, pointer),
          "nvjpegJpegStreamParse of \(bytes.count) bytes")
      }
    }
  }
}

/// Parameters of a decoding, `nvjpegDecodeParams_t`: interleaved RGB of the whole picture, not turned.
final class NVJPEGParameters {
  private let handle: NVJPEGHandle
  let pointer: NVJPEGFunctions.Handle

  init(_ handle: NVJPEGHandle) throws(NVJPEGError) {
    self.handle = handle
    let functions = handle.functions
    pointer = try handle.make("nvjpegDecodeParamsCreate") { functions.createParameters(handle.pointer, $0) }
    let made = pointer
    try handle.context.calling { () throws(NVJPEGError) in
      try functions.check(
        functions.setOutputFormat(made, NVJPEGFunctions.interleavedRGB), "nvjpegDecodeParamsSetOutputFormat")
    }
  }

  deinit { handle.release { [handle, pointer] in handle.functions.destroyParameters(pointer) } }
}
