internal import DynamicLibrary
internal import Glibc

/// The functions of libarchive that reading needs, opened when the first archive is.
struct LibArchive: Sendable {
  typealias Handle = OpaquePointer
  typealias Entry = OpaquePointer

  /// What libarchive's calls return, of `archive.h`.
  enum Status {
    static let end: Int32 = 1
    static let ok: Int32 = 0
    static let retry: Int32 = -10
    static let warning: Int32 = -20
    static let failed: Int32 = -25
    static let fatal: Int32 = -30
  }

  let new: @convention(c) () -> Handle?
  let free: @convention(c) (Handle) -> Int32
  let openDescriptor: @convention(c) (Handle, Int32, Int) -> Int32
  let nextHeader: @convention(c) (Handle, UnsafeMutablePointer<Entry?>) -> Int32
  let readData: @convention(c) (Handle, UnsafeMutableRawPointer, Int) -> Int
  let errorString: @convention(c) (Handle) -> UnsafePointer<CChar>?
  let entryPathname: @convention(c) (Entry) -> UnsafePointer<CChar>?
  let entryPathnameUTF8: @convention(c) (Entry) -> UnsafePointer<CChar>?
  let entryFileType: @convention(c) (Entry) -> mode_t
  let entrySize: @convention(c) (Entry) -> Int64
  let entrySizeIsSet: @convention(c) (Entry) -> Int32
  let entryHardLink: @convention(c) (Entry) -> UnsafePointer<CChar>?
  let entryIsEncrypted: @convention(c) (Entry) -> Int32
  /// The library itself, for descriptions of the system.
  let library: DynamicLibrary
  // Each makes one format or compression readable. Those that a build lacks, or would start another program for, are
  // left out.
  private let supports: [@convention(c) (Handle) -> Int32]

  /// The library, or why it cannot be had.
  static let shared: Result<LibArchive, SourceError> = Result { () throws(SourceError) in
    do {
      return try LibArchive()
    } catch {
      throw SourceError(.libraryMissing, "archives cannot be read: \(error)")
    }
  }

  private init() throws {
    let search = LibrarySearch(
      title: "libarchive (libarchive.so.13)", names: ["libarchive.so.13"],
      environmentVariable: "SWOOP_LIBARCHIVE",
      advice: """
        Install it with: apt-get install libarchive13 (on Ubuntu 24.04 and later: libarchive13t64). Or unpack the \
        archive and name the folder.
        """)
    let library = try DynamicLibrary.open(search)
    self.library = library
    new = try library.require("archive_read_new")
    free = try library.require("archive_read_free")
    openDescriptor = try library.require("archive_read_open_fd")
    nextHeader = try library.require("archive_read_next_header")
    readData = try library.require("archive_read_data")
    errorString = try library.require("archive_error_string")
    entryPathname = try library.require("archive_entry_pathname")
    entryPathnameUTF8 = try library.require("archive_entry_pathname_utf8")
    entryFileType = try library.require("archive_entry_filetype")
    entrySize = try library.require("archive_entry_size")
    entrySizeIsSet = try library.require("archive_entry_size_is_set")
    entryHardLink = try library.require("archive_entry_hardlink")
    entryIsEncrypted = try library.require("archive_entry_is_encrypted")
    let names =
      ["format_tar", "format_gnutar", "format_zip"]
      + ["gzip", "bzip2", "xz", "zstd", "lz4"].map { "filter_\($0)" }
    supports = try names.map { try library.require("archive_read_support_\($0)") }
  }

  /// A reader of every supported format; `nil` if there is no memory for one.
  func makeReader() -> Handle? {
    guard let handle = new() else { return nil }
    // What is not supported shows itself as an archive of unknown format.
    for support in supports { _ = support(handle) }
    return handle
  }

  /// The library's words for the last failure.
  func message(_ handle: Handle) -> String {
    errorString(handle).map { ImageKey.escaped(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
      ?? "libarchive gave no reason"
  }
}
