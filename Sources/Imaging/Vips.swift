internal import CVips
internal import DynamicLibrary
internal import Glibc

/// libvips, opened at run time and set up so that our threads rule: its own concurrency is 1 and its caches are off.
///
/// Loaders are called by name for the format that the bytes announced, so libvips never guesses, and the ones for
/// documents, drawings and ImageMagick's formats are out of reach of untrusted files.
final class Vips: @unchecked Sendable {
  typealias Object = UnsafeMutableRawPointer

  static let search: LibrarySearch = {
    var search = LibrarySearch(
      title: "libvips (libvips.so.42)", names: ["libvips.so.42"], environmentVariable: "SWOOP_VIPS",
      advice:
        "Install it with: apt-get install libvips42 (Debian 12) or libvips42t64 (Ubuntu 24.04); or set SWOOP_VIPS "
        + "to the library file.")
    search.wellKnownFolders = ["/usr/local/lib"]
    return search
  }()

  /// The library, opened once; the error is given again to everyone who asks.
  static let shared: Result<Vips, ImageError> = {
    do {
      return .success(try Vips(library: DynamicLibrary.open(search)))
    } catch let error as ImageError {
      return .failure(error)
    } catch {
      return .failure(ImageError(.decoderUnavailable, "a library is missing. \(error)"))
    }
  }()

  let library: DynamicLibrary
  /// Major, minor, micro.
  let version: (Int, Int, Int)

  let width: @convention(c) (Object) -> Int32
  let height: @convention(c) (Object) -> Int32
  let bands: @convention(c) (Object) -> Int32
  let bandFormat: @convention(c) (Object) -> Int32
  let interpretation: @convention(c) (Object) -> Int32
  let orientation: @convention(c) (Object) -> Int32
  let makeRegion: @convention(c) (Object) -> Object?
  let fetch:
    @convention(c) (Object, Int32, Int32, Int32, Int32, UnsafeMutablePointer<Int>) -> UnsafeMutableRawPointer?
  let unreference: @convention(c) (Object) -> Void
  let release: @convention(c) (UnsafeMutableRawPointer?) -> Void
  private let findType: @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> UInt
  private let clearErrors: @convention(c) () -> Void
  private let copyErrors: @convention(c) () -> UnsafeMutablePointer<CChar>?
  private let colourspace: UnsafeMutableRawPointer
  private let text: UnsafeMutableRawPointer
  private let gate = ReadWriteLock()

  private init(library: DynamicLibrary) throws {
    self.library = library
    width = try library.require("vips_image_get_width")
    height = try library.require("vips_image_get_height")
    bands = try library.require("vips_image_get_bands")
    bandFormat = try library.require("vips_image_get_format")
    interpretation = try library.require("vips_image_get_interpretation")
    orientation = try library.require("vips_image_get_orientation")
    makeRegion = try library.require("vips_region_new")
    fetch = try library.require("vips_region_fetch")
    unreference = try library.require("g_object_unref")
    release = try library.require("g_free")
    findType = try library.require("vips_type_find")
    clearErrors = try library.require("vips_error_clear")
    copyErrors = try library.require("vips_error_buffer_copy")
    colourspace = try library.require("vips_colourspace")
    text = try library.require("vips_text")

    let start: @convention(c) (UnsafePointer<CChar>) -> Int32 = try library.require("vips_init")
    guard start("swoop") == 0 else {
      let reason = copyErrors().map { String(cString: $0) } ?? ""
      throw ImageError(
        .decoderUnavailable, "libvips did not start (\(library.path)): \(Self.oneLine(reason))")
    }
    let setConcurrency: @convention(c) (Int32) -> Void = try library.require("vips_concurrency_set")
    setConcurrency(1)
    let setCache: @convention(c) (Int32) -> Void = try library.require("vips_cache_set_max")
    setCache(0)
    let part: @convention(c) (Int32) -> Int32 = try library.require("vips_version")
    version = (Int(part(0)), Int(part(1)), Int(part(2)))
    guard version >= (8, 12, 0) else {
      throw ImageError(
        .decoderUnavailable,
        "libvips \(version.0).\(version.1).\(version.2) (\(library.path)) is too old: it cannot make missing data an error; "
          + "8.12 or newer is needed")
    }
    // What goes wrong is in the errors that calls return; the copy that GLib prints would tear a progress bar.
    typealias LogHandler =
      @convention(c) (UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void
    let setLogHandler:
      @convention(c) (UnsafePointer<CChar>?, Int32, LogHandler, UnsafeMutableRawPointer?) -> UInt32 =
        try library.require("g_log_set_handler")
    let warningsAndBelow: Int32 = 0xF0
    for domain in ["VIPS", "GLib-GObject", "GLib"] {
      _ = setLogHandler(domain, warningsAndBelow, { _, _, _, _ in }, nil)
    }
  }

  /// Whether this libvips has an operation: `heifload_buffer`.
  func hasOperation(_ name: String) -> Bool { findType("VipsOperation", name) != 0 }

  /// The address of a function such as `vips_pngload_buffer`.
  func address(_ name: String) -> UnsafeMutableRawPointer? {
    library.symbol(name, as: UnsafeMutableRawPointer.self)
  }

  /// An image in another colour space, or `nil` with an error left in libvips.
  func converted(_ image: Object, toSpace space: Int32) -> Object? {
    var result: Object?
    return swoop_vips_colourspace(colourspace, image, space, &result) == 0 ? result : nil
  }

  /// A picture of text: one band of 8 bits. `nil` with an error left in libvips.
  func rendered(markup: String, font: String, dotsPerInch: Int) -> Object? {
    var result: Object?
    return swoop_vips_text(text, markup, font, Int32(dotsPerInch), &result) == 0 ? result : nil
  }

  /// Runs `body`, which returns `nil` when libvips failed, and then says why it failed.
  ///
  /// libvips keeps one list of errors for all threads. So that the words are about this picture and no other, a failed
  /// body runs again while no other thread is in libvips: failures are rare and must read the same every time.
  func withErrors<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value?, orThrow failure: (String) -> Failure
  ) throws(Failure) -> Value {
    if let value = try shared(body) { return value }
    gate.lockExclusively()
    defer { gate.unlock() }
    clearErrors()
    if let value = try body() { return value }
    let text = copyErrors()
    defer { release(text) }
    throw failure(Self.oneLine(text.map { String(cString: $0) } ?? ""))
  }

  private func shared<Value, Failure: Error>(_ body: () throws(Failure) -> Value?) throws(Failure) -> Value? {
    gate.lockShared()
    defer { gate.unlock() }
    return try body()
  }

  // Each line of libvips' list is one call's complaint, the first the deepest.
  private static func oneLine(_ text: String) -> String {
    var lines: [Substring] = []
    for line in text.split(separator: "\n") where !lines.contains(line) { lines.append(line) }
    // Readers that look for more than there is say so each time; it explains something only where it is all there is.
    let telling = lines.filter { !$0.contains("bad seek") }
    if !telling.isEmpty { lines = telling }
    let joined = lines.joined(separator: "; ")
    if joined.isEmpty { return "no reason given" }
    return joined.count <= 300 ? joined : joined.prefix(300) + "..."
  }
}

/// A lock that many may hold together, or one alone; who wants it alone is not kept waiting by newcomers.
final class ReadWriteLock: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    lock = .allocate(capacity: 1)
    var attributes = pthread_rwlockattr_t()
    pthread_rwlockattr_init(&attributes)
    pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    pthread_rwlock_init(lock, &attributes)
    pthread_rwlockattr_destroy(&attributes)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  func lockShared() { pthread_rwlock_rdlock(lock) }
  func lockExclusively() { pthread_rwlock_wrlock(lock) }
  func unlock() { pthread_rwlock_unlock(lock) }
}
