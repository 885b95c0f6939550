public import CUDA

/// What decodes: which parts of the work run on the processor, on the GPU's cores, or in its JPEG engines.
public enum NVJPEGBackend: Int32, Sendable, Hashable, CaseIterable {
  /// nvJPEG chooses.
  case automatic = 0
  /// Huffman decoding on the processor, the rest on the GPU.
  case hybrid = 1
  /// Huffman decoding on the GPU's cores too, where a batched call has more than 50 baseline pictures; else as hybrid.
  case gpuHybrid = 2
  /// The GPU's JPEG engines, in batched calls only: baseline, one scan, no 4:1:1 and 4:1:0. A100, H100 and later data
  /// centre GPUs have them, and GeForce from the 50 series on.
  case hardware = 3
}

/// Options of a handle, `NVJPEG_FLAGS_…`; versions that do not know one ignore or refuse it.
public struct NVJPEGFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The engines' batched calls buffer no pictures ahead.
  public static let withoutPipeline = NVJPEGFlags(rawValue: 1)
  /// Data that does not follow the standard to the letter is an error instead of a guess.
  public static let strict = NVJPEGFlags(rawValue: 4)
  /// Colour at reduced size is interpolated as libjpeg does, not repeated. From 12.1 on.
  public static let interpolatedColour = NVJPEGFlags(rawValue: 32)
}

/// nvJPEG on one device with one backend, `nvjpegHandle_t`.
///
/// Any number of threads may use one handle at once, each with its own decoding objects: ``NVJPEGBitstream``,
/// ``NVJPEGBatchDecoder`` and ``NVJPEGPhasedDecoder`` belong to one thread at a time and keep their handle alive.
public final class NVJPEGHandle: @unchecked Sendable {
  // Sendable: immutable; nvJPEG documents the handle as safe to share.

  public let library: NVJPEGLibrary
  public let context: CUDAContext
  public let backend: NVJPEGBackend
  public let flags: NVJPEGFlags
  let pointer: NVJPEGFunctions.Handle
  // `nil` where this version has allocators of its own alone.
  private let memory: NVJPEGMemory?

  /// Bytes that nvJPEG holds through this handle, on the device and page-locked; `nil` where this version (before 11.6)
  /// takes them itself.
  package var heldByteCount: Int? { memory?.byteCount }

  /// - Throws: ``NVJPEGError`` with status `archMismatch` or another where the device has no such backend.
  public init(
    _ library: NVJPEGLibrary, backend: NVJPEGBackend, flags: NVJPEGFlags = [], in context: CUDAContext
  ) throws(NVJPEGError) {
    var pointer: NVJPEGFunctions.Handle?
    let memory = library.functions.createWithMemory.map { _ in NVJPEGMemory(in: context) }
    let call = "\(memory == nil ? "nvjpegCreateEx" : "nvjpegCreateExV2") (\(backend)) on \(context.device)"
    try context.calling { () throws(NVJPEGError) in
      let status =
        if let create = library.functions.createWithMemory, let tables = memory?.tables {
          create(
            backend.rawValue, tables + NVJPEGMemory.Kind.device.rawValue, tables + NVJPEGMemory.Kind.pinned.rawValue,
            flags.rawValue, &pointer)
        } else {
          library.functions.create(backend.rawValue, nil, nil, flags.rawValue, &pointer)
        }
      try library.functions.check(status, call)
    }
    guard let pointer else { throw .status(.notInitialized, call: call) }
    self.library = library
    self.context = context
    self.backend = backend
    self.flags = flags
    self.pointer = pointer
    self.memory = memory
  }

  deinit { release { [functions, pointer] in functions.destroy(pointer) } }

  var functions: NVJPEGFunctions { library.functions }

  /// Frees something where nothing can be thrown. A failure would say that the context is broken, which the next call on
  /// it finds.
  func release(_ body: () -> Int32) {
    try? context.calling { () throws(NVJPEGError) in _ = body() }
  }

  /// Makes one of nvJPEG's objects.
  func make(
    _ call: String, _ create: (UnsafeMutablePointer<NVJPEGFunctions.Handle?>) -> Int32
  ) throws(NVJPEGError) -> NVJPEGFunctions.Handle {
    var pointer: NVJPEGFunctions.Handle?
    try context.calling { () throws(NVJPEGError) in
      try functions.check(create(&pointer), "\(call) on \(context.device)")
    }
    guard let pointer else { throw .status(.notInitialized, call: "\(call) on \(context.device)") }
    return pointer
  }

  /// What nvJPEG reads from a header.
  public struct ImageInformation: Sendable, Hashable {
    public var componentCount: Int
    /// `nvjpegChromaSubsampling_t`: 0 4:4:4, 1 4:2:2, 2 4:2:0, 3 4:4:0, 4 4:1:1, 5 4:1:0, 6 grey, -1 unknown.
    public var subsampling: Int
    /// The sizes of the components in pixels, up to four.
    public var sizes: [Size]

    public struct Size: Sendable, Hashable {
      public var width, height: Int
    }
  }

  /// Reads a header.
  ///
  /// - Throws: ``NVJPEGError``; `badJPEG` or `jpegNotSupported` for what is none.
  public func information(_ bytes: UnsafeRawBufferPointer) throws(NVJPEGError) -> ImageInformation {
    var (count, subsampling): (Int32, Int32) = (0, -1)
    var widths = [Int32](repeating: 0, count: 4)
    var heights = [Int32](repeating: 0, count: 4)
    try context.calling { () throws(NVJPEGError) in
      try functions.check(
        functions.imageInformation(
          pointer, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &count, &subsampling, &widths, &heights),
        "nvjpegGetImageInfo of \(bytes.count) bytes")
    }
    let sizes = (0..<max(0, min(4, Int(count)))).map {
      ImageInformation.Size(width: Int(widths[$0]), height: Int(heights[$0]))
    }
    return ImageInformation(componentCount: Int(count), subsampling: Int(subsampling), sizes: sizes)
  }

  /// The JPEG engines of the device, and the cores of each: together the pictures that are decoded at once.
  ///
  /// - Returns: `nil` where this version (before 11.9) cannot tell, or the backend is not ``NVJPEGBackend/hardware``.
  public func hardware() throws(NVJPEGError) -> (engines: Int, coresPerEngine: Int)? {
    guard let ask = functions.hardwareInformation else { return nil }
    var (engines, cores): (UInt32, UInt32) = (0, 0)
    var status: Int32 = 0
    try context.calling { () throws(NVJPEGError) in status = ask(pointer, &engines, &cores) }
    switch NVJPEGStatus(rawValue: status) {
    case .implementationNotSupported, .archMismatch: return nil
    default:
      try functions.check(status, "nvjpegGetHardwareDecoderInfo on \(context.device)")
      return (Int(engines), Int(cores))
    }
  }

  /// Whether batched calls of this handle decode a picture of this kind.
  ///
  /// - Parameter bitstream: parsed; one made with this handle.
  /// - Returns: `nil` where this version cannot tell.
  public func batchSupports(_ bitstream: NVJPEGBitstream) throws(NVJPEGError) -> Bool? {
    // 0 means yes.
    var answer: Int32 = 1
    var result: Bool?
    try context.calling { () throws(NVJPEGError) in
      if let ask = functions.batchSupports {
        try functions.check(ask(pointer, bitstream.pointer, &answer), "nvjpegDecodeBatchedSupported")
      } else if let ask = functions.batchSupportsWithParameters {
        let parameters = try NVJPEGParameters(self)
        try functions.check(
          ask(pointer, bitstream.pointer, parameters.pointer, &answer), "nvjpegDecodeBatchedSupportedEx")
      } else {
        return
      }
      result = answer == 0
    }
    return result
  }
}

extension CUDAContext {
  /// Runs `body` with this context current: nvJPEG works on the context of the calling thread.
  func calling<Result>(_ body: () throws(NVJPEGError) -> Result) throws(NVJPEGError) -> Result {
    do {
      return try withCurrent(body)
    } catch let error as NVJPEGError {
      throw error
    } catch let error as CUDAError {
      throw .cuda(error)
    } catch {
      throw .cuda(CUDAError(code: 999, name: "CUDA_ERROR_UNKNOWN", reason: "\(error)", call: "entering the context"))
    }
  }
}
