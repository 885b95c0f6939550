internal import DynamicLibrary
internal import Glibc

/// Which libraries for pictures this machine has, and what each makes possible: for `swoop doctor`.
public struct ImagingSupport: Sendable {
  /// A native library.
  public struct Library: Sendable {
    /// `libjpeg-turbo`, `libvips`.
    public var name: String
    /// The file it was loaded from; `nil` where it could not be opened.
    public var path: String?
    /// `2.1.5`; `nil` where the library does not say.
    public var version: String?
    /// Why it could not be opened, and the command that adds it.
    public var problem: String?
  }

  /// A picture format.
  public struct Format: Sendable {
    /// The format.
    public var format: ImageFormat
    /// Whether pictures of this format can be decoded here.
    public var isReadable: Bool
    /// What decodes it: `libjpeg-turbo`, `libvips`, or `built in`.
    public var decoder: String
    /// What is missing, where it is not readable.
    public var problem: String?
  }

  /// The libraries that are opened at run time, there or not.
  public var libraries: [Library]
  /// Every format, in the order of ``ImageFormat``.
  public var formats: [Format]
  /// Whether labels can be drawn on pictures, which takes libvips with its text renderer.
  public var canDrawText: Bool
  /// Whether drawings can become pictures, which takes libvips with its loader for SVG: see ``DrawingRenderer``.
  public var canRenderDrawings: Bool
  /// The instruction set of the pixel kernels: `plain`, `avx2` or `avx512`.
  public var kernels: String

  /// Opens the libraries, once a process, and asks them.
  public static func current() -> ImagingSupport {
    let jpeg = jpegLibrary()
    let (vipsLibrary, vips) = vipsLibrary()
    let formats = ImageFormat.allCases.map { format -> Format in
      switch format {
      case .jpeg:
        return Format(
          format: format, isReadable: jpeg.problem == nil, decoder: jpeg.name, problem: jpeg.problem)
      case .bmp, .gif, .pnm:
        return Format(format: format, isReadable: true, decoder: "built in", problem: nil)
      default:
        let missing = vipsLibrary.problem ?? problem(reading: format)
        return Format(format: format, isReadable: missing == nil, decoder: vipsLibrary.name, problem: missing)
      }
    }
    return ImagingSupport(
      libraries: [jpeg, vipsLibrary], formats: formats, canDrawText: vips?.hasOperation("text") ?? false,
      canRenderDrawings: DrawingRenderer.isAvailable,
      kernels: Kernels.best.name)
  }

  // Asks for the loader, and where that may lack its codec, decodes a small picture.
  private static func problem(reading format: ImageFormat) -> String? {
    do {
      let decoding = try VipsDecoding(format)
      try decoding.checkLoader()
      guard let bytes = ProbePictures.bytes(format) else { return nil }
      _ = try bytes.withUnsafeBytes { try decoding.decode($0, DecodingOptions(), into: PixelBuffer()) }
      return nil
    } catch {
      return (error as? ImageError)?.message ?? "\(error)"
    }
  }

  private static func jpegLibrary() -> Library {
    var result = Library(name: "libjpeg-turbo")
    switch TurboJPEG.shared {
    case .success(let turbo):
      result.path = turbo.library.file(providing: "tjDecompress2") ?? turbo.library.path
      result.version = result.path.flatMap { text(after: "libjpeg-turbo version ", inFile: $0) }
    case .failure(let error): result.problem = error.message
    }
    return result
  }

  private static func vipsLibrary() -> (Library, Vips?) {
    var result = Library(name: "libvips")
    switch Vips.shared {
    case .success(let vips):
      result.path = vips.library.file(providing: "vips_version") ?? vips.library.path
      result.version = "\(vips.version.0).\(vips.version.1).\(vips.version.2)"
      return (result, vips)
    case .failure(let error):
      result.problem = error.message
      return (result, nil)
    }
  }

  // TurboJPEG 2 has no call for its version; the library's file has it in words, for its error messages.
  private static func text(after words: String, inFile path: String) -> String? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    let most = 8 << 20
    var bytes = [UInt8](repeating: 0, count: most)
    let count = fread(&bytes, 1, most, file)
    return bytes.withUnsafeBytes { bytes -> String? in
      let words = Array(words.utf8)
      // memchr keeps this quick: nearly all of the file is skipped.
      var at = 0
      while at + words.count < count, let start = bytes.baseAddress,
        let hit = memchr(start + at, Int32(words[0]), count - words.count - at)
      {
        at = start.distance(to: UnsafeRawPointer(hit))
        if bytes.has(words, at: at) { break }
        at += 1
      }
      guard bytes.has(words, at: at) else { return nil }
      at += words.count
      let version = bytes[at..<count].prefix { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
      return version.isEmpty ? nil : String(decoding: version.prefix(16), as: UTF8.self)
    }
  }
}
