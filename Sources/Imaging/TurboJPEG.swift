internal import DynamicLibrary
internal import Glibc

/// libjpeg-turbo through its TurboJPEG interface, opened at run time. The calls are those of version 2.0, which every
/// later version keeps; no other thread's state is touched, so any number of threads may use it, each with its handles.
final class TurboJPEG: @unchecked Sendable {
  typealias Handle = UnsafeMutableRawPointer

  static let search: LibrarySearch = {
    var search = LibrarySearch(
      title: "libjpeg-turbo (libturbojpeg.so.0)", names: ["libturbojpeg.so.0"],
      environmentVariable: "SWOOP_TURBOJPEG",
      advice:
        "Install it with: apt-get install libturbojpeg0 (Debian) or libturbojpeg (Ubuntu); or set SWOOP_TURBOJPEG "
        + "to the library file.")
    search.wellKnownFolders = ["/opt/libjpeg-turbo/lib64", "/opt/libjpeg-turbo/lib"]
    return search
  }()

  /// The library, opened once; the error is given again to everyone who asks.
  static let shared: Result<TurboJPEG, ImageError> = {
    do {
      return .success(try TurboJPEG(library: DynamicLibrary.open(search)))
    } catch {
      return .failure(ImageError(.decoderUnavailable, "JPEG needs a library that is missing. \(error)"))
    }
  }()

  let library: DynamicLibrary

  let initDecompress: @convention(c) () -> Handle?
  let initCompress: @convention(c) () -> Handle?
  let destroy: @convention(c) (Handle) -> Int32
  let decompress:
    @convention(c) (
      Handle, UnsafePointer<UInt8>?, UInt, UnsafeMutableRawPointer, Int32, Int32, Int32, Int32, Int32
    ) -> Int32
  let compress:
    @convention(c) (
      Handle, UnsafeRawPointer, Int32, Int32, Int32, Int32,
      UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
      UnsafeMutablePointer<UInt>, Int32, Int32, Int32
    ) -> Int32
  /// `tj3Set` of version 3, which keeps "stop on warnings" from one picture to the next unless told.
  let setParameter: (@convention(c) (Handle, Int32, Int32) -> Int32)?
  let bufferSize: @convention(c) (Int32, Int32, Int32) -> UInt
  private let errorText: @convention(c) (Handle) -> UnsafePointer<CChar>?
  private let errorCode: @convention(c) (Handle) -> Int32

  init(library: DynamicLibrary) throws(SymbolMissingError) {
    self.library = library
    initDecompress = try library.require("tjInitDecompress")
    initCompress = try library.require("tjInitCompress")
    destroy = try library.require("tjDestroy")
    decompress = try library.require("tjDecompress2")
    compress = try library.require("tjCompress2")
    setParameter = library.symbol("tj3Set", as: (@convention(c) (Handle, Int32, Int32) -> Int32).self)
    bufferSize = try library.require("tjBufSize")
    errorText = try library.require("tjGetErrorStr2")
    errorCode = try library.require("tjGetErrorCode")
  }

  /// What the last failed call with this handle said, and whether it was only a warning.
  func lastError(_ handle: Handle) -> (text: String, isWarning: Bool) {
    let text = errorText(handle).map { String(cString: $0) } ?? "no reason given"
    return (text, errorCode(handle) == 0)
  }

  // Values of TurboJPEG's enumerations and flags.
  static let pixelFormatRGB: Int32 = 0
  static let pixelFormatCMYK: Int32 = 11
  static let sampling444: Int32 = 0
  static let sampling420: Int32 = 2
  static let stopOnWarning: Int32 = 8192
  static let parameterStopOnWarning: Int32 = 0
  static let accurateDCT: Int32 = 4096
  static let limitScans: Int32 = 32768
  static let noReallocation: Int32 = 1024
}
