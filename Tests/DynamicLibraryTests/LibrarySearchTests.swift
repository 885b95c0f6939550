import DynamicLibrary
import Glibc
import Testing

/// Serialized because the environment belongs to the whole process.
@Suite("library search", .serialized)
struct LibrarySearchTests {
  private static func search(_ names: [String]) -> LibrarySearch {
    LibrarySearch(title: "A library", names: names, environmentVariable: "SWOOP_TEST_LIBRARY", advice: "Install it.")
  }

  private static func withEnvironment<Result>(_ values: [String: String], _ body: () throws -> Result) rethrows
    -> Result
  {
    let before = values.keys.map { ($0, getenv($0).map { String(cString: $0) }) }
    defer { for (name, value) in before { if let value { setenv(name, value, 1) } else { unsetenv(name) } } }
    for (name, value) in values { setenv(name, value, 1) }
    return try body()
  }

  /// A folder with empty files of these names.
  private static func withFiles<Result>(_ names: [String], _ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/swoop-search-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LibraryLoadError.Attempt(path: "/tmp", reason: "no folder") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var made: [String] = []
    defer {
      for path in made.reversed() { remove(path) }
      rmdir(folder)
    }
    for name in names {
      var path = folder
      for part in name.split(separator: "/").dropLast() {
        path += "/\(part)"
        if mkdir(path, 0o755) == 0 { made.append(path) }
      }
      made.append("\(folder)/\(name)")
      fclose(fopen("\(folder)/\(name)", "w"))
    }
    return try body(folder)
  }

  @Test("newer versions come first, counted as numbers")
  func versions() throws {
    try Self.withFiles(["libx.so.9", "libx.so.10", "libx.so.2", "liby.so"]) { folder in
      var search = Self.search(["libx.so.*"])
      search.configuredFolders = [folder]
      #expect(search.candidates() == ["libx.so.10", "libx.so.9", "libx.so.2"].map { "\(folder)/\($0)" })
    }
  }

  @Test("the order is configured folders, own runtimes, the loader, Pythons, known places")
  func order() throws {
    try Self.withFiles(
      [
        "mine/libx.so", "runtimes/x-1/x/libs/libx.so", "env/lib/python3.11/site-packages/x/libs/libx.so",
        "known/libx.so",
      ]
    ) { folder in
      var search = Self.search(["libx.so"])
      search.configuredFolders = ["\(folder)/mine"]
      search.pythonFolders = ["x/libs"]
      search.wellKnownFolders = ["\(folder)/kn*"]
      Self.withEnvironment(["SWOOP_RUNTIMES": "\(folder)/runtimes", "VIRTUAL_ENV": "\(folder)/env"]) {
        #expect(
          search.candidates() == [
            "\(folder)/mine/libx.so", "\(folder)/runtimes/x-1/x/libs/libx.so", "libx.so",
            "\(folder)/env/lib/python3.11/site-packages/x/libs/libx.so", "\(folder)/known/libx.so",
          ])
        // Whoever names a library wants that one or an error.
        Self.withEnvironment(["SWOOP_TEST_LIBRARY": "/nonexistent/libx.so"]) {
          #expect(search.candidates() == ["/nonexistent/libx.so"])
          let error = #expect(throws: LibraryLoadError.self) { _ = try DynamicLibrary.open(search) }
          #expect(error?.description.contains("/nonexistent/libx.so") == true)
          #expect(error?.description.contains("Install it.") == true)
        }
        Self.withEnvironment(["SWOOP_TEST_LIBRARY": "\(folder)/known"]) {
          #expect(search.candidates() == ["\(folder)/known/libx.so"])
        }
        Self.withEnvironment(["SWOOP_TEST_LIBRARY": folder]) {
          #expect(search.candidates() == ["\(folder)/libx.so"])
        }
        Self.withEnvironment(["SWOOP_TEST_LIBRARY": ""]) {
          #expect(search.candidates().count == 5)
        }
      }
    }
  }

  @Test("own runtimes are where the environment says, or in the user's cache")
  func runtimes() {
    Self.withEnvironment(["SWOOP_RUNTIMES": "", "SWOOP_HOME": "", "XDG_CACHE_HOME": "", "HOME": "/home/a"]) {
      #expect(LibrarySearch.runtimesFolder == "/home/a/.cache/swoop/runtimes")
      Self.withEnvironment(["XDG_CACHE_HOME": "/c"]) { #expect(LibrarySearch.runtimesFolder == "/c/swoop/runtimes") }
      Self.withEnvironment(["SWOOP_HOME": "/s"]) { #expect(LibrarySearch.runtimesFolder == "/s/runtimes") }
      Self.withEnvironment(["SWOOP_RUNTIMES": "/r"]) { #expect(LibrarySearch.runtimesFolder == "/r") }
    }
  }

  @Test("no candidate comes twice")
  func unique() throws {
    try Self.withFiles(["libx.so"]) { folder in
      var search = Self.search(["libx.so", "libx.*"])
      search.configuredFolders = [folder, folder]
      search.wellKnownFolders = [folder]
      #expect(search.candidates() == ["\(folder)/libx.so", "libx.so"])
    }
  }
}

@Suite("dynamic library")
struct DynamicLibraryTests {
  @Test("finds symbols and tells the file they are in")
  func symbols() throws {
    let library = try DynamicLibrary(path: "libc.so.6")
    let length: @convention(c) (UnsafePointer<CChar>) -> Int = try library.require("strlen")
    #expect("swoop".withCString(length) == 5)
    #expect(library.file(providing: "strlen")?.hasSuffix("libc.so.6") == true)
    #expect(library.file(providing: "no_such_symbol") == nil)
    let error = #expect(throws: SymbolMissingError.self) {
      let _: @convention(c) () -> Void = try library.require("no_such_symbol")
    }
    #expect(error?.description.contains("no_such_symbol") == true && error?.library == "libc.so.6")
  }

  @Test("a file that is no library is refused with the loader's reason")
  func noLibrary() {
    let error = #expect(throws: LibraryLoadError.Attempt.self) { _ = try DynamicLibrary(path: "/etc/hostname") }
    #expect(error?.path == "/etc/hostname")
    #expect(error?.reason.isEmpty == false)
  }

  @Test("what is refused by its user is an attempt like any other, and the next is tried")
  func validation() throws {
    struct TooOld: Error, CustomStringConvertible { var description = "too old" }
    let search = LibrarySearch(title: "A library", names: ["libm.so.6", "libc.so.6"], advice: "Install it.")
    let path = try DynamicLibrary.open(search) { library in
      if library.path == "libm.so.6" { throw TooOld() }
      return library.path
    }
    #expect(path == "libc.so.6")
    let error = #expect(throws: LibraryLoadError.self) { try DynamicLibrary.open(search) { _ in throw TooOld() } }
    #expect(error?.attempts.map(\.reason) == ["too old", "too old"])
    #expect(error?.attempts.map(\.path) == ["libm.so.6", "libc.so.6"])
  }
}
